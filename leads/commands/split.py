"""Take a merge back, or split a case so that every agency has its own (art. 69)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from layers.errors import LeadError
from leads.cases import split_case
from leads.joining import unmerge
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
    parser.add_argument("id", metavar="ID", help="a lead merged away, or a case (C…)")
    parser.add_argument("--part", action="append", default=[], metavar="AGENCY=ID,ID",
                        help="the leads of an agency's case; without it they go by their agency")  # fmt: skip
    parser.add_argument(
        "--reason", default="", metavar="TEXT", help="why the two leads are not one"
    )
    parser.add_argument("--version", type=int, metavar="N", help="the version you saw")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Split what is named."""
    at, english = utc_text(datetime.now(UTC)), language_of(arguments) == "en"
    parts = _parts(arguments.part)
    with at_work(arguments, at, create=True) as (database, actor, _):
        if not arguments.id.startswith("C"):
            back, other = unmerge(database, arguments.id, actor=actor, at=at, reason=arguments.reason,
                                  version=arguments.version)  # fmt: skip
            print((f"{back} 已与 {other} 分开", f"{back} stands apart from {other} again")[english])
            return 0
        for case in split_case(
            database, arguments.id, parts, actor=actor, at=at, version=arguments.version
        ):
            print(f"{case.id}  {case.agency}  {case.title}  {' '.join(case.leads)}")
    return 0


def _parts(told: Sequence[str]) -> dict[str, list[str]] | None:
    found: dict[str, list[str]] = {}
    for one in told:
        agency, sign, leads = one.partition("=")
        if not (agency and sign and leads):
            raise LeadError(f"{one!r} is no part", field="--part", remedy="write AGENCY=ID,ID")
        found.setdefault(agency, []).extend(name for name in leads.split(",") if name)
    return found or None
