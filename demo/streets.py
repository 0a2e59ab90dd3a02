"""The town's streets on the drawing board: a grid that has grown, a river, two bridges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from demo.shapes import points

Cell = tuple[int, int]
Knot = tuple[int, int]

SETBACK = {
    "primary": 17.0, "secondary": 14.0, "tertiary": 11.5, "residential": 9.0,
    "living_street": 5.0, "service": 5.0, "footway": 3.0, "unclassified": 7.0,
}  # fmt: skip
"""Metres from a street's centre line to the fronts of its houses."""

RIVER_HALF, BANK = 17.0, 27.5
"""Metres from the river's middle to the water's edge and to the riverside streets."""

COLUMNS = (
    (-2500, "residential", "西园路"), (-2150, "tertiary", "梧桐路"), (-1820, "residential", "采桑路"),
    (-1500, "secondary", "望山路"), (-1190, "residential", "松风路"), (-860, "tertiary", "石榴路"),
    (-500, "primary", "云溪大道"), (-190, "residential", "书院街"), (140, "tertiary", "青石路"),
    (450, "residential", "榆钱街"), (790, "tertiary", "望溪路"), (1150, "secondary", "虹桥路"),
    (1480, "residential", "柳絮路"), (1800, "tertiary", "锦屏路"), (2130, "residential", "枫林路"),
    (2450, "residential", "东郊路"),
)  # fmt: skip
ROWS = (
    (-1900, "residential", "南苑路"), (-1620, "tertiary", "稻香路"), (-1320, "residential", "荷塘路"),
    (-1040, "secondary", "新安大道"), (-760, "residential", "石桥街"), (-500, "tertiary", "学府路"),
    (-265, "residential", "杏花街"), (None, "tertiary", "南滨路"), (None, "tertiary", "北滨路"),
    (255, "residential", "老衙街"), (480, "residential", "鼓楼街"), (730, "primary", "人和大道"),
    (985, "residential", "竹林街"), (1260, "secondary", "凤鸣路"), (1560, "residential", "茶园路"),
    (1850, "residential", "北苑路"),
)  # fmt: skip
SOUTH_BANK, NORTH_BANK = 7, 8
BRIDGES = {6: "云溪大桥", 11: "虹桥"}
"""Columns whose street crosses the river, and the bridge's name."""


@dataclass
class Street:
    """A named way on the drawing board (`line` in board metres) or, outside, on the plane."""

    line: LineString
    kind: str
    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)


def river_at(u: float | np.ndarray) -> np.ndarray:
    """Height of the river's middle on the board at `u`, metres."""
    x = np.asarray(u, dtype=float)
    return 88 * np.sin(x / 700 + 0.55) + 22 * np.sin(x / 320 + 0.2)


def knot(at: Knot) -> tuple[float, float]:
    """Place of a street corner on the board; riverside corners follow the river."""
    u, row = float(COLUMNS[at[0]][0]), ROWS[at[1]][0]
    if row is not None:
        return u, float(row)
    side = BANK if at[1] == NORTH_BANK else -BANK
    return u, float(river_at(u)) + side


def in_town(at: Knot) -> bool:
    """True where a corner lies inside the town's rounded, uneven outline."""
    u, v = knot(at)
    angle = np.arctan2(v, u)
    reach = 1 + 0.07 * np.sin(3 * angle + 0.5) + 0.05 * np.sin(5 * angle + 2)
    return bool((abs(u) / 2660) ** 2.6 + (abs(v) / 1990) ** 2.6 < reach)


def grid(random: Random, kept: set[Cell]) -> list[Street]:
    """The streets of the grid; quiet ones are left out here and there, not around `kept` cells."""
    missing = _missing(random, kept)
    streets = [*_columns(missing), *_rows(missing)]
    return [street for street in streets if street.line.length > 0]


def _missing(random: Random, kept: set[Cell]) -> set[tuple[Knot, Knot]]:
    gone: set[tuple[Knot, Knot]] = set()
    for start, end in _edges():
        kind = (COLUMNS[start[0]] if start[0] == end[0] else ROWS[start[1]])[1]
        dropped = random.random() < 0.2
        if (
            not (in_town(start) and in_town(end))
            or _in_river(start, end)
            or (dropped and kind == "residential" and not kept & set(_beside(start, end)))
        ):
            gone.add((start, end))
    return gone


def _edges() -> Iterator[tuple[Knot, Knot]]:
    for i in range(len(COLUMNS)):
        for j in range(len(ROWS)):
            if i + 1 < len(COLUMNS):
                yield (i, j), (i + 1, j)
            if j + 1 < len(ROWS):
                yield (i, j), (i, j + 1)


