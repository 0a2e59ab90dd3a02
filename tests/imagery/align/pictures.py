"""Made-up ground for the tests: texture at several scales, moved by a known amount."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import rasterio
from rasterio.transform import Affine
from shapely.geometry import box

from imagery.align import Ground, Pair
from imagery.scene import Placement
from layers.datum.ground import ground_crs, local_plane

LON, LAT = 112.9, 36.4
CRS = local_plane(LON, LAT)


def texture(size: int, seed: int = 1) -> np.ndarray:
    """Brightness 0..1 (size, size) with roofs, lanes and grain."""
    random = np.random.default_rng(seed)
    picture = np.zeros((size, size), np.float32)
    for grain in (4, 12, 40, 120):
        field = random.random((size // grain + 2, size // grain + 2)).astype(np.float32)
        picture += cv2.resize(field, (size, size), interpolation=cv2.INTER_CUBIC) * grain**0.4
    for _ in range(size // 6):
        corner, sides = random.integers(0, size, 2), random.integers(5, 30, 2)
        cv2.rectangle(
            picture, corner.tolist(), (corner + sides).tolist(), float(random.random() * 6), -1
        )
    low, high = np.percentile(picture, (1, 99))
    found: np.ndarray = np.clip((picture - low) / (high - low), 0, 1).astype(np.float32)
    return found


def moved(picture: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """The picture as seen when `after` must be moved by `pixels` (2, 3) to lie on it."""
    back = cv2.invertAffineTransform(pixels)
    found: np.ndarray = cv2.warpAffine(
        picture, back, picture.shape[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    return np.clip(found, 0, 1)


def pair(before: np.ndarray, after: np.ndarray, pixel_m: float = 0.5) -> Pair:
    """Two pictures on one grid whose middle is the origin of the plane."""
    size = before.shape[0]
    corner = -size * pixel_m / 2
    grid = Affine(pixel_m, 0, corner, 0, -pixel_m, -corner)
    return Pair(before, after, np.ones(before.shape, bool), grid, CRS, pixel_m, LON, LAT)


def write(path: Path, picture: np.ndarray, transform: Affine, crs: str = CRS) -> Ground:
    """The picture as an eight-bit GeoTIFF, and the handle on it."""
    eight = (picture * 254).astype(np.uint8)
    height, width = eight.shape
    with rasterio.open(path, "w", driver="GTiff", width=width, height=height, count=1, dtype="uint8",
                       crs=crs, transform=transform) as file:  # fmt: skip
        file.write(eight, 1)
    west, north = transform * (0, 0)
    east, south = transform * (width, height)
    x, y = np.array([west, east]), np.array([south, north])
    lon, lat = ground_crs(crs).to_wgs84(x, y)
    six = (transform.a, transform.b, transform.c, transform.d, transform.e, transform.f)
    placement = Placement(crs, six, "georeference", 1.0, "stated")
    return Ground(path, "GTiff", placement, box(lon[0], lat[0], lon[1], lat[1]), transform.a)
