"""A scene drawn from known outlines, declared somewhere else: the move is found, or nothing said."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine
from shapely import LineString, box

from imagery.align import Ground, against_base
from layers import LayerSet, make_layer
from layers.datum import from_wgs84
from layers.datum.ground import ground_crs
from layers.errors import ImageryError
from tests.imagery.align.pictures import CRS, LAT, LON, texture, write

HALF_M = 400.0


def _town(seed: int = 3) -> gpd.GeoDataFrame:
    """Buildings and streets on the plane of the tests, metres, wider than the scene."""
    random = np.random.default_rng(seed)
    corners = random.uniform(-2200, 2200, (2600, 2))
    sides = random.uniform(8, 40, (2600, 2))
    shapes = [box(*low, *(low + side)) for low, side in zip(corners, sides, strict=True)]
    roads = [
        LineString([(-2200, y), (2200, y + random.uniform(-90, 90))])
        for y in range(-2000, 2000, 230)
    ]
    return gpd.GeoDataFrame(geometry=[*shapes, *roads])


TOWN = _town()


def _layers() -> LayerSet:
    system = ground_crs(CRS)
    degrees = shapely.transform(
        TOWN.geometry.array, lambda xy: np.column_stack(system.to_wgs84(xy[:, 0], xy[:, 1]))
    )
    found = {}
    for theme, family in (("building", "Polygon"), ("road", "LineString")):
        mine = [shape for shape in degrees if shape.geom_type == family]
        frame = gpd.GeoDataFrame(
            {"id": [f"{theme}{n}" for n in range(len(mine))]}, geometry=mine, crs="EPSG:4326"
        )
        found[theme] = make_layer(theme, frame)
    return LayerSet(found)


def _scene(folder: Path, east_m: float, north_m: float) -> Ground:
    """A picture of the town with light of its own, declared `east_m`, `north_m` off."""
    pixel, size = 1.0, int(2 * HALF_M)
    grid = Affine(pixel, 0, -HALF_M, 0, -pixel, HALF_M)
    random = np.random.default_rng(9)
    drawn = rasterize(
        ((shape, float(random.uniform(0.4, 1.0))) for shape in TOWN.geometry.buffer(0.01)),
        out_shape=(size, size), transform=grid, dtype="float32",
    )  # fmt: skip
    picture = np.clip(0.6 * drawn + 0.4 * texture(size, seed=4), 0, 1)
    declared = Affine(pixel, 0, -HALF_M + east_m, 0, -pixel, HALF_M + north_m)
    return write(folder / "scene.tif", picture, declared)


@pytest.mark.parametrize(("east_m", "north_m"), [(0.0, 0.0), (36.0, -58.0)])
def test_a_scene_is_laid_on_the_map(tmp_path: Path, east_m: float, north_m: float) -> None:
    found = against_base(_scene(tmp_path, east_m, north_m), _layers(), reach_m=300)
    assert found.found, found.why_en
    assert np.hypot(found.east_m + east_m, found.north_m + north_m) <= 4.0
    assert found.hint.datum is None


def test_a_shifted_web_map_is_told(tmp_path: Path) -> None:
    lon, lat = from_wgs84([LON], [LAT], "gcj02")
    east, north = ground_crs(CRS).from_wgs84(np.asarray(lon), np.asarray(lat))
    found = against_base(_scene(tmp_path, float(east[0]), float(north[0])), _layers())
    assert found.found
    assert found.hint.datum == "gcj02"


def test_a_picture_of_elsewhere_says_nothing(tmp_path: Path) -> None:
    scene = write(tmp_path / "other.tif", texture(700, seed=12), Affine(1, 0, -350, 0, -1, 350))
    found = against_base(scene, _layers(), reach_m=500)
    assert not found.found
    assert found.why_zh


def test_without_outlines_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="no buildings"):
        against_base(_scene(tmp_path, 0, 0), LayerSet({}))
