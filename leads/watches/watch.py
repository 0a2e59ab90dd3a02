"""Standing watches: which checks run again for which layers, how often, and whom they concern.

`leads.watches.due` tells which of them are due and why, `leads.watches.running` runs them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, insert, select, update

from checks import Text, catalogue, get_check, load_rules
from layers import LayerFolder
from layers.errors import ConflictError, LeadError
from leads.scope import READ
from office import Actor, Database, NewEvent, append
from office.canonical import canonical, sha256
from office.policy import may, require, require_somewhere
from office.schema import WATCH
from office.scope import About

MANAGE = "watch.manage"
ACTIVE, PAUSED, REMOVED = "active", "paused", "removed"
WATCH_STATES: Mapping[str, Text] = {
    ACTIVE: Text("运行中", "active"),
    PAUSED: Text("已暂停", "paused"),
    REMOVED: Text("已移除", "removed"),
}
_EVENTS = {ACTIVE: "watch.resumed", PAUSED: "watch.paused", REMOVED: "watch.removed"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody responsible: the name leads are assigned to, and where mail goes, if anywhere."""

    name: str
    mail: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """A row of the store. No `checks` = every check there is; `rules` a place or a file; `area`
    (WGS 84) narrows a folder's ground. `last`: hashes, days, counts and alarms of the last run.
    """

    id: str
    title: str
    folder: str
    people: tuple[Person, ...]
    checks: tuple[str, ...] = ()
    rules: str | None = None
    area: BaseGeometry | None = None
    every_days: int | None = None
    state: str = ACTIVE
    last: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    @property
    def check_ids(self) -> tuple[str, ...]:
        """The checks it runs today."""
        return self.checks or tuple(catalogue())


def add_watch(
    db: Database, *, folder: str, people: Sequence[Person], actor: Actor, at: str, title: str = "",
    checks: Sequence[str] = (), rules: str | None = None, area: BaseGeometry | None = None,
    every_days: int | None = None,
) -> Watch:  # fmt: skip
    """Set up a watch on a folder of layers. Raises where a check, the rules, the folder, a person
    or an address is not right; then nothing is written.
    """
    require_somewhere(actor, MANAGE)
    for name in checks:
        get_check(name)
    for name in checks or catalogue():
        require(actor, MANAGE, scope=About(check=name))
    place = load_rules(rules).place if rules else None
    LayerFolder(folder)
    _right(people, every_days)
    kept = {"folder": folder, "title": title.strip() or place or Path(folder).name,
            "area": None if area is None else area.wkt}  # fmt: skip
    row = {"checks": canonical(list(dict.fromkeys(checks))), "rules": rules, "layers": canonical(kept),
           "every_days": every_days, "people": canonical([[one.name.strip(), one.mail] for one in people]),
           "state": ACTIVE, "last": canonical({"place": place}), "version": 1}  # fmt: skip
    with db.write() as connection:
        name = "W" + sha256(canonical([row, at]))[:16]
        if connection.execute(select(WATCH.c.id).where(WATCH.c.id == name)).first() is None:
            connection.execute(insert(WATCH), [{"id": name, **row}])
            told = {key: row[key] for key in ("checks", "rules", "layers", "every_days", "people")}
            append(connection, [NewEvent("watch.added", name, told)], actor=actor, at=at)
        return watch_named(connection, name)


def set_state(
    db: Database, watch_id: str, state: str, *, actor: Actor, at: str, version: int | None = None
) -> Watch:
    """Pause, take up again or remove a watch; a removed one stays in the store and never runs."""
    require_somewhere(actor, MANAGE)
    if state not in WATCH_STATES:
        raise LeadError(f"{state!r} is no state of a watch", field="state",
                        remedy=f"use one of {', '.join(WATCH_STATES)}")  # fmt: skip
    with db.write() as connection:
        one = watch_named(connection, watch_id, actor=actor)
        for check in one.check_ids:
            require(actor, MANAGE, scope=About(check=check))
        if version is not None and version != one.version:
            raise ConflictError(f"{one.id} was changed meanwhile: it is {one.state}, version {one.version}",
                                field="version", remedy="look at it again, then repeat")  # fmt: skip
        if one.state != state:
            connection.execute(
                update(WATCH)
                .where(WATCH.c.id == one.id)
                .values(state=state, version=one.version + 1)
            )
            told = {"state": state, "before": one.state, "version": one.version + 1}
            append(connection, [NewEvent(_EVENTS[state], one.id, told)], actor=actor, at=at)
        return watch_named(connection, one.id)


