"""The oracle measures right by itself: plane, graph and verdicts against figures done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, Polygon

from demo.frame import CENTRE, lay, metres_between, to_lonlat, to_plane
from demo.graph import StreetGraph
from demo.law import BORDERLINE, DOUBT, INSIDE, OUTSIDE, UNDECIDED, judge, read_rules
from demo.streets import Street, joined
from demo.survey import survey
from demo.world import Campus, Gate

metres = st.floats(-8000, 8000)


@given(st.tuples(metres, metres), st.floats(-400, 400), st.floats(-400, 400))
def test_a_length_on_the_plane_is_a_length_on_the_earth(
    start: tuple[float, float], east: float, north: float
) -> None:
    ends = np.array([start, (start[0] + east, start[1] + north)])
    lonlat = to_lonlat(ends)
    assert metres_between(lonlat[:1], lonlat[1:])[0] == pytest.approx(
        np.hypot(east, north), abs=0.03
    )
    assert to_plane(lonlat) == pytest.approx(ends, abs=0.02)


def test_the_centre_of_the_plane_is_the_centre_of_the_county() -> None:
    assert to_lonlat(np.array([[0.0, 0.0]]))[0] == pytest.approx(CENTRE, abs=1e-7)
    north = to_lonlat(np.array([[0.0, 1000.0]]))[0]
    assert Geod(ellps="WGS84").inv(*CENTRE, *north)[2] == pytest.approx(1000, abs=0.01)


@given(st.floats(-2400, 2400), st.floats(-1900, 1900))
def test_corners_stay_nearly_square(u: float, v: float) -> None:
    corner, east, north = lay(np.array([(u, v), (u + 10, v), (u, v + 10)]))
    a, b = east - corner, north - corner
    cosine = a @ b / (np.hypot(*a) * np.hypot(*b))
    assert abs(cosine) < 0.42
    assert 0.9 < np.hypot(*a) / np.hypot(*b) < 1.1


def _cross() -> list[Street]:
    """Two streets that cross, and a lane that ends 20 m short of the first."""
    return joined([
        Street(LineString([(-300, 0), (300, 0)]), "residential", "甲路"),
        Street(LineString([(0, -200), (0, 200)]), "residential", "乙路"),
        Street(LineString([(0, 100), (150, 100), (150, 20)]), "living_street", "丙巷"),
    ])  # fmt: skip


def test_crossing_streets_share_a_vertex() -> None:
    first, second, lane = _cross()
    assert (0.0, 0.0) in first.line.coords
    assert (0.0, 0.0) in second.line.coords
    assert (0.0, 100.0) in second.line.coords
    assert (0.0, 100.0) in lane.line.coords


def test_a_walk_is_counted_along_the_streets_with_both_snaps() -> None:
    graph = StreetGraph(_cross())
    gate = graph.join(np.array([(100.0, -12.0)]))
    doors = graph.join(np.array([(60.0, 8.0), (8.0, 50.0), (158.0, 30.0), (290.0, -9.0)]))
    walked = graph.walks(gate, doors, 1000)
    by_hand = (12 + 40 + 8, 12 + 100 + 50 + 8, 12 + 100 + 100 + 150 + 70 + 8, 12 + 190 + 9)
    assert walked == pytest.approx(by_hand, abs=0.05)
    assert np.isinf(graph.walks(gate, doors, 300)[2])


def test_the_nearest_of_several_origins_counts() -> None:
    graph = StreetGraph(_cross())
    gates = graph.join(np.array([(100.0, -12.0), (280.0, -5.0)]))
    door = graph.join(np.array([(290.0, -9.0)]))
    assert graph.walks(gates, door, 1000)[0] == pytest.approx(5 + 10 + 9, abs=0.05)
    nobody = graph.join(np.empty((0, 2)))
    assert np.isinf(graph.walks(nobody, door, 1000)[0])


def test_a_place_between_two_streets_is_in_doubt() -> None:
    graph = StreetGraph(_cross())
    joins = graph.join(np.array([(20.0, 20.3), (150.0, -9.0), (0.5, 1.5)]))
    assert joins.doubtful.tolist() == [True, False, False], "at a corner both join at one point"


def _campus(kind: str, source: str = "osm") -> Campus:
    outline = Polygon([(60, -80), (140, -80), (140, -12), (60, -12)])
    return Campus("某校", kind, outline, (Gate((100.0, -12.0), "main", "北门", source),))


def _verdicts(kind: str, check: str, source: str = "osm") -> list[int]:
    """Doors at 60, 99, 150 and 195 m of walk from the gate, along the street."""
    graph = StreetGraph(_cross())
    doors = np.array([(100 + m - 20.0, 8.0) for m in (60, 99, 150, 195)])
    seen = survey(doors, (_campus(kind, source),), graph)
    return [int(v) for v in judge(check, seen, read_rules()).verdict]


def test_verdicts_follow_the_rule_pack() -> None:
    school = _verdicts("primary", "tobacco-near-school")
    assert school == [INSIDE, BORDERLINE, OUTSIDE, OUTSIDE]
    small = _verdicts("kindergarten", "tobacco-near-school")
    assert small == [DOUBT, OUTSIDE, OUTSIDE, OUTSIDE]
    assert _verdicts("primary", "internet-cafe-near-school")[:2] == [INSIDE, INSIDE]
    assert set(_verdicts("special", "internet-cafe-near-school")) == {UNDECIDED}
    assert set(_verdicts("primary", "alcohol-near-school")) == {UNDECIDED}


def test_a_school_without_a_known_gate_is_never_clearly_inside() -> None:
    assert INSIDE not in _verdicts("primary", "tobacco-near-school", "none")
    assert _verdicts("primary", "tobacco-near-school", "none")[0] == BORDERLINE


def test_a_school_that_opens_later_finds_nothing() -> None:
    graph = StreetGraph(_cross())
    campus = _campus("primary")
    later = Campus(campus.name, campus.kind, campus.outline, campus.gates, opened="2026-09-01")
    seen = survey(np.array([(110.0, 8.0)]), (later,), graph)
    assert judge("tobacco-near-school", seen, read_rules()).verdict.tolist() == [OUTSIDE]
