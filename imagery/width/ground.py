"""The ground of a drive-through: where the body may be, and how far every place is from the goal."""

from __future__ import annotations

import math

import cv2
import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from shapely import Point, Polygon

from imagery.width.clear import Width
from imagery.width.gates import Gate
from imagery.width.vehicles import Vehicle

CELL_M, PLACE_M = 0.1, 0.5
"""Cells of the raster the body is laid on, and of the one the way to the goal is told from."""
_MOST_CELLS = 40_000_000


class Ground:
    """Where the body may be (a raster), and how far every place is from the goal."""

    def __init__(self, width: Width, start: Gate, end: Gate, vehicle: Vehicle) -> None:
        self.start, self.end, self.inside = start, end, width.scene.inside
        before = _apron(width.scene.inside, start, vehicle.length + 2)
        behind = (
            Polygon() if width.dead_end else _apron(width.scene.inside, end, vehicle.length + 2)
        )
        self.free = shapely.union_all([width.scene.free, before, behind])
        west, south, east, north = self.free.bounds
        self.origin = np.array([west - 1, south - 1])
        self.size = int((north - south + 2) / CELL_M) + 1, int((east - west + 2) / CELL_M) + 1
        self.too_large = self.size[0] * self.size[1] > _MOST_CELLS
        if not self.too_large:
            self.mask = self._raster()
            self.away = self._to_goal(vehicle)

    def _raster(self) -> np.ndarray:
        mask = np.zeros(self.size, np.uint8)
        inner = self.free.buffer(-0.75 * CELL_M)
        for part in shapely.get_parts(inner):
            rings = [part.exterior, *part.interiors]
            cells = [np.round((shapely.get_coordinates(r) - self.origin) / CELL_M * 16 - 8).astype(np.int32)
                     for r in rings]  # fmt: skip
            cv2.fillPoly(mask, cells, 1, cv2.LINE_8, 4)
        return mask

    def _to_goal(self, vehicle: Vehicle) -> np.ndarray:
        """Metres to the goal over cells of half a metre that leave room for half the body."""
        room = cv2.distanceTransform(self.mask, cv2.DIST_L2, 3) * CELL_M
        every = int(PLACE_M / CELL_M)
        rows, columns = (size // every for size in self.size)
        wide = (
            room[: rows * every, : columns * every]
            .reshape(rows, every, columns, every)
            .max(axis=(1, 3))
        )
        open_ = wide >= vehicle.width / 2 - 2 * CELL_M
        number = np.full(open_.shape, -1)
        number[open_] = np.arange(open_.sum())
        pairs, metres = [], []
        for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
            a = number[: rows - down, max(0, -right) : columns - max(0, right)]
            b = number[down:, max(0, right) : columns + min(0, right)]
            both = (a >= 0) & (b >= 0)
            pairs.append(np.column_stack([a[both], b[both]]))
            metres.append(np.full(both.sum(), PLACE_M * math.hypot(down, right)))
        edges, weights = np.vstack(pairs), np.concatenate(metres)
        count = int(open_.sum())
        away = np.full(open_.shape, np.inf)
        if not count:
            return away
        graph = coo_matrix((weights, (edges[:, 0], edges[:, 1])), shape=(count, count)).tocsr()
        y, x = np.nonzero(open_)
        spots = self.origin + (np.column_stack([x, y]) + 0.5) * PLACE_M
        goals = np.flatnonzero(shapely.distance(shapely.points(spots), self.end.line) < 1.5)
        if len(goals):
            away[open_] = dijkstra(graph, directed=False, indices=goals, min_only=True)
        return away

    def goes(self, poses: np.ndarray, outline: np.ndarray) -> np.ndarray:
        """Whether the body is on free ground, pose by pose; `poses` (n, 3), `outline` (m, 2)."""
        cos, sin = np.cos(poses[:, 2])[:, None], np.sin(poses[:, 2])[:, None]
        x = poses[:, :1] + cos * outline[:, 0] - sin * outline[:, 1]
        y = poses[:, 1:2] + sin * outline[:, 0] + cos * outline[:, 1]
        column = ((x - self.origin[0]) / CELL_M).astype(int)
        row = ((y - self.origin[1]) / CELL_M).astype(int)
        within = (column >= 0) & (row >= 0) & (column < self.size[1]) & (row < self.size[0])
        found = self.mask[np.where(within, row, 0), np.where(within, column, 0)] > 0
        good: np.ndarray = (within & found).all(axis=1)
        return good

    def left(self, x: float, y: float) -> float:
        """Metres to the goal from a place; infinite where the body has no room."""
        column, row = int((x - self.origin[0]) / PLACE_M), int((y - self.origin[1]) / PLACE_M)
        if not (0 <= row < self.away.shape[0] and 0 <= column < self.away.shape[1]):
            return math.inf
        around = self.away[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        return float(around.min())


def _apron(inside: Polygon, gate: Gate, metres: float) -> Polygon:
    """The ground before a gate, where the vehicle comes from: not part of the lane, taken as free."""
    ends = shapely.get_coordinates(gate.line)[[0, -1]]
    away = metres * outward(inside, ends)
    return Polygon([*ends, ends[1] + away, ends[0] + away]).buffer(0)


def outward(inside: Polygon, ends: np.ndarray) -> np.ndarray:
    """The direction out of a lane through a gate with these two ends, (2,)."""
    way = (ends[1] - ends[0]) / max(float(np.hypot(*(ends[1] - ends[0]))), 1e-9)
    normal = np.array([way[1], -way[0]])
    probe = Point(ends.mean(axis=0) + 0.1 * normal)
    return -normal if inside.contains(probe) else normal
