"""Walking distances between places: rivers, corners, gates of one school, limits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layers.walking import WalkNetwork, network_error_m, walk_pairs
from tests.layers.walking.maps import Node, at, town


@pytest.fixture
def river(tmp_path: Path) -> WalkNetwork:
    """Two embankments 50 m apart and one bridge a kilometre upstream."""
    nodes: dict[int, Node] = {
        1: (0, 0), 2: (1000, 0), 3: (2000, 0), 4: (0, 50), 5: (1000, 50), 6: (2000, 50),
    }  # fmt: skip
    bridge = {"highway": "footway", "bridge": "yes"}
    return town(tmp_path, nodes, [[1, 2, 3], [4, 5, 6], ([2, 5], bridge)])


def test_across_the_river_is_round_by_the_bridge(river: WalkNetwork) -> None:
    pairs = walk_pairs(river, [at(0, 0)], [at(0, 50)], 5000.0)
    assert pairs.metres == pytest.approx([2050], abs=0.5)


def test_a_shop_across_the_river_is_not_within_two_hundred_metres(river: WalkNetwork) -> None:
    shops = [at(20, 48), at(30, 3)]
    pairs = walk_pairs(river, [at(10, 2)], shops, 200.0)
    assert pairs.target.tolist() == [1]
    assert pairs.metres == pytest.approx([2 + 20 + 3], abs=0.1)


def test_without_a_bridge_there_is_no_walk(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (3000, 0), 4: (0, 50), 5: (3000, 50)}
    network = town(tmp_path, nodes, [[1, 2], [4, 5]])
    assert len(walk_pairs(network, [at(10, 0)], [at(10, 50)], 50_000.0)) == 0


def test_on_the_same_edge_one_walks_along_it(river: WalkNetwork) -> None:
    pairs = walk_pairs(river, [at(100, -5)], [at(160, 7)], 200.0)
    assert pairs.metres == pytest.approx([5 + 60 + 7], abs=0.1)


def test_out_of_a_bent_edge_and_back_in_may_be_shorter(tmp_path: Path) -> None:
    """Both places on one U-shaped edge whose ends a footway joins."""
    nodes: dict[int, Node] = {1: (0, 0), 2: (0, 300), 3: (40, 300), 4: (40, 0)}
    network = town(tmp_path, nodes, [[1, 2, 3, 4], [1, 4]])
    pairs = walk_pairs(network, [at(0, 50)], [at(40, 50)], 1000.0)
    assert pairs.metres == pytest.approx([50 + 40 + 50], abs=0.1)


def test_round_a_loop_the_shorter_way(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-100, 0)}
    network = town(tmp_path, nodes, [[1, 2, 3, 4, 1], [5, 1]])
    pairs = walk_pairs(network, [at(-100, 0)], [at(0, 30), at(30, 0), at(100, 90)], 1000.0)
    assert pairs.metres == pytest.approx([130, 130, 290], abs=0.1)


def test_the_shorter_of_parallel_ways(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (400, 0), 3: (200, 150), 4: (-100, 0), 5: (500, 0)}
    network = town(tmp_path, nodes, [[1, 3, 2], [1, 2], [4, 1], [2, 5]])
    pairs = walk_pairs(network, [at(-100, 0)], [at(500, 0)], 1000.0)
    assert pairs.metres == pytest.approx([600], abs=0.1)


def test_the_reach_is_inclusive_and_counts_the_snaps(river: WalkNetwork) -> None:
    origin, target = [at(100, -10)], [at(200, -20)]
    metres = walk_pairs(river, origin, target, 500.0).metres[0]
    assert metres == pytest.approx(130, abs=0.1)
    assert len(walk_pairs(river, origin, target, metres)) == 1
    assert len(walk_pairs(river, origin, target, metres - 0.001)) == 0


def test_zero_distance(river: WalkNetwork) -> None:
    pairs = walk_pairs(river, [at(100, 0)], [at(100, 0)], 0.1)
    assert pairs.metres == pytest.approx([0], abs=0.02)


def test_pairs_come_sorted_with_their_snaps(river: WalkNetwork) -> None:
    origins = [at(400, -3), at(100, -4), (np.nan, 1.0)]
    targets = [at(150, 5), at(390, 2), at(120, 6), (0.0, 0.0)]
    pairs = walk_pairs(river, origins, targets, 300.0)
    assert list(zip(pairs.origin.tolist(), pairs.target.tolist(), strict=True)) == [
        (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2),
    ]  # fmt: skip
    assert pairs.origin_snap_m == pytest.approx([3, 3, 3, 4, 4, 4], abs=0.1)
    assert pairs.target_snap_m == pytest.approx([5, 2, 6, 5, 2, 6], abs=0.1)


def test_of_the_gates_of_a_school_only_the_nearest(river: WalkNetwork) -> None:
    gates = [at(100, 0), at(300, 0), at(500, 0), at(900, 0)]
    schools = np.array(["east", "east", "west", "west"])
    shops = [at(150, 0), at(280, 0), at(520, 0)]
    pairs = walk_pairs(river, gates, shops, 250.0, groups=schools)
    got = {(schools[o], t): (o, m) for o, t, m in zip(
        pairs.origin.tolist(), pairs.target.tolist(), pairs.metres.tolist(), strict=True)}  # fmt: skip
    assert len(got) == len(pairs) == 5
    assert got["east", 0] == (0, pytest.approx(50, abs=0.1))
    assert got["east", 1] == (1, pytest.approx(20, abs=0.1))
    assert got["east", 2] == (1, pytest.approx(220, abs=0.1))
    assert got["west", 1] == (2, pytest.approx(220, abs=0.1))
    assert got["west", 2] == (2, pytest.approx(20, abs=0.1))


def test_groups_equal_the_least_of_all_pairs(river: WalkNetwork) -> None:
    rng = np.random.default_rng(5)
    gates = np.array([at(*p) for p in rng.uniform((0, -40), (2000, 90), (40, 2))])
    shops = np.array([at(*p) for p in rng.uniform((0, -40), (2000, 90), (90, 2))])
    schools = rng.integers(0, 9, 40)
    every = walk_pairs(river, gates, shops, 700.0)
    grouped = walk_pairs(river, gates, shops, 700.0, groups=schools)
    least: dict[tuple[int, int], float] = {}
    for o, t, m in zip(every.origin, every.target, every.metres, strict=True):
        key = (int(schools[o]), int(t))
        least[key] = min(m, least.get(key, np.inf))
    got = {(int(schools[o]), int(t)): m for o, t, m in zip(
        grouped.origin, grouped.target, grouped.metres, strict=True)}  # fmt: skip
    assert got == pytest.approx(least)


def test_groups_reach_past_fragments(tmp_path: Path) -> None:
    """One gate on a fragment, one on the street: each shop gets the truly nearer gate."""
    nodes: dict[int, Node] = {1: (0, 0), 2: (3000, 0), 3: (500, 60), 4: (900, 60)}
    network = town(tmp_path, nodes, [[1, 2], [3, 4]])
    gates, shops = [at(600, 60), at(1000, 0)], [at(700, 60), at(650, -5), at(950, 0)]
    pairs = walk_pairs(network, gates, shops, 1000.0, groups=[1, 1])
    assert pairs.origin.tolist() == [0, 0, 1]
    assert pairs.target.tolist() == [0, 1, 2]
    assert pairs.metres == pytest.approx([100, 60 + 50 + 5, 50], abs=0.1)


def test_groups_must_fit(river: WalkNetwork) -> None:
    with pytest.raises(ValueError, match="2 origins need 2 groups"):
        walk_pairs(river, [at(0, 0), at(1, 1)], [at(0, 0)], 100.0, groups=[1])


def test_many_pairs_outgrow_the_first_buffer(river: WalkNetwork) -> None:
    places = np.array([at(x, 0) for x in np.linspace(0, 500, 60)])
    assert len(walk_pairs(river, places, places, 1000.0)) == 3600


def test_the_error_of_the_network_grows_with_the_snaps() -> None:
    assert network_error_m(0.0, 0.0) == pytest.approx(3.0)
    assert network_error_m(8.0, 0.0) == pytest.approx(5.0)
    assert network_error_m([0, 30], [0, 40]) == pytest.approx([3.0, np.hypot(3, 25)])
