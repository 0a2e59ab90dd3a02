"""Our walks beside the routes that known engines publish in their own tests, on the same files.

What is compared, and how honest it is:

- openrouteservice, `ors-api/…/apitests/routing/ResultTest.java` on its `heidelberg.test.pbf`
  (here `osm-de-heidelberg`); GraphHopper, `GraphHopperTest`, `RoutingAlgorithmWithOSMTest`,
  `RouteResourceCustomModelTest` on its `north-bayreuth.osm.gz` (here `osm-de-north-bayreuth`)
  and `OSMConditionalRestrictionsTest`; OSRM, `features/testbot/distance.feature`.
- Engines do not count the way from the place to the network: only `Walk.network_m` is compared.
- Both Java engines measure on a sphere of 6371 km; at 50° north this makes east-west stretches
  0.3 % shorter than they are. So the *same path* is measured both ways: on their sphere it must
  equal the published figure to 1 m; the geodesic figure of record may differ by those 0.3 %.
- `SAME_PATH` are requests where the engine's route is also the shortest walk: "shortest" by
  wheelchair without a binding restriction, and short car, lorry or bicycle routes along streets
  that people walk on as well. There is one published foot route by preference
  (`FOOT_RECOMMENDED`): with the engine's published preferences put on our edges it comes out,
  and our shortest walk is 5.6 m (0.3 %) shorter.
- `OTHER_PATH` are requests whose route people would not walk: the engine was told to avoid
  something, prefers another way or may not use the footway. The shortest walk must not be longer.
"""

from __future__ import annotations

import heapq
from pathlib import Path

import numpy as np
import osmium
import pytest

from layers.walking import Walk, WalkNetwork, build_network, snap, walk_paths
from tests.layers.walking.maps import Node, at, town

HEIDELBERG = "osm-de-heidelberg/heidelberg_ors_test.osm.pbf"
BAYREUTH = "osm-de-north-bayreuth/north_bayreuth_2014.osm.pbf"
SPHERE_M = 6_371_000.0

# data, longitude, latitude, longitude, latitude, published metres, engine: test
SAME_PATH = [
    (HEIDELBERG, 8.708605, 49.410688, 8.709844, 49.411160, 129.6, "ors: wheelchair width"),
    (HEIDELBERG, 8.670290, 49.418041, 8.667490, 49.418376, 230.5, "ors: wheelchair incline"),
    (HEIDELBERG, 8.686388, 49.412449, 8.690858, 49.413009, 359.0, "ors: wheelchair surface"),
    (HEIDELBERG, 8.676730, 49.421513, 8.678545, 49.421117, 172.1, "ors: wheelchair smoothness"),
    (HEIDELBERG, 8.668277, 49.377836, 8.664753, 49.376104, 382.1, "ors: wheelchair unsuitable"),
    (HEIDELBERG, 8.672016, 49.382663, 8.667426, 49.380285, 494.0, "ors: lorry delivery"),
    (HEIDELBERG, 8.688941, 49.427668, 8.691315, 49.425962, 376.5, "ors: lorry height"),
    (HEIDELBERG, 8.692256, 49.405005, 8.689971, 49.405326, 169.2, "ors: car country"),
    (HEIDELBERG, 8.685870, 49.402674, 8.687364, 49.402713, 108.0, "ors: car border"),
    (HEIDELBERG, 8.685046, 49.402673, 8.687557, 49.402715, 181.5, "ors: car crossing"),
    (HEIDELBERG, 8.6928696, 49.4115257, 8.6923596, 49.4134954, 222.1, "ors: lorry traffic"),
    (HEIDELBERG, 8.645178, 49.399496, 8.646015, 49.400899, 230.2, "ors: car access"),
    (HEIDELBERG, 8.689993, 49.399208, 8.692824, 49.406562, 850.2, "ors: car speed"),
    (HEIDELBERG, 8.696237, 49.37186, 8.693427, 49.367914, 497.5, "ors: car maxspeed"),
    (BAYREUTH, 11.58199, 50.0141, 11.5865, 50.0095, 661.0, "gh: car, bike"),
    (BAYREUTH, 11.545768, 50.020137, 11.545728, 50.020115, 4.0, "gh: bike against one-way"),
    (BAYREUTH, 11.506151, 49.985272, 11.507202, 49.986107, 122.0, "gh: car"),
    (BAYREUTH, 11.490669, 50.009504, 11.496162, 50.024726, 1807.0, "gh: car"),
]
# the same, and our shortest walk after the published figure
OTHER_PATH = [
    (HEIDELBERG, 8.670290, 49.418041, 8.667490, 49.418376, 284.0, 231.1, "ors: no incline at all"),
    (HEIDELBERG, 8.681125, 49.403070, 8.681434, 49.402991, 74.1, 70.4, "ors: kerbs up to 31 cm"),
    (HEIDELBERG, 8.686388, 49.412449, 8.690858, 49.413009, 380.0, 359.6, "ors: flattened cobbles"),
    (HEIDELBERG, 8.668277, 49.377836, 8.664753, 49.376104, 566.4, 382.8, "ors: only suitable ways"),
    (HEIDELBERG, 8.6639, 49.381199, 8.670702, 49.378978, 749.1, 745.0, "ors: wheelchair preferred"),
    (
        HEIDELBERG,
        8.76121,
        49.417929,
        8.761028,
        49.419332,
        237.0,
        176.7,
        "ors: a lorry, not the path",
    ),
    (
        HEIDELBERG,
        8.676031,
        49.417011,
        8.674965,
        49.419587,
        367.9,
        359.2,
        "ors: a car, not the path",
    ),
    (
        HEIDELBERG,
        8.687863,
        49.413095,
        8.691891,
        49.413319,
        306.6,
        294.9,
        "ors: foot by custom model",
    ),
    (
        BAYREUTH,
        11.515657,
        49.974972,
        11.512299,
        49.991022,
        2365.0,
        2321.8,
        "gh: hike, with the climb",
    ),
    (
        BAYREUTH,
        11.550407,
        49.986111,
        11.555386,
        50.023182,
        5165.0,
        4903.4,
        "gh: foot, with the climb",
    ),
    (
        BAYREUTH,
        11.510496,
        49.987132,
        11.505024,
        50.018839,
        3985.0,
        3975.7,
        "gh: bike, with the climb",
    ),
]
FOOT_RECOMMENDED = (8.676023, 49.416809), (8.696837, 49.411839), 2097.2


