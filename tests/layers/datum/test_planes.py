"""Gauss-Krüger zones against PROJ's own definitions, the X = north trap, other EPSG codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from layers.datum import axes_swapped, convert, from_wgs84, parse_datum, to_wgs84
from layers.errors import DatumError

CODES = {
    **{4513 + n: f"cgcs2000-gk3-zone{25 + n}" for n in range(21)},
    **{4534 + n: f"cgcs2000-gk3-{75 + 3 * n}" for n in range(21)},
    **{4491 + n: f"cgcs2000-gk6-zone{13 + n}" for n in range(11)},
    **{4502 + n: f"cgcs2000-gk6-{75 + 6 * n}" for n in range(11)},
}
EAST_NORTH = (35548089.40991611, 2900621.67833082)
"""105.4812, 26.2139 in zone 35."""


@pytest.mark.parametrize(("code", "name"), CODES.items())
def test_every_zone_equals_the_epsg_definition(code: int, name: str) -> None:
    datum = parse_datum(f"epsg:{code}")
    assert datum.name == name
    assert datum.meridian is not None
    lon = datum.meridian + np.array([-1.5, -0.4, 0.0, 1.1, 1.5])
    lat = np.array([3.9, 18.2, 26.2, 39.9, 53.5])
    oracle = Transformer.from_crs("EPSG:4490", f"EPSG:{code}", always_xy=True).transform(lon, lat)
    assert np.allclose(from_wgs84(lon, lat, datum), oracle, rtol=0, atol=1e-4)
    assert np.allclose(to_wgs84(*oracle, datum), (lon, lat), rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["cgcs2000-gk3", "cgcs2000-gk6"])
@given(lon=st.floats(73.6, 135.0), lat=st.floats(17.0, 53.6))
def test_the_zone_in_the_easting_finds_its_own_way(name: str, lon: float, lat: float) -> None:
    x, y = from_wgs84(lon, lat, name)
    home = to_wgs84(x, y, name)
    assert np.allclose(home, (lon, lat), rtol=0, atol=1e-9)
    assert len(str(int(x))) == 8
    assert not axes_swapped(x, y, name)
    assert axes_swapped(y, x, name)
    assert np.allclose(to_wgs84(y, x, name), home, rtol=0, atol=1e-12)


def test_a_border_of_zones_belongs_to_one_of_them() -> None:
    x, _ = from_wgs84([106.4999, 106.5, 106.5001], [26.0] * 3, "cgcs2000-gk3")
    assert [int(value // 1e6) for value in x] == [35, 36, 36]


@pytest.mark.parametrize("name", ["cgcs2000-gk3", "cgcs2000-gk3-zone35", "cgcs2000-gk3-105",
                                  "epsg:4523", "epsg:4544"])  # fmt: skip
def test_exchanged_columns_are_put_right_and_said(name: str) -> None:
    x, y = from_wgs84(105.4812, 26.2139, name)
    straight, crossed = convert(x, y, name), convert(y, x, name)
    assert not straight.swapped
    assert crossed.swapped
    assert straight.lon == crossed.lon == pytest.approx(105.4812, abs=1e-11)


def test_exchange_is_decided_for_the_whole_file() -> None:
    """A point near the equator fits both ways; its neighbours tell which is meant."""
    x, y = from_wgs84([105.1, 105.2, 105.0], [26.0, 26.1, 5.0], "cgcs2000-gk3-105")
    lon, lat = to_wgs84(y, x, "cgcs2000-gk3-105")
    assert np.allclose(lon, [105.1, 105.2, 105.0], rtol=0, atol=1e-9)
    assert np.allclose(lat, [26.0, 26.1, 5.0], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["cgcs2000-gk3-105", "cgcs2000-gk3-zone35"])
def test_a_declared_zone_takes_the_easting_with_and_without_its_number(name: str) -> None:
    east, north = EAST_NORTH
    for value in (east, east - 35e6):
        assert np.allclose(to_wgs84(value, north, name), (105.4812, 26.2139), rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "x", "y", "says"),
    [
        ("cgcs2000-gk3-108", *EAST_NORTH, "carries zone 35"),
        ("cgcs2000-gk6-105", *EAST_NORTH, "carries zone 35"),
        ("cgcs2000-gk3", 548089.41, 2900621.7, "no zone number"),
        ("cgcs2000-gk3", 105.4812, 26.2139, "look like degrees"),
        ("cgcs2000-gk3", 18548089.41, 2900621.7, "no point of"),
        ("cgcs2000-gk3-105", 548089.41, 9900621.7, "no point of"),
        ("wgs84", 35548089.41, 2900621.7, "no coordinate in WGS 84"),
        ("gcj02", 26.2139, 105.4812, "no coordinate in GCJ-02"),
        ("bd09mc", 9e7, 3e6, "no coordinate in BD-09MC"),
    ],
)
def test_coordinates_that_do_not_fit_are_named(name: str, x: float, y: float, says: str) -> None:
    with pytest.raises(DatumError, match=says) as wrong:
        to_wgs84([x, np.nan], [y, np.nan], name)
    assert wrong.value.remedy
    assert "coordinate 1" in wrong.value.problem


def test_degrees_the_wrong_way_round_get_that_remedy() -> None:
    with pytest.raises(DatumError, match="exchanged"):
        to_wgs84(26.2, 105.5, "wgs84")
    with pytest.raises(DatumError, match="metres"):
        to_wgs84(548089.0, 2900621.0, "gcj02")
    with pytest.raises(DatumError, match="no coordinate"):
        from_wgs84(105.0, 91.0, "gcj02")


def test_outside_the_zones_of_china_there_is_no_zone() -> None:
    lon, lat = [-75.0, 180.0, -180.0, 0.0, 105.0], [39.0, 90.0, -90.0, 0.0, 26.0]
    x, _ = from_wgs84(lon, lat, "cgcs2000-gk3")
    assert list(np.isfinite(x)) == [False] * 4 + [True]


@pytest.mark.parametrize(("code", "lon", "lat"), [(32650, 117.2, 28.3), (3857, 105.4, 26.2),
                                                   (2272, -75.16, 39.95), (6316, 20.5, 44.8)])  # fmt: skip
def test_other_codes_go_through_proj(code: int, lon: float, lat: float) -> None:
    name = f"epsg:{code}"
    oracle = Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
    assert np.allclose(from_wgs84(lon, lat, name), oracle, rtol=0, atol=1e-3)
    # PROJ's own round trip through a datum shift is good to a centimetre
    assert np.allclose(to_wgs84(*oracle, name), (lon, lat), rtol=0, atol=2e-7)


def test_exchanged_columns_of_another_plane_are_told_by_its_area_of_use() -> None:
    x, y = from_wgs84(117.2, 28.3, "epsg:32650")
    assert axes_swapped(y, x, "epsg:32650")
    assert np.allclose(to_wgs84(y, x, "epsg:32650"), (117.2, 28.3), rtol=0, atol=1e-9)
    x, y = from_wgs84(105.48, 26.21, "bd09mc")
    assert np.allclose(to_wgs84(y, x, "bd09mc"), (105.48, 26.21), rtol=0, atol=1e-9)


def test_lengths_that_differ_are_an_error() -> None:
    with pytest.raises(DatumError, match="2 x coordinates but 1 y"):
        to_wgs84([1.0, 2.0], [3.0], "wgs84")
