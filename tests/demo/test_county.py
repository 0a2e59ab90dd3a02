"""The drawn county: a town one can walk through, with two bridges and forty schools."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest
import shapely

from demo.campuses import ESTATE_KINDERGARTEN
from demo.country import river
from demo.graph import StreetGraph
from demo.scene import Play, stage
from demo.shapes import points
from demo.shops import KINDS
from demo.survey import KNOWN
from layers.schools import school_class


@pytest.fixture(scope="module")
def graph(play: Play) -> StreetGraph:
    return StreetGraph(play.county.world.streets)


def test_forty_schools_and_six_hundred_shops(play: Play) -> None:
    campuses = play.county.world.campuses
    classes = Counter(school_class([campus.kind for campus in campuses]).tolist())
    assert classes == {"school": 27, "kindergarten": 13}
    assert len({campus.name for campus in campuses}) == 40
    assert len(play.shops) == 600 == sum(kind.count for kind in KINDS.values())
    assert len({shop.name for shop in play.shops}) == 600
    assert len(set(play.ids)) == 600


def test_some_schools_have_no_known_gate_and_some_several(play: Play) -> None:
    known = [sum(g.source in KNOWN for g in c.gates) for c in play.county.world.campuses]
    assert known.count(0) >= 3
    assert max(known) >= 3
    sources = {gate.source for campus in play.county.world.campuses for gate in campus.gates}
    assert sources == {"osm", "drawn", "poi", "closed", "later", "none"}


def test_gates_stand_on_their_campus(play: Play) -> None:
    for campus in play.county.world.campuses:
        for gate in campus.gates:
            away = campus.outline.exterior.distance(shapely.Point(gate.point))
            assert away < 2.0, (campus.name, gate.label, away)


def test_one_can_walk_everywhere(graph: StreetGraph) -> None:
    network = nx.Graph(graph.ends.tolist())
    assert nx.is_connected(network)
    assert graph.metres.min() > 0


def test_the_river_is_crossed_on_two_bridges_only(play: Play) -> None:
    water = river().buffer(-3)
    crossing = [s for s in play.county.world.streets if s.line.crosses(water)]
    assert {s.tags.get("bridge:name") for s in crossing} == {"云溪大桥", "虹桥"}
    assert len(crossing) == 2


def test_houses_stand_neither_on_streets_nor_in_the_river(play: Play) -> None:
    world = play.county.world
    houses = [shapely.Polygon(w.points) for w in world.ways if "building" in w.tags]
    assert len(houses) > 8000
    tree = shapely.STRtree(houses)
    lines = [s.line for s in world.streets if s.kind != "footway"]
    assert tree.query(lines, predicate="intersects").size == 0
    assert tree.query(river(), predicate="intersects").size == 0


def test_townships_tile_the_county(play: Play) -> None:
    tiles, outline = play.county.townships, play.county.outline
    assert len(tiles) == 7
    assert all(tile.is_valid for tile in tiles)
    assert sum(tile.area for tile in tiles) == pytest.approx(outline.area, rel=1e-9)
    assert shapely.union_all(tiles).symmetric_difference(outline).area < 1.0


def test_shops_stand_at_doors_of_their_own(play: Play) -> None:
    doors = [shop.door for shop in play.shops if shop.door >= 0]
    assert len(set(doors)) == len(doors)
    places = play.scene.seen.places[doors]
    tree = shapely.STRtree(points(places))
    near = tree.query(points(places), predicate="dwithin", distance=8.9)
    assert (near[0] == near[1]).all()


def test_the_estate_wall_lies_between_the_kindergarten_and_the_street(play: Play) -> None:
    n = play.scene.column(ESTATE_KINDERGARTEN)
    close = play.scene.seen.straight[:, n] < 48
    assert close.any()
    assert (play.scene.seen.walk[close, n] > 85).all()


@pytest.mark.parametrize("seed", [1, 77])
def test_other_seeds_make_other_counties_with_the_same_play(seed: int, play: Play) -> None:
    other = stage(seed)
    assert len(other.shops) == 600
    assert Counter(s.why for s in other.shops) == Counter(s.why for s in play.shops)
    assert {s.name for s in other.shops} != {s.name for s in play.shops}


def test_nothing_planted_is_in_doubt(play: Play) -> None:
    for shop in play.shops:
        check = KINDS[shop.kind].checks[:1]
        if check and check[0] in play.scene.judged and check[0] != "hotel-near-school":
            assert shop.verdicts[check[0]] < 4, shop.name
    assert np.isfinite(play.scene.seen.straight).all()
