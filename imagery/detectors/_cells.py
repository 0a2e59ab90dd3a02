"""Square cells of ground and what they look like: texture, colour, their surroundings, an earlier day.

Windows are read once, brought to about 25 cm where they are finer, and summed up per cell; what is
kept is a few numbers per cell. Sums of a cell that lies in two windows are added, so the grid of
cells does not depend on how the image was cut, and nothing is decoded twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
import shapely
from rasterio.errors import RasterioError
from shapely.geometry.base import BaseGeometry

from imagery.detectors._frame import Shot
from imagery.detectors._look import OWN, SUMS, counted, features, shrunk, summed
from imagery.formats import open_raster
from imagery.guard.raster import damaged
from imagery.vectorise import PixelGrid
from imagery.view.source import SEQUENTIAL
from imagery.windows.reading import Source, opened, source_of
from imagery.windows.window import Place, Window, places
from imagery.workers import in_order, single_threaded_cv, worker_count
from layers.errors import Cancelled

LOOK_M = 0.25
"""Finer pixels are averaged to about this before anything is computed: 18 to 35 cm."""
WINDOW = 2048
COARSE_PX = 8
"""Pixels of a cell's side where the scene is too coarse for cells of the usual size."""
_SAMPLE_PX = 512
AROUND = ("light", "red_green", "saturation", "green", "edge", "fine", "light_sd")
NAMES = (*OWN, *(f"{name}_around" for name in AROUND))
Part = tuple[int, int, np.ndarray]
RING = 9
"""Side of the surroundings in cells."""


@dataclass(frozen=True)
class Cells:
    """The cells of a scene: `features` (k, rows, columns) float32 with `names`, `seen` bool.

    `side` is a cell in pixels of the scene, `grid` the cells as pixels on the ground, `cell_m`
    their side in metres.
    """

    features: np.ndarray
    names: tuple[str, ...]
    seen: np.ndarray
    side: int
    grid: PixelGrid
    cell_m: float

    def plane(self, name: str) -> np.ndarray:
        """One feature (rows, columns)."""
        found: np.ndarray = self.features[self.names.index(name)]
        return found

    def inside(self, area: BaseGeometry) -> np.ndarray:
        """(rows, columns) whether a cell's middle lies in `area` (WGS 84 degrees)."""
        lonlat = self.middles()
        shape: np.ndarray = shapely.contains_xy(area, lonlat[:, 0], lonlat[:, 1])
        return shape.reshape(self.seen.shape)

    def middles(self) -> np.ndarray:
        """(n, 2) longitude and latitude of the cells' middles, by rows."""
        rows, columns = np.indices(self.seen.shape)
        return self.grid.degrees(np.column_stack([columns.ravel() + 0.5, rows.ravel() + 0.5]))

    def at(self, lonlat: np.ndarray) -> np.ndarray:
        """(n,) the number (by rows) of the cell at each place; -1 outside."""
        pixels = np.floor(self.grid.pixels(lonlat)).astype(int)
        rows, columns = self.seen.shape
        good = (pixels >= 0).all(axis=1) & (pixels[:, 0] < columns) & (pixels[:, 1] < rows)
        return np.where(good, pixels[:, 1] * columns + pixels[:, 0], -1)


def factor_of(shot: Shot, cell_m: float) -> int:
    """How many pixels a side are averaged into one that is looked at: a power of two."""
    gsd = shot.ground.gsd_m
    most = max(1.0, min(LOOK_M / gsd, cell_m / gsd / COARSE_PX))
    wanted = 2 ** round(math.log2(max(1.0, LOOK_M / gsd)))
    return wanted if wanted * COARSE_PX * gsd <= cell_m else 2 ** int(math.log2(most))


def side_of(shot: Shot, cell_m: float) -> int:
    """Pixels of a cell's side: cells of about `cell_m`, larger where the scene is coarse."""
    factor = factor_of(shot, cell_m)
    return factor * max(COARSE_PX, round(cell_m / shot.ground.gsd_m / factor))