@pytest.fixture(scope="module")
def networks(shared_data: Path) -> dict[str, WalkNetwork]:
    return {file: build_network(shared_data / file) for file in (HEIDELBERG, BAYREUTH)}


def _walk(network: WalkNetwork, a: tuple[float, float], b: tuple[float, float]) -> Walk:
    """The walk between the places of the network that are nearest to `a` and `b`."""
    feet = snap(network, [a, b]).lonlat
    walk = walk_paths(network, feet[:1], feet[1:], 10_000.0)[0]
    assert walk is not None
    return walk


def _on_the_sphere(lonlat: np.ndarray) -> np.ndarray:
    """Metres of each step of a line as the engines measure them."""
    lon, lat = np.radians(lonlat).T
    chord = np.sin(np.diff(lat) / 2) ** 2
    chord += np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return np.asarray(2 * SPHERE_M * np.arcsin(np.sqrt(chord)))


@pytest.mark.shared
@pytest.mark.parametrize("row", SAME_PATH, ids=lambda row: f"{row[6]} {row[5]:g} m")
def test_the_same_path_has_the_published_length(
    networks: dict[str, WalkNetwork], row: tuple[str, float, float, float, float, float, str]
) -> None:
    file, *place, published, _ = row
    walk = _walk(networks[file], (place[0], place[1]), (place[2], place[3]))
    first, last = walk.on_network
    sphere = _on_the_sphere(np.array(walk.line.coords)[first : last + 1]).sum()
    assert sphere == pytest.approx(published, abs=1.0)
    assert walk.network_m == pytest.approx(published, abs=1.0, rel=0.0035)


@pytest.mark.shared
@pytest.mark.parametrize("row", OTHER_PATH, ids=lambda row: f"{row[7]} {row[5]:g} m")
def test_the_shortest_walk_is_shorter_than_a_route_with_other_aims(
    networks: dict[str, WalkNetwork],
    row: tuple[str, float, float, float, float, float, float, str],
) -> None:
    file, *place, published, ours, _ = row
    walk = _walk(networks[file], (place[0], place[1]), (place[2], place[3]))
    assert walk.network_m == pytest.approx(ours, abs=0.1)
    assert walk.network_m < published


@pytest.mark.shared
def test_the_preferred_walk_of_openrouteservice(
    networks: dict[str, WalkNetwork], shared_data: Path
) -> None:
    a, b, published = FOOT_RECOMMENDED
    network = networks[HEIDELBERG]
    priority = _priorities(shared_data / HEIDELBERG)
    weight = 1 / (0.5 + np.array([priority[way] for way in network.edge_way]) / 7)
    assert _preferred_m(network, a, b, weight) == pytest.approx(published, abs=1.0)
    shortest = _walk(network, a, b)
    assert shortest.network_m == pytest.approx(published, abs=2.0)


