"""The pixels of a photo as stored: EXIF's orientation is never applied, geometry needs it so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rasterio.errors import RasterioError

from imagery.guard.raster import damaged, open_raster


def photo_size(path: str | Path) -> tuple[int, int]:
    """Width and height in pixels, as stored."""
    with open_raster(Path(path), "JPEG") as photo:
        return int(photo.width), int(photo.height)


def read_pixels(path: str | Path, longest: int | None = None) -> np.ndarray:
    """(3, height, width) uint8, thinned to `longest` pixels on the longer side when given.

    Raises `ImageryError` where the photo is damaged or has no three colours.
    """
    with open_raster(Path(path), "JPEG") as photo:
        thin = min(
            1.0, (longest or max(photo.width, photo.height)) / max(photo.width, photo.height)
        )
        shape = (max(1, round(photo.height * thin)), max(1, round(photo.width * thin)))
        bands = [1, 2, 3] if photo.count >= 3 else [1, 1, 1]
        try:
            return np.asarray(photo.read(bands, out_shape=(3, *shape)), dtype=np.uint8)
        except (RasterioError, OSError) as error:
            raise damaged(Path(path), error) from error
