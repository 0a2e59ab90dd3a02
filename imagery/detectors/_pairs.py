"""Two dates side by side: windows of the later scene with the earlier one laid under them.

The later scene keeps its own pixels; the earlier is read only where it lies below a window and
moved onto it, with the alignment that was measured. Memory depends on the window, not the scene.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine
from shapely.geometry.base import BaseGeometry

from imagery.align import Alignment, Ground, comparable, estimate
from imagery.align.estimate import Settings as AlignSettings
from imagery.detectors._below import Below, averaged, grid_of
from imagery.detectors._frame import Shot
from imagery.detectors._threads import each_window
from imagery.formats import open_raster
from imagery.windows.reading import Source, opened, source_of
from imagery.windows.window import Place, Window, places
from layers.errors import ImageryError

R = TypeVar("R")
ALIGN_SIDE = 1000
"""Longest side of the grid an alignment is measured on."""
_AROUND_M = 60.0
_MANY, _AGREE_PX = 100, 1.0


@dataclass(frozen=True)
class Paired:
    """A window of both dates on the later scene's pixels, averaged where that was asked for.

    `after`, `before` (bands, rows, columns); `valid` seen by both; `inside` the area asked for;
    `left`, `top` the first pixel in the (averaged) image; `core` cuts off what neighbours show too;
    `pixel_m` the ground size of a pixel.
    """

    after: np.ndarray
    before: np.ndarray
    valid: np.ndarray
    inside: np.ndarray
    left: int
    top: int
    core: tuple[slice, slice]
    pixel_m: float


def aligned(
    before: Shot, after: Shot, size_m: float, area: BaseGeometry | None = None, *,
    by_features: bool = False,
) -> Alignment:  # fmt: skip
    """How `after` lies on `before`, measured around `area` where one is given.

    `by_features`: a hundred features that agree are enough, even where correlation, which bare
    asphalt or fields resown lead astray, says something else. Raises `ImageryError` where things of `size_m` metres cannot be compared.
    """
    first, second = _around(before.ground, area), _around(after.ground, area)
    found = estimate(first, second, AlignSettings(max_side=ALIGN_SIDE))
    if by_features and not found.accepted and found.method == "features":
        sure = found.matches >= _MANY and found.residual_m <= _AGREE_PX * found.pixel_m
        found = replace(found, accepted=True, why_zh="", why_en="") if sure else found
    answer = comparable(found, size_m, before.ground.gsd_m, after.ground.gsd_m)
    if not answer.yes:
        raise ImageryError(
            f"the two scenes cannot be compared: {answer.why_en} ({answer.why_zh})",
            field="before", file=after.scene.source,
            remedy="choose a scene of the same season and ground size, or lay it by hand "
            "(`python -m imagery align`)",
        )  # fmt: skip
    return found


def _around(ground: Ground, area: BaseGeometry | None) -> Ground:
    """The ground near the area: an alignment there counts, not one a kilometre away."""
    if area is None:
        return ground
    west, south, east, north = area.bounds
    lat = _AROUND_M / 111_000
    lon = lat / max(0.1, float(np.cos(np.radians((south + north) / 2))))
    near = shapely.box(west - lon, south - lat, east + lon, north + lat)
    part = shapely.intersection(ground.footprint, near)
    return ground if part.is_empty else replace(ground, footprint=part)


def over_pairs(
    function: Callable[[Paired], R],
    after: Shot,
    before: Shot,
    alignment: Alignment,
    *,
    area: BaseGeometry | None = None,
    size: int = 1024,
    halo: int = 0,
    shrink: int = 1,
    bands: Sequence[Sequence[str] | None] = (None, None),
    only: Callable[[Sequence[Place]], Sequence[Place]] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Generator[R]:
    """`function` of every window that meets `area`, in order, in a few threads.

    `bands` names those of the later and of the earlier scene. `only` picks among the places.
    `shrink`: so many pixels a side are read at full resolution and averaged into one; `halo` and what
    `function` is given count in those, `size` in the file's. What is left over at the right and
    lower rim is not looked at. Raises `ImageryError` where pixels cannot be read and `Cancelled`
    when asked to stop.
    """
    source = source_of(after.scene, size, halo * shrink, bands[0])
    shape = None if area is None else shapely.transform(area, grid_of(after).pixels)
    wanted = list(_wanted(source, shape, shrink))
    wanted = list(wanted if only is None else only(wanted))
    earlier = source_of(before.scene, size, 0, bands[1])
    below = Below(earlier, before, after, alignment, shrink)
    drawn_in = None if shape is None else shapely.transform(shape, lambda xy: xy / shrink)

    @contextmanager
    def reader() -> Iterator[Callable[[Place], R | None]]:
        with opened(source) as read, open_raster(earlier.path, earlier.driver) as dataset:
            yield lambda place: _one(function, read(place), drawn_in, below, dataset)

    drivers = {source.driver, earlier.driver}
    yield from each_window(wanted, reader, drivers, progress, cancelled)


def _wanted(source: Source, shape: BaseGeometry | None, shrink: int) -> Iterator[Place]:
    """Windows along the file's blocks, each cut to the blocks that the area touches."""
    down, across = (math.lcm(min(block, side), shrink)
                    for block, side in zip(source.block, (source.height, source.width), strict=True))  # fmt: skip
    for place in places(source.width, source.height, (down, across), source.size):
        if shape is None:
            yield place
            continue
        met = shapely.intersection(
            shapely.box(place.left, place.top, place.right, place.bottom), shape
        )
        if not met.is_empty:
            left, top, right, bottom = met.bounds
            yield Place(
                place.index, int(left // across) * across, int(top // down) * down,
                min(place.right, math.ceil(right / across) * across),
                min(place.bottom, math.ceil(bottom / down) * down),
            )  # fmt: skip


def _one(
    function: Callable[[Paired], R], window: Window, shape: BaseGeometry | None, below: Below,
    dataset: Any,  # noqa: ANN401 - a rasterio dataset
) -> R | None:  # fmt: skip
    many = below.shrink
    left, top = (value // many for value in window.corner)
    rows, columns = (side // many for side in window.valid.shape)
    core = tuple(slice(one.start // many, min(-(-one.stop // many), side))
                 for one, side in zip(window.core, (rows, columns), strict=True))  # fmt: skip
    inside = np.ones((rows, columns), bool)
    cut = np.s_[0:rows, 0:columns]
    if shape is not None and rows and columns:
        inside = drawn(shape, left, top, rows, columns)
        cut = _box(inside, core) if inside[core].any() else np.s_[0:0, 0:0]
    fine = tuple(slice(one.start * many, one.stop * many) for one in cut)
    if any(one.stop <= one.start for one in fine):
        return None
    array, seen = averaged(window.array[:, *fine], window.valid[fine], many)
    left, top = left + cut[1].start, top + cut[0].start
    moved, known = below.read(dataset, left, top, seen.shape)
    kept = tuple(slice(max(0, one.start - c.start), min(one.stop, c.stop) - c.start)
                 for one, c in zip(core, cut, strict=True))  # fmt: skip
    across, down = window.ground_m or (1.0, 1.0)
    return function(Paired(array, moved, seen & known, inside[cut], left, top, (kept[0], kept[1]),
                           float(np.sqrt(across * down)) * many))  # fmt: skip


def drawn(shape: BaseGeometry, left: int, top: int, rows: int, columns: int) -> np.ndarray:
    """Where a polygon in pixels of the image lies in a piece of it, (rows, columns) bool."""
    # Half sizes: for the plain pixel grid rasterio juggles with warnings, which threads must not.
    here = shapely.transform(shape, lambda xy: (xy - [left, top]) / 2)
    burnt = rasterize([here], out_shape=(rows, columns), fill=0, default_value=1, dtype="uint8",
                      transform=Affine.scale(0.5))  # fmt: skip
    inside: np.ndarray = burnt > 0
    return inside


def _box(inside: np.ndarray, core: tuple[slice, ...]) -> tuple[slice, slice]:
    """Rows and columns around what is inside, with the window's halo."""
    halo = max(core[0].start, core[1].start,
               inside.shape[0] - core[0].stop, inside.shape[1] - core[1].stop)  # fmt: skip
    found = []
    for axis in (1, 0):
        at = np.flatnonzero(inside.any(axis=axis))
        end = inside.shape[1 - axis]
        found.append(slice(max(0, int(at[0]) - halo), min(end, int(at[-1]) + 1 + halo)))
    return found[0], found[1]
