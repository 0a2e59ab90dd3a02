"""Raster systems: what is converted, what is refused, planes and steps that measure metres."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import CRS, Geod

from layers.datum.ground import ground_crs, local_plane, step_m
from layers.errors import DatumError

GLOBE = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("text", "planar", "u_m"),
    [("EPSG:32649", True, 0.0), ("EPSG:4326", False, 0.0), ("EPSG:3857", True, 0.0),
     ("EPSG:3395", True, 0.0), ("EPSG:4545", True, 0.2), ("EPSG:4490", False, 0.2)],
)  # fmt: skip
def test_systems_in_use_are_known_by_code_and_by_text(text: str, planar: bool, u_m: float) -> None:
    for written in (
        text,
        CRS.from_user_input(text).to_wkt(),
        CRS.from_user_input(text).to_wkt("WKT1_GDAL"),
    ):
        found = ground_crs(written)
        assert (found.planar, found.u_datum_m) == (planar, u_m)


@pytest.mark.parametrize("text", ["EPSG:2327", "EPSG:4610", "EPSG:4214", "EPSG:2422", "EPSG:4555", "rubbish", "",
                                  'LOCAL_CS["grid of a town",UNIT["metre",1]]'])  # fmt: skip
def test_what_needs_parameters_is_refused(text: str) -> None:
    with pytest.raises(DatumError, match="Remedy"):
        ground_crs(text)


def test_there_and_back_is_the_same_place() -> None:
    lon, lat = np.array([105.48, 113.1]), np.array([26.2, 36.2])
    for text in ("EPSG:32649", "EPSG:3857", "EPSG:4546", "EPSG:4326"):
        found = ground_crs(text)
        again = found.to_wgs84(*found.from_wgs84(lon, lat))
        assert np.allclose(again, (lon, lat), atol=1e-9)


def test_cgcs2000_is_not_shifted() -> None:
    lon, lat = ground_crs("EPSG:4490").to_wgs84(np.array([105.48]), np.array([26.2]))
    assert (lon[0], lat[0]) == (105.48, 26.2)


def test_impossible_coordinates_are_missing() -> None:
    lon, lat = ground_crs("EPSG:32649").to_wgs84(np.array([np.inf, 1e12]), np.array([0.0, 1e12]))
    assert np.isnan(lon).all()
    assert np.isnan(lat).all()


@pytest.mark.parametrize("lat", [-46.8, 0.5, 36.4, 53.0])
def test_a_local_plane_measures_the_ground(lat: float) -> None:
    plane = ground_crs(local_plane(112.9, lat))
    lon2, lat2, _ = GLOBE.fwd(112.9, lat, 63.0, 700.0)
    x, y = plane.from_wgs84(np.array([112.9, lon2]), np.array([lat, lat2]))
    assert np.hypot(x[1] - x[0], y[1] - y[0]) == pytest.approx(700.0, abs=1e-3)


def test_a_step_is_as_long_as_it_says() -> None:
    lon, lat = step_m(112.9, 36.4, 30.0, -40.0)
    azimuth, _, metres = GLOBE.inv(112.9, 36.4, lon, lat)
    assert metres == pytest.approx(50.0, abs=1e-6)
    assert azimuth == pytest.approx(180 - np.degrees(np.arctan2(30, 40)), abs=1e-6)
