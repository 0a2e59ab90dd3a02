"""What is done with layers here: an import, an undo. Each is an event of the history, where a store is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from layers.errors import StoreError
from layers.shelf import Shelf, Version
from office.actors import Actor
from office.database import Database
from office.history import NewEvent, append
from office.policy import require

IMPORT = "layer.import"


def undo(
    shelf: Shelf, name: str, to: int | None, *, who: Actor, at: datetime, address: str | None, expected: str | None
) -> Version | None:  # fmt: skip
    """Take the last version back, or bring the version `to` back; returns what stands then.

    Raises `PolicyError` where the person may not, `LayerError` where it is not possible.
    """
    require(who, IMPORT)
    when = at.astimezone().isoformat(timespec="seconds")
    before = shelf.standing(name)
    if to is None:
        now = shelf.undo(name, by=who.name, at=when, expected=expected)
    else:
        now = shelf.bring_back(name, to, by=who.name, at=when)
    body = {"from": before.number if before else 0, "to": now.number if now else 0}
    event = NewEvent("layer.undone", name, body) if to is None else NewEvent("layer.brought_back", name, body)  # fmt: skip
    record(event, who=who, at=at, address=address)
    return now


def imported(version: Version, name: str, *, who: Actor, at: datetime, address: str | None) -> None:
    """Tell the history of an import."""
    body: Mapping[str, Any] = {
        "version": version.number, "before": version.before, "theme": version.theme, "rows": version.rows,
        "counts": dict(version.counts or {}), "datum": version.datum, "file": version.file,
        "original": list(version.sources), "layer": version.layer_sha256,
        "doubt": (version.doubt or {}).get("best"),
    }  # fmt: skip
    record(NewEvent("layer.imported", name, body), who=who, at=at, address=address)


def record(event: NewEvent, *, who: Actor, at: datetime, address: str | None) -> None:
    """Append it where there is a store that answers; the version's own record stands anyhow."""
    with suppress(StoreError):
        db = Database.open(address, create=False, wait_s=10.0)
        with db.write() as connection:
            append(connection, [event], actor=who, at=_utc(at))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
