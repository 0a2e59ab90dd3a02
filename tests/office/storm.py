"""Many processes write to one store and are killed at random moments; what then stands in it.

A writer says what it wrote only after the commit, into a file of its own: that is what may never
be missing. Used by the tests (seconds) and by `benchmarks/store_writers.py` (minutes).
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import psycopg as postgresql_psycopg

from office import Actor, Database, NewEvent, append
from office.restore import restore
from office.schema import EVENT, MESSAGE, WATCH
from office.verify import verify
from tests.office.rows import AT

PRELOADED = (psycopg.__name__, postgresql_psycopg.__name__)
"""Loaded once before the writers are forked: else each of them spends its life importing."""
_KIND = "forkserver" if os.name == "posix" else "spawn"
_COUNTERS = 5
KEEPER = Actor("管理员", ("system_admin",))


@dataclass(frozen=True, slots=True)
class Storm:
    """What happened: starts, kills, commits said and found, and what is wrong (nothing, it is hoped)."""

    starts: int
    kills: int
    acknowledged: int
    committed: int
    events: int
    seconds: float
    slowest_s: float
    wrong: tuple[str, ...]


def write_until_killed(url: str, name: str, said: Path) -> None:
    """One writer: a row, a counter that all share and one to three events, all or none."""
    parent = multiprocessing.parent_process()
    dice = random.Random(name)
    actor = Actor(name, ("machine",))
    database = Database.open(url)
    with said.open("ab", buffering=0) as file:
        for number in count():
            if parent is not None and not parent.is_alive():
                return  # whoever counts is gone: so are we
            key, before = f"{name}-{number}", time.monotonic()
            with database.write() as connection:
                connection.execute(insert(MESSAGE), [{"id": key, "person": name, "at": AT,
                                                      "kind": "x", "subject": key, "body": "{}"}])  # fmt: skip
                connection.execute(update(WATCH).where(WATCH.c.id == f"W{dice.randrange(_COUNTERS)}")
                                   .values(version=WATCH.c.version + 1))  # fmt: skip
                events = [
                    NewEvent("message.sent", key, {"n": n}) for n in range(dice.randint(1, 3))
                ]
                last = append(connection, events, actor=actor, at=AT)[-1]
            took = time.monotonic() - before
            file.write(f"{last.seq} {last.hash} {key} {took:.3f}\n".encode())


def storm(
    url: str, folder: Path, *, writers: int, seconds: float, kills: int, seed: int = 1
) -> Storm:
    """Let `writers` write for `seconds`, killing `kills` of them at random moments; then look."""
    database = Database.open(url)
    with database.write() as connection:
        connection.execute(insert(WATCH), [
            {"id": f"W{n}", "checks": "[]", "layers": "[]", "people": "[]", "state": "on",
             "last": "{}", "version": 0} for n in range(_COUNTERS)])  # fmt: skip
    database.close()
    dice, numbers = random.Random(seed), count()
    context: Any = multiprocessing.get_context(_KIND)
    if _KIND == "forkserver":
        context.set_forkserver_preload([__name__])

    def start() -> BaseProcess:
        name = f"P{next(numbers)}"
        process: BaseProcess = context.Process(
            target=write_until_killed, args=(url, name, folder / name)
        )
        process.start()
        return process

    running, begin, died = [start() for _ in range(writers)], time.monotonic(), []
    for moment in sorted(dice.uniform(0, seconds) for _ in range(kills)):
        if ended := wait(
            [p.sentinel for p in running], max(0.0, begin + moment - time.monotonic())
        ):
            died += [p.name for p in running if p.sentinel in ended]
            break
        _kill(running.pop(dice.randrange(writers)))
        running.append(start())
    left = max(0.0, begin + seconds - time.monotonic())
    if not died and (ended := wait([p.sentinel for p in running], left)):
        died += [p.name for p in running if p.sentinel in ended]
    lasted = time.monotonic() - begin
    for process in running:
        _kill(process)
    ended_early = [f"{name} ended by itself" for name in died]
    return _look(url, folder, next(numbers), kills, lasted, ended_early)


def _kill(process: BaseProcess) -> None:
    process.kill()
    process.join()
    process.close()


def _look(
    url: str, folder: Path, starts: int, kills: int, seconds: float, wrong: list[str]
) -> Storm:
    said = [line.split() for file in sorted(folder.iterdir()) if file.name.startswith("P")
            for line in file.read_text(encoding="utf-8").splitlines() if line.count(" ") == 3]  # fmt: skip
    database = Database.open(url)
    read = verify(database)
    wrong += [problem.en for problem in read.problems]
    with database.read() as connection:
        hashes = {row.seq: row.hash for row in connection.execute(select(EVENT))}
        rows = set(connection.scalars(select(MESSAGE.c.id)))
        told = set(connection.scalars(select(EVENT.c.subject)))
        counted = connection.scalar(select(func.sum(WATCH.c.version)))
        names = Counter(connection.scalars(select(MESSAGE.c.person)))
    database.close()
    wrong += [f"acknowledged event {seq} is missing or another"
              for seq, hash_, _, _ in said if hashes.get(int(seq)) != hash_]  # fmt: skip
    wrong += [f"acknowledged row {key} is missing" for _, _, key, _ in said if key not in rows]
    wrong += [f"{key}: row without event or event without row" for key in rows ^ told]
    wrong += [] if counted == len(rows) else [f"{counted} counted, {len(rows)} committed"]
    late = len(rows) - len(said)
    wrong += [] if 0 <= late <= kills + len(names) else [f"{late} commits that nobody said"]
    slowest = max((float(took) for *_, took in said), default=0.0)
    return Storm(starts, kills, len(said), len(rows), read.events, seconds, slowest, tuple(wrong))


def killed_while(work: Callable[..., None], arguments: tuple[Any, ...], moment: float) -> bool:
    """Let a process of its own do `work`, killed after `moment` seconds; whether it was killed."""
    context: Any = multiprocessing.get_context(_KIND)
    if _KIND == "forkserver":
        context.set_forkserver_preload([__name__])
    process: BaseProcess = context.Process(target=work, args=arguments)
    process.start()
    ended = wait([process.sentinel], moment)
    _kill(process)
    return not ended


def make_store(url: str) -> None:
    """Open a new store, nothing else."""
    Database.open(url).close()


def restore_into(url: str, path: Path) -> None:
    """Restore a backup."""
    restore(path, Database.open(url), actor=KEEPER, at=AT)
