"""Room to turn: the largest free circle and the largest free square in what a lane leaves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from shapely import Polygon, affinity
from shapely.geometry.base import BaseGeometry

from imagery.width.clear import Width

_CELL_M = 0.1
_TURNS = 30
_MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class Room:
    """`circle_m` across the largest free circle; `square_m` the side of the largest free square.

    The square is found on a raster of `cell_m`, turned in steps of three degrees: it may be that
    much larger in truth, never smaller by more than two cells. `length_m` is that of the lane
    along its middle (missing where it has none).
    """

    circle_m: float
    circle: Polygon
    square_m: float
    square: Polygon
    cell_m: float
    length_m: float | None


def room_to_turn(width: Width) -> Room:
    """The room in the largest connected free part of the lane, without regard to the way there."""
    free = width.scene.free
    part = max(shapely.get_parts(free).tolist(), key=lambda one: one.area, default=Polygon())
    length = None if width.section is None else float(width.section.centreline.length)
    if part.is_empty:
        return Room(0.0, Polygon(), 0.0, Polygon(), _CELL_M, length)
    radius = shapely.maximum_inscribed_circle(part, tolerance=0.01)
    middle, metres = shapely.get_coordinates(radius)[0], float(radius.length)
    cell = max(_CELL_M, math.sqrt(_area(part) / _MOST_CELLS))
    side, square = max((_largest_square(part, turn, cell) for turn in np.arange(_TURNS) * 90 / _TURNS),
                       key=lambda found: found[0])  # fmt: skip
    return Room(2 * metres, shapely.Point(middle).buffer(metres), side, square, cell, length)


def _area(part: BaseGeometry) -> float:
    return float(shapely.minimum_rotated_rectangle(part).area) * 2


def _largest_square(part: Polygon, turn: float, cell: float) -> tuple[float, Polygon]:
    """The largest square whose sides run along `turn` degrees: chessboard distance on a raster."""
    turned = affinity.rotate(part, -turn, origin=(0, 0))
    west, south, east, north = turned.bounds
    mask = np.zeros((int((north - south) / cell) + 3, int((east - west) / cell) + 3), np.uint8)
    origin = np.array([west - cell, south - cell])
    rings = [np.round((shapely.get_coordinates(ring) - origin) / cell * 16 - 8).astype(np.int32)
             for ring in (turned.exterior, *turned.interiors)]  # fmt: skip
    cv2.fillPoly(mask, rings, 1, cv2.LINE_8, 4)
    away = cv2.distanceTransform(mask, cv2.DIST_C, 3)
    row, column = np.unravel_index(int(np.argmax(away)), away.shape)
    half = max((float(away[row, column]) - 0.5) * cell, 0.0)
    x, y = origin + (np.array([column, row]) + 0.5) * cell
    return 2 * half, affinity.rotate(
        shapely.box(x - half, y - half, x + half, y + half), turn, origin=(0, 0)
    )