def _preferred_m(
    network: WalkNetwork, a: tuple[float, float], b: tuple[float, float], weight: np.ndarray
) -> float:
    """Metres on the engine's sphere of the cheapest way, metres times `weight` being its cost."""
    step = np.r_[0.0, _on_the_sphere(network.shape_lonlat)]
    step[network.shape_start[:-1]] = 0.0
    metres = np.add.reduceat(step, network.shape_start[:-1])
    snaps = snap(network, [a, b])
    edges, share = snaps.edge, snaps.offset_m / network.edge_m[snaps.edge]
    ends = {int(node): (1 - s if side else s) * metres[edges[1]]
            for s, side in ((share[1], 0), (share[1], 1))
            for node in [network.edge_ends[edges[1], side]]}  # fmt: skip
    heap = [
        ((1 - share[0] if side else share[0]) * metres[edges[0]] * weight[edges[0]],
         (1 - share[0] if side else share[0]) * metres[edges[0]],
         int(network.edge_ends[edges[0], side]))
        for side in (0, 1)
    ]  # fmt: skip
    settled: set[int] = set()
    while heap:
        cost, walked, node = heapq.heappop(heap)
        if node == -1:
            return float(walked)
        if node in settled:
            continue
        settled.add(node)
        if node in ends:
            last = ends[node]
            heapq.heappush(heap, (cost + last * weight[edges[1]], walked + last, -1))
        for arc in range(network.indptr[node], network.indptr[node + 1]):
            edge = network.arc_edge[arc]
            more = metres[edge]
            to = int(network.arc_to[arc])
            heapq.heappush(heap, (cost + more * weight[edge], walked + more, to))
    raise AssertionError("no way")


def _priorities(file: Path) -> dict[int, int]:
    """Way id → preference 0 … 7, as openrouteservice's `FootFlagEncoder` describes it."""
    keys = osmium.filter.KeyFilter("highway", "railway", "man_made", "public_transport")
    ways = osmium.FileProcessor(file, osmium.osm.WAY).with_filter(keys)
    rings = osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(keys)
    found = {way.id: _priority(dict(way.tags)) for way in ways}
    for ring in rings:
        for member in ring.members:  # type: ignore[union-attr]
            found.setdefault(member.ref, _priority(dict(ring.tags)))
    return found


def _priority(tags: dict[str, str]) -> int:
    """The strongest of the engine's rules: preferred 5, unchanged 4, avoided 3, 2 and 1."""
    highway, sidewalk = tags.get("highway"), tags.get("sidewalk")
    paved = sidewalk in {"yes", "both", "left", "right"}
    speed = int(tags["maxspeed"]) if tags.get("maxspeed", "").isdigit() else 0
    if tags.get("foot") == "designated":
        return 5
    if highway in {"trunk", "trunk_link", "primary", "primary_link"} and not paved:
        return 1
    if not paved and (speed > 50 or (highway or "").startswith(("secondary", "tertiary"))):
        return 2
    if tags.get("bicycle") in {"official", "designated"}:
        return 3
    quiet = "footway path steps pedestrian living_street track residential service corridor"
    if highway in quiet.split() or 0 < speed <= 20:
        return 5 if tags.get("tunnel") not in {"yes", "designated", "permissive"} else 4
    return 4


def test_graphhoppers_foot_route_past_a_climbing_path(tmp_path: Path) -> None:
    """`OSMConditionalRestrictionsTest`: 32 m on foot. Coordinates © OpenStreetMap contributors."""
    nodes = {
        1: (50.9090514, 14.2136617), 2: (50.9090934, 14.2136261), 3: (50.9091538, 14.2135938),
        4: (50.9092285, 14.2135257), 5: (50.9091357, 14.2138865), 6: (50.9090765, 14.2140474),
    }  # fmt: skip
    lines = [f'<node id="{n}" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in nodes.items()]
    for way, refs in ((1, (1, 2, 3, 4)), (2, (2, 5, 6))):
        inside = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(
            f'<way id="{way}">{inside}<tag k="highway" v="path"/>'
            '<tag k="access" v="destination"/></way>'
        )
    file = tmp_path / "path.osm"
    file.write_text(f'<osm version="0.6">{"".join(lines)}</osm>', encoding="utf-8")
    walk = _walk(build_network(file), (14.213924, 50.909136), (14.213549, 50.90918))
    assert walk.network_m == pytest.approx(32, abs=1.0)


@pytest.mark.parametrize(
    ("grid", "rows", "end", "published"),
    [
        (100, ["ab"], "b", 100), (100, ["e.", "dc", "ab"], "d", 300),
        (100, [".e", "cd", "ba"], "d", 300), (1000, ["ab", ".c"], "c", 2000),
        (10, ["ab", "dc", "ef", "hg"], "h", 70), (10, ["adeh", "bcfg"], "h", 70),
        (7, ["abst", "dcrq", "efop", "hgnm", "ijkl"], "t", 133),
    ],
)  # fmt: skip
def test_osrms_drawings(
    tmp_path: Path, grid: float, rows: list[str], end: str, published: float
) -> None:
    """One way through the letters in their order, from `a`; OSRM allows itself 2 m, we 0.1 m."""
    nodes: dict[int, Node] = {
        ord(letter): (col * grid, -row * grid)
        for row, line in enumerate(rows)
        for col, letter in enumerate(line)
        if letter != "."
    }
    network = town(tmp_path, nodes, [sorted(nodes)])
    start, stop = nodes[ord("a")], nodes[ord(end)]
    walk = _walk(network, at(*start[:2]), at(*stop[:2]))
    assert walk.metres == pytest.approx(published, abs=0.1, rel=0.001)
