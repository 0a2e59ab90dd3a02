"""Say yes, no or unsure to a candidate, with the reason; or take the last answer back.

Every answer is kept with who gave it and when; the last one counts.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from imagery.queue import ANSWERS, Candidate, Queue
from imagery.shell_words import add_language, add_store, language_of
from imagery.store import Store
from layers.errors import ImageryError

UNDO = "undo"
_SAID = {"yes": ("是", "yes"), "no": ("否", "no"), "unsure": ("不确定", "unsure"), None: ("待确认", "open")}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("id", metavar="ID", help="candidate: `python -m imagery queue`")
    parser.add_argument("answer", choices=[*ANSWERS, UNDO], help="undo takes the last answer back")
    add_store(parser)
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--reason", metavar="CODE", help="why not: data/words/refusals.toml")
    parser.add_argument("--note", default="", help="in own words")
    parser.add_argument("--outline", type=Path, metavar="FILE",
                        help="corrected outline: one GeoJSON polygon in degrees (WGS 84)")  # fmt: skip
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what stands now."""
    queue = Queue.open(Store.open(arguments.store, create=False))
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    before = queue.candidate(arguments.id)
    drawn = None if arguments.outline is None else outline_in(arguments.outline)
    if arguments.answer == UNDO:
        after = queue.undo(before.id, actor=arguments.by, at=now, seen=before.seen)
    else:
        after = queue.decide(before.id, arguments.answer, reason=arguments.reason, note=arguments.note,
                             outline=drawn, actor=arguments.by, at=now, seen=before.seen)  # fmt: skip
    at = int(language_of(arguments) == "en")
    print(f"{after.id}  {_SAID[before.answer][at]} → {_SAID[after.answer][at]}{size_text(after)}")
    return 0


def outline_in(path: Path) -> str:
    """The text of an outline's file; raises `ImageryError` where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ImageryError("the outline cannot be read", file=path,
                           remedy="give a GeoJSON file in UTF-8") from error  # fmt: skip


def size_text(one: Candidate) -> str:
    """What a candidate measures, where its theme measures areas."""
    if one.area_m2 is None or one.u_area_m2 is None or one.area_mu is None:
        return ""
    return f"  {one.area_m2:.1f} ± {one.u_area_m2:.1f} m² ({one.area_mu:.3f} mu)"
