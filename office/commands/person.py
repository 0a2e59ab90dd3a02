"""People: add, list, roles, disable, enable, unlock, reset.

A role is written ROLE, ROLE@AREA or ROLE@AREA/CHECK, such as prosecutor@430102; several for several.
Adding and resetting print a password once; the person changes it at the first sign-in.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from office.actors import Actor
from office.database import Database
from office.doors.accounts import Account
from office.doors.people import (
    add_person,
    disable,
    enable,
    locked_people,
    people,
    reset,
    set_grants,
    unlock,
)
from office.doors.rules import load_doors
from office.scope import parse_grant
from office.shell_words import add_language, add_store, english, opened_store, signed_in, utc_text
from office.shell_words import add_person as add_who

_GIVEN = (
    "{name} 的初始口令（仅显示一次，首次登录须修改）：{password}",
    "password for {name} (shown once, to be changed at the first sign-in): {password}",
)
_STATES = {"active": "在用", "disabled": "停用"}


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="WHAT")
    for name, words in (("list", "every account"), ("add", "a new account"),
                        ("roles", "put these rights in place of the ones there"),
                        ("disable", "let in no more"), ("enable", "let in again"),
                        ("unlock", "forget failed attempts"),
                        ("reset", "a password anew")):  # fmt: skip
        act = acts.add_parser(name, help=words, description=words)
        if name != "list":
            act.add_argument("name")
        if name in ("add", "roles"):
            act.add_argument(
                "--role", action="append", required=True, metavar="ROLE[@AREA][/CHECK]"
            )
        act.add_argument("--json", action="store_true", help="as JSON")
        if name == "reset":
            act.add_argument("--second-factor", action="store_true", help="take that away too")
        add_store(act)
        add_language(act)
        add_who(act)


def run(arguments: argparse.Namespace) -> int:
    """Do it and say what the account is now."""
    at = utc_text(datetime.now(UTC))
    with opened_store(arguments) as database, signed_in(arguments, database, at) as actor:
        password: str | None = None
        locked: Mapping[str, str] = {}
        if arguments.act == "list":
            found = people(database, actor=actor)
            locked = locked_people(database, actor=actor, at=at)
        elif arguments.act in ("add", "reset"):
            account, password = _given(arguments, database, actor, at)
            found = (account,)
        else:
            found = (_changed(arguments, database, actor, at),)
    _print(found, arguments, locked)
    if password is not None:
        print(_GIVEN[english(arguments)].format(name=found[0].name, password=password))
    return 0


def _given(
    arguments: argparse.Namespace, database: Database, actor: Actor, at: str
) -> tuple[Account, str]:
    rules = load_doors()
    if arguments.act == "add":
        grants = [parse_grant(text) for text in arguments.role]
        made = add_person(database, arguments.name, grants, actor=actor, at=at, rules=rules)
    else:
        made = reset(database, arguments.name, actor=actor, at=at, rules=rules,
                     second_factor=arguments.second_factor)  # fmt: skip
    return made.account, made.password


def _changed(arguments: argparse.Namespace, database: Database, actor: Actor, at: str) -> Account:
    if arguments.act == "roles":
        grants = [parse_grant(text) for text in arguments.role]
        return set_grants(database, arguments.name, grants, actor=actor, at=at)
    acts: dict[str, Callable[..., Account]] = {
        "disable": disable,
        "enable": enable,
        "unlock": unlock,
    }
    return acts[arguments.act](database, arguments.name, actor=actor, at=at)


def _print(
    found: tuple[Account, ...], arguments: argparse.Namespace, locked: Mapping[str, str]
) -> None:
    rows = [{"id": one.id, "name": one.name, "state": one.state, "given": one.given,
             "second_factor": one.second_factor, "locked_until": locked.get(one.id), "grants": [g.text() for g in one.grants]}
            for one in found]  # fmt: skip
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in found:
        state = one.state if english(arguments) else _STATES[one.state]
        factor = "2FA" if one.second_factor else "-"
        if one.id in locked:
            state += f" ({'locked until' if english(arguments) else '锁定至'} {locked[one.id]})"
        print(f"{one.name}\t{state}\t{factor}\t{' '.join(g.text() for g in one.grants)}")
