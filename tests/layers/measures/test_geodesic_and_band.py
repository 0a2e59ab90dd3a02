"""Lengths and areas of record, and the error band."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import LayerError
from layers.measures import error_band, geodesic_area, geodesic_distance, geodesic_length

METRES = st.floats(0, 1_000)


def test_a_quarter_of_the_meridian_and_a_degree_of_the_equator() -> None:
    assert geodesic_distance(0, 0, 0, 90) == pytest.approx(10_001_965.729, abs=0.001)
    assert geodesic_distance(179.5, 0, -179.5, 0) == pytest.approx(111_319.491, abs=0.001)


def test_missing_coordinates_have_no_distance() -> None:
    metres = geodesic_distance([0.0, np.nan, 0.0], [0.0, 0.0, np.inf], 1.0, 0.0)
    assert np.isfinite(metres).tolist() == [True, False, False]


def test_length_of_a_line_of_a_ring_and_of_nothing() -> None:
    line = shapely.LineString([(0, 0), (1, 0), (1, 1)])
    parts = geodesic_distance([0, 1], [0, 0], [1, 1], [0, 1])
    assert geodesic_length(line) == pytest.approx(parts.sum())
    assert geodesic_length(shapely.Point(1, 1)) == 0.0
    assert geodesic_length(shapely.LineString()) == 0.0


def test_area_ignores_the_direction_and_subtracts_holes() -> None:
    square = shapely.box(116.40, 39.90, 116.41, 39.91)
    hole = shapely.box(116.402, 39.902, 116.404, 39.904)
    whole, inner = geodesic_area(square), geodesic_area(hole)
    assert whole == pytest.approx(854.75 * 1_110.36, rel=1e-3)
    for shell in (square.exterior, square.exterior.reverse()):
        for ring in (hole.exterior, hole.exterior.reverse()):
            assert geodesic_area(shapely.Polygon(shell, [ring])) == pytest.approx(whole - inner)
    both = shapely.MultiPolygon([square, shapely.box(1, 1, 1.01, 1.01)])
    assert geodesic_area(both) == pytest.approx(whole + geodesic_area(both.geoms[1]))
    assert geodesic_area(shapely.Polygon()) == geodesic_area(shapely.Point(1, 1)) == 0.0


@given(source=METRES, datum=METRES, point=METRES, network=METRES, gate=METRES)
def test_the_band_is_the_root_of_the_squares_and_the_gate_is_one_sided(
    source: float, datum: float, point: float, network: float, gate: float
) -> None:
    band = error_band(source=source, datum=datum, point=point, network=network, unknown_gate=gate)
    assert band.minus == pytest.approx(math.hypot(source, datum, point, network))
    assert band.plus == pytest.approx(band.minus + gate)
    assert band.largest == band.plus
    low, high = band.interval(500.0)
    assert 0.0 <= low <= 500.0 <= high
    assert band.parts == {"source": source, "datum": datum, "point": point, "network": network,
                          "unknown_gate": gate}  # fmt: skip


def test_an_interval_ends_at_nought() -> None:
    assert error_band(source=5, datum=0, point=0).interval(3.0) == (0.0, 8.0)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
@pytest.mark.parametrize("part", ["source", "datum", "point", "network", "unknown_gate"])
def test_an_unknown_error_is_not_a_small_one(part: str, bad: float) -> None:
    with pytest.raises(LayerError, match=part):
        error_band(**({"source": 1.0, "datum": 1.0, "point": 1.0} | {part: bad}))
