"""How the store and its machine are; the exit code is 1 where something is bad."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from office.health import health, worst
from office.health_advice import advice
from office.shell_words import (
    add_actor,
    add_language,
    add_store,
    at_work,
    language_of,
    utc_text,
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--folder", action="append", type=Path, default=[], metavar="FOLDER",
                        help="whose disk to look at (several for several)")  # fmt: skip
    add_store(parser)
    add_language(parser)
    add_actor(parser, "system_admin")


def run(arguments: argparse.Namespace) -> int:
    """A line for each reading."""
    at = utc_text(datetime.now(UTC))
    folders = {str(folder): folder for folder in arguments.folder or [Path()]}
    with at_work(arguments, at) as (database, actor, _):
        found = health(database, actor=actor, at=at, folders=folders)
    for one in found:
        print(f"{one.state}\t{one.name}\t{json.dumps(dict(one.facts), ensure_ascii=False)}")
        if told := advice(one, language_of(arguments)):
            print(f"\t→ {told}")
    return 1 if worst(found) == "bad" else 0
