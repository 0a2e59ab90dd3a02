"""Windows worked on in a few threads, told and stopped between two of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from imagery.view.source import SEQUENTIAL
from imagery.windows.window import Place
from imagery.workers import in_order, single_threaded_cv, worker_count
from layers.errors import Cancelled

R = TypeVar("R")
Reader = Callable[[], AbstractContextManager[Callable[[Place], R | None]]]


def each_window(
    wanted: Sequence[Place],
    reader: Reader[R],
    drivers: Collection[str],
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Iterator[R]:
    """What `reader` makes of every window, in their order; windows it makes nothing of are passed over.

    `reader` opens what a thread reads from; a driver of `SEQUENTIAL` is read by one thread alone.
    Raises `Cancelled` when asked to stop.
    """
    many = 1 if set(drivers) & set(SEQUENTIAL) else worker_count()
    with single_threaded_cv():
        for number, result in enumerate(in_order(wanted, reader, many), 1):
            if cancelled is not None and cancelled():
                raise Cancelled
            if progress is not None:
                progress(number, len(wanted))
            if result is not None:
                yield result
