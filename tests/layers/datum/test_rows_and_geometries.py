"""Datum per row, and whole geometries."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.datum import from_wgs84, geometry_to_wgs84, rows_to_wgs84, to_wgs84
from layers.errors import DatumError

LON, LAT = np.array([105.48, 105.49, 105.50]), np.array([26.21, 26.22, 26.23])


def test_each_row_has_its_own_datum() -> None:
    names = ["gcj02", "wgs84", "cgcs2000-gk3", "bd09"]
    rows = [from_wgs84(105.48, 26.21, name) for name in names]
    x, y = np.array(rows).T
    lon, lat, problems = rows_to_wgs84(x, y, names)
    assert problems == {}
    assert np.allclose(lon, 105.48, rtol=0, atol=1e-9)
    assert np.allclose(lat, 26.21, rtol=0, atol=1e-9)


def test_a_row_without_a_usable_datum_is_a_problem_not_a_guess() -> None:
    names = ["gcj02", None, "xian80", "", "nonsense", "wgs84", "wgs84"]
    lon, lat, problems = rows_to_wgs84(
        [105.0] * 5 + [26.0, np.nan], [26.0] * 5 + [105.0, 1.0], names
    )
    assert list(problems) == [1, 2, 3, 4, 5]
    assert all(problem.remedy for problem in problems.values())
    assert "Xi'an" in problems[2].problem
    assert list(np.isfinite(lon + lat)) == [True] + [False] * 6


def test_one_bad_row_does_not_spoil_the_others() -> None:
    x, y = from_wgs84(LON, LAT, "cgcs2000-gk3")
    x[1] += 1e6  # the next zone: a valid easting, but see below
    lon, _, problems = rows_to_wgs84(x, y, ["cgcs2000-gk3-105"] * 3)
    assert list(problems) == [1]
    assert "zone 36" in problems[1].problem
    assert np.allclose(lon[[0, 2]], LON[[0, 2]], rtol=0, atol=1e-9)


def test_no_rows_at_all() -> None:
    lon, lat, problems = rows_to_wgs84([], [], [])
    assert lon.size == lat.size == len(problems) == 0
    assert to_wgs84([], [], "gcj02")[0].size == 0


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "cgcs2000-gk3", "cgcs2000"])
def test_geometries_of_every_type_keep_their_index_and_shape(datum: str) -> None:
    ring = [(105.0, 26.0), (105.01, 26.0), (105.01, 26.01)]
    true = gpd.GeoSeries(
        [shapely.Point(105, 26), shapely.LineString(ring), shapely.Polygon(ring), None,
         shapely.MultiPolygon([shapely.Polygon(ring)]), shapely.Point()],
        index=list("fedcba"), crs="EPSG:4326",
    )  # fmt: skip
    moved = shapely.transform(
        true.to_numpy(), lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))
    )
    home = geometry_to_wgs84(gpd.GeoSeries(moved, index=true.index), datum)
    assert list(home.index) == list(true.index)
    assert home.crs == "EPSG:4326"
    assert list(home.geom_type) == list(true.geom_type)
    assert shapely.equals_exact(home.to_numpy(), true.to_numpy(), 1e-9)[[0, 1, 2, 4]].all()
    assert home.iloc[3] is None
    assert home.iloc[5].is_empty


def test_heights_are_dropped_and_bad_vertices_refused() -> None:
    home = geometry_to_wgs84(gpd.GeoSeries([shapely.Point(105, 26, 900)]), "wgs84")
    assert not home.has_z.any()
    with pytest.raises(DatumError, match="no coordinate"):
        geometry_to_wgs84(gpd.GeoSeries([shapely.Point(26, 105)]), "gcj02")
