"""One scene in windows that meet an area, averaged, cut to what lies inside."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.detectors._below import averaged, grid_of
from imagery.detectors._frame import Shot
from imagery.detectors._pairs import drawn
from imagery.detectors._threads import each_window
from imagery.windows.reading import opened, source_of
from imagery.windows.window import Place, Window, places

R = TypeVar("R")


@dataclass(frozen=True)
class Piece:
    """A window of a scene, averaged: `array` (bands, rows, columns), `valid`, `inside` the area asked for.

    `left`, `top` the first pixel in the averaged image; `core` cuts off what neighbours show too;
    `pixel_m` the ground size of a pixel.
    """

    array: np.ndarray
    valid: np.ndarray
    inside: np.ndarray
    left: int
    top: int
    core: tuple[slice, slice]
    pixel_m: float


def over_scene(
    function: Callable[[Piece], R],
    shot: Shot,
    *,
    area: BaseGeometry,
    size: int,
    halo: int,
    shrink: int,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Generator[R]:
    """`function` of every window that meets `area` (WGS 84 degrees), in order, in a few threads.

    `shrink` by `shrink` pixels are averaged into one; `halo` counts in those, `size` in the file's.
    Raises `ImageryError` where pixels cannot be read and `Cancelled` when asked to stop.
    """
    source = source_of(shot.scene, size, halo * shrink)
    shape = shapely.transform(area, grid_of(shot, shrink).pixels)
    blocks = tuple(math.lcm(min(block, side), shrink)
                   for block, side in zip(source.block, (source.height, source.width), strict=True))  # fmt: skip
    wanted = [place for place in places(source.width, source.height, (blocks[0], blocks[1]), size)
              if shapely.intersects(shape, _box(place, shrink))]  # fmt: skip

    @contextmanager
    def reader() -> Iterator[Callable[[Place], R | None]]:
        with opened(source) as read:
            yield lambda place: _one(function, read(place), shape, halo, shrink)

    yield from each_window(wanted, reader, {source.driver}, progress, cancelled)


def _box(place: Place, shrink: int) -> BaseGeometry:
    left, top, right, bottom = (
        side / shrink for side in (place.left, place.top, place.right, place.bottom)
    )
    return shapely.box(left, top, right, bottom)


def _one(
    function: Callable[[Piece], R], window: Window, shape: BaseGeometry, halo: int, shrink: int
) -> R | None:
    left, top = (value // shrink for value in window.corner)
    rows, columns = (side // shrink for side in window.valid.shape)
    if not rows or not columns:
        return None
    core = [slice(one.start // shrink, min(-(-one.stop // shrink), side))
            for one, side in zip(window.core, (rows, columns), strict=True)]  # fmt: skip
    inside = drawn(shape, left, top, rows, columns)
    if not inside[core[0], core[1]].any():
        return None
    lines = [np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0)]
    cut = [slice(max(0, int(one[0]) - halo), min(side, int(one[-1]) + 1 + halo))
           for one, side in zip(lines, (rows, columns), strict=True)]  # fmt: skip
    fine = [slice(one.start * shrink, one.stop * shrink) for one in cut]
    array, valid = averaged(window.array[:, fine[0], fine[1]], window.valid[fine[0], fine[1]], shrink)  # fmt: skip
    kept = [slice(max(0, one.start - c.start), min(one.stop, c.stop) - c.start)
            for one, c in zip(core, cut, strict=True)]  # fmt: skip
    across, down = window.ground_m or (1.0, 1.0)
    return function(Piece(array, valid, inside[cut[0], cut[1]], left + cut[1].start, top + cut[0].start,
                          (kept[0], kept[1]), float(np.sqrt(across * down)) * shrink))  # fmt: skip
