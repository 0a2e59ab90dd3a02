"""The clear width by brute force on a fine raster: slow, plain, and nothing shared with the code.

Walls and outlines of obstacles are points a tenth of a cell apart, so they have no thickness. In
every cell the distance to the nearest of them is taken at 2 × 2 places. A disc whose middle runs
from place to place is at most half a diagonal of such a quarter from one of them, and distance
changes by no more than the way gone: the width is known to 1/√2 of a cell, and to a tenth more for
the spacing of the points. Both ways: a true way has places of nearly its distance beside it, and
between two neighbouring places no distance is smaller by more than that.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from scipy import ndimage
from scipy.spatial import cKDTree
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

BOUND_CELLS = 0.5**0.5 + 0.1
"""How far the answer may be from the truth, in cells."""


def raster_width(
    lane: Polygon, obstacles: Sequence[BaseGeometry], gates: Sequence[LineString], cell: float
) -> float:
    """The widest disc from the first gate to the second, metres, within `BOUND_CELLS` cells.

    The answer is the largest distance at which one patch of places still reaches both gates.
    """
    step = cell / 2
    holes = [Polygon(ring) for ring in lane.interiors]
    shut = [*obstacles, *holes]
    west, south, east, north = lane.bounds
    columns = int(np.ceil((east - west) / step)) + 3
    rows = int(np.ceil((north - south) / step)) + 3
    x, y = np.meshgrid(west + (np.arange(columns) - 1) * step, south + (np.arange(rows) - 1) * step)
    inside = shapely.contains_xy(Polygon(lane.exterior).buffer(step * 0.5**0.5), x, y)
    for one in shut:
        inside &= ~shapely.contains_xy(one, x, y)
    points = np.vstack([_walls(lane, gates, cell / 10), *_outlines(lane, shut, cell / 10)])
    away = np.zeros(x.shape)
    away[inside] = cKDTree(points).query(np.column_stack([x[inside], y[inside]]))[0]
    ends = [shapely.dwithin(shapely.points(x[inside], y[inside]), gate, step * 0.5**0.5)
            for gate in gates[:2]]  # fmt: skip
    low, high = 0.0, float(away.max())
    while high - low > cell / 64:
        middle = (low + high) / 2
        patch = ndimage.label(away >= middle, np.ones((3, 3)))[0][inside]
        both = set(patch[ends[0]].tolist()) & set(patch[ends[1]].tolist()) - {0}
        low, high = (middle, high) if both else (low, middle)
    return 2 * low


def _walls(lane: Polygon, gates: Sequence[LineString], step: float) -> np.ndarray:
    """Points on the lane's edge but for its gates, whose ends belong to the walls."""
    points = _along(np.asarray(lane.exterior.coords), step)
    for gate in gates:
        points = points[shapely.distance(shapely.points(points), gate) > step / 100]
    return np.vstack([points, *(np.asarray(gate.coords)[[0, -1]] for gate in gates)])


def _outlines(lane: Polygon, shut: Sequence[BaseGeometry], step: float) -> list[np.ndarray]:
    """Points on the outlines of obstacles as far as they lie in the lane."""
    found = []
    for part in shapely.get_parts(shapely.get_parts(list(shut))):
        points = _along(np.asarray(part.exterior.coords), step)
        found.append(points[shapely.intersects_xy(Polygon(lane.exterior), *points.T)])
    return found


def _along(xy: np.ndarray, step: float) -> np.ndarray:
    """The vertices of a line and points between them, no farther apart than `step`."""
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    even = np.linspace(0.0, at[-1], int(at[-1] / step) + 2)
    between = np.column_stack([np.interp(even, at, xy[:, axis]) for axis in (0, 1)])
    return np.vstack([xy, between])
