"""How the store and its machine are: read quickly, nothing changed. The screens add what is theirs.

Every reading says by its state whether somebody should look: `good`, `look`, `bad`.
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, func, select, text

from layers.errors import YichaError
from layers.version import __version__
from office.actors import Actor
from office.database import Database
from office.doors.rules import seconds_from
from office.history import FIRST, Event
from office.migrate import form
from office.migrations import HEAD
from office.policy import require
from office.schema import CHAIN_HEAD, EVENT, LEAD

State = Literal["good", "look", "bad"]
TAIL = 500
"""So many of the latest events are read again; all of them is `office.verify`."""
_DISK_LOOK, _DISK_BAD = 10 * 2**30, 2**30
_BACKUP_LOOK_S, _SKEW_LOOK_S = 7 * 86_400, 60
_MEMORY_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that was looked at: its name, its state, and the facts, plain JSON types."""

    name: str
    state: State
    facts: Mapping[str, object]


def health(
    db: Database, *, actor: Actor, at: str, folders: Mapping[str, Path]
) -> tuple[Reading, ...]:
    """Program, store, chain, backups, clock, memory and the disks below `folders` (by what lies there)."""
    require(actor, "health.read")
    found = [Reading("program", "good", {"version": __version__, "python": platform.python_version(),
                                         "system": platform.platform()})]  # fmt: skip
    try:
        with db.read() as connection:
            found += [_store(db, connection), _chain(connection), _backup(connection, at), _clock(connection, at)]  # fmt: skip
    except YichaError as error:
        found.append(Reading("store", "bad", {"problem": error.problem}))
    return (*found, *_memory(), *_disks(folders))


def worst(readings: tuple[Reading, ...]) -> State:
    """The worst state among them."""
    states = {one.state for one in readings}
    return "bad" if "bad" in states else "look" if "look" in states else "good"


def _store(db: Database, connection: Connection) -> Reading:
    now = form(connection)
    leads = connection.scalar(select(func.count()).select_from(LEAD))
    return Reading("store", "good" if now == HEAD else "bad", {
        "address": db.shown, "kind": "PostgreSQL" if db.is_postgres else "SQLite", "form": now,
        "newest_form": HEAD, "leads": leads})  # fmt: skip


def _chain(connection: Connection) -> Reading:
    """The latest events read again, and the head the store keeps."""
    head = connection.execute(select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one_or_none()
    rows = connection.execute(select(EVENT).order_by(EVENT.c.seq.desc()).limit(TAIL)).all()
    events = [Event(*row) for row in rows]
    seq, last = (events[0].seq, events[0].hash) if events else (0, FIRST)
    whole = head is not None and (head.seq, head.hash) == (seq, last)
    whole &= all(one.digest() == one.hash for one in events)
    whole &= all(after.previous == one.hash and after.seq == one.seq + 1
                 for after, one in pairwise(events))  # fmt: skip
    return Reading("chain", "good" if whole else "bad", {"events": seq, "head": last, "read": len(events)})  # fmt: skip


def _backup(connection: Connection, at: str) -> Reading:
    query = select(EVENT.c.at, EVENT.c.body).where(EVENT.c.kind == "store.backup")
    row = connection.execute(query.order_by(EVENT.c.seq.desc()).limit(1)).one_or_none()
    if row is None:
        return Reading("backup", "look", {"at": None})
    late = seconds_from(row.at, at) > _BACKUP_LOOK_S
    return Reading("backup", "look" if late else "good", {"at": row.at, "file": json.loads(row.body).get("file")})  # fmt: skip


def _clock(connection: Connection, at: str) -> Reading:
    """Against the latest event, which cannot lie ahead, and against the database server's clock."""
    last = connection.scalar(select(EVENT.c.at).order_by(EVENT.c.seq.desc()).limit(1))
    ahead = max(0, round(seconds_from(at, last))) if last else 0
    skew = 0
    if connection.dialect.name == "postgresql":
        now = "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
        skew = abs(round(seconds_from(str(connection.scalar(text(now))), at)))
    state: State = "look" if max(ahead, skew) > _SKEW_LOOK_S else "good"
    return Reading("clock", state, {"at": at, "history_ahead_s": ahead, "server_skew_s": skew})


def _memory() -> Iterator[Reading]:
    """What this program holds and the machine has left, where the system says it."""
    own = _kilobytes(Path("/proc/self/status"), "VmRSS")
    total, free = (_kilobytes(Path("/proc/meminfo"), name) for name in ("MemTotal", "MemAvailable"))
    if own and total and free:
        state: State = "look" if free < _MEMORY_LOOK * total else "good"
        yield Reading("memory", state, {"own_mb": own // 1024, "free_mb": free // 1024, "total_mb": total // 1024})  # fmt: skip


def _kilobytes(file: Path, name: str) -> int:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def _disks(folders: Mapping[str, Path]) -> Iterator[Reading]:
    for what, folder in folders.items():
        there = next((one for one in (folder, *folder.parents) if one.exists()), None)
        if there is None:
            continue
        free = shutil.disk_usage(there).free
        state: State = "bad" if free < _DISK_BAD else "look" if free < _DISK_LOOK else "good"
        yield Reading("disk", state, {"what": what, "free_mb": free // 2**20})
