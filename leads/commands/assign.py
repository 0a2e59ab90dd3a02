"""Give a lead to a person; with `--nobody`, take it from whoever has it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from layers.errors import LeadError
from leads.steps.handling import assign
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
    parser.add_argument("lead", help="id or number")
    parser.add_argument("person", nargs="?", help="who is to see to it")
    parser.add_argument("--nobody", action="store_true", help="take it from whoever has it")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why")
    parser.add_argument("--version", type=int, metavar="N", help="the version you saw (see `show`)")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Assign it."""
    at = utc_text(datetime.now(UTC))
    if bool(arguments.person) == arguments.nobody:
        raise LeadError("name a person, or --nobody", field="person", remedy="give one of the two")
    with at_work(arguments, at) as (database, actor, _):
        assign(database, arguments.lead, arguments.person or "", actor=actor,
               at=at, version=arguments.version, reason=arguments.reason)  # fmt: skip
    to = arguments.person or ("无人", "nobody")[language_of(arguments) == "en"]
    print(f"{arguments.lead} → {to}")
    return 0
