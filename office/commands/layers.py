"""Tell the history of imports and undos that were made in a shell: FOLDER is a layer folder.

`python -m layers import` keeps every version on the folder's shelf and knows no store; the app makes
events of them when it starts and when its page of data is opened, and this command does at once.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from layers.shelf import Shelf
from office.layer_deeds import IMPORT, tell
from office.policy import require
from office.shell_words import add_actor, add_language, add_store, at_work, english, utc_text

_TOLD = ("已记入历史：{n} 个事件", "events added to the history: {n}")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the layers")
    add_store(parser)
    add_language(parser)
    add_actor(parser, "prosecutor")


def run(arguments: argparse.Namespace) -> int:
    """Print how many events were added."""
    now, shelf = datetime.now(UTC), Shelf(arguments.folder)
    with at_work(arguments, utc_text(now)) as (_, actor, _secrets):
        require(actor, IMPORT)
        told = tell(shelf, shelf.recorded(), at=now, address=arguments.store, who=actor)
    print(_TOLD[english(arguments)].format(n=told))
    return 0
