"""Rows of houses along streets, slabs in estates, halls in yards: rectangles with fronts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from demo.shapes import Array, biggest

INDOORS = 1.5
"""Metres behind the front at which a shop's pin lies."""


@dataclass(frozen=True)
class Row:
    """How a row is built: widths and depths of the houses, the gaps between them, metres."""

    width: tuple[float, float] = (9.0, 22.0)
    depth: tuple[float, float] = (10.0, 14.0)
    gap: tuple[float, float] = (0.0, 3.0)
    skip: float = 0.08
    """Share of places left empty."""


@dataclass
class Ground:
    """A piece of land being built on: what is free, what stands, and the street doors."""

    free: BaseGeometry
    houses: list[Polygon] = field(default_factory=list)
    doors: list[tuple[float, float]] = field(default_factory=list)
    rim: BaseGeometry | None = None
    """Where fronts may stand; missing: anywhere on the ground's outline."""

    def put(self, house: Polygon) -> bool:
        """Build `house` unless it leaves the ground or meets another house."""
        if not self._room.covers(house) or shapely.intersects(house, np.array(self.houses)).any():
            return False
        self.houses.append(house)
        return True

    def keep_free(self, place: Polygon) -> None:
        """Take `place` out of what may be built on."""
        self.free = self.free.difference(place)
        self.__post_init__()

    def __post_init__(self) -> None:
        self._room = self.free.buffer(0.6)
        shapely.prepare(self._room)


def line_fronts(ground: Ground, edge: Array, row: Row, random: Random) -> None:
    """Build along `edge` ((n, 2), ground to the left), one row of houses with street doors."""
    for start, end in pairwise(edge):
        run = end - start
        length = float(np.hypot(*run))
        if length < 12:
            continue
        ahead = run / length
        inward = np.array([-ahead[1], ahead[0]])
        for at, width, depth in _places(length, row, random):
            corner = start + at * ahead
            if ground.put(_rectangle(corner, ahead, inward, width, depth)):
                ground.doors += _doors(corner, ahead, inward, width)


def _places(length: float, row: Row, random: Random) -> Iterator[tuple[float, float, float]]:
    at = random.uniform(0.5, 2.0)
    while at < length - row.width[0]:
        width = min(random.uniform(*row.width), length - at - 0.5)
        depth = random.uniform(*row.depth)
        if random.random() >= row.skip:
            yield at, width, depth
        at += width + max(0.3, random.uniform(*row.gap))


def _rectangle(corner: Array, ahead: Array, inward: Array, width: float, depth: float) -> Polygon:
    far = corner + ahead * width
    return Polygon([corner, far, far + inward * depth, corner + inward * depth])


def _doors(corner: Array, ahead: Array, inward: Array, width: float) -> list[tuple[float, float]]:
    count = max(1, round(width / 8))
    steps = (np.arange(count) + 0.5) * width / count
    points = corner + steps[:, None] * ahead + INDOORS * inward
    return [(float(x), float(y)) for x, y in points]


def ring_fronts(ground: Ground, row: Row, random: Random) -> None:
    """Build along the rim of the ground, fronts outwards."""
    rim = shapely.get_coordinates(shapely.orient_polygons(biggest(ground.free)).exterior)
    for edge in np.stack([rim[:-1], rim[1:]], axis=1):
        if ground.rim is None or ground.rim.distance(shapely.Point(edge.mean(axis=0))) < 0.5:
            line_fronts(ground, edge, row, random)


def slabs(ground: Ground, yard: Polygon, random: Random) -> None:
    """Rows of apartment slabs facing south inside `yard`."""
    left, low, right, high = yard.bounds
    length, deep = random.choice(((46.0, 13.0), (58.0, 14.0), (38.0, 15.0)))
    v = low + random.uniform(2, 10)
    while v + deep < high:
        u = left + random.uniform(2, 8)
        while u + length < right:
            slab = shapely.box(u, v, u + length, v + deep)
            if yard.covers(slab):
                ground.put(slab)
            u += length + random.uniform(9, 14)
        v += deep + random.uniform(20, 27)


def halls(ground: Ground, random: Random) -> None:
    """Big halls with yards between them."""
    left, low, right, high = ground.free.buffer(-8).bounds
    v = low
    while v + 25 < high:
        deep = random.uniform(25, 48)
        u = left
        while u + 35 < right:
            wide = random.uniform(35, 90)
            if random.random() > 0.15:
                ground.put(shapely.box(u, v, u + wide, v + deep))
            u += wide + random.uniform(10, 16)
        v += deep + random.uniform(12, 18)


def scattered(ground: Ground, count: int, random: Random) -> None:
    """Small houses anywhere inside, without street doors: back yards of an old quarter."""
    left, low, right, high = ground.free.bounds
    for _ in range(count):
        u, v = random.uniform(left, right), random.uniform(low, high)
        ground.put(shapely.box(u, v, u + random.uniform(7, 14), v + random.uniform(7, 13)))
