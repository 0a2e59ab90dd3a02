"""A window of a raster as a detector sees it, and which windows an image is cut into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layers.errors import ImageryError

SIZE = 2048
"""Side of a window in pixels where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window lies: its number, and its core in pixels of the image (right, bottom excluded)."""

    index: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Window:
    """Pixels with everything that is needed to measure in them.

    `array` (bands, rows, columns) in the file's own numbers and `valid` (rows, columns) bool, both
    with the halo, which is cut off at the image's edge; `core` cuts the part without it, so that
    the cores of all windows make up the image exactly once. `transform` (a, b, c, d, e, f of
    x = a·col + b·row + c, …) and `crs` (WKT) belong to `array`; `ground_m` is the ground size of
    a pixel (across, down) in metres, geodesic, at the window's middle. Both are missing where
    nothing places the image.
    """

    place: Place
    array: np.ndarray
    valid: np.ndarray
    core: tuple[slice, slice]
    bands: tuple[str, ...]
    transform: tuple[float, float, float, float, float, float] | None
    crs: str | None
    ground_m: tuple[float, float] | None

    @property
    def index(self) -> int:
        """Number of the window, counted by rows."""
        return self.place.index

    @property
    def corner(self) -> tuple[int, int]:
        """Column and row in the image of the first pixel of `array`."""
        return self.place.left - self.core[1].start, self.place.top - self.core[0].start


def places(width: int, height: int, block: tuple[int, int], size: int) -> tuple[Place, ...]:
    """Windows of about `size` × `size` pixels that never cut a block of (rows, columns).

    Where a block runs over the whole width (strips), a window does too and is as low as the
    area of `size`² allows: cut otherwise, every strip would be decoded once per window.
    """
    if size < 1 or width < 1 or height < 1:
        raise ImageryError("a window needs at least one pixel", field="size",
                           remedy="ask for windows of 256 to 8192 pixels")  # fmt: skip
    down, across = min(block[0], height), min(block[1], width)
    if across >= width > size:
        step = (_multiple(max(1, size * size // width), down), width)
    else:
        step = (_multiple(size, down), _multiple(size, across))
    return tuple(_cut(width, height, step))


def _multiple(size: int, block: int) -> int:
    return max(1, round(size / block)) * block


def _cut(width: int, height: int, step: tuple[int, int]) -> Iterator[Place]:
    index = 0
    for top in range(0, height, step[0]):
        for left in range(0, width, step[1]):
            yield Place(index, left, top, min(left + step[1], width), min(top + step[0], height))
            index += 1
