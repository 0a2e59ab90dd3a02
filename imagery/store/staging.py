"""Staging: a folder of its own for every run, swept away when the run is dead.

A run holds the lock on its folder's lock file while it lives. Whoever opens the store later
and gets that lock knows that the run was killed, and removes what it left.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from imagery.store.files import remove_tree
from imagery.store.layout import LOCKS, WORK
from imagery.store.locks import locked, try_lock

_GATE = ".gate"
"""Lock under which runs begin and dead runs are swept, so that the two never meet."""


@dataclass(frozen=True)
class Run:
    """One run's staging folder, with names in it that never repeat."""

    root: Path
    id: str
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def folder(self) -> Path:
        """Where the run may write."""
        return self.root / WORK / self.id

    def partial(self) -> Path:
        """A file name nobody else uses, for something to be renamed when it is whole."""
        return self.folder / f"{next(self._numbers)}.part"

    @contextmanager
    def room(self) -> Iterator[Path]:
        """An empty folder, removed with everything in it when the block ends."""
        folder = self.folder / f"{next(self._numbers)}"
        folder.mkdir()
        try:
            yield folder
        finally:
            remove_tree(folder)


@contextmanager
def begin_run(root: Path, cancelled: Callable[[], bool] | None = None) -> Iterator[Run]:
    """Begin a run in the store at `root`; its folder goes when the block ends, or is swept later."""
    run = Run(root, f"{os.getpid()}-{secrets.token_hex(4)}")
    lock = _lock_of(run.folder)
    with locked(root / LOCKS / _GATE, cancelled):
        sweep(root)
        handle = try_lock(lock)
        run.folder.mkdir()
    try:
        yield run
    finally:
        remove_tree(run.folder)
        if handle is not None:
            os.close(handle)
        with contextlib.suppress(OSError):
            lock.unlink()


def sweep(root: Path) -> int:
    """Remove what dead runs left; call it with the gate held. Returns how many there were."""
    dead = 0
    left = {lock.stem.removeprefix("run-") for lock in (root / LOCKS).glob("run-*.lock")}
    left |= {folder.name for folder in (root / WORK).iterdir()}
    for name in sorted(left):
        folder = root / WORK / name
        lock = _lock_of(folder)
        if (handle := try_lock(lock)) is None:
            continue
        remove_tree(folder)
        os.close(handle)
        with contextlib.suppress(OSError):
            lock.unlink()
        dead += 1
    return dead


def sweep_if_free(root: Path) -> int:
    """Sweep unless somebody is doing it, or the store may only be read."""
    try:
        gate = try_lock(root / LOCKS / _GATE)
    except OSError:
        return 0
    if gate is None:
        return 0
    try:
        return sweep(root)
    except OSError:
        return 0
    finally:
        os.close(gate)


def _lock_of(folder: Path) -> Path:
    return folder.parent.parent / LOCKS / f"run-{folder.name}.lock"
