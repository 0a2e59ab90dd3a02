"""What the county consists of before any file is written: ways, nodes, campuses, doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from demo.frame import lay
from demo.shapes import Array
from demo.streets import Street

Tags = dict[str, str]
Shape = TypeVar("Shape", bound=BaseGeometry)
BEND_EVERY_M = 40.0
"""Greatest distance between vertices of what is laid from the board on the plane."""


@dataclass(frozen=True)
class Way:
    """A line or, when `closed`, an outline: (n, 2) metres on the plane, and its OSM tags."""

    points: Array
    tags: Tags
    closed: bool = False

    @cached_property
    def shape(self) -> Polygon | LineString:
        """The outline or the line on the plane."""
        return Polygon(self.points).buffer(0) if self.closed else LineString(self.points)


@dataclass(frozen=True)
class Node:
    """A point on the plane, metres, and its OSM tags."""

    point: tuple[float, float]
    tags: Tags


@dataclass(frozen=True)
class Gate:
    """A school gate on the plane.

    `source` says how it becomes known: `osm`, `drawn` by hand, `poi` (a map service names it),
    `closed` (on the map, locked), `later` (drawn, opens after the run), `none` (nobody knows).
    """

    point: tuple[float, float]
    role: str
    label: str
    source: str


@dataclass(frozen=True)
class Campus:
    """A school: its outline on the plane, metres, and its gates as they stand in the world."""

    name: str
    kind: str
    outline: Polygon
    gates: tuple[Gate, ...]
    tags: Tags = field(default_factory=dict)
    opened: str = ""
    """ISO date on which the school register says it opened; empty where it does not say."""


@dataclass
class World:
    """Everything drawn so far; the parts of the generator add to it."""

    ways: list[Way] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    campuses: list[Campus] = field(default_factory=list)
    doors: list[tuple[float, float]] = field(default_factory=list)
    """Street doors on the plane where a shop can be."""
    streets: list[Street] = field(default_factory=list)
    """Everything people walk on, on the plane, with a shared vertex at every junction."""

    def area(self, outline: Polygon, tags: Tags, *, board: bool = False) -> None:
        """Add an outline (holes are dropped); `board` says it is still on the drawing board."""
        if outline.is_empty or outline.area < 4:
            return
        drawn = on_plane(outline.exterior) if board else outline.exterior
        self.ways.append(Way(shapely.get_coordinates(drawn), tags, closed=True))

    def line(self, line: LineString, tags: Tags, *, board: bool = False) -> None:
        """Add a line; `board` says it is still on the drawing board."""
        drawn = on_plane(line) if board else line
        self.ways.append(Way(shapely.get_coordinates(drawn), tags))

    def node(self, point: tuple[float, float], tags: Tags) -> None:
        """Add a node of the plane."""
        self.nodes.append(Node(point, tags))


def on_plane(geometry: Shape) -> Shape:
    """A geometry of the drawing board, laid on the plane; long edges may bend."""
    return shapely.transform(shapely.segmentize(geometry, BEND_EVERY_M), lay)
