"""The line of a walk: as long as it says, along the streets it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod
from shapely import LineString

from layers.walking import Walk, WalkNetwork, walk_paths
from tests.layers.walking.maps import KX, KY, LAT, LON, Node, at, town

GEOD = Geod(ellps="WGS84")


def _metres(line: LineString) -> list[tuple[float, float]]:
    """The line's points in metres of the little map, rounded."""
    return [
        (round((x - LON) * KX, 1) + 0.0, round((y - LAT) * KY, 1) + 0.0) for x, y in line.coords
    ]


def _walk(network: WalkNetwork, a: tuple[float, float], b: tuple[float, float]) -> Walk:
    walk = walk_paths(network, [at(*a)], [at(*b)], 10_000.0)[0]
    assert walk is not None
    assert GEOD.geometry_length(walk.line) == pytest.approx(walk.metres, abs=0.01)
    assert walk.from_snap_m + walk.network_m + walk.to_snap_m == pytest.approx(walk.metres)
    return walk


@pytest.fixture
def corner(tmp_path: Path) -> WalkNetwork:
    nodes: dict[int, Node] = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (200, 0), 5: (100, 150)}
    steps = {"highway": "steps"}
    return town(tmp_path, nodes, [[1, 2, 4], [2, 3], ([3, 5], steps)])


def test_from_door_to_door_round_a_corner(corner: WalkNetwork) -> None:
    walk = _walk(corner, (20, 5), (95, 60))
    assert _metres(walk.line) == [(20, 5), (20, 0), (100, 0), (100, 60), (95, 60)]
    assert walk.on_network == (1, 3)
    assert walk.ways == (1, 2)
    assert walk.passes == ()
    assert walk.metres == pytest.approx(5 + 80 + 60 + 5, abs=0.1)


def test_the_way_back_is_the_same_line(corner: WalkNetwork) -> None:
    there, back = _walk(corner, (20, 5), (95, 60)), _walk(corner, (95, 60), (20, 5))
    assert back.metres == pytest.approx(there.metres, abs=1e-6)
    assert _metres(back.line) == _metres(there.line)[::-1]
    assert back.ways == there.ways[::-1]


def test_steps_are_said(corner: WalkNetwork) -> None:
    assert _walk(corner, (100, 50), (100, 140)).passes == ("steps",)
    assert _walk(corner, (100, 50), (100, 90)).passes == ()


def test_along_one_edge_in_both_directions(corner: WalkNetwork) -> None:
    assert _metres(_walk(corner, (20, 5), (60, 5)).line) == [(20, 5), (20, 0), (60, 0), (60, 5)]
    assert _metres(_walk(corner, (60, 5), (20, 5)).line) == [(60, 5), (60, 0), (20, 0), (20, 5)]


def test_at_one_place_of_the_network(corner: WalkNetwork) -> None:
    walk = _walk(corner, (50, 10), (50, -10))
    assert walk.network_m == pytest.approx(0, abs=0.01)
    assert walk.metres == pytest.approx(20, abs=0.02)


def test_from_a_place_to_itself(corner: WalkNetwork) -> None:
    walk = _walk(corner, (50, 0), (50, 0))
    assert walk.metres == pytest.approx(0, abs=0.02)
    assert len(walk.line.coords) >= 2


def test_bends_are_followed(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (50, 50), 3: (100, 0), 4: (150, 50), 5: (200, 0)}
    walk = _walk(town(tmp_path, nodes, [[1, 2, 3, 4, 5]]), (0, 0), (200, 0))
    assert _metres(walk.line)[1:-1] == [(0, 0), (50, 50), (100, 0), (150, 50), (200, 0)]


def test_round_a_loop_from_its_neck(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-100, 0)}
    network = town(tmp_path, nodes, [[1, 2, 3, 4, 1], [5, 1]])
    assert _metres(_walk(network, (-50, 0), (0, 60)).line)[1:-1] == [(-50, 0), (0, 0), (0, 60)]
    assert _metres(_walk(network, (60, 0), (-50, 0)).line)[1:-1] == [(60, 0), (0, 0), (-50, 0)]


def test_over_the_bridge(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (500, 0), 3: (500, 50), 4: (0, 50)}
    bridge = {"highway": "footway", "bridge": "yes"}
    walk = _walk(town(tmp_path, nodes, [[1, 2], ([2, 3], bridge), [3, 4]]), (0, 0), (0, 50))
    assert walk.metres == pytest.approx(1050, abs=0.5)
    assert walk.passes == ("bridge",)
    assert walk.ways == (1, 2, 3)


def test_over_the_second_snap_of_a_fragment(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (3000, 0), 3: (500, 60), 4: (900, 60)}
    walk = _walk(town(tmp_path, nodes, [[1, 2], [3, 4]]), (700, 65), (1000, -10))
    assert walk.from_snap_m == pytest.approx(65, abs=0.1)
    assert walk.metres == pytest.approx(375, abs=0.1)


def test_no_walk_is_none(corner: WalkNetwork) -> None:
    walks = walk_paths(
        corner, [at(0, 0), at(0, 0), (np.nan, 0.0)], [at(200, 0), at(0, 500), at(0, 0)], 150.0
    )
    assert walks == [None, None, None]
    assert walk_paths(corner, [], [], 100.0) == []


def test_pairs_must_be_pairs(corner: WalkNetwork) -> None:
    with pytest.raises(ValueError, match="must be pairs"):
        walk_paths(corner, [at(0, 0)], [at(0, 0), at(1, 1)], 100.0)
