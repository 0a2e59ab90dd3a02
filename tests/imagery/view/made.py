"""Small rasters with a pattern whose value at every place is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine

from imagery.formats import read_scenes
from imagery.scene import Scene, Stated

LON, LAT = 115.96, 30.72
UTM = "EPSG:32650"
UTM_LEFT, UTM_TOP = 400_000.0, 3_399_000.0


def waves(height: int, width: int, bands: int = 3, dtype: str = "uint8") -> np.ndarray:
    """Smooth colours (bands, rows, columns), different in every band, so that resampling is mild."""
    row, column = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [
        np.sin((column + 3 * band) / (17 + band)) + np.cos(row / (23 - band))
        for band in range(bands)
    ]
    top = 255.0 if dtype == "uint8" else 3000.0
    table = (np.array(planes) / 4 + 0.5) * top * 0.9 + 10
    return table.astype(dtype)


def utm_transform(pixel: float = 0.25, *, turn: float = 0.0, south_up: bool = False) -> Affine:
    """Pixels of `pixel` metres from a fixed corner, turned clockwise by `turn` degrees."""
    step = Affine.scale(pixel, pixel if south_up else -pixel)
    return Affine.translation(UTM_LEFT, UTM_TOP) * Affine.rotation(-turn) * step


def write(
    path: Path, array: np.ndarray, *, transform: Affine | None = None, crs: str | None = UTM,
    mask: np.ndarray | None = None, **options: object,
) -> Path:  # fmt: skip
    """A GeoTIFF of `array` (bands, rows, columns), tiled in blocks of 256, deflated."""
    bands, height, width = array.shape
    profile = {"driver": "GTiff", "count": bands, "height": height, "width": width,
               "dtype": array.dtype.name, "crs": crs, "transform": transform or utm_transform(),
               "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate",
               **options}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "w", **profile) as file:
        file.write(array)
        if mask is not None:
            file.write_mask(mask)
    return path


def scene_of(path: Path, work: Path, **stated: object) -> Scene:
    """The one scene of a file, as the program reads it."""
    work.mkdir(parents=True, exist_ok=True)
    (scene,) = read_scenes(path, work, Stated(**stated))  # type: ignore[arg-type]
    return scene
