"""The county from orbit: four bands of 10 m, two days, drawn from the map's own land."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import rasterio
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin
from shapely.geometry.base import BaseGeometry

from demo.county import County
from demo.frame import to_lonlat
from demo.imagery.files import SAYS
from demo.imagery.ground import WIDTHS
from demo.shapes import Array
from layers.datum.ground import ground_crs

CRS, PIXEL_M, SCALE = "EPSG:32649", 10.0, 0.0001
STEP = 8
"""Finest step of the values: noise below it would only make the file large."""
BANDS = (("B02", "blue"), ("B03", "green"), ("B04", "red"), ("B08", "nir"))
GROUND: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "open": ((780, 1020, 1120, 2450), (560, 900, 760, 3100)),
    "farmland": ((900, 1180, 1420, 2300), (520, 880, 640, 3700)),
    "meadow": ((640, 940, 900, 2800), (480, 860, 600, 3500)),
    "orchard": ((560, 820, 840, 2500), (440, 780, 560, 3200)),
    "forest": ((330, 520, 420, 2400), (300, 560, 380, 3300)),
    "water": ((620, 560, 360, 190), (600, 580, 380, 180)),
    "road": ((1250, 1300, 1350, 1600), (1240, 1300, 1340, 1650)),
    "building": ((1500, 1560, 1650, 2000), (1480, 1560, 1640, 2050)),
    "bare": ((1250, 1600, 2050, 2700), (1250, 1600, 2050, 2700)),
}  # fmt: skip
"""Reflectance times ten thousand, in autumn and in spring."""


def write_satellite(
    path: Path, county: County, season: int, taken: str, bare: BaseGeometry
) -> None:
    """One scene of `season` (0 autumn, 1 spring); `bare` is ground laid open (plane, metres)."""
    west, south, east, north = _bounds(county)
    columns, rows = round((east - west) / PIXEL_M), round((north - south) / PIXEL_M)
    grid = from_origin(west, north, PIXEL_M, PIXEL_M)
    picture = _picture(county, season, grid, (rows, columns), bare)
    random = np.random.default_rng(700 + season)
    haze = cv2.resize(
        random.normal(1, 0.02, (12, 16)).astype(np.float32),
        (columns, rows),
        interpolation=cv2.INTER_CUBIC,
    )
    noisy = picture * haze + random.normal(0, 18, picture.shape)
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=len(BANDS), dtype="uint16", crs=CRS,
        transform=grid, tiled=True, blockxsize=256, blockysize=256, compress="DEFLATE", predictor=2, nodata=0,
    ) as file:  # fmt: skip
        file.write((np.clip(noisy, 10, 10_000) / STEP).round().astype(np.uint16) * STEP)
        file.descriptions = tuple(name for name, _ in BANDS)
        file.scales = (SCALE,) * len(BANDS)
        file.update_tags(TIFFTAG_DATETIME=taken, TIFFTAG_IMAGEDESCRIPTION=SAYS)


def _bounds(county: County) -> tuple[float, float, float, float]:
    lonlat = to_lonlat(np.array(county.outline.exterior.coords))
    x, y = ground_crs(CRS).from_wgs84(lonlat[:, 0], lonlat[:, 1])
    west, south = (float(v.min() // PIXEL_M * PIXEL_M) for v in (x, y))
    east, north = (float((v.max() // PIXEL_M + 1) * PIXEL_M) for v in (x, y))
    return west, south, east, north


def _picture(
    county: County, season: int, grid: rasterio.Affine, size: tuple[int, int], bare: BaseGeometry
) -> Array:
    """(bands, rows, columns) float32: every pixel the mean of what lies in it, roughly."""
    fine = grid * rasterio.Affine.scale(0.5)
    names = list(GROUND)
    shapes, uses = zip(*_uses(county, bare), strict=True)
    classes = rasterize(
        zip(_in_crs(shapes), map(names.index, uses), strict=True), transform=fine,
        out_shape=(2 * size[0], 2 * size[1]), fill=0, dtype="uint8",
    )  # fmt: skip
    table = np.array([GROUND[name][season] for name in names], np.float32)
    random = np.random.default_rng(4)
    vary = cv2.resize(
        random.normal(1, 0.09, (90, 120)).astype(np.float32),
        classes.shape[::-1],
        interpolation=cv2.INTER_NEAREST,
    )
    colour = table[classes] * vary[..., None]
    found: Array = np.moveaxis(cv2.resize(colour, size[::-1], interpolation=cv2.INTER_AREA), 2, 0)
    return found


def _uses(county: County, bare: BaseGeometry) -> list[tuple[BaseGeometry, str]]:
    world = county.world
    shapes = [(way.shape, way.tags) for way in world.ways]
    land = [(shape, tags["landuse"]) for shape, tags in shapes if tags.get("landuse") in GROUND]
    woods = [(shape, "forest") for shape, tags in shapes if tags.get("natural") == "wood"]
    wet = [(shape, "water") for shape, tags in shapes if tags.get("natural") == "water"]
    ways = [
        (street.line.buffer(max(WIDTHS.get(street.kind, 5.0), 6) / 2), "road")
        for street in world.streets
    ]
    houses = [(shape, "building") for shape, tags in shapes if "building" in tags]
    opened = [(bare, "bare")] if not bare.is_empty else []
    return [*land, *woods, *wet, *ways, *houses, *opened]


def _in_crs(shapes: Sequence[BaseGeometry]) -> Array:
    """The shapes in the scene's own coordinates."""
    system = ground_crs(CRS)

    def there(plane: Array) -> Array:
        lonlat = to_lonlat(plane)
        return np.column_stack(system.from_wgs84(lonlat[:, 0], lonlat[:, 1]))

    moved: Array = shapely.transform(np.array(shapes, dtype=object), there)
    return moved
