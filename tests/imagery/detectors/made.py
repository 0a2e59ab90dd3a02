"""Small pairs of scenes with known changes, as files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

from imagery.detectors import Shot
from imagery.scene import Band, Placement, Scene, Taken
from imagery.vectorise import PixelGrid
from layers.datum.ground import local_plane

LON, LAT = 109.3, 27.6
COMMON = ("red", "green", "blue", "nir", "swir16", "swir22")


def shot(
    path: Path, picture: np.ndarray, *, pixel: float = 0.1, east: float = 0.0, day: str = "2026-05-21",
    bands: tuple[str, ...] = COMMON,
) -> Shot:  # fmt: skip
    """Write (bands, rows, columns) as a GeoTIFF and hand it over as a scene."""
    many, rows, columns = picture.shape
    crs, transform = local_plane(LON, LAT), from_origin(east, 0, pixel, pixel)
    with rasterio.open(path, "w", driver="GTiff", count=many, width=columns, height=rows, tiled=True,
                       dtype=picture.dtype, crs=crs, transform=transform, blockxsize=256, blockysize=256) as file:  # fmt: skip
        file.write(picture)
    placed = Placement(crs, tuple(transform)[:6], "georeference", 0.5, "stated")
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], float)
    outline = shapely.Polygon(PixelGrid(placed, columns, rows).degrees(corners))
    scene = Scene(
        "orthophoto", path, "GTiff", columns, rows,
        tuple(Band(name, str(picture.dtype), name) for name in bands[:many]), "none", placed, outline,
        pixel, Taken(local=f"{day}T10:00:00", zone="+08:00", how="stated"),
    )  # fmt: skip
    return Shot(path.stem, scene, "0" * 64, generated=True)


def ground(rows: int, columns: int, seed: int = 0, bands: int = 3) -> np.ndarray:
    """Rough ground (bands, rows, columns) uint8 with features to align by."""
    random = np.random.default_rng(seed)
    coarse = random.integers(70, 150, (rows // 12 + 2, columns // 12 + 2, bands)).astype(np.float32)
    grey = coarse.mean(axis=2, keepdims=True)
    soft = cv2.resize(grey + (coarse - grey) * 0.15, (columns, rows), interpolation=cv2.INTER_CUBIC)
    speckle = random.normal(0, 3, (rows, columns, 1))
    soft = soft.reshape(rows, columns, bands)
    found: np.ndarray = np.clip(np.moveaxis(soft + speckle, -1, 0), 0, 255).astype(np.uint8)
    return found


def polygon(of: Shot, left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    """A rectangle of pixels as degrees."""
    assert of.scene.placement is not None
    grid = PixelGrid(of.scene.placement, of.scene.width, of.scene.height)
    return shapely.Polygon(
        grid.degrees(shapely.get_coordinates(shapely.box(left, top, right, bottom)))
    )


def share(first: shapely.Geometry, second: shapely.Geometry) -> float:
    """Intersection over union."""
    return float(shapely.intersection(first, second).area / shapely.union(first, second).area)
