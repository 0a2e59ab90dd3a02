"""Where the schools stand in town: cells of the grid, parts of a block, gates by side.

The table is fixed, so that the planted cases (a gate behind the river, a gate on the far
side, a lane that ends at a wall) exist whatever the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from demo.houses import Ground
from demo.shapes import at, biggest
from demo.streets import SETBACK, Cell, Street
from demo.world import Campus, Gate, Tags, World, on_plane

WHOLE = (0.0, 1.0, 0.0, 1.0)
WEST, EAST = (0.0, 0.5, 0.0, 1.0), (0.5, 1.0, 0.0, 1.0)
SOUTH, NORTH = (0.0, 1.0, 0.0, 0.55), (0.0, 1.0, 0.45, 1.0)
SIDES = {
    "S": ("南门", (0, -1)),
    "N": ("北门", (0, 1)),
    "W": ("西门", (-1, 0)),
    "E": ("东门", (1, 0)),
}
REACH = 45.0
"""Metres from a gate within which its street lies."""


@dataclass(frozen=True)
class Site:
    """A school in town: its cell, its part of the block (shares), its gates.

    A gate is (side, share along that side, role, how it becomes known: osm, drawn, poi, none;
    `closed` is on the map but locked, `later` is drawn and opens after the day of the run).
    """

    name: str
    kind: str
    cell: Cell
    part: tuple[float, float, float, float]
    gates: tuple[tuple[str, float, str, str], ...]


def _main(side: str, share: float = 0.5, source: str = "osm") -> tuple[str, float, str, str]:
    return side, share, "main", source


def _back(side: str, share: float = 0.5, source: str = "osm") -> tuple[str, float, str, str]:
    return side, share, "back", source


def _side(side: str, share: float = 0.5, source: str = "osm") -> tuple[str, float, str, str]:
    return side, share, "side", source


RIVERSIDE, WALLED = "云溪小学", "石榴小学"
SITES = (
    Site(RIVERSIDE, "primary", (8, 8), (0.0, 0.6, 0.0, 1.0), (_main("S", 0.45),)),
    Site("云溪第一中学", "middle", (3, 10), WHOLE, (_main("S", 0.4), _back("N", 0.6))),
    Site(WALLED, "primary", (4, 8), (0.0, 0.55, 0.0, 1.0), (_main("N", 0.86),)),
    Site("青石小学", "primary", (7, 10), (0.25, 1.0, 0.0, 0.6), (_main("S"), _side("E", 0.4, "drawn"))),
    Site("鼓楼小学", "primary", (5, 10), (0.0, 0.62, 0.0, 0.6), (_main("S", 0.6), _side("W", 0.5))),
    Site("望溪小学", "primary", (10, 8), (0.3, 1.0, 0.1, 1.0), (_main("N"),)),
    Site("梧桐小学", "primary", (1, 9), WEST, (_main("W"), _side("S", 0.5, "drawn"))),
    Site("凤鸣小学", "primary", (9, 13), SOUTH, (_main("S", 0.4), _side("E", 0.5, "poi"))),
    Site("锦屏小学", "primary", (12, 10), EAST, (_main("E"), _back("N", 0.5))),
    Site("新安小学", "primary", (6, 3), (0.0, 0.5, 0.0, 1.0), (_main("N", 0.5, "none"),)),
    Site("稻香小学", "primary", (3, 1), SOUTH, (_main("S"), _side("W", 0.4))),
    Site("荷塘小学", "primary", (10, 2), NORTH, (_main("N", 0.4), _side("E", 0.5), _side("W", 0.6, "closed"))),
    Site("石桥小学", "primary", (2, 5), WEST, (_main("S", 0.5, "drawn"),)),
    Site("云溪第二中学", "middle", (5, 2), WHOLE, (_main("N"), _side("E", 0.3), _back("S", 0.7))),
    Site("云溪第三中学", "middle", (11, 5), WHOLE, (_main("N", 0.4), _side("W", 0.5), _back("S", 0.6, "later"))),
    Site("凤鸣中学", "middle", (4, 12), WHOLE, (_main("N", 0.5), _back("S", 0.3, "drawn"))),
    Site("锦屏中学", "middle", (13, 8), WHOLE, (_main("N", 0.5, "none"),)),
    Site("云溪高级中学", "middle", (8, 5), WHOLE, (_main("S"), _side("E", 0.6), _back("N", 0.2))),
    Site("云溪职业中等专业学校", "vocational", (12, 3), WHOLE, (_main("N"), _back("S", 0.5))),
    Site("云溪特殊教育学校", "special", (1, 11), (0.4, 1.0, 0.0, 0.6), (_main("S"),)),
    Site("虹桥九年制学校", "primary_middle", (11, 12), WHOLE, (_main("S", 0.6), _side("W", 0.5))),
    Site("县直机关幼儿园", "kindergarten", (7, 11), (0.0, 0.2, 0.0, 0.3), (_main("W"),)),
    Site("书院幼儿园", "kindergarten", (6, 9), (0.72, 1.0, 0.3, 0.55), (_main("E"),)),
    Site("榆钱幼儿园", "kindergarten", (9, 9), (0.0, 0.18, 0.6, 1.0), (_main("N"),)),
    Site("杏花幼儿园", "kindergarten", (4, 6), (0.4, 0.6, 0.6, 1.0), (_main("N"),)),
    Site("竹林幼儿园", "kindergarten", (2, 12), (0.0, 0.2, 0.0, 0.24), (_main("S", 0.5, "drawn"),)),
    Site("茶园幼儿园", "kindergarten", (7, 13), (0.4, 0.58, 0.75, 1.0), (_main("N"),)),
    Site("枫林幼儿园", "kindergarten", (13, 11), (0.78, 1.0, 0.3, 0.6), (_main("E", 0.5, "poi"),)),
    Site("柳絮幼儿园", "kindergarten", (12, 6), (0.3, 0.5, 0.0, 0.3), (_main("S"),)),
    Site("南苑幼儿园", "kindergarten", (8, 0), (0.4, 0.6, 0.0, 0.26), (_main("S", 0.5, "none"),)),
    Site("新安幼儿园", "kindergarten", (9, 3), (0.8, 1.0, 0.0, 0.26), (_main("S"),)),
)  # fmt: skip
ESTATE_KINDERGARTEN, ESTATE_CELL = "小青藤幼儿园", (2, 3)

_TAGS: dict[str, Tags] = {
    "primary": {"amenity": "school", "isced:level": "1"},
    "middle": {"amenity": "school", "isced:level": "2"},
    "primary_middle": {"amenity": "school", "isced:level": "1;2"},
    "special": {"amenity": "school", "school:CN": "特殊教育学校"},
    "vocational": {"amenity": "school", "school:CN": "中等职业学校"},
    "kindergarten": {"amenity": "kindergarten", "isced:level": "0"},
}


def campus_of(name: str, kind: str, outline: Polygon, gates: list[Gate]) -> Campus:
    """A campus on the plane with its OSM tags."""
    return Campus(name, kind, outline, tuple(gates), {"name": name, **_TAGS[kind]})


def plot_of(site: Site, block: Polygon, streets: list[Street]) -> Polygon:
    """The campus on the board: its share of the block behind the house line."""
    room = behind_the_house_line(block, streets)
    left, low, right, high = room.bounds
    a, b, c, d = site.part
    share = shapely.box(left + a * (right - left), low + c * (high - low),
                        left + b * (right - left), low + d * (high - low))  # fmt: skip
    return biggest(room.intersection(share))


def behind_the_house_line(block: Polygon, streets: list[Street]) -> Polygon:
    """`block` without the streets and their pavements."""
    near = [s for s in streets if s.line.distance(block) < 1]
    roads = [s.line.buffer(SETBACK[s.kind], cap_style="flat", join_style="mitre") for s in near]
    return biggest(block.difference(shapely.union_all(roads)))


def gate_of(plot: Polygon, side: str, share: float) -> Point:
    """The gate's place on the outline of `plot` (board)."""
    left, low, right, high = plot.bounds
    u, v = left + share * (right - left), low + share * (high - low)
    (x, y) = SIDES[side][1]
    ends = ((u, low - 1), (u, high + 1)) if y else ((left - 1, v), (right + 1, v))
    hits = shapely.get_coordinates(LineString(ends).intersection(plot.exterior))
    return Point(hits[np.argmax(hits @ (x, y))])


