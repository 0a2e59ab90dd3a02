"""People at a door: made quickly, with hashing that costs little."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from office import Actor, Database, Event, events
from office.doors import totp
from office.doors.first_admin import first_administrator, first_code
from office.doors.keys import Keys, add_key, load_keys
from office.doors.own_account import change_password, confirm_second_factor, start_second_factor
from office.doors.people import add_person
from office.doors.rules import later, load_doors
from office.doors.sign_in import Presented, SignedIn, sign_in
from office.scope import parse_grant

AT = "2026-06-30T08:00:00Z"
RULES = dataclasses.replace(load_doors(), argon2_time=1, argon2_memory_kib=64, argon2_lanes=1)
ADMIN = Actor("安全员", ("security_admin",))
PASSWORD = "Grüne-Wiese-42"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who came in fully: password, the secret of the second factor, a living token."""

    name: str
    password: str
    secret: str
    token: str


def some_keys(folder: Path) -> Keys:
    add_key(folder / "keys.txt")
    return load_keys(folder / "keys.txt")


def code(secret: str, at: str) -> str:
    return totp.code_of(secret, totp.step_of(at))


def with_password(db: Database, name: str = "王检", *roles: str, at: str = AT) -> str:
    """An account with a password of its own, no second factor; a token of its session."""
    grants = [parse_grant(role) for role in roles or ("prosecutor",)]
    given = add_person(db, name, grants, actor=ADMIN, at=at, rules=RULES)
    come = sign_in(db, Presented(name, given.password), at=at, rules=RULES)
    return change_password(db, come.token, given.password, PASSWORD, at=at, rules=RULES)


def whole_person(db: Database, keys: Keys, name: str = "王检", *roles: str, at: str = AT) -> Person:
    """An account with everything set up, signed in."""
    token = with_password(db, name, *roles, at=at)
    secret, _ = start_second_factor(db, token, keys=keys, at=at, rules=RULES)
    token = confirm_second_factor(db, token, code(secret, at), keys=keys, at=at, rules=RULES)
    return Person(name, PASSWORD, secret, token)


def come_in(db: Database, person: Person, keys: Keys, at: str, token: str = "") -> SignedIn:
    shown = Presented(person.name, person.password, code(person.secret, at), token=token)
    return sign_in(db, shown, at=at, rules=RULES, keys=keys)


def first(db: Database, at: str = AT) -> str:
    """The first administrator, by a code; the name."""
    made = first_code(db, at=at, rules=RULES)
    return first_administrator(db, made, "安全员", PASSWORD, at=at, rules=RULES).name


def told(db: Database, kind: str) -> list[dict[str, Any]]:
    """The bodies of the events of a kind."""
    return [json.loads(event.body) for event in history(db) if event.kind == kind]


def history(db: Database) -> list[Event]:
    with db.read() as connection:
        return list(events(connection))


def after(seconds: float, at: str = AT) -> str:
    return later(at, seconds)