def _in_river(start: Knot, end: Knot) -> bool:
    return {start[1], end[1]} == {SOUTH_BANK, NORTH_BANK} and start[0] not in BRIDGES


def _beside(start: Knot, end: Knot) -> tuple[Cell, Cell]:
    i, j = start
    return ((i - 1, j), (i, j)) if start[0] == end[0] else ((i, j - 1), (i, j))


def _columns(missing: set[tuple[Knot, Knot]]) -> Iterator[Street]:
    for i, (_, kind, name) in enumerate(COLUMNS):
        run: list[tuple[float, float]] = []
        for j in range(len(ROWS) - 1):
            edge = ((i, j), (i, j + 1))
            bridge = j == SOUTH_BANK
            if edge in missing or bridge:
                yield from _street(run, kind, name)
                run = []
            if edge in missing:
                continue
            if bridge:
                tags = {"bridge": "yes", "layer": "1", "bridge:name": BRIDGES[i]}
                yield Street(LineString([knot((i, j)), knot((i, j + 1))]), kind, name, tags)
            else:
                run = [*run, *([] if run else [knot((i, j))]), knot((i, j + 1))]
        yield from _street(run, kind, name)


def _rows(missing: set[tuple[Knot, Knot]]) -> Iterator[Street]:
    for j, (_, kind, name) in enumerate(ROWS):
        run: list[tuple[float, float]] = []
        for i in range(len(COLUMNS) - 1):
            start, end = (i, j), (i + 1, j)
            if (start, end) in missing:
                yield from _street(run, kind, name)
                run = []
            else:
                run = [*run, *([] if run else [knot(start)]), *_along(start, end)]
        yield from _street(run, kind, name)


def _along(start: Knot, end: Knot) -> list[tuple[float, float]]:
    """Points after `start` up to `end`; riverside streets bend with the river."""
    if start[1] not in (SOUTH_BANK, NORTH_BANK):
        return [knot(end)]
    side = BANK if start[1] == NORTH_BANK else -BANK
    between = np.linspace(knot(start)[0], knot(end)[0], 7)[1:-1]
    return [*((float(u), float(river_at(u)) + side) for u in between), knot(end)]


def _street(run: list[tuple[float, float]], kind: str, name: str) -> Iterator[Street]:
    if len(run) > 1:
        yield Street(LineString(run), kind, name)


def river_board() -> LineString:
    """The river's middle line through the town, on the board."""
    u = np.linspace(-2950, 2950, 120)
    return LineString(np.column_stack([u, river_at(u)]))


def blocks_between(streets: list[Street]) -> list[Polygon]:
    """The blocks that the streets enclose (board), without the river's bed."""
    noded = shapely.union_all([street.line for street in streets])
    found = shapely.polygonize([*getattr(noded, "geoms", [noded])]).geoms
    bed = river_board()
    return [block for block in found if not _is_bed(block, bed)]


def _is_bed(block: Polygon, bed: LineString) -> bool:
    return bool(block.intersection(bed).length > 150)


def joined(streets: list[Street]) -> list[Street]:
    """The same streets with a shared vertex wherever two of them meet or cross.

    Bridges and what runs under them are drawn so that they never cross.
    """
    lines = [street.line for street in streets]
    tree = shapely.STRtree(lines)
    corners = {_rounded(p) for line in lines for p in (line.coords[0], line.coords[-1])}
    for a, b in tree.query(lines, predicate="intersects").T:
        if a < b:
            corners |= {
                _rounded(p) for p in shapely.get_coordinates(lines[a].intersection(lines[b]))
            }
    places = points(np.array(sorted(corners)))
    touching: dict[int, list[Point]] = {}
    for p, n in tree.query(places, predicate="dwithin", distance=0.02).T:
        touching.setdefault(int(n), []).append(places[p])
    return [Street(_with_vertices(street.line, touching.get(n, [])), street.kind, street.name,
                   street.tags) for n, street in enumerate(streets)]  # fmt: skip


def _with_vertices(line: LineString, stops: list[Point]) -> LineString:
    """`line` with every point as a vertex, vertices of its own nearer than 2 cm replaced."""
    own = [(line.project(Point(p)), _rounded(p)) for p in line.coords]
    new = [(line.project(p), _rounded(p.coords[0])) for p in stops]
    own = [(at, p) for at, p in own if all(abs(at - other) > 0.02 for other, _ in new)]
    ordered = [p for _, p in sorted({*own, *new})]
    return LineString([ordered[0], *(b for a, b in pairwise(ordered) if a != b)])


def _rounded(point: tuple[float, ...]) -> tuple[float, float]:
    return round(float(point[0]), 3), round(float(point[1]), 3)
