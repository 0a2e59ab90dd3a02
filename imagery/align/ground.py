"""Two rasters on one metric grid: a plane around the middle of what both of them show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from rasterio.transform import Affine, from_origin
from rasterio.vrt import WarpedVRT
from shapely.geometry.base import BaseGeometry

from imagery.align.reading import on_grid
from imagery.scene import Placement, Scene
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError

MAX_SIDE = 3000
"""Longest side of the common grid in pixels: what two pictures of float32 may take in memory."""


@dataclass(frozen=True)
class Ground:
    """A raster that lies on the ground: its file, its placement and its outline (WGS 84)."""

    path: Path
    driver: str
    placement: Placement
    footprint: BaseGeometry
    gsd_m: float

    @classmethod
    def of(cls, scene: Scene) -> Ground:
        """The raster of a placed scene; raises `ImageryError` where nothing places it."""
        if scene.placement is None or scene.footprint is None or scene.gsd_m is None:
            raise ImageryError(
                "the scene lies nowhere on the ground, so it cannot be laid on another",
                remedy="state its coordinate reference system and world file, or place it by hand",
                file=scene.source,
            )
        return cls(scene.source, scene.driver, scene.placement, scene.footprint, scene.gsd_m)


@dataclass(frozen=True)
class Pair:
    """Two pictures on one grid.

    `before`, `after`: (height, width) float32 brightness, 0..1 within the scene's own range;
    `valid`: (height, width) bool, seen by both. `transform` is the grid's, in metres of `crs`
    (WKT of a plane around `lon`, `lat`); `pixel_m` the ground size of a pixel.
    """

    before: np.ndarray
    after: np.ndarray
    valid: np.ndarray
    transform: Affine
    crs: str
    pixel_m: float
    lon: float
    lat: float

    @property
    def centres(self) -> np.ndarray:
        """(3, 3) from column and row of pixel centres to metres of the plane."""
        a, e = self.transform.a, self.transform.e
        return np.array([[a, 0.0, self.transform.c + a / 2], [0.0, e, self.transform.f + e / 2],
                         [0.0, 0.0, 1.0]])  # fmt: skip


def common_grid(before: Ground, after: Ground, max_side: int = MAX_SIDE) -> Pair:
    """Both rasters over the ground they share, at the coarser of their pixel sizes.

    The grid is made coarser still where it would exceed `max_side` pixels. Raises
    `ImageryError` where the two do not overlap.
    """
    shared = shapely.intersection(before.footprint, after.footprint)
    if shared.is_empty or shared.area == 0:
        raise ImageryError(
            "the two scenes do not overlap",
            remedy="choose two scenes of one place; `python -m imagery search --bbox …` lists them",
            file=after.path,
        )
    lon, lat = (float(value) for value in shapely.get_coordinates(shared.centroid)[0])
    crs = local_plane(lon, lat)
    west, south, east, north = _bounds(shared, crs)
    pixel = max(before.gsd_m, after.gsd_m, (east - west) / max_side, (north - south) / max_side)
    width, height = (max(1, math.ceil(span / pixel)) for span in (east - west, north - south))
    transform = from_origin(west, north, pixel, pixel)
    first, seen_first = _read(before, crs, transform, width, height)
    second, seen_second = _read(after, crs, transform, width, height)
    return Pair(first, second, seen_first & seen_second, transform, crs, pixel, lon, lat)


def _bounds(shape: BaseGeometry, crs: str) -> tuple[float, float, float, float]:
    points = shapely.get_coordinates(shapely.segmentize(shape, 0.001))
    x, y = ground_crs(crs).from_wgs84(points[:, 0], points[:, 1])
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _read(
    raster: Ground, crs: str, transform: Affine, width: int, height: int
) -> tuple[np.ndarray, np.ndarray]:
    """Brightness 0..1 (between the 1st and 99th percentile) and what is valid, on the grid."""
    where = (raster.path, raster.driver, raster.placement)
    return _stretched(*on_grid(where, crs, transform, (height, width)))


def brightness(grid: WarpedVRT) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the first bands of a warped raster, 0..1 within its own range, and what is valid."""
    bands = [n for n, role in enumerate(grid.colorinterp, 1) if role.name != "alpha"][:3]
    return _stretched(grid.read(bands, out_dtype="float32").mean(axis=0), grid.dataset_mask() > 0)


def _stretched(picture: np.ndarray, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not valid.any():
        return np.zeros_like(picture), valid
    low, high = np.percentile(picture[valid], (1, 99))
    picture = np.clip((picture - low) / max(float(high - low), 1e-6), 0.0, 1.0)
    return np.where(valid, picture, 0.0).astype(np.float32), valid
