"""Small drawn scenes with heaps of known outline, for the waste detector and the labelling loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from imagery.detectors import Shot
from imagery.formats import read_scenes
from imagery.vectorise import PixelGrid

PIXEL_M = 0.25
EAST, NORTH = 500_000.0, 3_050_000.0


def draw(folder: Path, name: str, heaps: list[tuple[int, int, int, int]], seed: int = 1,
         size: int = 640, fields: bool = False) -> Shot:  # fmt: skip
    """A green scene with rough grey heaps (left, top, right, bottom in pixels); `fields` adds furrows."""
    random = np.random.default_rng(seed)
    picture = np.empty((3, size, size))
    picture[:] = np.array([70, 110, 60])[:, None, None]
    picture += random.normal(0, 4, (1, size, size))
    if fields:
        rows = np.arange(size // 4) % 8 < 4
        picture[:, : size // 4, : size // 4] = (
            np.array([120, 95, 75])[:, None, None] + 25 * rows[:, None]
        )
    for left, top, right, bottom in heaps:
        rough = random.normal(0, 38, (1, bottom - top, right - left))
        tint = random.normal(0, 12, (3, bottom - top, right - left))
        picture[:, top:bottom, left:right] = np.array([150, 146, 140])[:, None, None] + rough + tint
    path = folder / f"{name}.tif"
    with rasterio.open(path, "w", driver="GTiff", width=size, height=size, count=3, dtype="uint8", crs="EPSG:32649",
                       transform=from_origin(EAST, NORTH, PIXEL_M, PIXEL_M), tiled=True, blockxsize=256,
                       blockysize=256, photometric="RGB") as out:  # fmt: skip
        out.write(np.clip(picture, 0, 255).astype(np.uint8))
    work = folder / f"work-{name}"
    work.mkdir()
    [scene] = read_scenes(path, work)
    return Shot(name, scene, "0" * 64, generated=True)


def ground(shot: Shot, left: float, top: float, right: float, bottom: float) -> BaseGeometry:
    """A rectangle of pixels in degrees."""
    grid = PixelGrid(shot.ground.placement, 640, 640)
    return Polygon(grid.degrees(np.array(box(left, top, right, bottom).exterior.coords)))
