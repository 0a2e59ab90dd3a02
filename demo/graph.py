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

    def walks(self, origins: Joins, targets: Joins, reach_m: float) -> Array:
        """Metres to every target from the nearest of the origins, both snaps counted.

        Infinite beyond `reach_m`, and everywhere when there is no origin.
        """
        if not len(origins.piece):
            return np.full(len(targets.piece), np.inf)
        node_m = self._nodes_from(origins, reach_m)
        start, end = self.ends[targets.piece].T
        total = targets.away_m + np.minimum(
            node_m[start] + targets.offset_m,
            node_m[end] + self.metres[targets.piece] - targets.offset_m,
        )
        for n, piece in enumerate(origins.piece):
            along = np.abs(targets.offset_m - origins.offset_m[n])
            direct = origins.away_m[n] + along + targets.away_m
            total = np.where(targets.piece == piece, np.minimum(total, direct), total)
        return np.where(total <= reach_m, total, np.inf)

    def _nodes_from(self, origins: Joins, reach_m: float) -> Array:
        """Metres to every vertex from the nearest origin, its snap counted."""
        first, last = self.ends[origins.piece].T
        before = origins.away_m + origins.offset_m
        after = origins.away_m + self.metres[origins.piece] - origins.offset_m
        near: dict[int, float] = {}
        for node, metres in zip([*first, *last], [*before, *after], strict=True):
            near[int(node)] = min(near.get(int(node), np.inf), float(metres))
        self._graph.add_weighted_edges_from([(-1, node, m) for node, m in near.items()])
        found = nx.single_source_dijkstra_path_length(self._graph, -1, cutoff=reach_m)
        self._graph.remove_node(-1)
        node_m = np.full(len(self.lonlat) + 1, np.inf)
        node_m[list(found)] = list(found.values())
        return node_m[:-1]


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
