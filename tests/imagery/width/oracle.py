"""The clear width by brute force on a fine raster: slow, plain, and nothing shared with the code."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import shapely
from scipy import ndimage
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry


def raster_width(
    lane: Polygon, obstacles: Sequence[BaseGeometry], gates: Sequence[LineString], cell: float
) -> float:
    """The widest disc from the first gate to the second, metres, within 2 cells of the truth.

    The distance to the nearest wall or obstacle is kept per cell; the answer is the largest
    distance at which one patch of cells still reaches both gates.
    """
    west, south, east, north = lane.buffer(2 * cell).bounds
    size = int(np.ceil((north - south) / cell)), int(np.ceil((east - west) / cell))

    def cells(xy: np.ndarray) -> np.ndarray:
        return np.round((xy - [west, south]) / cell * 16 - 8).astype(np.int32).reshape(-1, 1, 2)

    walls = shapely.difference(lane.exterior, shapely.union_all([g.buffer(1e-6) for g in gates]))
    shut = np.zeros(size, np.uint8)
    for line in (
        shapely.get_parts(shapely.line_merge(walls)) if walls.geom_type != "LineString" else [walls]
    ):
        cv2.polylines(shut, [cells(shapely.get_coordinates(line))], False, 1, 1, cv2.LINE_8, 4)
    holes = [Polygon(ring) for ring in lane.interiors]
    cut = shapely.intersection(shapely.union_all([*obstacles, *holes]), Polygon(lane.exterior))
    for part in shapely.get_parts(shapely.get_parts(cut)):
        if isinstance(part, Polygon) and part.area > 1e-6:
            cv2.fillPoly(shut, [cells(shapely.get_coordinates(part.exterior))], 1, cv2.LINE_8, 4)
    away = ndimage.distance_transform_edt(shut == 0) * cell
    rows, columns = np.indices(size)
    x, y = west + (columns + 0.5) * cell, south + (rows + 0.5) * cell
    away[~shapely.contains_xy(lane.buffer(cell / 2), x, y)] = 0.0
    starts = [shapely.distance(shapely.points(x, y), gate) <= cell for gate in gates]
    low, high = 0.0, float(away.max())
    while high - low > cell / 8:
        middle = (low + high) / 2
        patch, _ = ndimage.label(away >= middle, np.ones((3, 3)))
        ends = [set(np.unique(patch[start])) - {0} for start in starts[:2]]
        low, high = (middle, high) if ends[0] & ends[1] else (low, middle)
    return 2 * low
