"""The nearest segment to a point, against brute force."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.measures import geodesic_distance, nearest_segment
from tests.layers.measures import oracle


@given(seed=st.integers(0, 2**32 - 1), lat=st.sampled_from([0.0, 20.0, 49.4, 60.2, -33.0]),
       reach=st.sampled_from([20.0, 100.0, 800.0]))  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_nearest_segments_equal_brute_force(seed: int, lat: float, reach: float) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform([8.69, lat - 0.01], [8.71, lat + 0.01], (15, 2))
    starts = rng.uniform([8.69, lat - 0.01], [8.71, lat + 0.01], (60, 2))
    ends = starts + rng.normal(0.0, 0.001, (60, 2))
    lines = shapely.linestrings(np.stack([starts, ends], axis=1))
    found = nearest_segment(points, starts, ends, reach)
    for n, (lon, lat_) in enumerate(points):
        metres = oracle.distances(lon, lat_, lines)
        if metres.min() > reach + 1e-3:
            assert found.segment[n] == -1
            assert np.isnan([found.metres[n], found.fraction[n]]).all()
            continue
        at = found.segment[n]
        assert found.metres[n] == pytest.approx(metres.min(), abs=1e-3)
        assert metres[at] == pytest.approx(metres.min(), abs=1e-3)
        place = starts[at] + found.fraction[n] * (ends[at] - starts[at])
        assert geodesic_distance(lon, lat_, *place) == pytest.approx(found.metres[n], abs=0.01)


def test_the_ends_are_fraction_nought_and_one() -> None:
    starts, ends = np.array([[8.70, 49.4]]), np.array([[8.71, 49.4]])
    found = nearest_segment(
        np.array([[8.699, 49.4], [8.711, 49.4], [8.705, 49.4]]), starts, ends, 200.0
    )
    assert found.segment.tolist() == [0, 0, 0]
    assert found.fraction == pytest.approx([0.0, 1.0, 0.5], abs=1e-6)
    assert found.metres[:2] == pytest.approx(
        geodesic_distance([8.699, 8.711], 49.4, [8.70, 8.71], 49.4)
    )


def test_segments_without_length_or_without_a_place() -> None:
    starts = np.array([[np.nan, 49.4], [8.70, 49.4], [8.7, 49.4]])
    ends = np.array([[8.71, 49.4], [8.70, 49.4], [8.7, np.inf]])
    found = nearest_segment(np.array([[8.7001, 49.4], [np.nan, 49.4]]), starts, ends, 100.0)
    assert found.segment.tolist() == [1, -1]
    assert found.fraction[0] == 0.0


def test_of_equally_near_ones_the_first_counts() -> None:
    start, end = [[8.7, 49.4]], [[8.71, 49.4]]
    point = np.array([[8.705, 49.401]])
    assert nearest_segment(point, np.repeat(start, 3, 0), np.repeat(end, 3, 0), 200.0).segment == [
        0
    ]


def test_a_segment_across_the_date_line() -> None:
    found = nearest_segment(np.array([[179.9999, 0.001], [-179.9999, 0.001]]),
                            np.array([[179.999, 0.0]]), np.array([[-179.999, 0.0]]), 150.0)  # fmt: skip
    assert found.segment.tolist() == [0, 0]
    assert found.fraction == pytest.approx([0.45, 0.55], abs=1e-4)


def test_nothing_to_find_and_nobody_to_find_it() -> None:
    none = np.empty((0, 2))
    assert nearest_segment(np.array([[8.7, 49.4]]), none, none, 100.0).segment.tolist() == [-1]
    assert (
        nearest_segment(none, np.array([[8.7, 49.4]]), np.array([[8.7, 49.5]]), 100.0).segment.size
        == 0
    )
