"""A second opinion on walking distances, made of other parts: networkx, node by node.

Every node and every segment of the file is in the graph, nothing is merged; snapping looks at
all segments in a plane around the place; lengths come from `pyproj.Geod` one by one. Only the
access table is shared, because it is tested on its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osmium
import shapely
from pyproj import Geod, Transformer

from layers.walking.access import KINDS, stops_feet, way_flags

GEOD = Geod(ellps="WGS84")
FRAGMENT_M = 2000.0


@dataclass
class Oracle:
    """Graph of nodes ("n", id, copy), its segments in a plane, and their components."""

    graph: nx.MultiGraph
    segments: list[tuple[Any, Any]]
    project: Transformer

    def __post_init__(self) -> None:
        place = self.graph.nodes
        ends = np.array([[place[u]["at"], place[v]["at"]] for u, v in self.segments])
        plane = np.stack(self.project.transform(ends[..., 0], ends[..., 1]), axis=-1)
        self.lines = np.asarray(shapely.linestrings(plane))
        self.tree = shapely.STRtree(self.lines)
        parts = list(nx.connected_components(self.graph))
        self.part = {node: i for i, nodes in enumerate(parts) for node in nodes}
        length = [0.0] * len(parts)
        for node, _, metres in self.graph.edges(data="m"):
            length[self.part[node]] += metres
        self.fragment = [m < FRAGMENT_M and m < max(length) for m in length]

    def snaps(self, place: tuple[float, float], max_m: float) -> list[tuple[int, float, float]]:
        """(segment, share along it, metres away): the nearest, and beyond a fragment's end."""
        point = shapely.Point(self.project.transform(*place))
        near = self.tree.query(point, predicate="dwithin", distance=max_m * 1.01)
        ranked = sorted((self._measure(place, point, i) for i in near), key=lambda s: s[2])
        ranked = [s for s in ranked if s[2] <= max_m]
        if not ranked or not self._on_fragment(ranked[0]):
            return ranked[:1]
        beyond = [s for s in ranked if not self._on_fragment(s)]
        return ranked[:1] + beyond[:1]

    def _on_fragment(self, snap: tuple[int, float, float]) -> bool:
        return self.fragment[self.part[self.segments[snap[0]][0]]]

    def _measure(
        self, place: tuple[float, float], point: shapely.Point, i: int
    ) -> tuple[int, float, float]:
        share = self.lines[i].project(point, normalized=True) if self.lines[i].length else 0.0
        return int(i), share, _geodesic(place, self.foot(i, share))

    def foot(self, i: int, share: float) -> tuple[float, float]:
        """Longitude and latitude of a place on a segment."""
        (a, b), (c, d) = (self.graph.nodes[node]["at"] for node in self.segments[i])
        return a + share * (c - a), b + share * (d - b)

    def metres(
        self, a: tuple[float, float], b: tuple[float, float], reach: float, max_m: float
    ) -> float:
        """The walk from `a` to `b`, infinite beyond `reach`."""
        starts, ends = self.snaps(a, max_m), self.snaps(b, max_m)
        straight = _geodesic(a, b)
        if starts and ends and straight <= min(starts[0][2], ends[0][2], reach):
            around = starts[0][2] + 1.5 * straight + ends[0][2] + 1e-6  # no rounding decides it
            if self._walk(starts[0], ends[0], around) <= around:
                return straight
        if starts and ends and self._home(starts) == self._home(ends):
            starts, ends = starts[:1], ends[:1]
        best = min((self._walk(s, e, reach) for s in starts for e in ends), default=math.inf)
        return best if best <= reach else math.inf

    def _home(self, snaps: list[tuple[int, float, float]]) -> int:
        return self.part[self.segments[snaps[0][0]][0]]

    def _walk(
        self, start: tuple[int, float, float], end: tuple[int, float, float], reach: float
    ) -> float:
        """Put both places into the graph as nodes and ask networkx."""
        graph = self.graph
        u, v = self.segments[start[0]]
        p, q = self.segments[end[0]]
        foot_a, foot_b = self.foot(*start[:2]), self.foot(*end[:2])
        added = [("a", u, foot_a), ("a", v, foot_a), ("b", p, foot_b), ("b", q, foot_b)]
        for name, node, foot in added:
            graph.add_edge(name, node, m=_geodesic(graph.nodes[node]["at"], foot))
        if {u, v} == {p, q} and start[0] == end[0]:
            graph.add_edge("a", "b", m=_geodesic(foot_a, foot_b))
        try:
            walk = nx.single_source_dijkstra(graph, "a", "b", cutoff=reach, weight="m")[0]
            return float(start[2] + walk + end[2])
        except nx.NetworkXNoPath:
            return math.inf
        finally:
            graph.remove_nodes_from(["a", "b"])


def _geodesic(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2])


def oracle_of(file: Path) -> Oracle:
    """The graph of a file; the plane is that of the UTM zone at its middle."""
    ways, closed = _read(file)
    arms: dict[int, int] = {}
    for nodes in ways:
        for a, b in pairwise(nodes):
            if a and b and a[0] != b[0]:
                arms[a[0]] = arms.get(a[0], 0) + 1
                arms[b[0]] = arms.get(b[0], 0) + 1
    shut = {node for node in closed if arms.get(node, 0) < 3}
    graph, segments, copies = nx.MultiGraph(), [], 0
    for nodes in ways:
        for a, b in pairwise(nodes):
            if not a or not b or a[0] == b[0]:
                continue
            ends = []
            for node, *at in (a, b):
                copies += node in shut
                key = ("n", node, copies if node in shut else 0)
                graph.add_node(key, at=tuple(at))
                ends.append(key)
            graph.add_edge(*ends, m=_geodesic(a[1:], b[1:]))
            segments.append((ends[0], ends[1]))
    lon = np.mean([at[0] for _, at in graph.nodes(data="at")])
    zone = 32601 + math.floor((lon + 180) / 6)
    return Oracle(graph, segments, Transformer.from_crs(4326, zone, always_xy=True))


def _read(file: Path) -> tuple[list[list[Any]], set[int]]:
    rings: set[int] = set()
    closed: set[int] = set()
    ways: list[list[Any]] = []
    things: Any = osmium.FileProcessor(file, osmium.osm.RELATION)
    for relation in things:
        tags = dict(relation.tags)
        if tags.get("type") == "multipolygon" and "highway" in tags and way_flags(tags) is not None:
            rings.update(m.ref for m in relation.members if m.type == "w")
    things = osmium.FileProcessor(file).with_locations()
    for thing in things:
        if thing.is_node() and not len(thing.tags):
            continue
        tags = {t.k: t.v for t in thing.tags}
        if thing.is_node() and stops_feet(tags):
            closed.add(thing.id)
        elif thing.is_way():
            walked = any(key in tags for key in KINDS) and way_flags(tags) is not None
            if walked or thing.id in rings:
                ways.append([_place(node) for node in thing.nodes])
    return ways, closed


def _place(node: Any) -> tuple[int, float, float] | None:
    """Id, longitude and latitude of a node that the file contains."""
    at = node.location
    return (node.ref, at.lon, at.lat) if at.valid() else None
