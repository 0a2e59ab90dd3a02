"""From grid to ground, for any place and turn: the middle, the size and the area agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from rasterio.transform import Affine

from imagery.formats.where import Grid, locate, pixels_are_mercator, read_crs
from layers.datum.ground import ground_crs
from layers.measures import geodesic_area, geodesic_distance

HERE = Path("a.tif")


def zone(lon: float) -> int:
    return 32600 + int((lon + 180) // 6) + 1


@settings(max_examples=60, deadline=None)
@given(
    lon=st.floats(74, 134), lat=st.floats(19, 53), step=st.floats(0.02, 30),
    turn=st.floats(-180, 180), code=st.sampled_from([None, 3857, 3395, 4326, 4490]),
)  # fmt: skip
def test_any_grid(lon: float, lat: float, step: float, turn: float, code: int | None) -> None:
    code = code or zone(lon)
    crs = ground_crs(f"EPSG:{code}")
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
    unit = step if crs.planar else step * 1e-5
    turn = turn if crs.planar else 0.0
    affine = (Affine.translation(x, y) * Affine.rotation(turn) * Affine.scale(unit, -unit)
              * Affine.translation(-150, -100))  # fmt: skip
    ground = locate(HERE, crs, Grid(tuple(affine)[:6], 300, 200))
    assert ground.centre == pytest.approx((lon, lat), abs=1e-6)
    middle = ground.footprint.centroid
    assert geodesic_distance([lon], [lat], [middle.x], [middle.y])[0] < 3 * ground.gsd_m
    area = geodesic_area(ground.footprint)
    assert area <= 300 * 200 * ground.gsd_m**2 * 1.02
    if not pixels_are_mercator(crs) and crs.planar:
        assert ground.gsd_m == pytest.approx(step, rel=2e-3)
        assert area == pytest.approx(300 * 200 * step**2, rel=4e-3)


@settings(max_examples=30, deadline=None)
@given(shift=st.floats(-1.9, -0.1), lat=st.floats(-60, 60, allow_subnormal=False))
def test_the_antimeridian_cuts_and_loses_nothing(shift: float, lat: float) -> None:
    grid = Grid((0.01, 0.0, 180.0 + shift, 0.0, -0.01, lat), 200, 100)
    ground = locate(HERE, ground_crs("EPSG:4326"), grid)
    assert ground.footprint.area == pytest.approx(2.0, rel=1e-6)
    assert ground.footprint.geom_type == "MultiPolygon"
    west, _, east, _ = ground.footprint.bounds
    assert (west, east) == (-180, 180)


@pytest.mark.parametrize(
    ("code", "said"),
    [("3857", True), ("3395", True), ("32648", False), ("4326", False), ("4545", False), ("2154", False)],
)  # fmt: skip
def test_whose_metres_are_longer_than_the_ground(code: str, said: bool) -> None:
    assert pixels_are_mercator(read_crs(code, HERE)) is said
