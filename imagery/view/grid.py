"""The pixels of a view copy: which blocks of the map's tiling (or of the picture) it is made of."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np

from imagery.scene import Placement, Scene
from imagery.view import mercator
from layers.datum.ground import ground_crs
from layers.errors import ImageryError

BLOCK = 512
_SIDE = 65


@dataclass(frozen=True, slots=True)
class ViewGrid:
    """`columns` × `rows` blocks of 512 pixels at the base level, the first at `column`, `row`.

    Placed: block numbers are those of 512-pixel map tiles of zoom `zoom` - 1, so that every
    stored block, on every level, is one map tile. Unplaced: pixel space of the picture.
    The blocks are cut so that they halve evenly on each of `levels` levels (base included).
    """

    placed: bool
    zoom: int
    levels: int
    column: int
    row: int
    columns: int
    rows: int

    @property
    def pixel(self) -> float:
        """Plane metres per pixel at the base; 1 in pixel space."""
        return mercator.pixel_size(self.zoom) if self.placed else 1.0

    @property
    def origin(self) -> tuple[float, float]:
        """X and y of the upper left corner."""
        if not self.placed:
            return 0.0, 0.0
        size = BLOCK * self.pixel
        return self.column * size - mercator.HALF, mercator.HALF - self.row * size

    def shape(self, level: int) -> tuple[int, int]:
        """Rows and columns of blocks on a level; 0 is the base."""
        return self.rows >> level, self.columns >> level

    def squares(self, level: int) -> Iterator[tuple[int, int]]:
        """Block (row, column) of a level so that the four of a square follow each other."""
        top = self.levels - 1
        for row in range(self.rows >> top):
            for column in range(self.columns >> top):
                yield from _descend(row, column, top - level)


def _descend(row: int, column: int, depth: int) -> Iterator[tuple[int, int]]:
    if depth == 0:
        yield row, column
        return
    for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        yield from _descend(2 * row + down, 2 * column + right, depth - 1)


def grid_of(scene: Scene) -> ViewGrid:
    """The view grid that keeps the scene's resolution best (the nearest zoom)."""
    if scene.placement is None:
        return _cut(False, 0, (0.0, 0.0, float(scene.width), float(scene.height)))
    x, y = Mapping(scene).outline()
    zoom = mercator.zoom_for(Mapping(scene).pixel_size())
    size = mercator.pixel_size(zoom)
    edges = ((x.min() + mercator.HALF) / size, (mercator.HALF - y.max()) / size,
             (x.max() + mercator.HALF) / size, (mercator.HALF - y.min()) / size)  # fmt: skip
    return _cut(True, zoom, edges)


def _cut(placed: bool, zoom: int, edges: tuple[float, float, float, float]) -> ViewGrid:
    slack = 1e-6
    left, top = (math.floor(v / BLOCK + slack) for v in edges[:2])
    right, bottom = (max(1, math.ceil(v / BLOCK - slack)) for v in edges[2:])
    levels = 1
    while max(_span(left, right, levels - 1), _span(top, bottom, levels - 1)) > _most(placed):
        if placed and levels > zoom:
            break
        levels += 1
    step = 1 << (levels - 1)
    left, top = left // step * step, top // step * step
    columns, rows = -(-(right - left) // step) * step, -(-(bottom - top) // step) * step
    return ViewGrid(placed, zoom if placed else levels, levels, left, top, columns, rows)


def _most(placed: bool) -> int:
    """Blocks along a side at the top; map tiles may straddle a line that no level removes."""
    return 2 if placed else 1


def _span(first: int, last: int, level: int) -> int:
    return -(-last >> level) - (first >> level) if last > 0 else 1


class Mapping:
    """From the plane of map tiles to a placed scene's pixels and back."""

    def __init__(self, scene: Scene) -> None:
        if scene.placement is None:
            raise ImageryError("the scene lies nowhere on the ground", file=scene.source,
                               remedy="place it first")  # fmt: skip
        self._set(scene.placement, scene.width, scene.height)

    @classmethod
    def of(cls, placement: Placement, width: int, height: int) -> Self:
        """The mapping of a grid of pixels that is no scene of its own."""
        made = cls.__new__(cls)
        made._set(placement, width, height)
        return made

    def _set(self, placement: Placement, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._ground = ground_crs(placement.crs)
        self._forward = placement.transform
        a, b, c, d, e, f = self._forward
        det = a * e - b * d
        if det == 0:
            raise ImageryError("the placement has no extent",
                               remedy="check the world file or the transform")  # fmt: skip
        self._back = (e / det, -b / det, (b * f - c * e) / det,
                      -d / det, a / det, (c * d - a * f) / det)  # fmt: skip

    def degrees(self, column: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """WGS 84 longitude and latitude of pixel coordinates (corner of the first pixel = 0)."""
        a, b, c, d, e, f = self._forward
        return self._ground.to_wgs84(a * column + b * row + c, d * column + e * row + f)

    def pixels(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixel coordinates of WGS 84 degrees; NaN where the scene's plane is not defined."""
        x, y = self._ground.from_wgs84(lon, lat)
        a, b, c, d, e, f = self._back
        return a * x + b * y + c, d * x + e * y + f

    def plane(self, column: np.ndarray, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Plane x, y of map tiles of pixel coordinates."""
        return mercator.to_plane(*self.degrees(column, row))

    def from_plane(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixel coordinates of plane x, y of map tiles."""
        return self.pixels(*mercator.to_degrees(x, y))

    def outline(self) -> tuple[np.ndarray, np.ndarray]:
        """Plane x, y along the picture's edge; raises `ImageryError` where none is defined."""
        x, y = self.plane(*self._edge())
        good = np.isfinite(x) & np.isfinite(y)
        if not good.any():
            raise ImageryError("the placement lies outside the area of its projection",
                               remedy="check the stated coordinate reference system")  # fmt: skip
        return x[good], y[good]

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the picture (degrees)."""
        lon, lat = self.degrees(*self._edge())
        return (float(np.nanmin(lon)), float(np.nanmin(lat)),
                float(np.nanmax(lon)), float(np.nanmax(lat)))  # fmt: skip

    def pixel_size(self) -> float:
        """Plane metres of a pixel at the middle: the root of its area."""
        middle = np.array([0.0, 1.0, 0.0])
        x, y = self.plane(self.width / 2 + middle, self.height / 2 + np.array([0.0, 0.0, 1.0]))
        area = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]))
        if not np.isfinite(area) or area <= 0:
            raise ImageryError("the placement lies outside the area of its projection",
                               remedy="check the stated coordinate reference system")  # fmt: skip
        return math.sqrt(float(area))

    def _edge(self) -> tuple[np.ndarray, np.ndarray]:
        along = np.linspace(0.0, 1.0, _SIDE)
        near, far = np.zeros(_SIDE), np.ones(_SIDE)
        column = np.concatenate([along, far, along, near]) * self.width
        return column, np.concatenate([near, along, far, along]) * self.height
