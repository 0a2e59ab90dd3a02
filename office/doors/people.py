"""Keeping accounts: adding people, what they may, disabling, unlocking, a password anew.

Nobody changes their own rights, and the last security administrator stays. Each change is an event
in the same transaction; a given password is returned once and stands nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert

from layers.errors import PolicyError
from office.actors import Actor
from office.database import Database
from office.door_tables import ACCOUNT
from office.doors.accounts import (
    ACTIVE,
    DISABLED,
    Account,
    account_by_id,
    account_of,
    accounts_in,
    change_account,
    checked_grants,
    checked_name,
    name_key,
    need_account,
    write_grants,
)
from office.doors.passwords import given_password, hashed
from office.doors.rules import DoorRules
from office.doors.sessions import end_all_of
from office.doors.throttle import forgive, locked_until
from office.history import NewEvent, append
from office.policy import require
from office.scope import Grant

_KEEPER = "security_admin"


@dataclass(frozen=True, slots=True)
class Given:
    """An account with the password to hand over."""

    account: Account
    password: str = field(repr=False)


def people(db: Database, *, actor: Actor) -> tuple[Account, ...]:
    """Every account, by name."""
    require(actor, "person.read")
    with db.read() as connection:
        return tuple(accounts_in(connection))


def locked_people(db: Database, *, actor: Actor, at: str) -> Mapping[str, str]:
    """Ids of the accounts that too many failed attempts locked, each with until when."""
    require(actor, "person.read")
    with db.read() as connection:
        by_key = {name_key(one.name): one.id for one in accounts_in(connection)}
        held = locked_until(connection, by_key, at)
    return {by_key[key]: until for key, until in held.items()}


def add_person(
    db: Database, name: str, grants: Iterable[Grant], *, actor: Actor, at: str, rules: DoorRules
) -> Given:
    """A new account with a given password. `PolicyError` for a name that is taken or roles that do
    not go together.
    """
    require(actor, "person.manage")
    kept, held = checked_name(name), checked_grants(grants)
    password = given_password()
    stored = hashed(password, rules)
    with db.write() as connection:
        account = insert_account(connection, kept, held, password=stored, given=True, at=at)
        append(connection, [told("person.added", account)], actor=actor, at=at)
    return Given(account, password)


def insert_account(
    connection: Connection,
    name: str,
    grants: Sequence[Grant],
    *,
    password: str | None,
    given: bool,
    at: str,
    account_id: str | None = None,
) -> Account:
    """Write an account into the store; the caller tells the history."""
    if account_of(connection, name) is not None:
        raise PolicyError(f"there is an account {name} already", field="name",
                          remedy="add something that tells the two apart, such as a staff number")  # fmt: skip
    account_id = account_id or f"P{secrets.token_hex(6)}"
    connection.execute(insert(ACCOUNT), [{
        "id": account_id, "name": name, "name_key": name_key(name), "state": ACTIVE,
        "password": password, "password_at": at, "given": given, "totp": None, "totp_on": False,
        "totp_step": 0, "created_at": at, "version": 1}])  # fmt: skip
    write_grants(connection, account_id, grants)
    return account_by_id(connection, account_id)


def set_grants(
    db: Database, name: str, grants: Iterable[Grant], *, actor: Actor, at: str,
    version: int | None = None,
) -> Account:  # fmt: skip
    """Put these rights in place of the ones the person has; from the next question on."""
    held = checked_grants(grants)
    with _changing(db, name, actor, version) as (connection, account):
        keeps = account.state != ACTIVE or _KEEPER in {grant.role for grant in held}
        _refuse_last_keeper(connection, account, stays=keeps)
        write_grants(connection, account.id, held)
        change_account(connection, account)
        return _done(connection, "person.roles", account, actor, at)


def disable(
    db: Database, name: str, *, actor: Actor, at: str, version: int | None = None
) -> Account:
    """Let the person in no more; every session ends. The account stays: the history names it."""
    with _changing(db, name, actor, version) as (connection, account):
        _refuse_last_keeper(connection, account, stays=account.state != ACTIVE)
        change_account(connection, account, state=DISABLED)
        end_all_of(connection, account.id, at=at, why="disabled")
        return _done(connection, "person.disabled", account, actor, at)


def enable(
    db: Database, name: str, *, actor: Actor, at: str, version: int | None = None
) -> Account:
    """Let the person in again."""
    with _changing(db, name, actor, version) as (connection, account):
        change_account(connection, account, state=ACTIVE)
        return _done(connection, "person.enabled", account, actor, at)


def unlock(db: Database, name: str, *, actor: Actor, at: str) -> Account:
    """Forget the attempts that failed."""
    require(actor, "person.manage")
    with db.write() as connection:
        account = need_account(connection, name)
        forgive(connection, name_key(account.name))
        append(connection, [NewEvent("person.unlocked", account.id, {})], actor=actor, at=at)
    return account


def reset(
    db: Database, name: str, *, actor: Actor, at: str, rules: DoorRules, second_factor: bool = False
) -> Given:
    """A given password anew (with `second_factor`, that is taken away too); every session ends."""
    password = given_password()
    stored = hashed(password, rules)
    with _changing(db, name, actor, None) as (connection, account):
        values: dict[str, Any] = {"password": stored, "password_at": at, "given": True}
        change_account(connection, account, **values,
                       **({"totp": None, "totp_on": False} if second_factor else {}))  # fmt: skip
        end_all_of(connection, account.id, at=at, why="reset")
        forgive(connection, name_key(account.name))
        return Given(_done(connection, "person.reset", account, actor, at), password)


def told(kind: str, account: Account) -> NewEvent:
    """An event with all that the account is afterwards."""
    body = {"name": account.name, "state": account.state, "version": account.version,
            "grants": sorted(grant.text() for grant in account.grants),
            "second_factor": account.second_factor}  # fmt: skip
    return NewEvent(kind, account.id, body)


def keepers(connection: Connection) -> list[Account]:
    """The security administrators who may get in."""
    return [one for one in accounts_in(connection) if one.state == ACTIVE and _KEEPER in one.roles]


@contextmanager
def _changing(
    db: Database, name: str, actor: Actor, version: int | None
) -> Iterator[tuple[Connection, Account]]:
    """A write transaction over somebody else's account."""
    require(actor, "person.manage")
    with db.write() as connection:
        account = need_account(connection, name, version)
        if name_key(account.name) == name_key(actor.name):
            raise PolicyError("nobody changes their own account · 不得变更本人账户", field="name",
                              remedy="ask another security administrator")  # fmt: skip
        yield connection, account


def _refuse_last_keeper(connection: Connection, account: Account, *, stays: bool) -> None:
    if not stays and [one.id for one in keepers(connection)] == [account.id]:
        raise PolicyError(f"{account.name} is the last security administrator", field="role",
                          remedy="make another one first")  # fmt: skip


def _done(connection: Connection, kind: str, account: Account, actor: Actor, at: str) -> Account:
    now = account_by_id(connection, account.id)
    append(connection, [told(kind, now)], actor=actor, at=at)
    return now
