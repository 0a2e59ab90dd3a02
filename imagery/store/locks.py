"""Locks between processes that the system itself releases when a process dies.

An operating-system lock on an open file: a kill leaves the file, never the lock. Works between
threads too. Stores on network shares rely on the share's own locking.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from layers.errors import Cancelled

_POLL_S = 0.05

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def try_lock(path: Path) -> int | None:
    """A handle that holds the lock on `path` until it is closed; missing where another has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(handle)
    except OSError:
        os.close(handle)
        return None
    return handle


@contextmanager
def locked(path: Path, cancelled: Callable[[], bool] | None = None) -> Iterator[None]:
    """Hold the lock on `path`, waiting for it; raises `Cancelled` when told to while waiting."""
    while (handle := try_lock(path)) is None:
        if cancelled is not None and cancelled():
            raise Cancelled
        time.sleep(_POLL_S)
    try:
        yield
    finally:
        os.close(handle)