def path_to_street(gate: Point, side: str, streets: list[Street]) -> LineString:
    """The way from the gate straight out to the street it opens on (board)."""
    x, y = SIDES[side][1]
    ray = LineString([(gate.x, gate.y), (gate.x + REACH * x, gate.y + REACH * y)])
    hits = shapely.get_coordinates([ray.intersection(street.line) for street in streets])
    nearest = hits[np.argmin(np.hypot(*(hits - (gate.x, gate.y)).T))]
    return LineString([gate, Point(nearest)])


def open_gates(site: Site, plot: Polygon, streets: list[Street]) -> tuple[list[Gate], list[Street]]:
    """The gates of a site and the short paths that join the known ones to the streets."""
    gates, paths = [], []
    for side, share, role, source in site.gates:
        place = gate_of(plot, side, share)
        gates.append(Gate(at(on_plane(place)), role, SIDES[side][0], source))
        if source in ("osm", "poi", "closed"):
            paths.append(Street(path_to_street(place, side, streets), "footway"))
    return gates, paths


def furnish(world: World, campus: Polygon, kind: str, random: Random) -> None:
    """Teaching houses, a running track and trees on a campus (board)."""
    left, low, right, high = campus.bounds
    ground = Ground(campus.buffer(-6))
    wide, deep = right - left, high - low
    if kind != "kindergarten" and min(wide, deep) > 62:
        _sports_ground(world, ground, campus, random)
    long = min(52.0, 0.5 * wide)
    v = low + 9
    while v + 12 < high:
        for u in (left + 9, left + 9 + long + 10, left + 9 + 2 * (long + 10)):
            ground.put(shapely.box(u, v, u + long, v + 12))
        v += 30 if kind != "kindergarten" else 22
    for house in ground.houses:
        world.area(house, {"building": "school"}, board=True)


def _sports_ground(world: World, ground: Ground, campus: Polygon, random: Random) -> None:
    left, low, right, high = campus.bounds
    long, short = (right - left) * 0.44, min((high - low) * 0.5, 66.0)
    centre = Point(right - long / 2 - 9, low + random.choice((0.3, 0.66)) * (high - low))
    half = short / 2
    straight = LineString(
        [(centre.x - long / 2 + half, centre.y), (centre.x + long / 2 - half, centre.y)]
    )
    if straight.length < 5 or not campus.covers(straight.buffer(half)):
        return
    world.area(straight.buffer(half), {"leisure": "track", "sport": "running"}, board=True)
    world.area(straight.buffer(half - 8, cap_style="flat"), {"leisure": "pitch", "sport": "soccer"},
               board=True)  # fmt: skip
    ground.keep_free(straight.buffer(half + 4))
