"""The oracle's own walking graph: what the county knows of its streets, measured by itself.

Nothing here uses the project's walking network or measures, so that planted distances are an
independent check of them.
"""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import shapely

from demo.frame import metres_between, to_lonlat, to_plane
from demo.shapes import Array, points
from demo.streets import Street

DOUBT_M, SAME_M = 1.5, 2.5
"""A place is in doubt when another street is less than `DOUBT_M` farther than its own, unless the
two points where it would join lie within `SAME_M`."""


class StreetGraph:
    """Streets as a graph of straight pieces between vertices; lengths are geodesic metres."""

    def __init__(self, streets: list[Street]) -> None:
        keys: dict[tuple[float, float], int] = {}
        pieces: dict[tuple[int, int], str] = {}
        for street in streets:
            vertices = to_lonlat(shapely.get_coordinates(street.line)).tolist()
            numbers = [keys.setdefault((lon, lat), len(keys)) for lon, lat in vertices]
            for a, b in pairwise(numbers):
                if a != b:
                    pieces.setdefault((min(a, b), max(a, b)), street.name)
        self.lonlat = np.array(list(keys))
        self.ends = np.array(list(pieces))
        self.names = list(pieces.values())
        self.metres = metres_between(self.lonlat[self.ends[:, 0]], self.lonlat[self.ends[:, 1]])
        plane = to_plane(self.lonlat)
        self._lines = shapely.linestrings(plane[self.ends])
        self._tree = shapely.STRtree(self._lines)
        self._graph = nx.Graph()
        self._graph.add_weighted_edges_from(
            zip(
                self.ends[:, 0].tolist(),
                self.ends[:, 1].tolist(),
                self.metres.tolist(),
                strict=True,
            )
        )

    def join(self, plane: Array) -> Joins:
        """Where places ((n, 2) plane metres) meet the nearest street."""
        places = points(plane)
        piece = np.asarray(self._tree.nearest(places))
        line = self._lines[piece]
        share = shapely.line_locate_point(line, places) / shapely.length(line)
        away = shapely.distance(places, line)
        return Joins(piece, share * self.metres[piece], away, self._doubtful(places, piece, away))

    def feet(self, joins: Joins) -> Array:
        """The points of the streets where places join, (n, 2) plane metres."""
        share = joins.offset_m / self.metres[joins.piece]
        return shapely.get_coordinates(
            shapely.line_interpolate_point(self._lines[joins.piece], share, normalized=True)
        )

    def _doubtful(self, places: Array, piece: Array, away: Array) -> Array:
        near = self._tree.query(places, predicate="dwithin", distance=away + DOUBT_M)
        foot = _feet(self._lines[near[1]], places[near[0]])
        own = _feet(self._lines[piece], places)[near[0]]
        other = np.hypot(*(foot - own).T) > SAME_M
        doubtful = np.zeros(len(places), dtype=bool)
        doubtful[near[0][other]] = True
        return doubtful

    def walks(self, origin: Joins, targets: Joins, reach_m: float) -> Array:
        """Metres from one place to many, both snaps counted; infinite beyond `reach_m`."""
        piece, offset = int(origin.piece[0]), float(origin.offset_m[0])
        a, b = (int(end) for end in self.ends[piece])
        self._graph.add_weighted_edges_from(
            [("origin", a, offset), ("origin", b, self.metres[piece] - offset)]
        )
        found = nx.single_source_dijkstra_path_length(self._graph, "origin", cutoff=reach_m)
        self._graph.remove_node("origin")
        node_m = np.full(len(self.lonlat), np.inf)
        for node, metres in found.items():
            if node != "origin":
                node_m[node] = metres
        start, end = self.ends[targets.piece].T
        along = np.minimum(node_m[start] + targets.offset_m,
                           node_m[end] + self.metres[targets.piece] - targets.offset_m)  # fmt: skip
        same = targets.piece == piece
        along = np.where(same, np.minimum(along, np.abs(targets.offset_m - offset)), along)
        total = along + origin.away_m[0] + targets.away_m
        return np.where(total <= reach_m, total, np.inf)


class Joins:
    """Where places meet the streets: piece, metres along it, metres away, and whether in doubt."""

    def __init__(self, piece: Array, offset_m: Array, away_m: Array, doubtful: Array) -> None:
        self.piece, self.offset_m = piece, offset_m
        self.away_m, self.doubtful = away_m, doubtful

    def __getitem__(self, rows: int | Array) -> Joins:
        parts = (self.piece, self.offset_m, self.away_m, self.doubtful)
        return Joins(*(np.atleast_1d(part[rows]) for part in parts))


def _feet(lines: Array, places: Array) -> Array:
    """Nearest point of each line to its point, (n, 2) plane metres."""
    along = shapely.line_locate_point(lines, places)
    return shapely.get_coordinates(shapely.line_interpolate_point(lines, along))
