"""The digital drive-through: whether a vehicle gets along the lane, forward, without shunting.

A search over poses of a rigid vehicle of two axles (middle of the rear axle and heading), in
arcs of a metre at five steering angles up to its least radius, tyres never slipping. What it
finds is checked exactly afterwards; what it does not find may still be possible for a driver who
shunts, or who uses the last ten centimetres.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from imagery.width.clear import Width
from imagery.width.ground import CELL_M, PLACE_M, Ground, outward
from imagery.width.vehicles import Vehicle

_STEP_M, _HEADING = 1.0, math.radians(5)
_STEERING = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
_MOST = 30_000
"""Poses looked at before the search gives up."""


@dataclass(frozen=True)
class Drive:
    """What the drive-through found: `passes` is missing where the lane is too large to search.

    `path` is that of the rear axle's middle and `swept` the ground the body covers, both in the
    lane's plane (as far as it got); `spare_m` the least room between the body and the next thing.
    """

    vehicle: Vehicle
    passes: bool | None
    path: LineString | None
    swept: BaseGeometry | None
    spare_m: float | None
    stuck: Point | None
    looked: int


class _Pose(NamedTuple):
    """The middle of the rear axle and the heading, radians."""

    x: float
    y: float
    heading: float

    def ahead(self, metres: float) -> tuple[float, float]:
        """A place on the vehicle's middle, so far before the rear axle."""
        return self.x + metres * math.cos(self.heading), self.y + metres * math.sin(self.heading)


def drive_through(width: Width, vehicle: Vehicle) -> Drive:
    """Drive `vehicle` from the first gate to the other (into a dead end as far as its end)."""
    start, end = width.gates[0], width.gates[1]
    if width.dead_end and not start.drawn:
        start, end = end, start
    ground = Ground(width, start, end, vehicle)
    if ground.too_large:
        return Drive(vehicle, None, None, None, None, None, 0)
    poses, arrived, looked = _search(ground, vehicle, dead_end=width.dead_end)
    if not poses:
        return Drive(vehicle, False, None, None, None, start.line.centroid, looked)
    path = LineString([(p.x, p.y) for p in poses]) if len(poses) > 1 else None
    swept = shapely.union_all([Polygon(_corners(pose, vehicle)) for pose in _fine(poses)])
    spare = _spare(width, ground, swept)
    last = poses[-1]
    nose = Point(last.ahead(vehicle.wheelbase + vehicle.front_overhang))
    return Drive(
        vehicle, arrived and spare >= 0, path, swept, spare, None if arrived else nose, looked
    )


class _Tree:
    """Poses reached so far, where each came from and what it cost."""

    def __init__(self, ground: Ground, nose: float) -> None:
        self._ground, self._nose = ground, nose
        self.poses: list[_Pose] = []
        self.before: list[int] = []
        self.cost: list[float] = []
        self.left: list[float] = []
        self.queue: list[tuple[float, int]] = []

    def add(self, pose: _Pose, before: int, cost: float) -> None:
        """A pose on free ground; one whose nose has left the raster keeps what was left before."""
        left = self._ground.left(*pose.ahead(self._nose))
        if math.isinf(left):
            left = max((self.left[before] if before >= 0 else 1e3) - _STEP_M / 2, 0.0)
        heapq.heappush(self.queue, (cost + 1.2 * left, len(self.poses)))
        self.poses.append(pose)
        self.before.append(before)
        self.cost.append(cost)
        self.left.append(left)

    def back(self, n: int) -> list[_Pose]:
        """The poses from the start to pose `n`."""
        path = []
        while n >= 0:
            path.append(self.poses[n])
            n = self.before[n]
        return path[::-1]


def _search(ground: Ground, vehicle: Vehicle, *, dead_end: bool) -> tuple[list[_Pose], bool, int]:
    """The poses to the goal (as far as it got), whether it arrived, how many were looked at."""
    outline = _outline(vehicle)
    nose = vehicle.wheelbase + vehicle.front_overhang
    tree = _Tree(ground, nose)
    seen: set[tuple[int, int, int]] = set()
    for pose in _starts(ground, vehicle, outline):
        tree.add(pose, -1, 0.0)
    while tree.queue and len(seen) < _MOST:
        _, n = heapq.heappop(tree.queue)
        pose = tree.poses[n]
        key = (round(pose.x / PLACE_M), round(pose.y / PLACE_M), round(pose.heading / _HEADING))
        if key in seen:
            continue
        seen.add(key)
        if _arrived(ground, pose, nose, dead_end=dead_end):
            return tree.back(n), True, len(seen)
        for after, turn in _onward(ground, pose, vehicle, outline):
            tree.add(after, n, tree.cost[n] + _STEP_M + 0.1 * abs(turn))
    best = int(np.argmin(tree.left)) if tree.poses else -1
    return tree.back(best), False, len(seen)


