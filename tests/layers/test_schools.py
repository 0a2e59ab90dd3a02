"""From where schools are measured, and what is said where the data do not tell."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.campus import outlines
from layers.errors import LayerError
from layers.layer import Layer
from layers.measures import geodesic_distance
from layers.schools import (
    BOUNDARY_STEP_M,
    NOTES,
    ORIGINS,
    POINT_U_POINT_M,
    UNKNOWN_U_SOURCE_M,
    MeasuringPoints,
    measuring_points,
    school_class,
)
from layers.themes import SCHOOL_KINDS
from tests.layers.towns import layer, line, point, square

SCHOOLS = layer(
    "school",
    [square(0, 0, 100), square(500, 0, 60), point(1000, 0)],
    kind=["primary", "kindergarten", "middle"],
    u_source_m=[5.0, 5.0, None],
)


def _gates(**columns: list[object]) -> Layer:
    places = [point(50, 0), point(0, 50), point(1010, 0)]
    ids = {"school_id": ["school-1", "school-1", "school-3"]}
    return layer("school_gate", places, **(ids | columns))


def _kinds(points: MeasuringPoints, school: int) -> set[str]:
    return set(points.kind[points.school == school])


def test_every_kind_has_its_class() -> None:
    classes = dict(zip(SCHOOL_KINDS, school_class(SCHOOL_KINDS), strict=True))
    assert classes["special"] == classes["vocational"] == classes["specialised"] == "school"
    assert classes["kindergarten"] == "kindergarten"
    assert classes["university"] == classes["training"] == "out"
    assert classes["unknown"] == "unknown"
    assert list(school_class([None, "no such kind"])) == ["unknown", "unknown"]


def test_any_gate_takes_all_gates_and_says_where_there_are_none() -> None:
    points = measuring_points(SCHOOLS, _gates(), "any_gate")
    assert points.gate_id[points.school == 0].tolist() == ["school_gate-1", "school_gate-2"]
    assert _kinds(points, 1) == {"boundary"}
    assert _kinds(points, 2) == {"gate"}
    assert points.notes == ((), ("no_gates_boundary",), ())
    assert (points.unknown_gate_m[points.kind == "gate"] == 0).all()
    assert points.unknown_gate_m[points.school == 1] == pytest.approx(120, abs=0.1)


def test_every_school_is_measured_from_somewhere_whatever_is_asked() -> None:
    for origin in ORIGINS:
        for gates in (None, _gates(), layer("school_gate", [], school_id=[])):
            points = measuring_points(SCHOOLS, gates, origin, "2026-06-30")
            assert set(points.school) == {0, 1, 2}
            assert (np.diff(points.school) >= 0).all()
            arrays = (points.lonlat, points.u_source_m, points.u_point_m, points.unknown_gate_m)
            assert all(len(array) == len(points) for array in arrays)
            assert all(np.isfinite(array).all() for array in arrays)
            assert {code for codes in points.notes for code in codes} <= set(NOTES)


def test_a_school_that_is_a_point_has_a_large_error() -> None:
    points = measuring_points(SCHOOLS, None, "any_gate")
    row = points.school == 2
    assert points.kind[row].tolist() == ["point"]
    assert points.u_point_m[row].tolist() == [POINT_U_POINT_M]
    assert points.u_source_m[row].tolist() == [UNKNOWN_U_SOURCE_M]
    assert points.notes[2] == ("no_gates_point",)
    assert points.gate_id[row].tolist() == [None]


def test_the_main_gate_alone_counts_where_it_is_known() -> None:
    gates = _gates(role=["side", "main", "main"])
    points = measuring_points(SCHOOLS, gates, "main_gate")
    assert points.gate_id[points.school == 0].tolist() == ["school_gate-2"]
    assert _kinds(points, 0) == {"main_gate"}
    assert points.notes[0] == ()


def test_an_unknown_main_gate_widens_the_band_by_half_the_outline() -> None:
    points = measuring_points(SCHOOLS, _gates(role=[None, "side", None]), "main_gate")
    row = points.school == 0
    assert points.gate_id[row].tolist() == ["school_gate-1"]  # the side gate is surely not it
    assert points.kind[row].tolist() == ["gate"]
    assert points.unknown_gate_m[row] == pytest.approx([200], abs=0.1)
    assert points.notes[0] == ("main_gate_unknown",)


def test_gates_of_a_point_school_widen_it_by_their_spread() -> None:
    gates = layer("school_gate", [point(1000, 0), point(1030, 40)], school_id=["school-3"] * 2)
    points = measuring_points(SCHOOLS, gates, "main_gate")
    assert points.unknown_gate_m[points.school == 2] == pytest.approx([50, 50], abs=0.1)


def test_side_gates_alone_do_not_stand_for_the_main_gate() -> None:
    points = measuring_points(SCHOOLS, _gates(role=["side", "back", "side"]), "main_gate")
    assert _kinds(points, 0) == {"boundary"}
    assert points.notes[0] == ("only_side_gates", "no_gates_boundary")
    assert points.notes[2] == ("only_side_gates", "no_gates_point")


def test_closed_and_later_gates_are_left_out_and_said() -> None:
    gates = _gates(in_use=[False, None, True], opened=[None, "2024-09-01", "2020-01-01"])
    before = measuring_points(SCHOOLS, gates, "any_gate", "2024-08-31")
    assert _kinds(before, 0) == {"boundary"}
    assert before.notes[0] == ("gates_not_in_use", "gates_opened_later", "no_gates_boundary")
    on_the_day = measuring_points(SCHOOLS, gates, "any_gate", "2024-09-01")
    assert on_the_day.gate_id[on_the_day.school == 0].tolist() == ["school_gate-2"]
    undated = measuring_points(SCHOOLS, gates, "any_gate")
    assert undated.notes[0] == ("gates_not_in_use",)


def test_the_boundary_is_measured_as_asked() -> None:
    points = measuring_points(SCHOOLS, _gates(), "boundary")
    assert _kinds(points, 0) == _kinds(points, 1) == {"boundary"}
    assert (points.unknown_gate_m == 0).all()
    assert points.notes == ((), (), ("boundary_unknown",))


def test_gates_of_no_school_in_the_layer_are_counted() -> None:
    gates = layer("school_gate", [point(0, 0), point(5, 5)], school_id=["elsewhere", "school-1"])
    points = measuring_points(SCHOOLS, gates, "any_gate")
    assert points.unlinked == 1
    assert points.gate_id[points.school == 0].tolist() == ["school_gate-2"]


def test_imported_gates_without_a_school_are_linked_by_name_and_place() -> None:
    gates = layer("school_gate", [point(50, -20), point(5000, 0)], name=["正门", None])
    points = measuring_points(SCHOOLS, gates, "main_gate")
    assert points.gate_id[points.school == 0].tolist() == ["school_gate-1"]
    assert _kinds(points, 0) == {"main_gate"}
    assert points.unlinked == 1


def test_a_gate_drawn_as_a_line_has_a_middle_and_two_edges() -> None:
    gates = layer("school_gate", [line((40, 0), (60, 0))], school_id=["school-1"])
    centre = measuring_points(SCHOOLS, gates, "any_gate")
    edges = measuring_points(SCHOOLS, gates, "any_gate", origin_point="nearest_edge")
    assert centre.lonlat[0] == pytest.approx(shapely.get_coordinates(point(50, 0))[0])
    assert edges.gate_id[edges.school == 0].tolist() == ["school_gate-1"] * 2


def test_an_error_of_the_gate_itself_is_kept() -> None:
    gates = _gates(u_point_m=[2.0, None, 15.0], u_source_m=[1.0, None, None])
    points = measuring_points(SCHOOLS, gates, "any_gate")
    assert points.u_point_m[points.kind == "gate"].tolist() == [2.0, 5.0, 15.0]
    assert points.u_source_m[points.kind == "gate"].tolist() == [1.0, 5.0, UNKNOWN_U_SOURCE_M]


def test_another_origin_is_refused() -> None:
    with pytest.raises(LayerError, match="any_gate, main_gate, boundary"):
        measuring_points(SCHOOLS, None, "middle")


def test_samples_lie_on_the_outline_and_close_together() -> None:
    campus = square(0, 0, 100).difference(square(20, 20, 10))
    outline = outlines(layer("school", [campus, point(0, 0)], kind=["primary"] * 2).frame.geometry)
    assert outline.half_m == pytest.approx([200, 0], abs=0.1)  # the hole is no outline
    assert outline.has.tolist() == [True, False]
    school, lonlat = outline.sampled(np.array([0, 1]), BOUNDARY_STEP_M)
    assert set(school) == {0}
    around = np.vstack([lonlat, lonlat[:1]])
    steps = geodesic_distance(*around[:-1].T, *around[1:].T)
    assert steps.max() <= BOUNDARY_STEP_M
    assert len(lonlat) == 4 * 7
    assert shapely.distance(shapely.boundary(campus), shapely.points(lonlat)).max() < 1e-12


def test_campuses_of_several_parts_have_one_outline() -> None:
    both = shapely.MultiPolygon([square(0, 0, 100), square(200, 0, 50)])
    outline = outlines(layer("school", [both], kind=["primary"]).frame.geometry)
    assert outline.half_m == pytest.approx([300], abs=0.1)
