"""Refusals by the policy table, told in the history: who was refused what, when, from where, how often.

One event a minute for each person and operation: the first refusal is told at once, further ones
are counted and told with the next event (or by `tell_counted`), so that a crawler cannot fill the
store. Pages, own routes, the interface for other systems and commands all tell them here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Row, delete, insert, select, update

from layers.errors import PolicyError
from office.actors import Actor
from office.canonical import sha256
from office.database import Database
from office.door_tables import REFUSAL
from office.doors.rules import seconds_from
from office.history import NewEvent, append
from office.policy import load_policy

KIND = "policy.refused"
EVERY_S = 60
"""So often at most the same refusal is told."""


@contextmanager
def refusals_told(db: Database, actor: Actor, *, at: str, source: str = "") -> Iterator[None]:
    """Tell the history of a refusal by the policy inside the block; the error goes on its way."""
    try:
        yield
    except PolicyError as error:
        if refused_operation(error) is not None:
            tell_refused(db, actor, error, at=at, source=source)
        raise


def refused_operation(error: PolicyError) -> str | None:
    """The operation that an error withholds; None where it is another error (a wrong password)."""
    return error.field if error.field in load_policy() else None


def tell_refused(
    db: Database, actor: Actor, error: PolicyError, *, at: str, source: str = ""
) -> bool:
    """Tell or count one refusal; whether an event was made. Errors that withhold no operation are none.

    Call it outside of any transaction. `source`: where the person asked from (an address, `shell`).
    """
    operation = refused_operation(error)
    if operation is None:
        return False
    key = sha256(f"{actor.name}\n{','.join(actor.roles)}\n{operation}")
    with db.write() as connection:
        row = connection.execute(select(REFUSAL).where(REFUSAL.c.key == key)).one_or_none()
        if row is not None and 0 <= seconds_from(row.told_at, at) < EVERY_S:
            connection.execute(update(REFUSAL).where(REFUSAL.c.key == key).values(
                untold=REFUSAL.c.untold + 1, last_at=at, source=source))  # fmt: skip
            return False
        untold = 0 if row is None else row.untold
        connection.execute(delete(REFUSAL).where(REFUSAL.c.key == key))
        connection.execute(insert(REFUSAL), [{
            "key": key, "actor": actor.name, "roles": ",".join(actor.roles), "operation": operation,
            "source": source, "told_at": at, "last_at": at, "untold": 0}])  # fmt: skip
        _tell(connection, actor, operation, count=1 + untold, source=source, at=at)
    return True


def tell_counted(db: Database, *, at: str) -> int:
    """Tell what was counted and is a minute old or more, so that nothing stays untold; how many events."""
    with db.read() as connection:
        if not _waiting(connection, at):
            return 0
    with db.write() as connection:
        rows = _waiting(connection, at)
        for row in rows:
            actor = Actor(row.actor, tuple(row.roles.split(",")))
            _tell(connection, actor, row.operation, count=row.untold, source=row.source, at=at)
            connection.execute(
                update(REFUSAL).where(REFUSAL.c.key == row.key).values(untold=0, told_at=at)
            )
    return len(rows)


def _waiting(connection: Connection, at: str) -> list[Row[tuple[object, ...]]]:
    rows = connection.execute(select(REFUSAL).where(REFUSAL.c.untold > 0).order_by(REFUSAL.c.key))
    return [row for row in rows if not 0 <= seconds_from(row.told_at, at) < EVERY_S]


def _tell(
    connection: Connection, actor: Actor, operation: str, *, count: int, source: str, at: str
) -> None:
    body = {"operation": operation, "count": count, "source": source}
    append(connection, [NewEvent(KIND, operation, body)], actor=actor, at=at)
