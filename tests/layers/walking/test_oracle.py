"""Our distances beside an independent computation, on real streets and on random grids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.walking import WalkNetwork, build_network, walk_pairs, walk_paths
from tests.layers.walking.maps import KX, KY, at, osm_text
from tests.layers.walking.oracle import Oracle, oracle_of

GEOD = Geod(ellps="WGS84")
SAME_M = 0.01
TOWNS = {
    "haidian": "osm-cn-beijing-haidian/beijing_haidian_tsinghua_2017.osm.pbf",
    "guixi": "osm-cn-guixi/guixi_jiangxi_2024.osm.pbf",
    "helsinki": "osm-fi-helsinki-centre/helsinki_centre_2019.osm.pbf",
    "heidelberg": "osm-de-heidelberg/heidelberg_ors_test.osm.pbf",
}


def _places(network: WalkNetwork, count: int, rng: np.random.Generator) -> np.ndarray:
    """Places near streets and near each other, as shops and gates are."""
    centre = network.shape_lonlat[rng.integers(len(network.shape_lonlat), size=count // 8 + 1)]
    spread = rng.normal(0, 150 / KY, (count, 2))
    return centre[rng.integers(len(centre), size=count)] + spread


def _compare(network: WalkNetwork, oracle: Oracle, places: np.ndarray, reach: float) -> int:
    """Every pair of the places, both ways of asking; returns how many were within reach."""
    half = len(places) // 2
    origins, targets = places[:half], places[half:]
    pairs = walk_pairs(network, origins, targets, reach)
    ours = np.full((half, len(targets)), np.inf)
    ours[pairs.origin, pairs.target] = pairs.metres
    straight = GEOD.inv(*np.repeat(origins, len(targets), 0).T, *np.tile(targets, (half, 1)).T)[2]
    near = np.argwhere(straight.reshape(half, -1) <= reach)
    for i, j in near:
        theirs = oracle.metres(tuple(origins[i]), tuple(targets[j]), reach, 100.0)
        got = ours[i, j]
        on_the_brink = abs(min(theirs, got) - reach) < SAME_M
        assert got == pytest.approx(theirs, abs=SAME_M) or on_the_brink, (origins[i], targets[j])
    assert len(pairs) <= len(near)
    return len(pairs)


@pytest.mark.shared
@pytest.mark.parametrize(("town", "count"), [("haidian", 80), ("guixi", 80), ("helsinki", 80),
                                             ("heidelberg", 60)])  # fmt: skip
def test_real_streets(shared_data: Path, town: str, count: int) -> None:
    file = shared_data / TOWNS[town]
    network, oracle = build_network(file), oracle_of(file)
    assert network.edge_m.sum() == pytest.approx(
        sum(d["m"] for *_, d in oracle.graph.edges(data=True)), abs=0.01
    )
    found = _compare(network, oracle, _places(network, count, np.random.default_rng(7)), 400.0)
    assert found > 20


@st.composite
def _grids(draw: st.DrawFn) -> tuple[str, list[tuple[float, float]]]:
    """A street grid with streets missing, a bridge, crooked corners, and places around it."""
    size = draw(st.integers(2, 4))
    step = draw(st.sampled_from([60.0, 150.0]))
    jitter = st.floats(-20, 20)
    nodes = {
        1 + row * size + col: (col * step + draw(jitter), row * step + draw(jitter))
        for row in range(size)
        for col in range(size)
    }
    streets = [(n, n + 1) for n in nodes if n % size] + [(n, n + size) for n in nodes
                                                        if n + size in nodes]  # fmt: skip
    kept = draw(st.lists(st.sampled_from(streets), min_size=1, unique=True))
    ways = [(i, list(street), {"highway": "residential"}) for i, street in enumerate(kept, 1)]
    ways.append((900, [1, size * size], {"highway": "footway", "bridge": "yes"}))
    extent = st.floats(-40, (size - 1) * step + 40)
    places = draw(st.lists(st.tuples(extent, extent), min_size=4, max_size=10))
    return osm_text(nodes, ways), places


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_grids(), st.sampled_from([80.0, 300.0, 2000.0]))
def test_random_grids(
    tmp_path_factory: pytest.TempPathFactory,
    grid: tuple[str, list[tuple[float, float]]],
    reach: float,
) -> None:
    text, spots = grid
    file = tmp_path_factory.mktemp("grid") / "grid.osm"
    file.write_text(text, encoding="utf-8")
    network = build_network(file)
    places = np.array([at(*spot) for spot in spots])
    _compare(network, oracle_of(file), places, reach)
    _compare_paths(network, places, reach)


def _compare_paths(network: WalkNetwork, places: np.ndarray, reach: float) -> None:
    half = len(places) // 2
    pairs = walk_pairs(network, places[:half], places[half:], reach)
    walks = walk_paths(network, places[:half][pairs.origin], places[half:][pairs.target], reach)
    for walk, metres in zip(walks, pairs.metres, strict=True):
        assert walk is not None
        assert walk.metres == pytest.approx(metres, abs=1e-6)
        assert GEOD.geometry_length(walk.line) == pytest.approx(metres, abs=0.01)


def test_the_little_maps_measure_what_they_say() -> None:
    """The metres per degree of the test maps are right to a millimetre in a hundred metres."""
    assert GEOD.inv(*at(0, 0), *at(100, 0))[2] == pytest.approx(100, abs=1e-3)
    assert GEOD.inv(*at(0, 0), *at(0, 100))[2] == pytest.approx(100, abs=1e-3)
    assert KX < KY
