from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.importing.geocodes import AT_LEAST, outside, region_of
from layers.importing.precision import POSITION_KINDS, coarse, kind_of_source


def town(count: int = 400) -> tuple[np.ndarray, np.ndarray]:
    angle = np.arange(count) * 2.399963
    radius = np.sqrt(np.arange(count) / count) * 0.05
    return 105.4 + radius * np.cos(angle), 26.2 + radius * np.sin(angle)


def test_another_city_is_outside_the_edge_of_town_is_not() -> None:
    lon, lat = town()
    lon, lat = np.append(lon, [116.4, 105.46, np.nan]), np.append(lat, [39.9, 26.2, np.nan])
    region = region_of(lon, lat)
    assert region is not None
    assert np.flatnonzero(outside(region, lon, lat)).tolist() == [400]


def test_a_whole_province_has_no_bad_geocodes() -> None:
    lon, lat = town()
    region = region_of(104 + (lon - 105.35) * 50, 25 + (lat - 26.15) * 30)
    assert region is not None
    assert not outside(region, 104 + (lon - 105.35) * 50, 25 + (lat - 26.15) * 30).any()


def test_few_positions_say_nothing() -> None:
    assert region_of(np.full(AT_LEAST - 1, 105.0), np.full(AT_LEAST - 1, 26.0)) is None


@given(st.integers(AT_LEAST, 300))
def test_at_most_a_few_percent_are_ever_doubted(count: int) -> None:
    lon, lat = town(count)
    region = region_of(lon, lat)
    assert region is not None
    assert outside(region, lon, lat).mean() <= 0.04


def test_kinds_of_sources_and_coarse_numbers() -> None:
    assert kind_of_source({"typecode": "typecode"}, has_polygons=False) == "poi"
    assert kind_of_source({}, has_polygons=True) == "digitised"
    assert kind_of_source({}, has_polygons=False) == "unknown"
    assert coarse(np.array([105.481]), np.array([26.2]))
    assert not coarse(np.array([105.4812]), np.array([26.2]))
    assert not coarse(np.array([35548000.0]), np.array([2900000.0]))
    assert all(kind.metres > 0 and kind.zh and kind.en for kind in POSITION_KINDS.values())
