"""Fields, woods, hills and the townships that tile the county (plane, metres)."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from demo.country import HILLS
from demo.shapes import Array, biggest, polygons
from demo.world import World

SEEDS = (
    ("城关镇", "010", (-100, 0)), ("石塘镇", "100", (-4900, 2900)), ("柏坪乡", "200", (300, 4800)),
    ("桃湾镇", "101", (5400, 1900)), ("枫坪镇", "102", (5200, -3100)), ("麻溪乡", "201", (-500, -4900)),
    ("沙洲乡", "202", (-5200, -1700)),
)  # fmt: skip
"""Townships: name, last digits of the code, a point inside."""


def county_outline(random: Random) -> Polygon:
    """The county's outline: an uneven oval of about 17 by 13 km."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    phase = [random.uniform(0, 6.28) for _ in range(4)]
    wave = _waves(turn, phase, 0.06)
    ring = np.column_stack([8250 * np.cos(turn), 6350 * np.sin(turn)]) * (1.06 + wave)[:, None]
    return Polygon(_roughened(np.vstack([ring, ring[:1]]), random).round(2))


def _waves(turn: Array, phase: list[float], size: float) -> Array:
    """Uneven by up to about `size`: slow waves large, quick ones small."""
    each = [np.sin((k + 2) * turn + one) / (k + 1) for k, one in enumerate(phase)]
    return np.asarray(size * np.sum(each, axis=0))


def townships(outline: Polygon, random: Random) -> list[Polygon]:
    """Polygons that tile `outline` without gap or overlap, in the order of `SEEDS`."""
    seeds = MultiPoint([point for _, _, point in SEEDS])
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=outline.buffer(9000)))
    inner = shapely.union_all([cell.exterior for cell in cells]).intersection(outline.buffer(500))
    lines = shapely.get_parts(shapely.line_merge(inner))
    rough = [LineString(_roughened(np.asarray(line.coords), random).round(2)) for line in lines]
    tiles = shapely.get_parts(
        shapely.polygonize([*shapely.get_parts(shapely.union_all([*rough, outline.exterior]))])
    )
    owner: dict[int, list[Polygon]] = {n: [] for n in range(len(SEEDS))}
    for tile in tiles:
        middle = tile.representative_point()
        if outline.contains(middle):
            owner[int(np.argmin([middle.distance(Point(p)) for _, _, p in SEEDS]))].append(tile)
    return [biggest(shapely.union_all(owner[n])) for n in range(len(SEEDS))]


def _roughened(line: Array, random: Random, levels: int = 4) -> Array:
    """`line` with midpoints pushed aside again and again; the ends stay."""
    points = [tuple(p) for p in line]
    for _ in range(levels):
        finer = [points[0]]
        for (x, y), (p, q) in pairwise(points):
            push = random.uniform(-0.13, 0.13) if np.hypot(p - x, q - y) > 60 else 0.0
            finer += [((x + p) / 2 - push * (q - y), (y + q) / 2 + push * (p - x)), (p, q)]
        points = finer
    return np.asarray(points)


def draw_land(world: World, outline: Polygon, busy: BaseGeometry, random: Random) -> None:
    """Woods on the hills, a patchwork of fields in the valley, clear of what is `busy`."""
    woods = [_hill(centre, reach, random) for centre, reach in HILLS]
    wooded = shapely.union_all(woods).intersection(outline).difference(busy.buffer(15))
    for wood in polygons(wooded):
        if wood.area > 8000:
            world.area(biggest(wood.simplify(4)), {"landuse": "forest"})
    free = outline.difference(shapely.union_all([wooded.buffer(12), busy.buffer(7)]))
    _fields(world, free, random)


def _hill(centre: tuple[float, float], reach: float, random: Random) -> Polygon:
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    phase = [random.uniform(0, 6.28) for _ in range(5)]
    wave = _waves(turn, phase, 0.24)
    ring = np.asarray(centre) + reach * (1 + wave)[:, None] * np.column_stack(
        [np.cos(turn), np.sin(turn)]
    )
    return Polygon(_roughened(np.vstack([ring, ring[:1]]), random, 2)).buffer(0)


def _fields(world: World, free: BaseGeometry, random: Random) -> None:
    left, low, right, high = free.bounds
    points = [(random.uniform(left, right), random.uniform(low, high)) for _ in range(2600)]
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points)))
    shapely.prepare(free)
    uses = ("farmland",) * 5 + ("meadow",) * 5 + ("orchard",) * 4 + ("forest", "", "")
    for cell in cells[np.argsort([cell.centroid.x for cell in cells])]:
        field = biggest(cell.buffer(-5, join_style="mitre").intersection(free))
        use = random.choice(uses)
        if field.area > 2500 and use:
            world.area(biggest(field.simplify(2)), {"landuse": use})
