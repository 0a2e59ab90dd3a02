"""From an OpenStreetMap file to edges: what is cut, what is joined, what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from layers.errors import NetworkError
from layers.walking import WalkNetwork, build_network, walk_pairs
from layers.walking.access import AREA, FERRY
from layers.walking.build import network_from_ways
from layers.walking.osm import UNKNOWN, WayTable
from tests.layers.walking.maps import Node, at, osm_text, town

LINE: dict[int, Node] = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (300, 0)}
LONG: dict[int, Node] = {1: (0, 0), 2: (1000, 0), 3: (2000, 0), 4: (3000, 0)}
"""Too long for a place on one side of a gap to snap to the other."""


def _metres(network: WalkNetwork, a: tuple[float, float], b: tuple[float, float]) -> float:
    pairs = walk_pairs(network, [at(*a)], [at(*b)], 100_000.0)
    return float(pairs.metres[0]) if len(pairs) else float("inf")


def test_edges_run_between_shared_nodes(tmp_path: Path) -> None:
    network = town(tmp_path, LINE | {5: (200, 50)}, [[1, 2, 3, 4], [3, 5]])
    assert len(network.node_lonlat) == 4  # node 2 is only a bend
    assert sorted(np.round(network.edge_m).tolist()) == [50, 100, 200]
    assert network.meta["counts"]["edges"] == 3


def test_lengths_are_geodesic(tmp_path: Path) -> None:
    network = town(tmp_path, {1: (0, 0), 2: (700, 300), 3: (900, -100)}, [[1, 2, 3]])
    line = network.shape_lonlat
    expected = Geod(ellps="WGS84").line_length(line[:, 0], line[:, 1])
    assert network.edge_m == pytest.approx([expected], abs=1e-6)
    assert network.shape_m[-1] == pytest.approx(expected, abs=1e-6)


def test_one_way_streets_are_walked_both_ways(tmp_path: Path) -> None:
    street = {"highway": "residential", "oneway": "yes"}
    network = town(tmp_path, LINE, [([1, 2, 3, 4], street)])
    assert _metres(network, (300, 0), (0, 0)) == pytest.approx(300, abs=0.1)


def test_a_way_is_cut_where_its_node_is_missing(tmp_path: Path) -> None:
    present = {k: v for k, v in LONG.items() if k != 3} | {5: (4000, 0)}
    network = town(tmp_path, present, [[1, 2, 3, 4, 5]])
    assert network.meta["counts"] | {"ways": 1} == network.meta["counts"]
    assert network.meta["counts"]["ways_cut_at_missing_nodes"] == 1
    assert network.meta["counts"]["missing_node_references"] == 1
    assert network.edge_m == pytest.approx([1000, 1000], abs=0.1)
    assert _metres(network, (500, 0), (3500, 0)) == float("inf")


def test_a_node_at_the_end_of_the_world_is_not_walked_to(tmp_path: Path) -> None:
    network = town(tmp_path, LONG | {3: (2_000_000, 0)}, [[1, 2, 3, 4]])
    assert network.edge_m == pytest.approx([1000], abs=0.1)
    assert network.meta["counts"]["impossible_leaps"] == 2


def test_a_lone_node_between_missing_ones_is_dropped(tmp_path: Path) -> None:
    network = town(tmp_path, {2: (100, 0), 4: (300, 0), 5: (400, 0)}, [[1, 2, 3, 4, 5]])
    assert network.edge_m == pytest.approx([100], abs=0.1)


def test_loops_and_parallel_edges_are_kept(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (50, 40), 4: (-60, 60), 5: (-60, -60)}
    network = town(tmp_path, nodes, [[1, 2], [1, 3, 2], [1, 4, 5, 1]])
    ends = [tuple(sorted(pair)) for pair in network.edge_ends.tolist()]
    assert len(ends) == 3
    assert len({pair for pair in ends if pair[0] != pair[1]}) == 1
    assert sum(a == b for a, b in ends) == 1


def test_a_loop_without_a_junction_is_one_edge(tmp_path: Path) -> None:
    network = town(tmp_path, {1: (0, 0), 2: (100, 0), 3: (0, 100)}, [[1, 2, 3, 1]])
    assert network.edge_ends.tolist() == [[0, 0]]
    assert _metres(network, (10, 0), (0, 10)) == pytest.approx(20, abs=0.1)


def test_a_way_that_crosses_itself_is_split_there(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (150, 50), 4: (100, 100), 5: (100, -100)}
    network = town(tmp_path, nodes, [[1, 2, 3, 4, 2, 5]])
    assert _metres(network, (0, 0), (100, -100)) == pytest.approx(200, abs=0.1)


def test_a_node_drawn_twice_makes_no_edge(tmp_path: Path) -> None:
    network = town(tmp_path, LINE, [[1, 2, 2, 3]])
    assert network.edge_m == pytest.approx([200], abs=0.1)


@pytest.mark.parametrize("barrier", ["wall", "fence", "hedge"])
def test_a_closed_barrier_parts_the_way(tmp_path: Path, barrier: str) -> None:
    nodes = LONG | {2: (1000, 0, {"barrier": barrier})}
    network = town(tmp_path, nodes, [[1, 2, 3, 4]])
    assert _metres(network, (500, 0), (1500, 0)) == float("inf")
    assert network.meta["counts"]["closed_barriers"] == 1


def test_a_closed_barrier_parts_two_ways_that_meet_in_it(tmp_path: Path) -> None:
    nodes = LONG | {2: (1000, 0, {"barrier": "gate", "access": "private"})}
    network = town(tmp_path, nodes, [[1, 2], [2, 3, 4]])
    assert _metres(network, (500, 0), (1500, 0)) == float("inf")


@pytest.mark.parametrize("barrier", ["gate", "bollard", "lift_gate", "cycle_barrier", "stile"])
def test_an_open_barrier_does_not(tmp_path: Path, barrier: str) -> None:
    nodes = LINE | {2: (100, 0, {"barrier": barrier})}
    network = town(tmp_path, nodes, [[1, 2, 3, 4]])
    assert _metres(network, (50, 0), (150, 0)) == pytest.approx(100, abs=0.1)


def test_a_barrier_on_a_junction_does_not_close_the_street(tmp_path: Path) -> None:
    nodes: dict[int, Node] = LINE | {
        2: (100, 0, {"barrier": "gate", "access": "private"}),
        5: (100, 50),
    }
    network = town(tmp_path, nodes, [[1, 2, 3, 4], [2, 5]])
    assert _metres(network, (50, 0), (150, 0)) == pytest.approx(100, abs=0.1)
    assert network.meta["counts"]["barriers_on_junctions_left_open"] == 1


def test_a_bridge_over_a_road_does_not_meet_it(tmp_path: Path) -> None:
    nodes = {1: (-500, 0), 2: (500, 0), 3: (0, -500), 4: (0, 500), 5: (500, 500)}
    bridge = {"highway": "footway", "bridge": "yes", "layer": "1"}
    network = town(tmp_path, nodes, [[1, 2], ([3, 4], bridge), [4, 5], [5, 2]])
    assert _metres(network, (-20, 0), (0, 20)) == pytest.approx(2000, abs=1)


def test_the_rings_of_a_square_are_walked_along(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-50, 0), 6: (150, 100)}
    network = town(
        tmp_path, nodes, [([1, 2, 3, 4, 1], {"note": "ring"}), [5, 1], [3, 6]],
        relations=[(9, [(1, "outer")], {"type": "multipolygon", "highway": "pedestrian"})],
    )  # fmt: skip
    assert _metres(network, (-50, 0), (150, 100)) == pytest.approx(300, abs=0.1)
    assert (network.edge_flags & AREA).astype(bool).sum() == 2


def test_a_private_square_is_not_walked_along(tmp_path: Path) -> None:
    square = {"type": "multipolygon", "highway": "pedestrian", "access": "private"}
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 5: (-50, 0)}
    network = town(
        tmp_path, nodes, [([1, 2, 3, 1], {"note": "ring"}), [5, 1]],
        relations=[(9, [(1, "outer")], square)],
    )  # fmt: skip
    assert network.edge_m == pytest.approx([50], abs=0.1)


def test_a_ring_with_tags_of_its_own_is_there_once(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100)}
    network = town(
        tmp_path, nodes, [[1, 2, 3, 1]],
        relations=[(9, [(1, "outer")], {"type": "multipolygon", "highway": "pedestrian"})],
    )  # fmt: skip
    assert len(network.edge_m) == 1


def test_ferries_join_the_network_on_demand(tmp_path: Path) -> None:
    file = tmp_path / "river.osm"
    ways = [(1, [1, 2], {"highway": "footway"}), (2, [2, 3], {"route": "ferry"}),
            (3, [3, 4], {"highway": "footway"})]  # fmt: skip
    file.write_text(osm_text(LONG, ways), encoding="utf-8")
    assert _metres(build_network(file), (0, 0), (3000, 0)) == float("inf")
    aboard = build_network(file, ferries=True)
    assert _metres(aboard, (0, 0), (3000, 0)) == pytest.approx(3000, abs=0.1)
    assert (aboard.edge_flags == FERRY).sum() == 1


def test_the_source_is_written_down(tmp_path: Path) -> None:
    network = town(tmp_path, LINE, [[1, 2, 3, 4]])
    source = network.meta["source"]
    assert source["file"] == "town.osm"
    assert len(source["sha256"]) == 64


def test_components_are_numbered_from_the_longest(tmp_path: Path) -> None:
    nodes = LINE | {5: (0, 500), 6: (50, 500)}
    network = town(tmp_path, nodes, [[5, 6], [1, 2, 3, 4]])
    assert network.component_m == pytest.approx([300, 50], abs=0.1)
    far = network.node_lonlat[:, 1] > at(0, 250)[1]
    assert set(network.node_component[far]) == {1}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.osm", None),
        ("empty.osm", b""),
        ("text.osm", b"not xml at all"),
        ("cut.osm", b"<osm version='0.6'><node id='1' lat='1' lon='1'/><way id="),
        ("noise.osm.pbf", bytes(range(256)) * 8),
        ("picture.png", b"\x89PNG\r\n"),
        ("nothing.osm", b"<osm version='0.6'></osm>"),
        ("houses.osm", (b"<osm version='0.6'><way id='1'><nd ref='1'/>"
         b"<tag k='building' v='yes'/></way></osm>")),
        ("no_nodes.osm", (b"<osm version='0.6'><way id='1'><nd ref='1'/><nd ref='2'/>"
         b"<tag k='highway' v='path'/></way></osm>")),
        ("one_node.osm", (b"<osm version='0.6'><node id='1' lat='1' lon='1'/><way id='1'>"
         b"<nd ref='1'/><nd ref='2'/><tag k='highway' v='path'/></way></osm>")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_file_without_ways_is_refused_with_a_remedy(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(NetworkError, match="Remedy") as caught:
        build_network(file)
    assert name in str(caught.value)


def test_arrays_straight_from_a_table() -> None:
    table = WayTable(
        node=np.array([1, 2, 3, 4]),
        xy=np.array([[0, 0], [10_000, 0], [UNKNOWN, UNKNOWN], [30_000, 0]], dtype=np.int32),
        start=np.array([0, 4]),
        way=np.array([7]),
        flags=np.array([0], dtype=np.uint16),
        closed=np.array([], dtype=np.int64),
    )
    network = network_from_ways(table, {"file": "made up"})
    assert network.edge_way.tolist() == [7]
    assert network.edge_m == pytest.approx([111.319], abs=0.01)
    assert repr(network) == "WalkNetwork(2 nodes, 1 edges, 0.1 km)"
