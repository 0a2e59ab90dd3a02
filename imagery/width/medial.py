"""The middle of a lane: the medial axis of its outline, and the longest path along it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Voronoi
from shapely import Polygon

_MOST = 40_000
"""Points on the outline at most: beyond them it is sampled more coarsely."""


@dataclass(frozen=True)
class Medial:
    """A graph: vertices (n, 2), edges with their lengths, and the polygon it is the middle of."""

    xy: np.ndarray
    edges: np.ndarray
    metres: np.ndarray
    free: Polygon

    @cached_property
    def clearance(self) -> np.ndarray:
        """How far every vertex is from the outline, metres."""
        return np.asarray(shapely.distance(shapely.points(self.xy), self.free.boundary))

    @cached_property
    def graph(self) -> csr_matrix:
        """The adjacency matrix, weighted by length; every edge stands in it once."""
        one, two = self.edges.T
        return csr_matrix((self.metres, (one, two)), shape=(len(self.xy), len(self.xy)))

    def nearest(self, xy: np.ndarray) -> int:
        """The vertex nearest to a point."""
        return int(np.argmin(np.hypot(*(self.xy - xy).T)))


def medial_axis(free: Polygon, step_m: float = 1.0) -> Medial:
    """The medial axis of a polygon with holes, from the Voronoi cells of points on its outline."""
    step = max(step_m, free.length / _MOST)
    points = shapely.get_coordinates(shapely.segmentize(free.boundary, step))
    points = np.unique(points.view(complex)).view(float).reshape(-1, 2)
    middle = points.mean(axis=0)
    cells = Voronoi(points - middle)
    xy = cells.vertices + middle
    shapely.prepare(free)
    edges = np.asarray(cells.ridge_vertices, dtype=int)
    touched = np.asarray(cells.ridge_points, dtype=int)
    real = (edges >= 0).all(axis=1)
    edges, touched = edges[real], touched[real]
    good = shapely.contains_xy(free, xy)
    # An edge between neighbours on the outline leads to the outline, not along the lane.
    apart = np.hypot(*(points[touched[:, 0]] - points[touched[:, 1]]).T) > 1.5 * step
    edges = edges[good[edges].all(axis=1) & apart]
    used, edges = np.unique(edges, return_inverse=True)
    edges = edges.reshape(-1, 2)
    xy = xy[used]
    metres = np.maximum(np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T), 1e-9)
    return Medial(xy, edges, metres, free)


def longest_path(medial: Medial, start: int | None = None) -> np.ndarray:
    """Vertices along the longest of the shortest ways (from `start`, where one is given)."""
    graph = medial.graph
    if start is None:
        start = _farthest(graph, int(np.argmax(medial.clearance)))[0]
    end, before = _farthest(graph, start)
    return _trace(before, end)


def path_between(medial: Medial, start: int, end: int) -> np.ndarray | None:
    """Vertices along the shortest way between two, or `None` where there is none."""
    away, before = dijkstra(medial.graph, directed=False, indices=start, return_predecessors=True)
    return _trace(before, end) if np.isfinite(away[end]) else None


def _farthest(graph: csr_matrix, start: int) -> tuple[int, np.ndarray]:
    away, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    return int(np.argmax(np.where(np.isfinite(away), away, -1.0))), before


def _trace(before: np.ndarray, end: int) -> np.ndarray:
    path = [end]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return np.array(path[::-1], dtype=int)


def smoothed(xy: np.ndarray, step_m: float, window_m: float) -> np.ndarray:
    """A path at even steps, its wiggles of less than `window_m` evened out; ends kept."""
    keep = np.concatenate([[True], np.hypot(*np.diff(xy, axis=0).T) > 1e-9])
    xy = xy[keep]
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    count = max(int(np.ceil(at[-1] / step_m)), 1) + 1
    even = np.linspace(0.0, at[-1], count)
    path = np.column_stack([np.interp(even, at, xy[:, axis]) for axis in (0, 1)])
    half = int(min(window_m / step_m / 2, (count - 1) // 2))
    if half < 1:
        return path
    # Continued beyond its ends by point reflection, so that the ends stay where they are.
    padded = np.vstack(
        [2 * path[0] - path[half:0:-1], path, 2 * path[-1] - path[-2 : -half - 2 : -1]]
    )
    total = np.vstack([np.zeros((1, 2)), np.cumsum(padded, axis=0)])
    width = 2 * half + 1
    return (total[width:] - total[:-width]) / width
