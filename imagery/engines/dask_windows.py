"""Windows on an existing Dask scheduler: the same function, the same windows, other machines."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Sequence
from typing import Any

from imagery.windows.reading import Source, opened
from imagery.windows.window import Place, Window
from layers.errors import ImageryError


def on_dask(
    address: str, source: Source, function: Callable[[Window], Any], todo: Sequence[Place]
) -> Generator[tuple[int, Any]]:
    """(index, result) of the windows as they are finished on the scheduler at `address`.

    At most two windows per thread of the workers are under way. The workers need this program and
    the file under the same path. Raises `ImageryError` without the library `distributed` or
    where nobody answers.
    """
    client = _client(address)
    try:
        ahead = max(2, 2 * sum(client.ncores().values()))
        waiting = iter(todo)
        running = _dask().as_completed(loop=client.loop)
        handed: dict[str, int] = {}
        while True:
            for place in waiting:
                future = client.submit(run_one, source, function, place, pure=False)
                handed[future.key] = place.index
                running.add(future)
                if len(handed) >= ahead:
                    break
            if not handed:
                return
            done = next(running)
            yield handed.pop(done.key), done.result()
    finally:
        client.close()


def run_one(source: Source, function: Callable[[Window], Any], place: Place) -> Any:  # noqa: ANN401
    """One window on a worker: the file is opened for it alone."""
    with opened(source) as read:
        return function(read(place))


def _dask() -> Any:  # noqa: ANN401 - an optional library
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise ImageryError("the library `distributed` is not installed", field="engine",
                           remedy="pip install distributed, or use the engine local") from None  # fmt: skip


def _client(address: str) -> Any:  # noqa: ANN401 - an optional library
    library = _dask()
    try:
        return library.Client(address, timeout=10, set_as_default=False)
    except OSError as error:
        raise ImageryError(f"no Dask scheduler answers at {address}", field="scheduler",
                           remedy="check the address and the firewall, or use the engine local") \
            from error  # fmt: skip
