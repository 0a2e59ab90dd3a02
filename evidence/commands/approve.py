"""A second person looks at what was covered on a scene: what waits, before and after; approves or returns it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from evidence.glyphs import printable
from evidence.redaction.compare import compared
from evidence.redaction.release import Standing, approve, send_back, standing_of, standings
from evidence.words import moment
from imagery.store import Store
from office.shell_words import add_actor, add_store, at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """Scene, pictures to look at, what is decided."""
    parser.add_argument("scene", nargs="?", metavar="SCENE", help="id of a scene; none: list all")
    add_store(parser)
    parser.add_argument("--imagery", type=Path, help="imagery store, for --pictures")
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="write what was covered, before and after"
    )
    decided = parser.add_mutually_exclusive_group()
    decided.add_argument(
        "--yes", type=int, metavar="EVENT", help="approve it up to this event (as listed)"
    )
    decided.add_argument(
        "--return", dest="back", type=int, metavar="EVENT", help="return it, with --reason"
    )
    parser.add_argument("--reason", default="", help="why it is returned")
    add_actor(parser, "reviewer")


def run(arguments: argparse.Namespace) -> int:
    """Write the pictures, decide, say how it stands; 1 where something waits."""
    at, scene = utc_text(datetime.now(UTC)), arguments.scene
    with at_work(arguments, at, create=True) as (db, actor, _):
        found = standings(db, actor=actor)
        if scene and arguments.pictures and arguments.imagery:
            pairs = compared(db, Store.open(arguments.imagery, create=False), scene)
            for number, pair in enumerate(pairs, 1):
                arguments.pictures.mkdir(parents=True, exist_ok=True)
                for name, data in (("before", pair.before), ("after", pair.after)):
                    path = arguments.pictures / f"{scene}-{number}-{name}{pair.suffix}"
                    path.write_bytes(data)
                    print(f"→ {path}")
        if scene and arguments.yes is not None:
            approve(db, scene, arguments.yes, actor=actor, at=at)
        if scene and arguments.back is not None:
            send_back(db, scene, arguments.back, arguments.reason, actor=actor, at=at)
        found = [standing_of(db, scene)] if scene else found
    for one in found:
        print(_line(one))
    return 1 if any(one.state == "waiting" for one in found) else 0


def _line(one: Standing) -> str:
    told = [one.scene, one.state, f"event {one.last}"]
    told += [
        f"{printable(part.actor)} {moment(part.at)}: areas: {len(part.areas) + part.yards}"
        for part in one.waiting or one.drawn
    ]
    if one.judged is not None:
        told.append(
            f"{'✓' if one.judged.good else '↩'} {printable(one.judged.actor)} {moment(one.judged.at)} {printable(one.judged.reason)}"
        )
    return "\t".join(told).rstrip()