def cells_of(
    shot: Shot, cell_m: float, area: BaseGeometry | None = None, *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Cells:  # fmt: skip
    """The cells of a scene; only windows that meet `area` (WGS 84 degrees) are read."""
    side, factor = side_of(shot, cell_m), factor_of(shot, cell_m)
    source = source_of(shot.scene, size=WINDOW)
    rows, columns = source.height // side, source.width // side
    grid = _cell_grid(shot, side, columns, rows)
    wanted = list(_wanted(source, area, grid, side, factor))
    sums = np.zeros((SUMS + 1, rows + 1, columns + 1), np.float32)
    worker = partial(_reader, source, factor, _full(source), side)
    many = 1 if source.driver in SEQUENTIAL else worker_count()
    with single_threaded_cv():
        for done, (top, left, part) in enumerate(in_order(wanted, worker, many), 1):
            sums[:, top : top + part.shape[1], left : left + part.shape[2]] += part
            if progress is not None:
                progress(done, len(wanted))
            if cancelled is not None and cancelled():
                raise Cancelled
    # Cells that the image's rim cuts drop out.
    own = features(sums[:SUMS, :rows, :columns], (side // factor) ** 2)
    seen = sums[SUMS, :rows, :columns] > 0.5 * (side // factor) ** 2
    return Cells(_with_around(own, seen), NAMES, seen, side, grid, side * shot.ground.gsd_m)


@contextmanager
def _reader(
    source: Source, factor: int, full: float, side: int
) -> Iterator[Callable[[Place], Part]]:
    with opened(source) as read:
        yield lambda place: _part(read(place), factor, full, side // factor)


def _part(window: Window, factor: int, full: float, side: int) -> Part:
    """The sums of a window's cells, with the first row and column of cells."""
    rgb = shrunk(window.array, factor, full)
    rows, columns = rgb.shape[1:]
    top, left = (value // factor for value in reversed(window.corner))
    sums = summed(rgb, (top, left), side)
    valid = np.ones((1, rows, columns), np.float32)
    if not window.valid.all():
        inner = window.valid[: rows * factor, : columns * factor].astype(np.float32)
        valid[0] = cv2.resize(inner, (columns, rows), interpolation=cv2.INTER_AREA)
    return top // side, left // side, np.concatenate([sums, counted(valid, (top, left), side)])


def _full(source: Source) -> float:
    """The number that counts as white: of bytes 255, of others what hardly a pixel exceeds."""
    with open_raster(source.path, source.driver) as dataset:
        if dataset.dtypes[source.indexes[0] - 1] == "uint8":
            return 255.0
        size = (min(source.height, _SAMPLE_PX), min(source.width, _SAMPLE_PX))
        try:
            some = dataset.read(source.indexes[:3], out_shape=(len(source.indexes[:3]), *size))
        except (RasterioError, OSError) as error:
            raise damaged(source.path, error) from error
    known = some[np.isfinite(some)] if some.dtype.kind == "f" else some
    return max(float(np.percentile(known, 99.5)), 1e-6) if known.size else 1.0


def _cell_grid(shot: Shot, side: int, columns: int, rows: int) -> PixelGrid:
    """The cells as the pixels of a coarser image."""
    placed = shot.ground.placement
    a, b, c, d, e, f = placed.transform
    coarse = replace(placed, transform=(a * side, b * side, c, d * side, e * side, f))
    return PixelGrid(coarse, columns, rows)


def _wanted(
    source: Source, area: BaseGeometry | None, grid: PixelGrid, side: int, factor: int
) -> Iterator[Place]:
    """Windows that meet the area and hold a whole number of averaged pixels."""
    block = [math.lcm(min(one, whole), factor)
             for one, whole in zip(source.block, (source.height, source.width), strict=True)]  # fmt: skip
    for place in places(source.width, source.height, (block[0], block[1]), source.size):
        corners = np.array([[place.left, place.top], [place.right, place.top],
                            [place.right, place.bottom], [place.left, place.bottom]]) / side  # fmt: skip
        if area is None or shapely.Polygon(grid.degrees(corners)).buffer(1e-5).intersects(area):
            yield place


def _with_around(own: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The features with how far some of them stand out from the cells around."""
    weight = seen.astype(np.float32)
    many = cv2.boxFilter(weight, -1, (RING, RING), normalize=False, borderType=cv2.BORDER_CONSTANT)
    inner = cv2.boxFilter(weight, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
    planes = []
    for name in AROUND:
        plane = own[OWN.index(name)] * weight
        ring = cv2.boxFilter(
            plane, -1, (RING, RING), normalize=False, borderType=cv2.BORDER_CONSTANT
        )
        near = cv2.boxFilter(plane, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
        outside = (ring - near) / np.maximum(many - inner, 1.0)
        planes.append(np.where(many - inner > 0, plane - outside, 0.0))
    return np.concatenate([own, np.stack(planes)]).astype(np.float32)
