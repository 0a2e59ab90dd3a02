"""What is done with layers here: an import, an undo. Each is an event of the history, where a store is.

The shelf records who did what, on the page and in a shell alike; `tell` makes an event of whatever
the history does not know yet. One function, so nothing is told twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from layers.errors import StoreError
from layers.shelf import Shelf, Version
from layers.shelf.records import IMPORTED
from layers.shelf.records import UNDONE as TAKEN_BACK
from office.actors import MACHINE, Actor
from office.database import Database
from office.history import NewEvent, append
from office.policy import require
from office.schema import EVENT

IMPORT = "layer.import"
_IMPORTED, _UNDONE, _BROUGHT_BACK = "layer.imported", "layer.undone", "layer.brought_back"
Key = tuple[str, str, int, str]
"""Kind, layer, version, and of an import the hash of the layer, of all else the moment."""


@dataclass(frozen=True, slots=True)
class _Deed:
    key: Key
    by: str
    event: NewEvent


def undo(
    shelf: Shelf, name: str, to: int | None, *, who: Actor, at: datetime, address: str | None, expected: str | None
) -> Version | None:  # fmt: skip
    """Take the last version back, or bring the version `to` back; returns what stands then.

    Raises `PolicyError` where the person may not, `LayerError` where it is not possible.
    """
    require(who, IMPORT)
    when = at.astimezone().isoformat(timespec="seconds")
    if to is None:
        now = shelf.undo(name, by=who.name, at=when, expected=expected)
    else:
        now = shelf.bring_back(name, to, by=who.name, at=when)
    tell(shelf, [name], who=who, at=at, address=address)
    return now


def tell(
    shelf: Shelf, names: Iterable[str], *, at: datetime, address: str | None, who: Actor = MACHINE
) -> int:
    """Make an event of every deed of the shelf that the history does not know; returns how many.

    What `who` did is told as theirs; what anybody else did (in a shell, where nobody signs in) as
    found by the program, with the name that was given. Without a store that answers nothing is told:
    the shelf's own records stand, and the next call tells them.
    """
    deeds = [deed for name in names for deed in _deeds(shelf, name)]
    with suppress(StoreError):
        if not deeds:
            return 0
        db = Database.open(address, create=False, wait_s=10.0)
        try:
            with db.read() as connection:
                if not _unknown(deeds, connection):
                    return 0
            with db.write() as connection:  # nobody else tells now: looked at once more
                new = _unknown(deeds, connection)
                for one in new:
                    actor = who if one.by == who.name else MACHINE
                    append(connection, [one.event], actor=actor, at=_utc(at))
                return len(new)
        finally:
            db.close()
    return 0


def _unknown(deeds: Iterable[_Deed], connection: Connection) -> list[_Deed]:
    query = select(EVENT.c.kind, EVENT.c.subject, EVENT.c.at, EVENT.c.body)
    rows = connection.execute(query.where(EVENT.c.kind.in_((_IMPORTED, _UNDONE, _BROUGHT_BACK))))
    known = Counter(_key_of(row.kind, row.subject, row.at, json.loads(row.body)) for row in rows)
    seen: Counter[Key] = Counter()  # twice the same within a second is twice
    new = []
    for one in deeds:
        seen[one.key] += 1
        if seen[one.key] > known[one.key]:
            new.append(one)
    return new


def _key_of(kind: str, name: str, at: str, body: dict[str, Any]) -> Key:
    if kind == _IMPORTED:
        return kind, name, int(body["version"]), str(body["layer"])
    version = body["from"] if kind == _UNDONE else body["to"]
    return kind, name, int(version), str(body.get("done") or at)


def _deeds(shelf: Shelf, name: str) -> list[_Deed]:
    """All that was done with a layer, in the order it was done."""
    found = [deed for version in shelf.versions(name) for deed in _of(version, name)]
    return [deed for _, deed in sorted(found, key=lambda one: one[0])]


def _of(version: Version, name: str) -> Iterator[tuple[str, _Deed]]:
    if version.kind == IMPORTED:
        done = _moment(version.at)
        yield done, _Deed((_IMPORTED, name, version.number, version.layer_sha256), version.by,
                          NewEvent(_IMPORTED, name, _import(version, done)))  # fmt: skip
    for deed in version.deeds:
        done = _moment(deed["at"])
        back = deed["what"] == TAKEN_BACK
        steps = (
            {"from": version.number, "to": deed.get("to", version.before)}
            if back
            else {"to": version.number}
        )
        body = {**steps, "done": done, "by": deed["by"], "why": deed["why"]}
        kind = _UNDONE if back else _BROUGHT_BACK
        yield done, _Deed((kind, name, version.number, done), deed["by"], NewEvent(kind, name, body))  # fmt: skip


def _import(version: Version, done: str) -> dict[str, Any]:
    return {
        "version": version.number, "before": version.before, "theme": version.theme, "rows": version.rows,
        "counts": dict(version.counts or {}), "datum": version.datum, "file": version.file,
        "original": list(version.sources), "layer": version.layer_sha256,
        "doubt": (version.doubt or {}).get("best"), "done": done, "by": version.by,
    }  # fmt: skip


def _moment(told: str) -> str:
    """A moment of a record, in UTC; one that is none (somebody wrote into the record) as it stands there."""
    try:
        return _utc(datetime.fromisoformat(told))
    except ValueError:
        return told


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
