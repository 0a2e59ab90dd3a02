"""Threads that share a list of tasks, each with its own open files; results in the tasks' order."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2

T = TypeVar("T")
R = TypeVar("R")
MOST = 8


def worker_count() -> int:
    """How many threads or processes decode and work: one a core, not more than `MOST`."""
    return max(1, min(MOST, os.cpu_count() or 1))


@contextmanager
def single_threaded_cv() -> Iterator[None]:
    """OpenCV without threads of its own: the tasks already run side by side."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


@dataclass
class _Done(Generic[R]):
    number: int
    result: R | None = None
    error: BaseException | None = None


def in_order(
    tasks: Iterable[T],
    opened: Callable[[], AbstractContextManager[Callable[[T], R]]],
    workers: int,
) -> Generator[R]:
    """Results of the tasks in their order; at most `3 * workers` are begun and not yet taken.

    `opened` runs in each thread and gives its function (files opened there stay in that thread).
    The first error of a task is raised here; leaving early stops the threads.
    """
    todo: queue.SimpleQueue[tuple[int, T] | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[_Done[R]] = queue.SimpleQueue()
    stop = threading.Event()
    threads = [threading.Thread(target=_serve, args=(opened, todo, done, stop), daemon=True)
               for _ in range(workers)]  # fmt: skip
    for thread in threads:
        thread.start()
    try:
        yield from _collect(iter(tasks), todo, done, 3 * workers)
    finally:
        stop.set()
        for _ in threads:
            todo.put(None)
        for thread in threads:
            thread.join()


def _collect(
    tasks: Iterator[T],
    todo: queue.SimpleQueue[tuple[int, T] | None],
    done: queue.SimpleQueue[_Done[R]],
    ahead: int,
) -> Iterator[R]:
    begun, taken = 0, 0
    waiting: dict[int, _Done[R]] = {}
    while True:
        with suppress(StopIteration):
            while begun - taken < ahead:
                todo.put((begun, next(tasks)))
                begun += 1
        if taken == begun:
            return
        while taken not in waiting:
            one = done.get()
            if one.error is not None:
                raise one.error
            waiting[one.number] = one
        yield waiting.pop(taken).result  # type: ignore[misc]
        taken += 1


def _serve(
    opened: Callable[[], AbstractContextManager[Callable[[T], R]]],
    todo: queue.SimpleQueue[tuple[int, T] | None],
    done: queue.SimpleQueue[_Done[R]],
    stop: threading.Event,
) -> None:
    try:
        with opened() as work:
            while (task := todo.get()) is not None and not stop.is_set():
                done.put(_Done(task[0], result=work(task[1])))
    except BaseException as error:  # noqa: BLE001 - it is raised again where the results are taken
        done.put(_Done(-1, error=error))
