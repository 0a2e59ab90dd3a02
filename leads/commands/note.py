"""Write a note into a lead's history; it stays for good."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from leads.handling import note
from leads.shell_words import actor_of, add_actor, add_store, open_store, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", help="id or number")
    parser.add_argument("text", help="what is to be kept")
    add_store(parser)
    add_actor(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it."""
    database = open_store(arguments, create=False)
    try:
        note(database, arguments.lead, arguments.text, actor=actor_of(arguments),
             at=utc_text(datetime.now(UTC)))  # fmt: skip
    finally:
        database.close()
    print(f"{arguments.lead} ✓")
    return 0
