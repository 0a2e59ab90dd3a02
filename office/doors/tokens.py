"""How other systems come in: a token each, for named operations, over areas and checks, until a day.

A system acts as `machine`, so what the policy table withholds from the program no token gives.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from layers.errors import PolicyError
from office.actors import Actor
from office.canonical import canonical
from office.database import Database
from office.door_tables import TOKEN
from office.doors.accounts import checked_name, name_key
from office.doors.passwords import new_token, recognised_by
from office.doors.rules import DoorRules, later, seconds_from
from office.history import NewEvent, append
from office.policy import load_policy, require
from office.scope import Grant, Scope

PREFIX = "yicha_"
"""By it a scan of files finds tokens that were left lying."""
_ROLE = "machine"
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class SystemToken:
    """What is known of a token; never the token itself."""

    id: str
    name: str
    operations: tuple[str, ...]
    grants: tuple[Grant, ...]
    created_at: str
    created_by: str
    expires_at: str
    last_used_at: str | None
    revoked_at: str | None

    @property
    def actor(self) -> Actor:
        """The system as an actor."""
        return Actor(
            f"system:{self.name}", (_ROLE,), Scope(self.grants, frozenset(self.operations))
        )


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was made, with its text, which is told once."""

    token: SystemToken
    text: str = field(repr=False)


def add_token(
    db: Database, name: str, operations: Iterable[str], *, days: int, actor: Actor, at: str,
    rules: DoorRules, areas: Sequence[Grant] = (),
) -> Issued:  # fmt: skip
    """Issue a token. No `areas` = everywhere. `PolicyError` for an operation no system may do, a life
    too long, or a name that another living token has.
    """
    require(actor, "token.manage")
    kept, wanted = checked_name(name), _checked(operations)
    if not 1 <= days <= rules.token_most_days:
        raise PolicyError(f"{days} days is no life of a token", field="days",
                          remedy=f"1 to {rules.token_most_days} days")  # fmt: skip
    grants = tuple(areas) or (Grant(_ROLE),)
    if {grant.role for grant in grants} != {_ROLE}:
        raise PolicyError(
            "a system acts as machine", field="role", remedy="name areas and checks only"
        )
    text, token_id = PREFIX + new_token(), f"T{secrets.token_hex(6)}"
    row = {"hash": recognised_by(text), "id": token_id, "name": kept, "operations": canonical(wanted),
           "areas": canonical([[grant.area, grant.check] for grant in grants]), "created_at": at,
           "created_by": actor.name, "expires_at": later(at, days * _DAY_S)}  # fmt: skip
    with db.write() as connection:
        if any(name_key(one.name) == name_key(kept) for one in _tokens(connection, at)):
            raise PolicyError(f"a token of {kept} is in use", field="name",
                              remedy="revoke it first, or give the system another name")  # fmt: skip
        connection.execute(insert(TOKEN), [row])
        body = {key: row[key] for key in ("name", "operations", "areas", "expires_at")}
        append(connection, [NewEvent("token.added", token_id, body)], actor=actor, at=at)
        return Issued(_named(connection, token_id), text)


def revoke_token(db: Database, name: str, *, actor: Actor, at: str) -> SystemToken:
    """Take a token back, by its id or the name of its system; from the next question on."""
    require(actor, "token.manage")
    with db.write() as connection:
        found = [one for one in _tokens(connection, at) if name in (one.id, one.name)]
        if len(found) != 1:
            raise PolicyError(f"there is no token {name} in use", field="token",
                              remedy="see `python -m office token list`")  # fmt: skip
        connection.execute(update(TOKEN).where(TOKEN.c.id == found[0].id).values(revoked_at=at))
        append(connection, [NewEvent("token.revoked", found[0].id, {"name": found[0].name})],
               actor=actor, at=at)  # fmt: skip
        return _named(connection, found[0].id)


def tokens(db: Database, *, actor: Actor) -> tuple[SystemToken, ...]:
    """Every token there was, the latest first."""
    require(actor, "token.read")
    with db.read() as connection:
        return tuple(_tokens(connection))


def system_of(db: Database, text: str, *, at: str, rules: DoorRules) -> Actor | None:
    """The system whose token this is, while it holds; its use is noted (to `session_touch_s`)."""
    with db.read() as connection:
        row = _living(connection, text, at)
    if row is None:
        return None
    if row.last_used_at is None or seconds_from(row.last_used_at, at) >= rules.session_touch_s:
        with db.write() as connection:
            row = _living(connection, text, at)
            if row is None:
                return None
            connection.execute(
                update(TOKEN).where(TOKEN.c.hash == row.hash).values(last_used_at=at)
            )
    return _token(row).actor


def _living(connection: Connection, text: str, at: str) -> Row[Any] | None:
    query = select(TOKEN).where(TOKEN.c.hash == recognised_by(text), TOKEN.c.revoked_at.is_(None),
                                TOKEN.c.expires_at > at)  # fmt: skip
    return connection.execute(query).one_or_none()


def _tokens(connection: Connection, living_at: str | None = None) -> list[SystemToken]:
    query = select(TOKEN).order_by(TOKEN.c.created_at.desc(), TOKEN.c.id)
    if living_at is not None:
        query = query.where(TOKEN.c.revoked_at.is_(None), TOKEN.c.expires_at > living_at)
    return [_token(row) for row in connection.execute(query)]


def _named(connection: Connection, token_id: str) -> SystemToken:
    return _token(connection.execute(select(TOKEN).where(TOKEN.c.id == token_id)).one())


def _token(row: Row[Any]) -> SystemToken:
    grants = tuple(Grant(_ROLE, area, check) for area, check in json.loads(row.areas))
    return SystemToken(row.id, row.name, tuple(json.loads(row.operations)), grants, row.created_at,
                       row.created_by, row.expires_at, row.last_used_at, row.revoked_at)  # fmt: skip


def _checked(operations: Iterable[str]) -> list[str]:
    wanted = sorted(set(operations))
    may = sorted(name for name, right in load_policy().items() if _ROLE in right.roles)
    wrong = [name for name in wanted if name not in may]
    if wrong or not wanted:
        raise PolicyError(f"{', '.join(wrong) or 'nothing'} is nothing a system may do", field="operation",
                          remedy=f"use some of {', '.join(may)}")  # fmt: skip
    return wanted