def watches(db: Database, *, actor: Actor, removed: bool = False) -> tuple[Watch, ...]:
    """The watches there are, by title: to who may not read everything, those of their checks."""
    require_somewhere(actor, READ)
    with db.read() as connection:
        return tuple(one for one in watches_in(connection)
                     if (removed or one.state != REMOVED) and may_watch(actor, READ, one))  # fmt: skip


def may_watch(actor: Actor, operation: str, watch: Watch) -> bool:
    """Whether the person may do it to a watch: a watch is about each of its checks, wherever they find
    something.
    """
    return all(may(actor, operation, scope=About(check=check)) for check in watch.check_ids)


def watches_in(connection: Connection) -> list[Watch]:
    """Every watch, inside a transaction, by title."""
    rows = connection.execute(select(WATCH)).mappings()
    return sorted((_watch(dict(row)) for row in rows), key=lambda one: (one.title, one.id))


def watch_named(connection: Connection, watch_id: str, *, actor: Actor | None = None) -> Watch:
    """One watch by its id, or by a title that only one has; raises `LeadError`, also for one that the
    person may not see.
    """
    found = [one for one in watches_in(connection) if watch_id in (one.id, one.title)
             and (actor is None or may_watch(actor, READ, one))]  # fmt: skip
    if len(found) != 1:
        raise LeadError(f"there is no watch {watch_id}" if not found else f"several watches are called {watch_id}",
                        field="watch", remedy="see `python -m leads watch list` for ids")  # fmt: skip
    return found[0]


def _watch(row: Mapping[str, Any]) -> Watch:
    kept = json.loads(row["layers"])
    people = tuple(Person(name, mail) for name, mail in json.loads(row["people"]))
    area = _area(kept.get("area"))
    return Watch(row["id"], kept["title"], kept["folder"], people, tuple(json.loads(row["checks"])),
                 row["rules"], area, row["every_days"], row["state"], json.loads(row["last"]), row["version"])  # fmt: skip


def _area(wkt: str | None) -> BaseGeometry | None:
    try:
        return None if wkt is None else shapely.from_wkt(wkt)
    except ShapelyError as error:
        raise LeadError("the area of a watch cannot be read", field="area",
                        remedy="remove the watch and set it up again") from error  # fmt: skip


def _right(people: Sequence[Person], every_days: int | None) -> None:
    if every_days is not None and every_days < 1:
        raise LeadError(f"every {every_days} days is no calendar", field="every_days",
                        remedy="give 1 or more, or nothing: then only new data set it off")  # fmt: skip
    if not people or any(not one.name.strip() for one in people):
        raise LeadError("a watch needs somebody whom it tells", field="people",
                        remedy="name one or more: --to NAME or --to NAME=address@host")  # fmt: skip
    for one in people:
        if one.mail is not None:
            check_address(one.mail)


def check_address(text: str) -> str:
    """A mail address as servers take it; raises `LeadError` for anything else."""
    try:
        good = text.isascii() and "@" in text and Address(addr_spec=text).addr_spec == text
    except (ValueError, IndexError) as error:
        raise _no_address(text) from error
    if not good or any(ord(sign) <= 32 for sign in text):
        raise _no_address(text)
    return text


def _no_address(text: str) -> LeadError:
    return LeadError(f"{text!r} is no mail address", field="mail",
                     remedy="write it as name@host, in ASCII and without a name before it")  # fmt: skip
