"""What is kept how long (`data/retention.toml`), and deleting what its period has passed.

Only rows of the doors are deleted by the program; of leads and the history the list says who decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select
from sqlalchemy import case as sql_case

from checks import Text
from layers.errors import RuleError
from office.actors import Actor
from office.database import Database
from office.door_tables import FIRST_CODE, REFUSAL, SEALED, SESSION, THROTTLE, TOKEN
from office.doors.refusals import tell_counted
from office.doors.rules import later
from office.history import NewEvent, append
from office.policy import require
from office.schema import LEAD

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
    "sealed_field": (SEALED, SEALED.c.at),
}
HISTORY = "history"
LEAST_HISTORY_DAYS = 180


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set: its words, the ground, days (0: no period of its own), what ends it or from when the
    days count, tables deleted from; with `states`, they count from when the lead (or every lead of the
    case) came into one.
    """

    name: str
    words: Text
    basis: Text
    days: int
    ends: Text
    tables: tuple[str, ...]
    states: tuple[str, ...] = ()


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
        for one, table, old in _past(load_retention() if sets is None else sets, at):
            if table is SEALED:
                _tell_sealed(connection, one, old, actor=actor, at=at)
            deleted = connection.execute(delete(table).where(old)).rowcount
            gone[one.name] = gone.get(one.name, 0) + deleted
        told = {name: count for name, count in gone.items() if count}
        if told:
            append(connection, [NewEvent("retention.deleted", "store", {"rows": told})],
                   actor=actor, at=at)  # fmt: skip
    return gone


def would_go(
    db: Database, *, actor: Actor, at: str, sets: tuple[DataSet, ...] | None = None
) -> Mapping[str, int]:
    """Rows by data set that `sweep` would delete now; nothing is deleted."""
    require(actor, "retention.run")
    rows: dict[str, int] = {}
    with db.read() as connection:
        for one, table, old in _past(load_retention() if sets is None else sets, at):
            count = connection.scalar(select(func.count()).select_from(table).where(old)) or 0
            rows[one.name] = rows.get(one.name, 0) + int(count)
    return rows


def _past(
    sets: tuple[DataSet, ...], at: str
) -> Iterator[tuple[DataSet, Table, ColumnElement[bool]]]:
    """Each table of each data set, and which of its rows are past their period."""
    for one in sets:
        until = later(at, -one.days * _DAY_S)
        for table, clock in (_CLOCKS[name] for name in one.tables):
            old = clock < until
            yield one, table, old & _at_rest(one.states, until) if table is SEALED else old


def _at_rest(states: tuple[str, ...], until: str) -> ColumnElement[bool]:
    """Sealed values whose lead, or every lead of whose case, rests since before `until`."""
    rests = LEAD.c.state.in_(states) & (LEAD.c.state_since < until)
    leads = select(LEAD.c.id).where(rests)
    cases = (
        select(LEAD.c.case_id).where(LEAD.c.case_id.is_not(None)).group_by(LEAD.c.case_id)
        .having(func.sum(sql_case((rests, 0), else_=1)) == 0)
    )  # fmt: skip
    return SEALED.c.subject.in_(leads) | SEALED.c.subject.in_(cases)


def _tell_sealed(
    connection: Connection, one: DataSet, old: ColumnElement[bool], *, actor: Actor, at: str
) -> None:
    """Which fields of what are deleted, each in the history of its subject; never a value or a mask."""
    fields: dict[str, list[str]] = {}
    query = select(SEALED.c.subject, SEALED.c.field).where(old)
    for row in connection.execute(query.order_by(SEALED.c.subject, SEALED.c.field)):
        fields.setdefault(row.subject, []).append(row.field)
    told = [NewEvent("sealed.deleted", subject, {"fields": names, "set": one.name, "days": one.days})
            for subject, names in fields.items()]  # fmt: skip
    append(connection, told, actor=actor, at=at)


def _data_set(name: str, entry: object, path: Path) -> DataSet:
    keys = {"zh": str, "en": str, "basis": dict, "days": int, "ends": dict, "tables": list, "states": list}  # fmt: skip
    told = {"states": [], **entry} if isinstance(entry, dict) else {}
    whole = {name: type(value) for name, value in told.items()} == keys
    if not whole or any(set(told[name]) != {"zh", "en"} for name in ("basis", "ends")):
        raise RuleError(f"a data set has {', '.join(keys)}", file=path, field=name,
                        remedy="see data/retention.toml as it came")  # fmt: skip
    made = DataSet(name, Text(told["zh"], told["en"]), Text(**told["basis"]), told["days"],
                   Text(**told["ends"]), tuple(told["tables"]), tuple(told["states"]))  # fmt: skip
    if name == HISTORY and (made.days < LEAST_HISTORY_DAYS or made.tables):
        raise RuleError("the history is kept six months or more, and nothing deletes it · 日志留存不少于六个月",
                        file=path, field=name,
                        remedy=f"days = {LEAST_HISTORY_DAYS} or more (usually 1095), tables = []")  # fmt: skip
    if ("sealed_field" in made.tables) != bool(made.states):
        raise RuleError("sealed values are deleted by the state of their lead", file=path, field=name,
                        remedy="name states, with tables = [\"sealed_field\"] and nowhere else")  # fmt: skip
    least = LEAST_LOG_DAYS if "door_session" in made.tables else 1
    if set(made.tables) - set(_CLOCKS) or (made.tables and made.days < least):
        raise RuleError(f"the program deletes from {', '.join(_CLOCKS)}, after {least} days or more",
                        file=path, field=name, remedy="name other tables or a longer period")  # fmt: skip
    return made
