"""Merge a lead into another that is the same; later runs hand what they find of it on."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from leads.joining import merge
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
    parser.add_argument("lead", metavar="ID", help="the lead to be merged away: id or number")
    parser.add_argument("into", metavar="INTO", help="the lead that stays: id or number")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why the two are one")
    parser.add_argument("--version", type=int, metavar="N", help="the version you saw (see `show`)")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Merge the two."""
    at = utc_text(datetime.now(UTC))
    with at_work(arguments, at, create=True) as (database, actor, _):
        away, stays = merge(database, arguments.lead, arguments.into, actor=actor, reason=arguments.reason,
                            at=at, version=arguments.version)  # fmt: skip
    print((f"{away} 已并入 {stays}", f"{away} merged into {stays}")[language_of(arguments) == "en"])
    return 0
