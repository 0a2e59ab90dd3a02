"""`windows`: one image, window by window, decoded ahead in a few threads."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from imagery.scene import Scene
from imagery.view.source import SEQUENTIAL
from imagery.windows.reading import Source, opened, source_of
from imagery.windows.window import SIZE, Place, Window
from imagery.workers import in_order, worker_count


def windows(
    image: Scene | str | Path,
    size: int = SIZE,
    halo: int = 0,
    *,
    bands: Sequence[str] | None = None,
    threads: int | None = None,
) -> Generator[Window]:
    """All windows of an image (a scene, or the path of a GeoTIFF), by rows.

    They are cut along the file's blocks, about `size` pixels wide, with `halo` pixels more on
    each side. `threads` decode ahead (one a core where missing), at most three windows each:
    memory depends on `size`, not on the image. Raises `ImageryError` where pixels cannot be read.
    """
    source = source_of(image, size, halo, bands)
    yield from scan(source, source.places, threads)


def scan(source: Source, wanted: Sequence[Place], threads: int | None = None) -> Generator[Window]:
    """The windows at the places `wanted`, in that order."""
    many = 1 if source.driver in SEQUENTIAL else threads or worker_count()
    if many == 1 and threads == 1:
        with opened(source) as read:
            yield from map(read, wanted)
        return

    @contextmanager
    def reader() -> Iterator[Callable[[Place], Window]]:
        with opened(source) as read:
            yield read

    yield from in_order(wanted, reader, many)
