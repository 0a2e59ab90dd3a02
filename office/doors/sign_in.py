"""Signing in: name, password, second factor; a session where all of them are right.

An attempt is counted before it is weighed and forgiven when it was good (`office.doors.throttle`).
A refusal never tells whether the name, the password or the code was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from layers.errors import PolicyError
from office.database import Database
from office.door_tables import ACCOUNT
from office.doors import totp
from office.doors.accounts import ACTIVE, account_by_id, name_key
from office.doors.half_way import CodeNeededError, ticket_fits, ticket_for
from office.doors.keys import Keys, opened
from office.doors.passwords import fits, hashed, outdated
from office.doors.rules import DoorRules, seconds_from
from office.doors.sessions import begin, end_presented, stage_of
from office.doors.throttle import forgive
from office.doors.weighing import about_totp, account_row, counted_attempt, refusal, tell_refusal
from office.history import NewEvent, append

_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that began: its `token` (for the browser alone), its id, and what is still to do."""

    token: str
    session: str
    stage: str


@dataclass(frozen=True, slots=True)
class Presented:
    """What somebody shows at the door; `source`: where from, `token`: a session they come with.

    `ticket` (of `CodeNeededError`) stands for the password, in the browser called `bound` alone.
    """

    name: str
    password: str
    code: str = ""
    source: str = ""
    token: str = ""
    ticket: str = ""
    bound: str = ""

    def __repr__(self) -> str:
        return f"Presented({self.name!r}, source={self.source!r})"


def sign_in(
    db: Database, shown: Presented, *, at: str, rules: DoorRules, keys: Keys | None = None
) -> SignedIn:
    """Let somebody in under a fresh token, whatever token they came with (which ends).

    Raises `PolicyError`: field `locked` (too many attempts), `code` (name and password are right, a
    code is needed: `CodeNeededError`), `given` (a given password ran out), else `sign_in`.
    """
    counted = counted_attempt(db, shown.name, source=shown.source, at=at, rules=rules)
    with db.read() as connection:
        row = account_row(connection, shown.name)
    good = _knows(row, shown, at=at, rules=rules, keys=keys)
    with db.write() as connection:
        now = account_row(connection, shown.name)
        same = row is not None and now is not None and now.password == row.password
        problem = (
            _problem(connection, now, shown, at=at, rules=rules, keys=keys)
            if good and same
            else "sign_in"
        )
        if now is not None and problem is None:
            return _let_in(connection, now, shown, at, rules)
        tell_refusal(
            connection, now, step=problem or "", counted=counted, source=shown.source, at=at
        )
    raise _refused(problem or "", now, shown, at, keys)


def _knows(
    row: Row[Any] | None, shown: Presented, *, at: str, rules: DoorRules, keys: Keys | None
) -> bool:
    """Whether the password is right, or the ticket that stands for it."""
    if shown.ticket:
        if row is None or keys is None:
            return False
        return ticket_fits(keys, shown.ticket, row, shown.bound, at)
    return fits(shown.password, None if row is None else row.password, rules)


def _refused(
    problem: str, row: Row[Any] | None, shown: Presented, at: str, keys: Keys | None
) -> PolicyError:
    error = refusal(problem)
    if problem != "code" or row is None or keys is None:
        return error
    needed = CodeNeededError(error.problem, remedy=error.remedy, field=error.field)
    needed.ticket = ticket_for(keys, row, shown.bound, at)
    return needed


def _problem(
    connection: Connection, row: Row[Any] | None, shown: Presented, *, at: str, rules: DoorRules,
    keys: Keys | None,
) -> str | None:  # fmt: skip
    """What keeps somebody out whose password is right; takes the code where it fits."""
    if row is None or row.state != ACTIVE:
        return "sign_in"
    if row.totp_on:
        if not shown.code:
            return "code"
        if keys is None:
            return "keys"
        secret = opened(keys, row.totp, about_totp(row.id))
        step = totp.matching_step(secret, shown.code, at, after=row.totp_step)
        if step is None:
            return "sign_in"
        connection.execute(ACCOUNT.update().where(ACCOUNT.c.id == row.id).values(totp_step=step))
    if row.given and seconds_from(row.password_at, at) > rules.password_given_days * _DAY_S:
        return "given"
    return None


def _let_in(
    connection: Connection, row: Row[Any], shown: Presented, at: str, rules: DoorRules
) -> SignedIn:
    account = account_by_id(connection, row.id)
    if shown.token:
        end_presented(connection, shown.token, at, "signed in anew")
    if shown.password and outdated(row.password, rules):
        connection.execute(ACCOUNT.update().where(ACCOUNT.c.id == row.id)
                           .values(password=hashed(shown.password, rules)))  # fmt: skip
    forgive(connection, name_key(shown.name))
    token, name = begin(connection, account, at=at, rules=rules, source=shown.source)
    append(connection, [NewEvent("door.signed_in", account.id, {"session": name, "source": shown.source})],
           actor=account.actor, at=at)  # fmt: skip
    return SignedIn(token, name, stage_of(account, rules))
