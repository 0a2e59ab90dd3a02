"""Lock-out with back-off: attempts are counted before they are weighed, so that many at once gain nothing.

Counted by name (known or not, so that the lock tells nobody which names exist) and by source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from office.canonical import sha256
from office.door_tables import THROTTLE
from office.doors.rules import DoorRules, later, seconds_from


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt: how many failed since the last good one (itself among them), and the lock."""

    failures: int
    wait_s: int
    locks_s: int = 0

    @property
    def refused(self) -> bool:
        """Whether it met a lock and must not be weighed."""
        return self.wait_s > 0


def count_attempt(
    connection: Connection, name_key: str, source: str, *, at: str, rules: DoorRules
) -> Counted:
    """Count an attempt as failed until `forgive`; refused ones are not counted."""
    by_name = _Line(f"name:{sha256(name_key)}", rules.attempts_before_lock,
                    rules.attempts_first_lock_s, rules.attempts_most_lock_s)  # fmt: skip
    by_source = _Line(f"from:{sha256(source)}", rules.attempts_source_before_lock,
                      rules.attempts_first_lock_s, rules.attempts_source_most_lock_s)  # fmt: skip
    lines = (by_name, by_source) if source else (by_name,)
    waits = [_wait(connection, line.key, at) for line in lines]
    if max(waits) > 0:
        return Counted(0, max(waits))
    counted = [_count(connection, line, at, rules.attempts_forget_s) for line in lines]
    return Counted(counted[0][0], 0, max(lock for _, lock in counted))


def forgive(connection: Connection, name_key: str) -> None:
    """Nothing failed: the name starts from nought (its source does not)."""
    connection.execute(delete(THROTTLE).where(THROTTLE.c.key == f"name:{sha256(name_key)}"))


def locked_until(connection: Connection, name_keys: Iterable[str], at: str) -> dict[str, str]:
    """Until when each of these names is locked; the others are left out."""
    by_key = {f"name:{sha256(one)}": one for one in name_keys}
    query = select(THROTTLE.c.key, THROTTLE.c.locked_until).where(
        THROTTLE.c.key.in_(by_key), THROTTLE.c.locked_until > at)  # fmt: skip
    return {by_key[row.key]: str(row.locked_until) for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    limit: int
    first_s: int
    most_s: int

    def lock_s(self, failures: int) -> int:
        beyond = failures - self.limit
        return 0 if beyond < 0 else min(self.most_s, self.first_s << min(beyond, 30))


def _wait(connection: Connection, key: str, at: str) -> int:
    until = connection.scalar(select(THROTTLE.c.locked_until).where(THROTTLE.c.key == key))
    return 0 if until is None else max(0, round(seconds_from(at, until)))


def _count(connection: Connection, line: _Line, at: str, forget_s: int) -> tuple[int, int]:
    row = connection.execute(select(THROTTLE).where(THROTTLE.c.key == line.key)).one_or_none()
    before = 0 if row is None or seconds_from(row.last_at, at) > forget_s else row.failures
    failures = before + 1
    lock = line.lock_s(failures)
    values = {"failures": failures, "last_at": at,
              "locked_until": later(at, lock) if lock else None}  # fmt: skip
    if row is None:
        connection.execute(insert(THROTTLE), [{"key": line.key, **values}])
    else:
        connection.execute(update(THROTTLE).where(THROTTLE.c.key == line.key).values(**values))
    return failures, lock
