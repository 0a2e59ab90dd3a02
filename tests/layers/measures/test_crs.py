"""No metre is measured between undeclared or different systems."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import Point

from layers.errors import CRSMismatchError
from layers.measures import nearest_within, pairs_within

WGS84, CGCS2000, PLANE = "EPSG:4326", "EPSG:4490", "EPSG:4544"


def _here(crs: str | None) -> gpd.GeoSeries:
    return gpd.GeoSeries([Point(109.3, 27.6)], crs=crs)


@pytest.mark.parametrize("measure", [pairs_within, nearest_within])
@pytest.mark.parametrize("systems", [(WGS84, CGCS2000), (PLANE, WGS84), (PLANE, PLANE),
                                     (WGS84, None), (None, None)])  # fmt: skip
def test_anything_but_wgs84_is_refused(measure: object, systems: tuple[str | None, ...]) -> None:
    assert callable(measure)
    with pytest.raises(CRSMismatchError, match=r"Remedy: convert it"):
        measure(*map(_here, systems), 100.0)


def test_wgs84_is_measured() -> None:
    assert pairs_within(_here(WGS84), _here(WGS84), 100.0).metres.tolist() == [0.0]
