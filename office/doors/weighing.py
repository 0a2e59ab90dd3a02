"""What signing in and changing one's own password share: counting, telling, refusing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from layers.errors import PolicyError
from office.actors import MACHINE
from office.database import Database
from office.door_tables import ACCOUNT
from office.doors.accounts import name_key
from office.doors.rules import DoorRules
from office.doors.throttle import Counted, count_attempt
from office.history import NewEvent, append


def account_row(connection: Connection, name: str) -> Row[Any] | None:
    """The row of a name, with what recognises its password."""
    query = select(ACCOUNT).where(ACCOUNT.c.name_key == name_key(name))
    return connection.execute(query).one_or_none()


def about_totp(account_id: str) -> str:
    """What the secret of a second factor is bound to."""
    return f"account {account_id} totp"


def counted_attempt(db: Database, name: str, *, source: str, at: str, rules: DoorRules) -> Counted:
    """Count an attempt before it is weighed; `PolicyError` (field `locked`) where it met a lock."""
    with db.write() as connection:
        counted = count_attempt(connection, name_key(name), source, at=at, rules=rules)
    if counted.refused:
        raise PolicyError(f"too many attempts: wait {counted.wait_s} s · 尝试过多，请等待 {counted.wait_s} 秒",
                          field="locked", remedy="wait, or ask the security administrator to unlock")  # fmt: skip
    return counted


def tell_refusal(
    connection: Connection, row: Row[Any] | None, *, step: str, counted: Counted, source: str,
    at: str,
) -> None:  # fmt: skip
    """Into the history; a name nobody has is not kept: it may be a password in the wrong field."""
    subject = "unknown" if row is None else row.id
    told = {"source": source, "failures": counted.failures, "step": step}
    kind = "door.code_asked" if step == "code" else "door.refused"
    made = [NewEvent(kind, subject, told)]
    if counted.locks_s:
        made.append(
            NewEvent("door.locked", subject, {"source": source, "seconds": counted.locks_s})
        )
    append(connection, made, actor=MACHINE, at=at)


def refusal(problem: str) -> PolicyError:
    """The error that says no more than somebody at the door may know."""
    told = {
        "code": ("a code of the second factor is needed · 需要动态验证码", "enter the six digits shown now"),
        "given": ("the given password ran out · 初始口令已过期",
                  "ask the security administrator for another"),
        "keys": ("the file of keys is not open, so no code can be weighed",
                 "set YICHA_KEY_FILE for the program"),
    }  # fmt: skip
    problem_text, remedy = told.get(problem, (
        "name, password or code is not right · 姓名、口令或验证码不正确",
        "try again; after several attempts the door locks for a while"))  # fmt: skip
    field = problem if problem in told else "sign_in"
    return PolicyError(problem_text, field=field, remedy=remedy)
