"""GCJ-02, BD-09 and BD-09MC: published vectors, round trips, and what lies outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from layers.datum import from_wgs84, to_wgs84
from layers.datum.bd09mc import bd09_to_bd09mc, bd09mc_to_bd09
from layers.datum.gcj import RECTANGLE

GEOD = Geod(ellps="WGS84")
PLATFORM = ("gcj02", "bd09", "bd09mc")
WEST, SOUTH, EAST, NORTH = RECTANGLE
LON, LAT = st.floats(WEST, EAST), st.floats(SOUTH, NORTH)
MILLIMETRE = 1e-3


def _metres(one: Any, other: Any) -> np.ndarray:
    return np.asarray(GEOD.inv(*np.reshape(one, (2, -1)), *np.reshape(other, (2, -1)))[2])


def _from(lonlat: Any, datum: str) -> Any:
    return from_wgs84(lonlat[0], lonlat[1], datum)


def _to(xy: Any, datum: str) -> Any:
    return to_wgs84(xy[0], xy[1], datum)


def _cities(shared_data: Path) -> dict[str, np.ndarray]:
    file = shared_data / "coord-transform-vectors" / "cities_gcoord_even.json"
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    return {key: np.array([row[key] for row in rows]).T
            for key in ("WGS84", "GCJ02", "BD09", "BD09MC")}  # fmt: skip


@pytest.mark.shared
def test_provider_pairs_agree_as_well_as_the_public_formula_can(shared_data: Path) -> None:
    city = _cities(shared_data)
    shift = _metres(_from(city["WGS84"], "gcj02"), city["GCJ02"])
    assert shift.max() < 1.0
    assert np.median(shift) > 0.5  # not zero: the reason why u_datum_m is not zero either
    back = _metres(_to(city["GCJ02"], "gcj02"), city["WGS84"])
    assert back.max() < 1.0


@pytest.mark.shared
def test_the_second_step_of_baidu_agrees_with_the_vectors(shared_data: Path) -> None:
    city = _cities(shared_data)
    through = _from(_to(city["GCJ02"], "gcj02"), "bd09")
    assert _metres(through, city["BD09"]).max() < 0.02
    home = _from(_to(city["BD09"], "bd09"), "gcj02")
    assert _metres(home, city["GCJ02"]).max() < 0.2
    plane = np.array(bd09_to_bd09mc(*city["BD09"]))
    assert np.abs(plane - city["BD09MC"]).max() < 0.05
    assert _metres(np.array(bd09mc_to_bd09(*city["BD09MC"])), city["BD09"]).max() < 0.05


@pytest.mark.shared
def test_eviltransform_vectors(shared_data: Path) -> None:
    file = shared_data / "coord-transform-vectors" / "eviltransform_cases.json"
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    pairs = [case for case in cases if "in_lon" in case]
    assert len(pairs) == 9
    for case in pairs:
        given_, wanted = (case["in_lon"], case["in_lat"]), (case["out_lon"], case["out_lat"])
        if case["op"] == "WGS84->GCJ02":
            assert np.allclose(from_wgs84(*given_, "gcj02"), wanted, rtol=0, atol=1e-6)
        else:
            assert _metres(to_wgs84(*given_, "gcj02"), wanted).max() < 0.5


@pytest.mark.parametrize("datum", PLATFORM)
@given(lon=LON, lat=LAT)
def test_every_point_of_the_rectangle_survives_a_round_trip(
    datum: str, lon: float, lat: float
) -> None:
    home = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert _metres(np.array(home), (lon, lat)).max() < MILLIMETRE


@pytest.mark.parametrize("datum", PLATFORM)
def test_a_dense_grid_survives_a_round_trip(datum: str) -> None:
    lon, lat = (axis.ravel() for axis in np.meshgrid(
        np.append(np.linspace(WEST, EAST, 241), 105.0), np.append(np.linspace(SOUTH, NORTH, 199), 35.0)
    ))  # fmt: skip
    home = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert _metres(np.array(home), np.array([lon, lat])).max() < MILLIMETRE


@pytest.mark.parametrize("datum", PLATFORM)
@given(lon=st.floats(73, 135), lat=st.floats(18, 54))
def test_the_other_way_round_as_well(datum: str, lon: float, lat: float) -> None:
    x, y = from_wgs84(lon, lat, datum)
    again = from_wgs84(*to_wgs84(x, y, datum), datum)
    assert np.allclose(again, (x, y), rtol=0, atol=1e-9 if datum != "bd09mc" else MILLIMETRE)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize(
    ("lon", "lat"),
    [(-75.16, 39.95), (24.94, 60.17), (71.9, 30.0), (137.9, 30.0), (100.0, 0.5), (100.0, 56.0),
     (0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (-180.0, 45.0), (180.0, 90.0)],
)  # fmt: skip
def test_outside_the_rectangle_and_at_the_poles_nothing_moves(
    datum: str, lon: float, lat: float
) -> None:
    for convert in (to_wgs84, from_wgs84):
        x, y = convert(lon, lat, datum)
        assert (float(x), float(y)) == (lon, lat)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", *PLATFORM, "cgcs2000-gk3", "epsg:32648"])
def test_nan_and_infinity_stay_missing(datum: str) -> None:
    lon = np.array([np.nan, 105.0, np.inf, 105.0, 105.0])
    lat = np.array([26.0, np.nan, 26.0, -np.inf, 26.0])
    for convert in (to_wgs84, from_wgs84):
        x, y = convert(lon[:4], lat[:4], datum)
        assert np.isnan([x, y]).all()
    x, y = from_wgs84(lon, lat, datum)
    assert list(np.isfinite(x + y)) == [False] * 4 + [True]


@pytest.mark.parametrize("datum", PLATFORM)
@given(points=st.lists(st.tuples(LON, LAT), min_size=1, max_size=20))
def test_many_points_at_once_equal_one_at_a_time(
    datum: str, points: list[tuple[float, float]]
) -> None:
    x, y = _from(np.array(points).T, datum)
    lon, lat = to_wgs84(x, y, datum)
    for at, point in enumerate(points):
        # a micrometre of the plane, or a tenth of a millimetre of degrees: the last bits differ
        # because processors take sines of many numbers at once by another way
        within = 1e-6 if datum == "bd09mc" else 1e-9
        assert np.allclose(from_wgs84(*point, datum), (x[at], y[at]), rtol=0, atol=within)
        assert np.allclose(to_wgs84(x[at], y[at], datum), (lon[at], lat[at]), rtol=0, atol=1e-9)


def test_shapes_are_kept_and_inputs_are_not_touched() -> None:
    lon, lat = np.full((2, 3), 105.48), np.full((2, 3), 26.21)
    x, y = from_wgs84(lon, lat, "gcj02")
    assert x.shape == y.shape == (2, 3)
    assert [*np.unique(lon), *np.unique(lat)] == [105.48, 26.21]
    assert np.shape(to_wgs84(105.48, 26.21, "gcj02")[0]) == ()


def test_the_shift_is_of_the_size_it_is_known_for() -> None:
    beijing, urumqi = (116.397, 39.909), (87.617, 43.825)
    for place, metres in ((beijing, 556), (urumqi, 265)):
        moved = np.array(from_wgs84(*place, "gcj02"))
        assert abs(_metres(moved, place)[0] - metres) < 25


@given(lon=st.floats(-180, 180), lat=st.floats(-74, 74))
def test_baidu_metres_round_trip_all_over_their_plane(lon: float, lat: float) -> None:
    x, y = bd09mc_to_bd09(*bd09_to_bd09mc(np.array([lon]), np.array([lat])))
    assert abs(x[0] - lon) * 111_320 < MILLIMETRE
    assert abs(y[0] - lat) * 111_320 < MILLIMETRE


@pytest.mark.parametrize("edge", [15.0, 30.0, 45.0, 60.0])
def test_baidu_metres_do_not_mix_their_bands_up(edge: float) -> None:
    lat = edge + np.array([-1e-6, -1e-9, 0.0, 1e-9, 1e-6])
    lon = np.full(5, 105.0)
    home = bd09mc_to_bd09(*bd09_to_bd09mc(np.append(lon, lon), np.append(lat, -lat)))[1]
    assert np.abs(home - np.append(lat, -lat)).max() * 111_320 < MILLIMETRE


def test_baidu_metres_end_at_74_degrees() -> None:
    assert np.isnan(from_wgs84([0.0, 0.0], [90.0, -75.0], "bd09mc")).all()
