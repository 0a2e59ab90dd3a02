"""Show one scene: its STAC item and its collection record."""

from __future__ import annotations

import argparse
import json

from imagery.shell_words import add_store, scene_named
from imagery.store import Store


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("id", metavar="ID", help="as `list` shows it, or name of its file")
    add_store(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print item, record and the files' paths as JSON."""
    store = Store.open(arguments.store, create=False)
    arguments.id = scene_named(store, arguments.id)
    view = store.view(arguments.id)
    table = {
        "original": str(store.original(arguments.id)), "view": None if view is None else str(view),
        "item": store.document(arguments.id), "record": store.record(arguments.id),
    }  # fmt: skip
    print(json.dumps(table, ensure_ascii=False, indent=1))
    return 0
