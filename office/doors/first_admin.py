"""The first administrator: made by a one-time code, never by a default password.

The code is for whoever may write to the store in a shell, printed once and kept as a hash. It makes
a security administrator, and only while there is none who may get in.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from layers.errors import PolicyError
from office.actors import MACHINE
from office.database import Database
from office.door_tables import ACCOUNT, FIRST_CODE
from office.doors.accounts import Account, checked_name
from office.doors.passwords import given_password, hashed, recognised_by, refuse_weak
from office.doors.people import insert_account, keepers, told
from office.doors.rules import DoorRules, later
from office.history import NewEvent, append
from office.scope import Grant

_HOUR_S = 3600


def first_code(db: Database, *, at: str, rules: DoorRules) -> str:
    """A fresh one-time code; an older one no longer holds. `PolicyError` where an administrator is."""
    code = given_password()
    with db.write() as connection:
        _need_none(connection)
        connection.execute(delete(FIRST_CODE))
        until = later(at, rules.password_first_code_hours * _HOUR_S)
        connection.execute(insert(FIRST_CODE), [{
            "hash": recognised_by(code), "at": at, "expires_at": until, "used_at": None}])  # fmt: skip
        append(connection, [NewEvent("door.first_code", "store", {"expires_at": until})],
               actor=MACHINE, at=at)  # fmt: skip
    return code


def first_administrator(
    db: Database, code: str, name: str, password: str, *, at: str, rules: DoorRules
) -> Account:
    """Make the first security administrator; the code is used up. `PolicyError` where it is not the
    one that was printed, ran out, or the password is weak (then it stays).
    """
    kept = checked_name(name)
    refuse_weak(password, kept, rules)
    stored = hashed(password, rules)
    with db.write() as connection:
        _need_none(connection)
        used = connection.execute(
            update(FIRST_CODE).values(used_at=at)
            .where(FIRST_CODE.c.hash == recognised_by(code.strip()), FIRST_CODE.c.used_at.is_(None),
                   FIRST_CODE.c.expires_at > at))  # fmt: skip
        if used.rowcount != 1:
            raise PolicyError("this is not the code, or it ran out · 一次性代码不正确或已失效", field="code",
                              remedy="run `python -m office first-admin` for another")  # fmt: skip
        account = insert_account(connection, kept, [Grant("security_admin")], password=stored,
                                 given=False, at=at)  # fmt: skip
        append(connection, [told("person.added", account)], actor=MACHINE, at=at)
    return account


def needs_first(db: Database) -> bool:
    """Whether nobody keeps the doors yet."""
    with db.read() as connection:
        return not keepers(connection)


def has_accounts(db: Database) -> bool:
    """Whether anybody has an account here: then nobody acts without signing in."""
    with db.read() as connection:
        return connection.execute(select(ACCOUNT.c.id).limit(1)).first() is not None


def code_waits(db: Database, *, at: str) -> bool:
    """Whether a code was printed that still holds."""
    with db.read() as connection:
        query = select(FIRST_CODE.c.hash).where(
            FIRST_CODE.c.used_at.is_(None), FIRST_CODE.c.expires_at > at
        )
        return connection.execute(query).first() is not None


def _need_none(connection: Connection) -> None:
    if keepers(connection):
        raise PolicyError("there is a security administrator already · 已有安全管理员", field="role",
                          remedy="ask that person: `python -m office person add`")  # fmt: skip
