"""Write a note into a lead's history; it stays for good."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from leads.steps.handling import note
from office.shell_words import add_actor, add_store, at_work, utc_text


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("lead", help="id or number")
    parser.add_argument("text", help="what is to be kept")
    add_store(parser)
    add_actor(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it."""
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at) as (database, actor, _):
        note(database, arguments.lead, arguments.text, actor=actor,
             at=at)  # fmt: skip
    print(f"{arguments.lead} ✓")
    return 0
