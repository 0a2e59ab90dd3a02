"""From places to edges: nearest point, limits, fragments."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from layers.walking import WalkNetwork, build_network, snap, walk_pairs
from layers.walking.snap import candidates
from tests.layers.walking.maps import Node, at, town

STREET: dict[int, Node] = {1: (0, 0), 2: (1000, 0), 3: (1000, 1000)}


def test_to_the_edge_not_to_its_end(tmp_path: Path) -> None:
    snaps = snap(town(tmp_path, STREET, [[1, 2, 3]]), [at(400, 30)])
    assert snaps.edge.tolist() == [0]
    assert snaps.snap_m == pytest.approx([30], abs=0.01)
    assert snaps.offset_m == pytest.approx([400], abs=0.01)
    assert snaps.lonlat[0] == pytest.approx(at(400, 0), abs=1e-7)


def test_beyond_a_bend_the_offset_counts_both_stretches(tmp_path: Path) -> None:
    snaps = snap(town(tmp_path, STREET, [[1, 2, 3]]), [at(980, 700)])
    assert snaps.offset_m == pytest.approx([1700], abs=0.2)
    assert snaps.snap_m == pytest.approx([20], abs=0.05)


def test_past_the_end_of_a_dead_end(tmp_path: Path) -> None:
    snaps = snap(town(tmp_path, STREET, [[1, 2]]), [at(-30, 40)])
    assert snaps.snap_m == pytest.approx([50], abs=0.01)
    assert snaps.offset_m == pytest.approx([0], abs=0.01)


@pytest.mark.parametrize(("away", "limit", "found"), [
    (99.9, 100, True), (100.1, 100, False), (5, 4, False), (450, 500, True), (0, 1, True),
])  # fmt: skip
def test_the_limit(tmp_path: Path, away: float, limit: float, found: bool) -> None:
    snaps = snap(town(tmp_path, STREET, [[1, 2]]), [at(500, away)], limit)
    assert (snaps.edge >= 0).tolist() == [found]
    assert np.isnan(snaps.snap_m).tolist() == [not found]


@pytest.mark.parametrize("place", [
    (np.nan, 30.0), (105.0, np.nan), (np.inf, 30.0), (105.0, 91.0), (200.0, 30.0), (0.0, 0.0),
    (-105.0, 30.0), (105.0, -30.0), (105.0, 90.0),
])  # fmt: skip
def test_places_off_the_map_snap_to_nothing(tmp_path: Path, place: tuple[float, float]) -> None:
    snaps = snap(town(tmp_path, STREET, [[1, 2]]), [place, at(10, 0)])
    assert snaps.edge.tolist() == [-1, 0]
    assert np.isnan(snaps.lonlat[0]).all()


def test_no_places(tmp_path: Path) -> None:
    network = town(tmp_path, STREET, [[1, 2]])
    assert snap(network, []).edge.tolist() == []
    assert len(walk_pairs(network, [], [at(0, 0)], 100.0)) == 0
    assert len(walk_pairs(network, [at(0, 0)], [], 100.0)) == 0


@pytest.mark.parametrize("latitude", [0.0, 20.0, 50.0, -33.0, 69.0])
def test_lengths_hold_at_every_latitude(tmp_path: Path, latitude: float) -> None:
    text = (
        f'<osm version="0.6"><node id="1" lat="{latitude}" lon="-70"/>'
        f'<node id="2" lat="{latitude + 0.01}" lon="-69.99"/><way id="1"><nd ref="1"/>'
        '<nd ref="2"/><tag k="highway" v="path"/></way></osm>'
    )
    (tmp_path / "far.osm").write_text(text, encoding="utf-8")
    network = build_network(tmp_path / "far.osm")
    place = np.array([[-69.9955, latitude + 0.005]])
    snaps = snap(network, place)
    line = np.linspace(network.shape_lonlat[0], network.shape_lonlat[1], 200_001)
    metres = Geod(ellps="WGS84").inv(*np.repeat(place, len(line), 0).T, *line.T)[2]
    assert snaps.snap_m[0] == pytest.approx(metres.min(), abs=0.001)


@pytest.mark.shared
def test_a_thousand_places_against_a_tree(shared_data: Path) -> None:
    network = build_network(shared_data / "osm-fi-helsinki-centre/helsinki_centre_2019.osm.pbf")
    rng = np.random.default_rng(3)
    west, south = network.shape_lonlat.min(axis=0)
    east, north = network.shape_lonlat.max(axis=0)
    places = rng.uniform((west, south), (east, north), (1000, 2))
    snaps = snap(network, places)
    plane = Transformer.from_crs(4326, 32635, always_xy=True)
    inside = np.r_[network.shape_edge[1:] == network.shape_edge[:-1], False]
    ends = np.stack([network.shape_lonlat[inside], network.shape_lonlat[1:][inside[:-1]]], axis=1)
    lines = np.asarray(
        shapely.linestrings(np.stack(plane.transform(ends[..., 0], ends[..., 1]), axis=-1))
    )
    points = shapely.points(*plane.transform(*places.T))
    _, metres = shapely.STRtree(lines).query_nearest(
        points, return_distance=True, all_matches=False
    )
    near = metres < 99.9
    assert near.sum() > 500
    assert snaps.snap_m[near] == pytest.approx(metres[near], abs=0.05)  # UTM is 4 cm per 100 m off
    assert (snaps.edge[metres > 100.1] == -1).all()


@pytest.fixture
def fragment(tmp_path: Path) -> WalkNetwork:
    """A long street and, 60 m beside it, a short path that nothing connects."""
    nodes: dict[int, Node] = {1: (0, 0), 2: (3000, 0), 3: (500, 60), 4: (900, 60)}
    return town(tmp_path, nodes, [[1, 2], [3, 4]])


def test_a_fragment_does_not_make_a_place_unreachable(fragment: WalkNetwork) -> None:
    shop, gate = at(700, 65), at(1000, -10)
    assert snap(fragment, [shop]).snap_m == pytest.approx([5], abs=0.01)
    pairs = walk_pairs(fragment, [gate], [shop], 500.0)
    assert pairs.metres == pytest.approx([10 + 300 + 65], abs=0.1)
    assert pairs.target_snap_m == pytest.approx([65], abs=0.1)


def test_both_ways_round(fragment: WalkNetwork) -> None:
    shop, gate = at(700, 65), at(1000, -10)
    back = walk_pairs(fragment, [shop], [gate], 500.0)
    assert back.metres == pytest.approx([375], abs=0.1)
    assert back.origin_snap_m == pytest.approx([65], abs=0.1)


def test_neighbours_on_a_fragment_walk_on_it(fragment: WalkNetwork) -> None:
    pairs = walk_pairs(fragment, [at(550, 60)], [at(850, 60)], 1000.0)
    assert pairs.metres == pytest.approx([300], abs=0.1)
    assert pairs.origin_snap_m == pytest.approx([0], abs=0.01)


def test_two_fragments_meet_over_the_street(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {
        1: (0, 0), 2: (3000, 0), 3: (500, 60), 4: (700, 60), 5: (900, -40), 6: (1200, -40),
    }  # fmt: skip
    network = town(tmp_path, nodes, [[1, 2], [3, 4], [5, 6]])
    pairs = walk_pairs(network, [at(600, 60)], [at(1000, -40)], 1000.0)
    assert pairs.metres == pytest.approx([60 + 400 + 40], abs=0.1)


def test_a_fragment_out_of_reach_of_the_street_stays_alone(tmp_path: Path) -> None:
    nodes: dict[int, Node] = {1: (0, 0), 2: (3000, 0), 3: (500, 150), 4: (900, 150)}
    network = town(tmp_path, nodes, [[1, 2], [3, 4]])
    assert len(walk_pairs(network, [at(1000, 0)], [at(700, 155)], 1000.0)) == 0
    assert candidates(network, [at(700, 155)]).home.tolist() == [-1]


def test_the_second_snap_does_not_depend_on_the_reach(fragment: WalkNetwork) -> None:
    """Round a corner of the fragment is longer than over the street: still the fragment."""
    near = walk_pairs(fragment, [at(510, 60)], [at(890, 60)], 379.0)
    far = walk_pairs(fragment, [at(510, 60)], [at(890, 60)], 381.0)
    assert len(near) == 0
    assert far.metres == pytest.approx([380], abs=0.1)


def test_the_longest_component_is_no_fragment(tmp_path: Path) -> None:
    network = town(tmp_path, {1: (0, 0), 2: (50, 0)}, [[1, 2]])
    assert network.is_fragment.tolist() == [False]
