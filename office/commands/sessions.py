"""Who is signed in: list, revoke."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from office.doors.rules import load_doors
from office.doors.sessions import revoke, sessions
from office.shell_words import (
    add_language,
    add_person,
    add_store,
    opened_store,
    signed_in,
    utc_text,
)


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="WHAT")
    for name, words in (("list", "everybody signed in"), ("revoke", "end sessions")):
        act = acts.add_parser(name, help=words, description=words)
        if name == "revoke":
            act.add_argument("id", help="of the session, or of the account for all of its sessions")
        act.add_argument("--json", action="store_true", help="as JSON")
        add_store(act)
        add_language(act)
        add_person(act)


def run(arguments: argparse.Namespace) -> int:
    """List them, or end them and name those that ended."""
    at = utc_text(datetime.now(UTC))
    with opened_store(arguments) as database, signed_in(arguments, database, at) as actor:
        if arguments.act == "revoke":
            rows = [{"id": one} for one in revoke(database, arguments.id, actor=actor, at=at)]
        else:
            rows = [{"id": one.id, "name": one.account.name, "account": one.account.id,
                     "since": one.created_at, "seen": one.seen_at, "source": one.source}
                    for one in sessions(database, actor=actor, at=at, rules=load_doors())]  # fmt: skip
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            print("\t".join(row.values()))
    return 0
