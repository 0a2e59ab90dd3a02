"""Take the last import of a layer back: the version before stands again.

`undo FOLDER/school.parquet` goes one back, `--to 3` to any version that is kept. Nothing is lost: a
version that was taken back can be brought back by its number.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from layers.commands.import_ import language
from layers.shelf import Shelf, Version

_SAID = {
    "stands": ("第 {n} 版（{at}，{file}，{rows} 行）现为有效", "version {n} ({at}, {file}, {rows} rows) stands now"),
    "none": ("已撤销；此前没有这一图层", "taken back; there was no such layer before"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """The layer file, which version, who and why."""
    parser.add_argument("layer", type=Path, help="layer file (.parquet)")
    parser.add_argument("--to", type=int, metavar="N", help="version to bring back (see `history`)")
    parser.add_argument("--by", default="", metavar="NAME", help="who does it, for the record")
    parser.add_argument("--why", default="", help="why, for the record")
    parser.add_argument("--lang", choices=["zh", "en"])


def run(arguments: argparse.Namespace) -> int:
    """Undo, or bring back, and say what stands."""
    shelf, name = Shelf(arguments.layer.parent), arguments.layer.stem
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    told = {"by": arguments.by, "at": at, "why": arguments.why}
    now: Version | None
    if arguments.to is not None:
        now = shelf.bring_back(name, arguments.to, **told)
    else:
        now = shelf.undo(name, **told)
    lang = 0 if (arguments.lang or language()) == "zh" else 1
    said = _SAID["none" if now is None else "stands"][lang]
    facts = (
        {} if now is None else {"n": now.number, "at": now.at, "file": now.file, "rows": now.rows}
    )
    sys.stdout.write(said.format(**facts) + "\n")
    return 0
