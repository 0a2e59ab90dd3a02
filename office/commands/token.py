"""Tokens of other systems: add, list, revoke.

A token holds for named operations (of those the program itself may do), over areas and checks, until
a day; its text is printed once.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime

from office.doors.rules import load_doors
from office.doors.tokens import SystemToken, add_token, revoke_token, tokens
from office.scope import parse_grant
from office.shell_words import (
    add_language,
    add_person,
    add_store,
    english,
    opened_store,
    signed_in,
    utc_text,
)

_ISSUED = ("{name} 的令牌（仅显示一次）：{text}", "token of {name} (shown once): {text}")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="WHAT")
    for name, words in (("list", "every token"), ("add", "issue one"), ("revoke", "take it back")):
        act = acts.add_parser(name, help=words, description=words)
        if name != "list":
            act.add_argument("name", help="the system" if name == "add" else "its id or its system")
        if name == "add":
            act.add_argument("--may", action="append", required=True, metavar="OPERATION",
                             help="such as lead.read; several for several")  # fmt: skip
            act.add_argument("--in", dest="areas", action="append", default=[],
                             metavar="AREA[/CHECK]", help="where; everywhere without it")  # fmt: skip
            act.add_argument("--days", type=int, default=90, help="how long it holds (90)")
        act.add_argument("--json", action="store_true", help="as JSON")
        add_store(act)
        add_language(act)
        add_person(act)


def run(arguments: argparse.Namespace) -> int:
    """Do it and say what the tokens are now."""
    at, text = utc_text(datetime.now(UTC)), None
    found: tuple[SystemToken, ...]
    with opened_store(arguments) as database, signed_in(arguments, database, at) as actor:
        if arguments.act == "add":
            areas = [parse_grant(f"machine@{area}") for area in arguments.areas]
            made = add_token(database, arguments.name, arguments.may, days=arguments.days, actor=actor,
                             at=at, rules=load_doors(), areas=areas)  # fmt: skip
            found, text = (made.token,), made.text
        elif arguments.act == "revoke":
            found = (revoke_token(database, arguments.name, actor=actor, at=at),)
        else:
            found = tokens(database, actor=actor)
    _print(found, arguments)
    if text is not None:
        print(_ISSUED[english(arguments)].format(name=arguments.name, text=text))
    return 0


def _print(found: tuple[SystemToken, ...], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        where = " ".join(g.text().removeprefix("machine").lstrip("@") or "*" for g in one.grants)
        end = f"× {one.revoked_at}" if one.revoked_at else f"→ {one.expires_at}"
        print(f"{one.id}\t{one.name}\t{' '.join(one.operations)}\t{where}\t{end}\t"
              f"{one.last_used_at or '-'}")  # fmt: skip
