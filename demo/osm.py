"""The drawn county as an OpenStreetMap file: nodes shared at junctions, ways, tags, no metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import shapely
from shapely import LineString, Point, Polygon

from demo.frame import to_lonlat
from demo.shapes import Array
from demo.world import Campus, Gate, Tags, World

MAPPED = ("osm", "closed")
_ROLE_WORDS = {"main": "正门", "side": "侧门", "back": "后门"}
_ROAD_TAGS = {"service": {"service": "driveway"}, "primary": {"lanes": "4", "sidewalk": "both"},
              "secondary": {"lanes": "2", "sidewalk": "both"}}  # fmt: skip


@dataclass
class OsmFile:
    """Nodes by place and ways in the order they were added; ids count from 1."""

    nodes: dict[tuple[float, float], int] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: list[tuple[list[int], Tags]] = field(default_factory=list)

    def way(self, plane: Array, tags: Tags, *, closed: bool = False) -> int:
        """Add a way through points of the plane; returns its id."""
        refs = [self._node(place) for place in _places(plane)]
        refs = [ref for n, ref in enumerate(refs) if n == 0 or ref != refs[n - 1]]
        if closed and refs[0] != refs[-1]:
            refs.append(refs[0])
        self.ways.append((refs, tags))
        return len(self.ways)

    def node(self, point: tuple[float, float], tags: Tags) -> int:
        """Add tags to the node at a point of the plane; returns its id."""
        number = self._node(_places(np.array([point]))[0])
        self.node_tags.setdefault(number, {}).update(tags)
        return number

    def _node(self, place: tuple[float, float]) -> int:
        return self.nodes.setdefault(place, len(self.nodes) + 1)

    def write(self, path: Path) -> None:
        """Write the file (.osm.pbf): nodes, then ways, by id, without any metadata."""
        with osmium.SimpleWriter(str(path)) as writer:
            for place, number in self.nodes.items():
                tags = self.node_tags.get(number, {})
                writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tags))
            for number, (refs, tags) in enumerate(self.ways, 1):
                writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))


def _places(plane: Array) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in to_lonlat(plane).tolist()]


def draw_osm(world: World) -> tuple[OsmFile, dict[str, str]]:
    """The OSM file of a world, and the layer id (`w…`) of every campus by its school's name."""
    file = OsmFile()
    for street in world.streets:
        tags = {"highway": street.kind, **_ROAD_TAGS.get(street.kind, {}), **street.tags}
        if street.name:
            tags["name"] = street.name
        file.way(shapely.get_coordinates(street.line), tags)
    ids = {campus.name: f"w{_campus(file, campus)}" for campus in world.campuses}
    for way in world.ways:
        file.way(way.points, {k: v for k, v in way.tags.items() if v}, closed=way.closed)
    for node in world.nodes:
        file.node(node.point, {k: v for k, v in node.tags.items() if v})
    return file, ids


def _campus(file: OsmFile, campus: Campus) -> int:
    """Outline, wall and the gates that mappers know; returns the outline's id."""
    mapped = [gate for gate in campus.gates if gate.source in MAPPED]
    ring = with_gates(campus.outline, (gate.point for gate in mapped))
    number = file.way(ring, campus.tags, closed=True)
    file.way(ring, {"barrier": "wall"}, closed=True)
    for gate in mapped:
        file.node(gate.point, _gate_tags(campus, gate))
    return number


def _gate_tags(campus: Campus, gate: Gate) -> Tags:
    tags = {"barrier": "gate", "name": gate_name(campus, gate)}
    tags |= {"entrance": "main"} if gate.role == "main" else {}
    return tags | ({"locked": "yes"} if gate.source == "closed" else {})


def gate_name(campus: Campus, gate: Gate) -> str:
    """What a gate is called: 云溪小学正门, 鼓楼小学西侧门."""
    words = _ROLE_WORDS[gate.role]
    side = gate.label[0] if gate.role != "main" else ""
    return f"{campus.name}{side}{words}"


def with_gates(outline: Polygon, gates: Iterable[tuple[float, float]]) -> Array:
    """The outline's ring with every gate as a vertex, (n, 2) plane metres, closed."""
    rim = LineString(outline.exterior)
    stops = [(rim.project(Point(p)), (p[0], p[1])) for p in rim.coords[:-1]]
    stops += [(rim.project(Point(gate)), gate) for gate in gates]
    ring = [place for _, place in sorted(stops)]
    return np.array([*ring, ring[0]])
