"""Clear width: known answers to a centimetre, what must hold for every lane, what is refused."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from imagery.width import clear_width
from layers.errors import ImageryError
from tests.imagery.width.lanes import (
    BOWTIE,
    GATES,
    LANE,
    bent,
    forked,
    known_answers,
    quarter_ring,
    random_lane,
    spiral,
)
from tests.imagery.width.oracle import BOUND_CELLS, raster_width

ANSWERS = known_answers()
CM = 0.01
Shape = TypeVar("Shape", bound=BaseGeometry)
seeds = st.integers(0, 10**6)


@pytest.mark.parametrize("name", ANSWERS)
def test_known_answers(name: str) -> None:
    lane, obstacles, wanted = ANSWERS[name]
    found = clear_width(lane, obstacles, GATES)
    assert found.metres == pytest.approx(wanted, abs=1e-6)
    assert found.gates_known == "drawn"
    if found.metres:
        assert found.bottleneck.length == pytest.approx(wanted, abs=1e-6)
    assert found.scene.inside.buffer(1e-6).covers(found.bottleneck)


@pytest.mark.parametrize("name", ANSWERS)
def test_gates_are_derived_where_none_is_drawn(name: str) -> None:
    lane, obstacles, wanted = ANSWERS[name]
    found = clear_width(lane, obstacles)
    assert found.metres == pytest.approx(wanted, abs=CM)
    assert found.gates_known == "derived"
    assert "gates_derived" in {note.code for note in found.notes}
    assert not any(gate.drawn for gate in found.gates)


@pytest.mark.parametrize(
    ("lane", "wanted"), [(bent(), 4.0), (quarter_ring(), 4.0), (spiral(), 3.99)]
)
@pytest.mark.parametrize("drawn", [True, False])
def test_bent_lanes(lane: tuple[Polygon, list[LineString]], wanted: float, drawn: bool) -> None:
    shape, gates = lane
    found = clear_width(shape, [], gates if drawn else None)
    assert found.metres == pytest.approx(wanted, abs=CM)
    assert found.cross_section_m == pytest.approx(wanted, abs=CM)


def test_the_line_across_what_shuts_a_lane() -> None:
    found = clear_width(LANE, [box(50, 0, 52, 6)], GATES)
    assert found.metres == 0.0
    assert found.bottleneck.length == pytest.approx(6.0)
    assert "blocked" in {note.code for note in found.notes}


def test_a_third_gate() -> None:
    lane, gates = forked()
    found = clear_width(lane, [], gates)
    assert sorted(found.pairs.values()) == pytest.approx([3.0, 3.0, 6.0])
    assert found.metres == pytest.approx(3.0)
    shut = clear_width(lane, [box(48, 20, 51, 22)], gates)
    assert sorted(shut.pairs.values()) == pytest.approx([0.0, 0.0, 6.0], abs=1e-6)


def test_one_gate_makes_a_dead_end() -> None:
    found = clear_width(LANE, [box(40, 0, 44, 2)], GATES[:1])
    assert found.gates_known == "far_end"
    assert found.dead_end
    assert found.metres == pytest.approx(4.0)
    assert [gate.drawn for gate in found.gates].count(True) == 1


def test_gates_drawn_by_hand_snap_to_the_corners() -> None:
    hasty = [LineString([(-0.3, 0.4), (0.2, 5.7)]), LineString([(100.2, -0.3), (99.8, 6.1)])]
    assert clear_width(LANE, [], hasty).metres == pytest.approx(6.0)


def test_a_gate_narrower_than_the_lane_counts() -> None:
    found = clear_width(LANE, [], [LineString([(0, 1), (0, 4.5)]), GATES[1]])
    assert found.metres == pytest.approx(3.5)


def test_the_cross_section_is_told_beside_it() -> None:
    found = clear_width(*_slalom(), GATES)
    assert found.metres == pytest.approx(2 * math.sqrt(2))
    assert found.cross_section_m == pytest.approx(4.0)
    assert found.section is not None
    assert found.section.line.length == pytest.approx(4.0)
    assert found.section.centreline.length == pytest.approx(100.0, abs=0.5)


def _slalom() -> tuple[Polygon, list[Polygon]]:
    lane, obstacles, _ = ANSWERS["slalom, corner to corner"]
    return lane, obstacles  # type: ignore[return-value]


def test_the_interval_follows_the_ends_of_the_gap() -> None:
    walls = clear_width(LANE, [], GATES, outline_error_m=0.3, wall_error_m=0.1)
    assert (walls.low, walls.high) == pytest.approx((5.8, 6.2))
    car = clear_width(LANE, [box(40, 0, 44, 2)], GATES, outline_error_m=0.3, wall_error_m=0.1)
    assert (car.low, car.high) == pytest.approx((3.6, 4.4))
    poles = clear_width(LANE, ANSWERS["two poles"][1], GATES, outline_error_m=0.3, wall_error_m=0.1)
    assert (poles.low, poles.high) == pytest.approx((1.3, 2.1))
    shut = clear_width(LANE, [box(50, 0, 52, 6)], GATES, outline_error_m=0.3)
    assert shut.low == 0.0
    assert shut.high == pytest.approx(0.6)


def test_no_error_given_is_said() -> None:
    assert "no_error" in {note.code for note in clear_width(LANE, [], GATES).notes}
    stated = clear_width(LANE, [], GATES, outline_error_m=0.0)
    assert "no_error" not in {note.code for note in stated.notes}


def test_a_bow_tie_is_mended_and_said() -> None:
    assert "obstacle_repaired" in {note.code for note in clear_width(LANE, [BOWTIE], GATES).notes}


@pytest.mark.parametrize(
    "lane",
    [
        affinity.scale(LANE, 1e-5, 1e-5, origin=(0, 0)),
        Polygon([(0, 0), (100, 6), (100, 0), (0, 6)]),
        MultiPolygon([box(0, 0, 40, 6), box(50, 0, 100, 6)]),
        Polygon(),
        Polygon([(0, 0), (100, 0), (100, math.inf), (0, 6)]),
    ],
    ids=["degrees", "bow-tie", "two pieces", "empty", "infinite"],
)
def test_lanes_that_cannot_be_measured_are_refused(lane: Polygon) -> None:
    with pytest.raises(ImageryError, match="Remedy"):
        clear_width(lane, [])


@pytest.mark.parametrize(
    "gates",
    [
        [LineString([(50, 0), (50, 6)]), GATES[0]],
        [LineString([(0, -20), (0, -14)]), GATES[1]],
        [GATES[0], LineString([(0, 2), (0, 6)])],
        [LineString([(0, 3), (0, 3)]), GATES[1]],
    ],
    ids=["across the middle", "away", "overlapping", "a point"],
)
def test_gates_off_the_edge_are_refused(gates: list[LineString]) -> None:
    with pytest.raises(ImageryError, match="gate"):
        clear_width(LANE, [], gates)


def test_errors_below_zero_are_refused() -> None:
    with pytest.raises(ImageryError, match="negative"):
        clear_width(LANE, [], GATES, outline_error_m=-0.1)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0, 360), st.sampled_from([0.5, 3.0, 1000.0]))
def test_turning_and_scaling_change_nothing_else(seed: int, turn: float, scale: float) -> None:
    lane, cars, gates = random_lane(seed)
    plain = clear_width(lane, cars, gates, sections=False).metres

    def moved(shape: Shape) -> Shape:
        turned = affinity.rotate(shape, turn, origin=(0, 0))
        return affinity.scale(turned, scale, scale, origin=(0, 0))

    other = clear_width(
        moved(lane), list(map(moved, cars)), list(map(moved, gates)), sections=False
    )
    assert other.metres == pytest.approx(plain * scale, rel=1e-6, abs=1e-6 * scale)


@settings(max_examples=25, deadline=None)
@given(seeds, seeds)
def test_another_obstacle_never_widens_a_lane(seed: int, other: int) -> None:
    lane, cars, gates = random_lane(seed)
    more = [*cars, *random_lane(other)[1]]
    before = clear_width(lane, cars, gates, outline_error_m=0.3, sections=False)
    after = clear_width(lane, more, gates, outline_error_m=0.3, sections=False)
    assert after.metres <= before.metres + 1e-9
    assert after.low <= before.low + 1e-9


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_either_way_is_the_same(seed: int) -> None:
    lane, cars, gates = random_lane(seed)
    there = clear_width(lane, cars, gates, sections=False)
    back = clear_width(lane, cars[::-1], gates[::-1], sections=False)
    assert there.metres == pytest.approx(back.metres, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0, 1), st.floats(0, 1))
def test_the_interval_holds_the_width(seed: int, outline: float, wall: float) -> None:
    lane, cars, gates = random_lane(seed)
    found = clear_width(
        lane, cars, gates, outline_error_m=outline, wall_error_m=wall, sections=False
    )
    assert found.low <= found.metres <= found.high
    assert found.high - found.metres <= 2 * max(outline, wall) + 1e-9


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(2, 95), st.floats(0, 5), st.floats(0.3, 6), st.floats(0.3, 3)),
        max_size=8,
    )
)
def test_on_a_straight_lane_the_disc_is_no_wider_than_the_cross_section(
    boxes: list[tuple[float, float, float, float]],
) -> None:
    cars = [box(x, y, x + long, y + wide) for x, y, long, wide in boxes]
    found = clear_width(LANE, cars, GATES)
    assert found.cross_section_m is not None
    assert found.metres <= found.cross_section_m + 1e-6


@pytest.mark.parametrize("seed", range(0, 1000, 100))
def test_a_fine_raster_says_the_same(seed: int) -> None:
    """All thousand: `python -m tests.imagery.width`."""
    lane, cars, gates = random_lane(seed)
    exact = clear_width(lane, cars, gates, sections=False).metres
    assert raster_width(lane, cars, gates, 0.1) == pytest.approx(exact, abs=0.1)


@pytest.mark.parametrize(
    "name", ["slalom, corner to corner", "two poles", "island and car", "shut"]
)
def test_the_raster_knows_the_known_answers(name: str) -> None:
    lane, obstacles, wanted = ANSWERS[name]
    assert isinstance(lane, Polygon)
    assert raster_width(lane, obstacles, GATES, 0.1) == pytest.approx(wanted, abs=BOUND_CELLS * 0.1)


def test_many_obstacles_on_a_long_lane() -> None:
    draw = np.random.default_rng(7)
    spots = np.column_stack([draw.uniform(5, 19_995, 5000), draw.uniform(0, 0.9, 5000)])
    cars = [box(x, y, x + 2, y + 1) for x, y in spots]
    lane = box(0, 0, 20_000, 6)
    gates = [LineString([(0, 0), (0, 6)]), LineString([(20_000, 0), (20_000, 6)])]
    found = clear_width(lane, cars, gates, sections=False)
    assert found.metres == pytest.approx(5 - spots[:, 1].max(), abs=1e-6)
