"""The relief under a photo: a height model read once around the camera, rays met with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.transform import Affine

from imagery.guard.raster import open_raster
from layers.datum.ground import GroundCRS, ground_crs
from layers.errors import ImageryError

_LARGEST = 2048
_STEPS = 400


@dataclass(frozen=True)
class Relief:
    """Heights (metres, NaN where unknown) on a grid; `transform` as in `Placement`."""

    heights: np.ndarray
    transform: tuple[float, float, float, float, float, float]
    crs: GroundCRS

    def at(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Heights at points (degrees), bilinear between cell centres; NaN outside."""
        x, y = self.crs.from_wgs84(lon, lat)
        a, b, c, d, e, f = self.transform
        scale = a * e - b * d
        col = (e * (x - c) - b * (y - f)) / scale - 0.5
        row = (a * (y - f) - d * (x - c)) / scale - 0.5
        return _bilinear(self.heights, row, col)

    def height(self, lon: float, lat: float) -> float:
        """The height at one point; NaN where unknown."""
        return float(self.at(np.array([lon]), np.array([lat]))[0])


def read_relief(path: str | Path, lon: float, lat: float, radius_m: float) -> Relief:
    """The heights within `radius_m` of a point, thinned to 2048 × 2048 cells at most.

    Raises `ImageryError` where the model has no CRS or does not cover the point.
    """
    with open_raster(Path(path), "GTiff") as model:
        if model.crs is None:
            raise _unfit(path, "says no coordinate reference system")
        crs = ground_crs(model.crs.to_wkt())
        ring = np.linspace(0, 2 * np.pi, 16)
        east, north = radius_m * np.sin(ring) / 111_000.0, radius_m * np.cos(ring) / 110_000.0
        x, y = crs.from_wgs84(lon + east / max(0.01, np.cos(np.radians(lat))), lat + north)
        cols, rows = ~model.transform * (x, y)
        window = _clipped(rows, cols, model.height, model.width)
        if window is None:
            raise _unfit(path, "does not cover the photo")
        (top, bottom), (left, right) = window
        shape = (min(bottom - top, _LARGEST), min(right - left, _LARGEST))
        band = model.read(1, window=window, out_shape=shape, masked=True, out_dtype="float64")
        thin = ((right - left) / shape[1], (bottom - top) / shape[0])
        step = model.transform * Affine.translation(left, top) * Affine.scale(*thin)
        return Relief(band.filled(np.nan), tuple(step[:6]), crs)


def meet(
    directions: np.ndarray, above_m: float, height_at: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Where (n, 3) rays from `above_m` over the ground below the camera meet the relief.

    `height_at` gives heights of (m, 2) metres east and north of the camera, relative to the
    ground below it; NaN counts as that level. Returns (n, 2) metres and whether the height
    there was known; a ray that finds no ground within three times the height ends at that level.
    """
    down = np.maximum(-directions[:, 2], 1e-3)
    reach = 3.0 * above_m / down
    walk = np.linspace(0.0, 1.0, _STEPS)
    along = reach[:, None] * walk
    points = directions[:, None, :2] * along[..., None]
    ground = height_at(points.reshape(-1, 2)).reshape(along.shape)
    gap = above_m - along * down[:, None] - np.where(np.isnan(ground), 0.0, ground)
    hits = gap <= 0
    first, found = np.argmax(hits, axis=1), hits.any(axis=1)
    rows = np.arange(len(first))
    before = np.maximum(first - 1, 0)
    over, under = gap[rows, before], gap[rows, first]
    share = np.where(first > 0, over / np.where(over == under, 1.0, over - under), 0.0)
    hit = along[rows, before] + share * (along[rows, first] - along[rows, before])
    hit = np.where(found, hit, above_m / down)
    known = found & ~np.isnan(ground[rows, first])
    return directions[:, :2] * hit[:, None], known


def _bilinear(grid: np.ndarray, row: np.ndarray, col: np.ndarray) -> np.ndarray:
    high, wide = grid.shape
    inside = (row >= -0.5) & (row <= high - 0.5) & (col >= -0.5) & (col <= wide - 0.5)
    r, c = np.clip(row, 0, high - 1), np.clip(col, 0, wide - 1)
    r, c = np.where(np.isfinite(r), r, 0.0), np.where(np.isfinite(c), c, 0.0)
    r0, c0 = np.floor(r).astype(int), np.floor(c).astype(int)
    r1, c1 = np.minimum(r0 + 1, high - 1), np.minimum(c0 + 1, wide - 1)
    v, u = r - r0, c - c0
    top = grid[r0, c0] * (1 - u) + grid[r0, c1] * u
    bottom = grid[r1, c0] * (1 - u) + grid[r1, c1] * u
    return np.where(inside, top * (1 - v) + bottom * v, np.nan)


def _clipped(
    rows: np.ndarray, cols: np.ndarray, high: int, wide: int
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    if not (np.isfinite(rows).all() and np.isfinite(cols).all()):
        return None
    top, bottom = max(0, int(rows.min()) - 2), min(high, int(rows.max()) + 3)
    left, right = max(0, int(cols.min()) - 2), min(wide, int(cols.max()) + 3)
    return ((top, bottom), (left, right)) if bottom > top and right > left else None


def _unfit(path: str | Path, why: str) -> ImageryError:
    return ImageryError(
        f"the height model {why}",
        remedy="give a GeoTIFF of ground heights in metres that covers the flight, or none",
        file=path,
    )
