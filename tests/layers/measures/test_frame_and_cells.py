"""The local frame against the geodesic, and the cells against plain comparison of boxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.measures.cells import index_cells, ranges
from layers.measures.frame import RADIAN, frame_at, from_frame, to_frame, wrapped
from tests.layers.measures.oracle import GEOD


@pytest.mark.parametrize(
    ("metres", "error"), [(50.0, 1e-7), (200.0, 1e-6), (1_000.0, 1e-5), (5_000.0, 1e-3)]
)
@given(lat=st.floats(-66, 66), azimuth=st.floats(0, 360))
def test_the_frame_is_the_geodesic_azimuth_and_distance(
    metres: float, error: float, lat: float, azimuth: float
) -> None:
    lon_1, lat_1, _ = GEOD.fwd(100.0, lat, azimuth, metres)
    frame = frame_at(np.array([lat]))
    east, north = np.array([(lon_1 - 100.0) * RADIAN]), np.array([(lat_1 - lat) * RADIAN])
    x, y = to_frame(east, north, frame)
    assert abs(np.hypot(x, y)[0] - metres) < error
    turn = azimuth * RADIAN
    assert np.hypot(x[0] - metres * np.sin(turn), y[0] - metres * np.cos(turn)) < 2 * error
    back = from_frame(x, y, frame)
    assert np.allclose(back, (east, north), rtol=0, atol=1e-15)


@given(st.lists(st.floats(-540, 540), min_size=1))
def test_longitudes_wrap_the_short_way_round(values: list[float]) -> None:
    degrees = np.array(values)
    short = wrapped(degrees)
    assert np.abs(short).max() <= 180.0 + 1e-9
    assert np.allclose(np.cos((degrees - short) * RADIAN), 1.0)


def test_nothing_changes_where_nothing_needs_wrapping() -> None:
    degrees = np.array([-180.0, 0.0, 180.0, 12.3])
    assert wrapped(degrees) is degrees


@given(seed=st.integers(0, 2**32 - 1), spread=st.sampled_from([0.01, 1.0, 30.0]))
@settings(max_examples=30, deadline=None)
def test_every_point_near_a_box_finds_it(seed: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    middle = rng.uniform([-179.9, -60], [179.9, 60])
    low = middle + rng.uniform(-spread, spread, (30, 2)) / 2
    box = np.hstack([low, low + rng.exponential(spread / 20, (30, 2))])
    lon, lat = (
        wrapped(rng.uniform(-spread, spread, 80) + middle[0]),
        middle[1] + rng.uniform(-spread, spread, 80),
    )
    reach = 500.0
    point, found = index_cells(box, reach).near(lon, lat)
    assert (np.diff(point) >= 0).all()
    pairs = set(zip(point.tolist(), found.tolist(), strict=True))
    left = wrapped(box[:, 0] - lon[:, None])
    east = np.maximum(np.maximum(left, box[:, 0] - box[:, 2] - left), 0.0) * np.cos(
        lat[:, None] * RADIAN
    )
    north = np.maximum(np.maximum(box[:, 1] - lat[:, None], lat[:, None] - box[:, 3]), 0.0)
    for p, b in np.argwhere(np.hypot(east, north) * 111_700.0 < reach * 0.9).tolist():
        assert (p, b) in pairs


def test_a_cell_round_a_far_outlier_stays_findable() -> None:
    box = np.array(
        [[116.4, 39.9, 116.401, 39.901], [0.0, 0.0, 0.0, 0.0], [-170.0, -80.0, 170.0, 80.0]]
    )
    cells = index_cells(box, 100.0)
    point, found = cells.near(np.array([116.4005, 0.0, 100.0]), np.array([39.9005, 0.0005, 79.0]))
    pairs = set(zip(point.tolist(), found.tolist(), strict=True))
    assert {(0, 0), (0, 2), (1, 1), (1, 2), (2, 2)} <= pairs
    assert len(cells.boxes) < 50_000


def test_no_boxes_no_pairs() -> None:
    point, found = index_cells(np.empty((0, 4)), 10.0).near(np.array([1.0]), np.array([2.0]))
    assert point.size == found.size == 0


def test_ranges_one_after_another() -> None:
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ranges(np.empty(0, int), np.empty(0, int)).tolist() == []
