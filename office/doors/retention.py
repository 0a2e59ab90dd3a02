"""What is kept how long (`data/retention.toml`), and deleting what its period has passed.

Only rows of the doors are deleted by the program; of leads and the history the list says who decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, Table, delete

from layers.errors import RuleError
from office.actors import Actor
from office.database import Database
from office.door_tables import FIRST_CODE, REFUSAL, SESSION, THROTTLE, TOKEN
from office.doors.refusals import tell_counted
from office.doors.rules import later
from office.history import NewEvent, append
from office.policy import require

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "retention.toml"
LEAST_LOG_DAYS = 183
"""Six months: what tells who was signed in is kept at least so long (网络安全法 23(3))."""
_DAY_S = 86400
_CLOCKS: Mapping[str, tuple[Table, ColumnElement[str]]] = {
    "door_session": (SESSION, SESSION.c.expires_at),
    "throttle": (THROTTLE, THROTTLE.c.last_at),
    "refusal": (REFUSAL, REFUSAL.c.last_at),
    "first_code": (FIRST_CODE, FIRST_CODE.c.expires_at),
    "system_token": (TOKEN, TOKEN.c.expires_at),
}


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set: its words, the ground, days (0: `ends` says what ends it), tables deleted from."""

    name: str
    zh: str
    en: str
    basis: str
    days: int
    ends: str
    tables: tuple[str, ...]


@cache
def load_retention(path: Path = FILE) -> tuple[DataSet, ...]:
    """The list; `RuleError` names the data set that is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(f"the list of periods cannot be read: {error}", file=path,
                        remedy="put the file back as it came, or mend it") from error  # fmt: skip
    return tuple(_data_set(name, entry, path) for name, entry in table.items())


def sweep(
    db: Database, *, actor: Actor, at: str, sets: tuple[DataSet, ...] | None = None
) -> Mapping[str, int]:
    """Delete what its period has passed; rows by data set, as the history then tells."""
    require(actor, "retention.run")
    tell_counted(db, at=at)
    gone: dict[str, int] = {}
    with db.write() as connection:
        for one in load_retention() if sets is None else sets:
            until = later(at, -one.days * _DAY_S)
            for table, clock in (_CLOCKS[name] for name in one.tables):
                deleted = connection.execute(delete(table).where(clock < until)).rowcount
                gone[one.name] = gone.get(one.name, 0) + deleted
        told = {name: count for name, count in gone.items() if count}
        if told:
            append(connection, [NewEvent("retention.deleted", "store", {"rows": told})],
                   actor=actor, at=at)  # fmt: skip
    return gone


def _data_set(name: str, entry: object, path: Path) -> DataSet:
    keys = {"zh": str, "en": str, "basis": str, "days": int, "ends": str, "tables": list}
    if not isinstance(entry, dict) or {k: type(v) for k, v in entry.items()} != keys:
        raise RuleError(f"a data set has {', '.join(keys)}", file=path, field=name,
                        remedy="see data/retention.toml as it came")  # fmt: skip
    made = DataSet(name, entry["zh"], entry["en"], entry["basis"], entry["days"], entry["ends"],
                   tuple(entry["tables"]))  # fmt: skip
    least = LEAST_LOG_DAYS if "door_session" in made.tables else 1
    if set(made.tables) - set(_CLOCKS) or (made.tables and made.days < least):
        raise RuleError(f"the program deletes from {', '.join(_CLOCKS)}, after {least} days or more",
                        file=path, field=name, remedy="name other tables or a longer period")  # fmt: skip
    return made
