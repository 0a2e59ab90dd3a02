"""`map_windows`: a function over all windows of an image, in several processes, resumable.

Each process opens the file itself, decodes and works; only results come back, never pixels.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import cv2

from imagery.scene import Scene
from imagery.windows.journal import Journal, key_of
from imagery.windows.reading import Source, opened, source_of
from imagery.windows.scan import scan
from imagery.windows.window import SIZE, Place, Window
from imagery.workers import worker_count
from layers.errors import Cancelled, ImageryError

R = TypeVar("R")
Progress = Callable[[int, int], None]
_FEW = 16
"""Up to so many windows are done before other processes have even started."""


class Engine(Protocol):
    """Runs a function over windows somewhere: yields (index, result) as they are finished."""

    def __call__(
        self, source: Source, function: Callable[[Window], Any], todo: Sequence[Place]
    ) -> Generator[tuple[int, Any]]:
        """Closing the generator stops the work."""


def map_windows(
    function: Callable[[Window], R],
    image: Scene | str | Path,
    *,
    size: int = SIZE,
    halo: int = 0,
    bands: Sequence[str] | None = None,
    processes: int | None = None,
    ordered: bool = True,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    resume: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    engine: Literal["local", "dask"] = "local",
    scheduler: str | None = None,
) -> Generator[tuple[int, R]]:
    """Results of `function` with their windows' numbers, in order or (`ordered=False`) as finished.

    Parameters
    ----------
    function : takes a `Window`, returns something small; defined at the top of a module (or a
        `functools.partial` of such), since it is sent to other processes.
    processes : how many (one a core where missing, but only this one for a few windows: starting
        another costs seconds); 1 works in this process, decoding ahead.
    resume : a journal file; windows finished before a kill are taken from it. It is begun anew
        where the image, the windows, the function or `settings` are others.
    engine, scheduler : `dask` sends the same windows to an existing Dask scheduler
        (`tcp://host:port`); every worker must reach the file under the same path.

    Raises `ImageryError` where pixels cannot be read, `Cancelled` when asked to stop, and
    whatever `function` raises.
    """
    source = source_of(image, size, halo, bands)
    key = key_of(source, function, settings or {}) if resume is not None else ""
    runner = _engine(engine, scheduler, processes or _enough(len(source.places)))
    with Journal(resume, key) if resume is not None else nullcontext() as journal:
        before = {} if journal is None else dict(journal.finished)
        todo = [place for place in source.places if place.index not in before]
        with closing(runner(source, function, todo)) as fresh:
            kept = _kept(fresh, journal, cancelled)
            told = _told(_chained(before, kept), len(source.places), progress)
            yield from _in_order(told) if ordered else told


def _enough(many: int) -> int:
    return worker_count() if many > _FEW else 1


def _engine(name: str, scheduler: str | None, processes: int) -> Engine:
    if name == "dask":
        from imagery.engines.dask_windows import on_dask

        if scheduler is None:
            raise ImageryError("a Dask scheduler's address is missing", field="scheduler",
                               remedy="give it as tcp://host:8786")  # fmt: skip
        return lambda source, function, todo: on_dask(scheduler, source, function, todo)
    if processes == 1:
        return _here
    return lambda source, function, todo: _in_processes(processes, source, function, todo)


def _here(
    source: Source, function: Callable[[Window], R], todo: Sequence[Place]
) -> Generator[tuple[int, R]]:
    for window in scan(source, todo):
        yield window.index, function(window)


def _in_processes(
    processes: int, source: Source, function: Callable[[Window], R], todo: Sequence[Place]
) -> Generator[tuple[int, R]]:
    """At most two windows per process are handed out, so that nothing piles up."""
    if not todo:
        return
    pool = ProcessPoolExecutor(
        min(processes, len(todo)), multiprocessing.get_context("spawn"), _begin, (source, function)
    )
    waiting = iter(todo)
    running: dict[Future[R], int] = {}
    try:
        while True:
            for place in waiting:
                running[pool.submit(_work, place)] = place.index
                if len(running) >= 2 * processes:
                    break
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(done), done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_mine: dict[str, Callable[[Place], Any]] = {}
"""What this worker process works on; filled once when it starts."""
_open = ExitStack()
"""Holds the worker's file open until the process ends."""


def _begin(source: Source, function: Callable[[Window], Any]) -> None:
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    read = _open.enter_context(opened(source))
    _mine["work"] = lambda place: function(read(place))


def _work(place: Place) -> Any:  # noqa: ANN401 - whatever the function returns
    return _mine["work"](place)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _kept(
    fresh: Generator[tuple[int, R]], journal: Journal | None, cancelled: Callable[[], bool] | None
) -> Iterator[tuple[int, R]]:
    while cancelled is None or not cancelled():
        one = next(fresh, None)
        if one is None:
            return
        if journal is not None:
            journal.add(*one)
        yield one
    raise Cancelled


def _chained(before: Mapping[int, R], fresh: Iterator[tuple[int, R]]) -> Iterator[tuple[int, R]]:
    yield from before.items()
    yield from fresh


def _told(
    results: Iterator[tuple[int, R]], many: int, progress: Progress | None
) -> Iterator[tuple[int, R]]:
    for number, one in enumerate(results, 1):
        if progress is not None:
            progress(number, many)
        yield one


def _in_order(results: Iterator[tuple[int, R]]) -> Iterator[tuple[int, R]]:
    waiting: dict[int, R] = {}
    following = 0
    for index, result in results:
        waiting[index] = result
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1
