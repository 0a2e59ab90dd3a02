"""Clear height: what hangs over the lane, from stated undersides or a model of heights.

A picture or a model from above shows the top of a thing, never its underside. So a top below the
height asked for proves that there is no room; a top above it proves nothing: measure on the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from rasterio.features import rasterize, shapes
from rasterio.windows import Window, from_bounds
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from imagery.formats import open_raster
from layers.datum.ground import ground_crs
from layers.errors import ImageryError

GROUND_M = 0.3
"""Below this height above the ground nothing is seen as a thing: kerbs, noise of the model."""
_MOST_CELLS = 50_000_000


@dataclass(frozen=True)
class Headroom:
    """`low` is proven free above the lane, `high` is where something is known to be, metres.

    Missing `low`: nothing is proven. Missing `high`: nothing is known to hang there.
    """

    low: float | None
    high: float | None


def headroom(tops: Sequence[float | None], undersides: Sequence[float | None]) -> Headroom:
    """What is known of the height above a lane from the things over it."""
    known = [u for u in undersides if u is not None]
    only_top = [t for t, u in zip(tops, undersides, strict=True) if u is None and t is not None]
    high = min([*known, *only_top], default=None)
    low = min(known, default=None) if known and not only_top else None
    return Headroom(low, high)


def passed_under(undersides: Sequence[float | None], needed_m: float | None) -> list[bool]:
    """Which things leave `needed_m` beneath them, so that they do not narrow the lane."""
    return [
        needed_m is not None and under is not None and under >= needed_m for under in undersides
    ]


@dataclass(frozen=True)
class Thing:
    """What a model of heights shows in a lane: outline (degrees), greatest height above ground."""

    outline: BaseGeometry
    top_m: float


def things_in_lane(model: Path, lane: BaseGeometry, *, above_ground: bool) -> list[Thing]:
    """What stands in or over a lane (degrees) by a GeoTIFF of heights in metres.

    `above_ground`: the model holds heights above ground (nDSM); else (DSM) the ground is the plane
    that fits the lane's lower half. Raises `ImageryError` where the model does not cover the lane.
    """
    with open_raster(model, "GTiff") as raster:
        if raster.crs is None:
            raise ImageryError("the model of heights has no reference system", file=model,
                               remedy="export it with its crs")  # fmt: skip
        crs = ground_crs(raster.crs.to_wkt())
        flat = shapely.transform(lane, lambda xy: np.column_stack(crs.from_wgs84(*xy.T)))
        if not shapely.box(*raster.bounds).contains(flat):
            raise _uncovered(model)
        whole = Window(0, 0, raster.width, raster.height)
        window = _around(from_bounds(*flat.bounds, raster.transform)).intersection(whole)
        if window.width * window.height > _MOST_CELLS:
            raise ImageryError("the lane covers too much of the model", file=model,
                               remedy="cut the lane into pieces")  # fmt: skip
        heights = raster.read(1, window=window, masked=True).astype(float).filled(np.nan)
        transform = raster.window_transform(window)
    lane_cells = rasterize([(flat, 1)], heights.shape, transform=transform) > 0
    if not lane_cells.any() or np.isnan(heights[lane_cells]).mean() > 0.1:
        raise _uncovered(model)
    above = heights if above_ground else heights - _ground(heights, lane_cells)
    high = lane_cells & (np.nan_to_num(above, nan=0.0) >= GROUND_M)
    found = []
    for outline, _ in shapes(high.astype(np.uint8), high, connectivity=8, transform=transform):
        polygon = shape(outline)
        cells = rasterize([(polygon, 1)], heights.shape, transform=transform) > 0
        back = shapely.transform(polygon, lambda xy: np.column_stack(crs.to_wgs84(*xy.T)))
        found.append(Thing(back, float(np.nanmax(np.where(cells & high, above, np.nan)))))
    return found


def _around(window: Window) -> Window:
    """The whole cells that a window touches."""
    left, top = np.floor([window.col_off, window.row_off]).astype(int)
    right, low = np.ceil([window.col_off + window.width, window.row_off + window.height]).astype(
        int
    )
    return Window(left, top, right - left, low - top)


def _uncovered(model: Path) -> ImageryError:
    return ImageryError("the model of heights does not cover the lane", file=model,
                        remedy="give a model of the place, in metres")  # fmt: skip


def _ground(heights: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """A plane through the lower part of the lane, fitted twice: what stands in it falls away."""
    rows, columns = np.indices(heights.shape)
    terms = np.stack([rows, columns, np.ones_like(rows)], axis=-1).astype(float)
    keep = cells & np.isfinite(heights)
    keep &= heights <= np.nanmedian(heights[keep]) + 3 * GROUND_M
    for _ in range(5):
        plane, *_ = np.linalg.lstsq(terms[keep], heights[keep], rcond=None)
        keep = cells & np.isfinite(heights) & (np.abs(heights - terms @ plane) < GROUND_M)
        if not keep.any():
            break
    fitted: np.ndarray = terms @ plane
    return fitted