def _starts(ground: Ground, vehicle: Vehicle, outline: np.ndarray) -> list[_Pose]:
    """Poses with the front bumper at the gate, straight in, side by side across it."""
    ends = shapely.get_coordinates(ground.start.line)[[0, -1]]
    inward = -outward(ground.inside, ends)
    heading = math.atan2(inward[1], inward[0])
    room = float(np.hypot(*(ends[1] - ends[0])))
    share = np.linspace(0, 1, max(int(room / 0.25), 1) + 1)
    back = vehicle.wheelbase + vehicle.front_overhang
    spots = ends[0] + share[:, None] * (ends[1] - ends[0]) - back * inward
    found = np.column_stack([spots, np.full(len(spots), heading)])
    return [_Pose(*row) for row in found[ground.goes(found, outline)].tolist()]


def _onward(
    ground: Ground, pose: _Pose, vehicle: Vehicle, outline: np.ndarray
) -> list[tuple[_Pose, float]]:
    """The poses a step further that the body reaches on free ground, with their steering."""
    bend = _STEERING / vehicle.rear_radius
    halves = np.array([0.5, 1.0]) * _STEP_M
    turn = bend[:, None] * halves
    chord = np.where(
        turn == 0, halves, 2 * np.sin(turn / 2) / np.where(bend == 0, 1, bend)[:, None]
    )
    heading = pose.heading + turn
    x = pose.x + chord * np.cos(pose.heading + turn / 2)
    y = pose.y + chord * np.sin(pose.heading + turn / 2)
    both = np.stack([x, y, heading], axis=-1)
    good = ground.goes(both.reshape(-1, 3), outline).reshape(both.shape[:2]).all(axis=1)
    return [(_Pose(*both[n, 1].tolist()), float(_STEERING[n])) for n in np.flatnonzero(good)]


def _arrived(ground: Ground, pose: _Pose, nose: float, *, dead_end: bool) -> bool:
    """At a dead end the bumper is to reach its end, else the rear axle the other gate."""
    spot = Point(pose.ahead(nose if dead_end else 0.0))
    return bool(ground.end.line.distance(spot) < (1.5 if dead_end else 1.0))


def _fine(poses: list[_Pose]) -> list[_Pose]:
    """The poses with three more between every two, on the arc that joins them."""
    fine = [poses[0]]
    for one, two in pairwise(poses):
        turn = two.heading - one.heading
        chord = math.hypot(two.x - one.x, two.y - one.y)
        for share in (0.25, 0.5, 0.75, 1.0):
            part = (
                chord * share
                if abs(turn) < 1e-12
                else chord * math.sin(turn * share / 2) / math.sin(turn / 2)
            )
            way = one.heading + turn * share / 2
            fine.append(
                _Pose(
                    one.x + part * math.cos(way),
                    one.y + part * math.sin(way),
                    one.heading + turn * share,
                )
            )
    return fine


def _spare(width: Width, ground: Ground, swept: BaseGeometry) -> float:
    """Least room between the swept ground and walls or obstacles, metres; below zero: it strikes."""
    shut = shapely.union_all([*width.scene.blocks])
    lines = [gate.line for gate in width.gates]
    walls = shapely.difference(width.scene.inside.exterior, shapely.union_all(lines).buffer(1e-6))
    away = min(
        (shapely.distance(swept, one) for one in (shut, walls) if not one.is_empty),
        default=math.inf,
    )
    outside = shapely.difference(swept, ground.free.buffer(1e-6)).area
    return -1.0 if outside > 1e-3 else float(away)


def _outline(vehicle: Vehicle) -> np.ndarray:
    """Points round the body, no farther apart than two cells, from the rear axle's middle."""
    ring = Polygon(_corners(_Pose(0.0, 0.0, 0.0), vehicle)).exterior
    return np.unique(shapely.get_coordinates(shapely.segmentize(ring, 2 * CELL_M)), axis=0)


def _corners(pose: _Pose, vehicle: Vehicle) -> np.ndarray:
    front, back, side = (
        vehicle.wheelbase + vehicle.front_overhang,
        -vehicle.rear_overhang,
        vehicle.width / 2,
    )
    xy = np.array([(front, side), (back, side), (back, -side), (front, -side)])
    cos, sin = math.cos(pose.heading), math.sin(pose.heading)
    return np.column_stack(
        [pose.x + cos * xy[:, 0] - sin * xy[:, 1], pose.y + sin * xy[:, 0] + cos * xy[:, 1]]
    )
