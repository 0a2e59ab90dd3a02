"""Take leads together as a case, add them to one, or take them out again."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from leads.cases import add_to_case, open_case, take_out
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
    parser.add_argument("leads", nargs="+", metavar="ID", help="leads: ids or numbers")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--case", metavar="CASE", help="add them to this case")
    what.add_argument("--out", action="store_true", help="take them out of their cases")
    parser.add_argument("--title", default="", metavar="TEXT", help="what a new case is called")
    add_store(parser)
    add_actor(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Group them."""
    at, english = utc_text(datetime.now(UTC)), language_of(arguments) == "en"
    with at_work(arguments, at, create=True) as (database, actor, _):
        if arguments.out:
            take_out(database, arguments.leads, actor=actor, at=at)
            print(("已移出案件", "taken out of their cases")[english])
            return 0
        if arguments.case:
            case = add_to_case(database, arguments.case, arguments.leads, actor=actor, at=at)
        else:
            case = open_case(database, arguments.leads, actor=actor, at=at, title=arguments.title)
    print(f"{case.id}  {case.title}  {' '.join(case.leads)}")
    return 0
