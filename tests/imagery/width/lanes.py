"""Lanes with known answers, and random ones."""

from __future__ import annotations

import math

import numpy as np
from shapely import LineString, Point, Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

LANE = box(0, 0, 100, 6)
GATES = [LineString([(0, 0), (0, 6)]), LineString([(100, 0), (100, 6)])]
SLALOM = 2 * math.sqrt(2)
BOWTIE = Polygon([(40, 0), (44, 4), (44, 0), (40, 4)])


def known_answers() -> dict[str, tuple[BaseGeometry, list[BaseGeometry], float]]:
    """Name → lane (gates at its two ends as in `GATES`), obstacles, width."""
    island = Polygon(LANE.exterior, [box(50, 2, 60, 3.5).exterior])
    return {
        "empty": (LANE, [], 6.0),
        "car at the kerb": (LANE, [box(40, 0, 44.5, 2)], 4.0),
        "car off the kerb": (LANE, [box(40, 2, 44.5, 3.8)], 2.2),
        "slalom of 2 m": (LANE, [box(20, 0, 25, 4), box(27, 2, 32, 6)], 2.0),
        "slalom, corner to corner": (LANE, [box(20, 4, 25, 6), box(27, 0, 32, 2)], SLALOM),
        "slalom of 4 m": (LANE, [box(20, 4, 25, 6), box(29, 0, 34, 2)], 4.0),
        "shut": (LANE, [box(50, 0, 52, 6)], 0.0),
        "two poles": (LANE, [_disc(50, 2, 0.3), _disc(50, 4, 0.3)], 1.7),
        "outside": (LANE, [box(40, 7, 44, 9)], 6.0),
        "touching from outside": (LANE, [box(40, 6, 44, 8)], 6.0),
        "over the wall": (LANE, [box(40, -0.5, 44, 2)], 4.0),
        "overlapping": (LANE, [box(40, 0, 44, 2), box(43, 1, 47, 3)], 3.0),
        "one behind another": (LANE, [box(40, 0, 44, 2), box(44, 2, 48, 3)], 3.0),
        "bow-tie": (LANE, [BOWTIE], 2.0),
        "island": (island, [], 2.5),
        "island and car": (island, [box(52, 3.9, 56, 6)], 2.0),
        "at the gate": (LANE, [box(-1, 0, 2, 2.5)], 3.5),
    }


def _disc(x: float, y: float, radius: float) -> Polygon:
    # Circumscribed at the four directions that count, so that the known answer is exact.
    return Point(x, y).buffer(radius, quad_segs=16)


def bent() -> tuple[Polygon, list[LineString]]:
    """An L of 4 m width."""
    lane = Polygon([(0, 0), (40, 0), (40, 40), (36, 40), (36, 4), (0, 4)])
    return lane, [LineString([(0, 0), (0, 4)]), LineString([(36, 40), (40, 40)])]


def quarter_ring(points: int = 200) -> tuple[Polygon, list[LineString]]:
    """A quarter of a ring between 9 and 13 m."""
    turn = np.linspace(0, math.pi / 2, points)
    inner, outer = (r * np.column_stack([np.cos(turn), np.sin(turn)]) for r in (9.0, 13.0))
    lane = Polygon(np.vstack([outer, inner[::-1]]))
    return lane, [LineString([inner[0], outer[0]]), LineString([inner[-1], outer[-1]])]


def spiral(width: float = 4.0, between: float = 1.0) -> tuple[Polygon, list[LineString]]:
    """A spiral whose turns are `between` apart: the walls back to back are no gap."""
    turn = np.linspace(0, 4 * math.pi, 1600)
    radius = 10 + (width + between) * turn / (2 * math.pi)
    spot = np.column_stack([np.cos(turn), np.sin(turn)])
    inner, outer = radius[:, None] * spot, (radius + width)[:, None] * spot
    lane = Polygon(np.vstack([outer, inner[::-1]]))
    return lane, [LineString([inner[0], outer[0]]), LineString([inner[-1], outer[-1]])]


def forked() -> tuple[Polygon, list[LineString]]:
    """A T: a road of 6 m with an arm of 3 m; three gates."""
    lane = Polygon([(0, 0), (100, 0), (100, 6), (51, 6), (51, 40), (48, 40), (48, 6), (0, 6)])
    return lane, [*GATES, LineString([(48, 40), (51, 40)])]


def random_lane(seed: int) -> tuple[Polygon, list[BaseGeometry], list[LineString]]:
    """A curved lane of 4 to 8 m with 2 to 13 turned cars and bins in it."""
    draw = np.random.default_rng(seed)
    x = np.linspace(0, 60, 61)
    y = sum(
        draw.uniform(0, 6) * np.sin(x / draw.uniform(8, 25) + draw.uniform(0, 6)) for _ in range(2)
    )
    line = LineString(np.column_stack([x, y]))
    width = draw.uniform(4, 8)
    lane = line.buffer(width / 2, cap_style="flat", join_style="round", quad_segs=4)
    ends = [_end(line, 0, 1, width), _end(line, -1, -2, width)]
    cars: list[BaseGeometry] = []
    for _ in range(draw.integers(2, 14)):
        spot = line.interpolate(draw.uniform(3, line.length - 3))
        size = draw.choice([(4.5, 1.8), (2.0, 0.8), (0.6, 0.6)])
        car = affinity.rotate(
            box(-size[0] / 2, -size[1] / 2, size[0] / 2, size[1] / 2), draw.uniform(0, 180)
        )
        cars.append(
            affinity.translate(car, spot.x + draw.uniform(-3, 3), spot.y + draw.uniform(-3, 3))
        )
    return lane, cars, ends


def _end(line: LineString, at: int, inward: int, width: float) -> LineString:
    one, two = (np.asarray(line.coords[n]) for n in (at, inward))
    way = (two - one) / np.hypot(*(two - one))
    side = width / 2 * np.array([-way[1], way[0]])
    return LineString([one - side, one + side])
