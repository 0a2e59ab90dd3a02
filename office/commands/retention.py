"""What is kept how long, and why; --due counts what its period has passed, --delete deletes it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime

from office.doors.retention import load_retention, sweep, would_go
from office.shell_words import (
    add_language,
    add_person,
    add_store,
    language_of,
    opened_store,
    signed_in,
    utc_text,
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("--due", action="store_true", help="count what --delete would delete")
    parser.add_argument("--delete", action="store_true", help="delete, and write down how much")
    add_store(parser)
    add_language(parser)
    add_person(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the list, or what was deleted."""
    lang = language_of(arguments)
    gone: Mapping[str, int] = {}
    if arguments.delete or arguments.due:
        at = utc_text(datetime.now(UTC))
        with opened_store(arguments) as database, signed_in(arguments, database, at) as actor:
            gone = (sweep if arguments.delete else would_go)(database, actor=actor, at=at)
    for one in load_retention():
        days = str(one.days) if one.days else "-"
        count = f"\t{gone[one.name]}" if one.name in gone else ""
        print(f"{one.words.of(lang)}\t{days}\t{one.ends.of(lang)}\t{one.basis.of(lang)}{count}")
    return 0
