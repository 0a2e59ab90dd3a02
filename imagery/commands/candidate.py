"""Put in what a person saw in a scene and no detector did: an outline, confirmed by being drawn.

Where a candidate lies there already its outline is corrected instead.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from imagery.commands.decide import outline_in, size_text
from imagery.queue import Queue
from imagery.queue.drawn import THEMES
from imagery.shell_words import add_store, scene_named
from imagery.store import Store


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "scene", metavar="SCENE", help="id or file name of the scene it was seen in"
    )
    parser.add_argument("outline", type=Path, metavar="FILE",
                        help="one GeoJSON polygon in degrees (WGS 84)")  # fmt: skip
    add_store(parser)
    parser.add_argument("--theme", choices=THEMES, default=THEMES[0], help=f"default: {THEMES[0]}")
    parser.add_argument("--before", metavar="SCENE", help="the earlier scene it was compared with")
    parser.add_argument("--by", required=True, metavar="NAME", help="who saw it")
    parser.add_argument("--note", default="", help="in own words")


def run(arguments: argparse.Namespace) -> int:
    """Print the candidate's id and what it measures."""
    store = Store.open(arguments.store, create=False)
    before = None if arguments.before is None else scene_named(store, arguments.before)
    one = Queue.open(store).draw(
        outline_in(arguments.outline), theme=arguments.theme, scene_id=scene_named(store, arguments.scene),
        before_id=before, note=arguments.note, actor=arguments.by,
        at=datetime.now().astimezone().isoformat(timespec="seconds"),
    )  # fmt: skip
    print(f"{one.id}{size_text(one)}")
    return 0
