"""Places nearer to each other than to the network walk straight, and say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layers.__main__ import main
from layers.walking import WalkNetwork, network_error_m, walk_pairs, walk_paths
from tests.layers.walking.maps import Node, at, town

SQUARE: dict[int, Node] = {1: (0, 0), 2: (1000, 0), 3: (0, 160), 4: (1000, 160), 5: (1000, 80)}


@pytest.fixture
def square(tmp_path: Path) -> WalkNetwork:
    """Two streets 160 m apart, joined at their far end; nothing drawn in between."""
    return town(tmp_path, SQUARE, [[1, 2, 5, 4, 3]])


def test_on_an_unmapped_square_one_walks_across(square: WalkNetwork) -> None:
    gate, shop = at(100, 60), at(120, 60)
    pairs = walk_pairs(square, [gate], [shop], 200.0)
    assert pairs.metres == pytest.approx([20], abs=0.01)
    assert pairs.origin_snap_m == pytest.approx([20], abs=0.01)
    assert pairs.target_snap_m.tolist() == [0]
    walk = walk_paths(square, [gate], [shop], 200.0)[0]
    assert walk is not None
    assert walk.metres == pytest.approx(pairs.metres[0])
    assert walk.passes == ("direct",)
    assert list(walk.line.coords) == [gate, shop]
    assert walk.from_snap_m + walk.network_m + walk.to_snap_m == pytest.approx(walk.metres)


def test_two_records_of_one_spot_are_no_way_apart(square: WalkNetwork) -> None:
    """Whatever the last digit of a coordinate rounds to: never out to the street and back."""
    places = np.array([at(100 + 7.3 * n, 61.7 + 0.31 * n) for n in range(40)])
    beside = places + np.resize([(1e-14, 0), (0, -1e-13), (3e-12, 3e-12)], places.shape)
    for others in (places, beside):
        pairs = walk_pairs(square, places, others, 2.0)
        assert pairs.origin.tolist() == pairs.target.tolist() == list(range(40))
        assert pairs.metres == pytest.approx(0, abs=1e-3)


def test_not_where_the_street_goes_a_long_way_round(square: WalkNetwork) -> None:
    """Back to back between two streets: a wall or a river is likelier than a passage."""
    pairs = walk_pairs(square, [at(100, 70)], [at(100, 90)], 5000.0)
    assert pairs.metres == pytest.approx([70 + 900 + 160 + 900 + 70], abs=1)


def test_not_when_one_of_them_is_on_the_street(square: WalkNetwork) -> None:
    """The straight 70 m could lead over a river; the street is 5 m away."""
    gate, shop = at(100, 5), at(100, 75)
    pairs = walk_pairs(square, [gate], [shop], 5000.0)
    assert pairs.metres == pytest.approx([5 + 75], abs=0.1)


def test_not_across_from_street_to_street(square: WalkNetwork) -> None:
    pairs = walk_pairs(square, [at(100, 30)], [at(100, 130)], 5000.0)
    assert pairs.metres == pytest.approx([30 + 900 + 160 + 900 + 30], abs=1)


def test_not_beyond_the_reach_nor_off_the_network(square: WalkNetwork) -> None:
    gate, shop = at(100, 60), at(120, 60)
    assert len(walk_pairs(square, [gate], [shop], 19.9)) == 0
    assert walk_paths(square, [gate], [shop], 19.9) == [None]
    assert len(walk_pairs(square, [gate], [shop], 200.0, snap_m=50.0)) == 0
    assert walk_paths(square, [gate], [shop], 200.0, snap_m=50.0) == [None]


def test_the_nearest_gate_may_be_a_direct_one(square: WalkNetwork) -> None:
    gates, shops = [at(150, 0), at(100, 60)], [at(120, 60), at(160, 0)]
    pairs = walk_pairs(square, gates, shops, 300.0, groups=["school", "school"])
    assert list(zip(pairs.origin.tolist(), pairs.target.tolist(), strict=True)) == [(0, 1), (1, 0)]
    assert pairs.metres == pytest.approx([10, 20], abs=0.01)


def test_a_walk_is_never_shorter_than_the_straight_line(square: WalkNetwork) -> None:
    rng = np.random.default_rng(11)
    places = np.array([at(*p) for p in rng.uniform((0, -90), (1000, 250), (60, 2))])
    pairs = walk_pairs(square, places, places, 900.0)
    straight = np.hypot(*((places[pairs.origin] - places[pairs.target]) * (96_486, 110_852)).T)
    assert (pairs.metres > straight - 0.05).all()
    walks = walk_paths(square, places[pairs.origin], places[pairs.target], 900.0)
    assert [w.metres if w else None for w in walks] == pytest.approx(pairs.metres.tolist())
    assert sum("direct" in w.passes for w in walks if w) > 5


def test_the_error_of_a_direct_walk_grows_with_its_length() -> None:
    assert network_error_m(60.0, 0.0) == pytest.approx(np.hypot(3, 30))


def test_the_command_says_so(
    square: WalkNetwork, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    square.save(tmp_path / "layers" / "walking")
    places = [f"{v:.8f}" for p in (at(100, 60), at(120, 60)) for v in p]
    assert main(["walk", "--layers", str(tmp_path / "layers"), *places, "--geojson", "-"]) == 0
    out, err = capsys.readouterr()
    assert "20.0 m straight" in err
    assert '"direct"' in out
