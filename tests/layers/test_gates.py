"""Gates find their school by place and by name, and their points by shape."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.errors import LayerError
from layers.gates import (
    DIGITISED_U_POINT_M,
    NAMED_U_POINT_M,
    gate_points,
    gates_from_names,
    gates_near_schools,
    is_gate,
    link_gates,
)
from tests.layers.towns import layer, line, point, square

SCHOOLS = layer(
    "school",
    [square(0, 0, 100), square(300, 0, 100), square(-50, -50, 600), point(900, 0)],
    name=["云溪小学", "云溪中学", "云溪大学", "青石小学"],
    kind=["primary", "middle", "university", "primary"],
)


def test_a_gate_on_the_outline_belongs_to_the_campus() -> None:
    candidates = layer("school_gate", [point(50, -8), point(50, 50), point(50, 108), point(350, 3)])
    found = gates_near_schools(candidates, SCHOOLS)
    assert found.frame[["id", "school_id"]].to_numpy().tolist() == [
        ["school_gate-1", "school-1"],
        ["school_gate-3", "school-1"],
        ["school_gate-4", "school-2"],
    ]
    assert set(found.frame["u_point_m"]) == {DIGITISED_U_POINT_M}
    assert "3 of 4" in found.provenance[0].transform


def test_where_outlines_meet_the_school_wins_over_the_university_and_the_small_over_the_large() -> (
    None
):
    schools = layer(
        "school",
        [square(0, 0, 500), square(0, 0, 100), square(0, 0, 50)],
        kind=["university", "primary", "kindergarten"],
    )
    found = gates_near_schools(layer("school_gate", [point(0, 20), point(0, 300)]), schools)
    assert found.frame["school_id"].tolist() == ["school-3", "school-1"]


def test_no_candidates_and_no_schools_are_no_gates() -> None:
    none = layer("school_gate", [])
    assert len(gates_near_schools(none, SCHOOLS)) == 0
    assert len(gates_near_schools(layer("school_gate", [point(0, 0)]), layer("school", []))) == 0
    assert len(gates_from_names(none, SCHOOLS)) == 0
    assert len(link_gates(none, SCHOOLS)) == 0


def test_named_gates_go_to_the_nearest_school_of_their_name() -> None:
    pois = layer(
        "school",
        [point(50, 50), point(450, 0), point(60, -40), point(900, 30), point(440, 5), point(0, 0)],
        name=["云溪小学", "云溪小学", "云溪小学(东门)", "青石小学(正门)", "云溪小学南门", None],
        kind=["primary"] * 6,
    )
    found = gates_from_names(pois)
    assert found.theme.name == "school_gate"
    assert found.frame[["id", "school_id", "role"]].to_numpy().tolist() == [
        ["school-3", "school-1", "unknown"],
        ["school-5", "school-2", "unknown"],
    ]
    assert set(found.frame["u_point_m"]) == {NAMED_U_POINT_M}
    assert "2 of 3" in found.provenance[0].transform


def test_the_same_name_wins_over_a_nearer_abbreviation() -> None:
    schools = layer(
        "school", [point(0, 0), point(300, 0)], name=["云溪县实验小学", "实验小学"],
        kind=["primary"] * 2,
    )  # fmt: skip
    pois = layer("school_gate", [point(20, 0)], name=["实验小学(东门)"])
    assert gates_from_names(pois, schools).frame["school_id"].tolist() == ["school-2"]


def test_hand_drawn_gates_keep_what_they_say_and_find_the_rest() -> None:
    drawn = layer(
        "school_gate",
        [
            point(5000, 0),
            point(50, -20),
            point(50, -35),
            point(95, 10),
            point(895, 0),
            point(50, 0),
        ],
        name=[None, "正门", None, "青石小学(东门)", "青石小学(东门)", None],
        school_id=["school-2", None, None, None, None, "no such school"],
        role=["side", None, None, None, None, None],
    )
    found = link_gates(drawn, SCHOOLS)
    assert found.frame[["id", "school_id", "role"]].to_numpy().tolist() == [
        ["school_gate-1", "school-2", "side"],
        ["school_gate-2", "school-1", "main"],
        ["school_gate-3", "school-3", "unknown"],  # 15 m from the university's outline
        ["school_gate-5", "school-4", "unknown"],
    ]  # the fourth is named after a school that is not near, the last is of an unknown one
    assert found.frame["u_point_m"].tolist() == [5.0, 5.0, 5.0, 15.0]


def test_a_measured_point_error_is_kept() -> None:
    drawn = layer("school_gate", [point(50, 0), point(20, 0)], u_point_m=[0.5, None])
    assert link_gates(drawn, SCHOOLS).frame["u_point_m"].tolist() == [0.5, DIGITISED_U_POINT_M]


def test_names_of_gates_are_told_from_other_names() -> None:
    names = SCHOOLS.frame["name"].replace({"云溪大学": "云溪大学西门", "青石小学": None})
    assert is_gate(names).tolist() == [False, False, True, False]


def test_a_line_gate_has_a_centre_and_two_edges() -> None:
    shapes = [point(1, 0), line((0, 0), (3, 0), (10, 0)), shapely.MultiLineString(
        [line((0, 5), (4, 5)), line((4, 5), (8, 5))])]  # fmt: skip
    gates = layer("school_gate", shapes, school_id=["a"] * 3)
    row, centre = gate_points(gates)
    assert row.tolist() == [0, 1, 2]
    assert centre == pytest.approx(_lonlat(point(1, 0), point(5, 0), point(4, 5)), abs=1e-9)
    row, edges = gate_points(gates, "nearest_edge")
    assert row.tolist() == [0, 1, 1, 2, 2]
    wanted = _lonlat(point(1, 0), point(0, 0), point(10, 0), point(0, 5), point(8, 5))
    assert edges == pytest.approx(wanted, abs=1e-9)


def test_only_points_and_only_lines_have_edges_too() -> None:
    points = layer("school_gate", [point(1, 0)], school_id=["a"])
    lines = layer("school_gate", [line((0, 0), (2, 0))], school_id=["a"])
    assert gate_points(points, "nearest_edge")[0].tolist() == [0]
    assert gate_points(lines, "nearest_edge")[0].tolist() == [0, 0]
    assert len(gate_points(layer("school_gate", []))[0]) == 0


def test_a_gate_has_no_other_point() -> None:
    with pytest.raises(LayerError, match="centre or nearest_edge"):
        gate_points(layer("school_gate", [point(0, 0)]), "corner")  # type: ignore[arg-type]


def _lonlat(*points: shapely.Point) -> np.ndarray:
    return gpd.GeoSeries(points).get_coordinates().to_numpy()
