"""What the blocks of the town are used for, and what is built on them (on the board)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from demo.campuses import behind_the_house_line
from demo.houses import Ground, Row, halls, ring_fronts, scattered, slabs
from demo.shapes import biggest, longest, polygons
from demo.streets import SETBACK, Street

OLD = Row(width=(7.0, 14.0), depth=(9.0, 13.0), gap=(0.0, 0.8), skip=0.05)
SHOPS = Row(width=(10.0, 26.0), depth=(11.0, 15.0), gap=(0.0, 5.0), skip=0.08)
EDGE = Row(width=(9.0, 15.0), depth=(9.0, 12.0), gap=(2.0, 18.0), skip=0.25)
INNER = ("service", "footway")
"""Ways that no shop faces."""
CIVIC = {(6, 11): ("townhall", "云溪县政务中心"), (3, 12): ("hospital", "云溪县人民医院"),
         (10, 9): ("marketplace", "望溪农贸市场"), (5, 3): ("bus_station", "云溪汽车站"),
         (9, 11): ("library", "云溪县图书馆")}  # fmt: skip
ROW = {(8, 6): ("row", "")}
SHOPPING = dict.fromkeys(
    ((3, 11), (3, 9), (8, 9), (7, 6), (5, 7), (13, 10), (4, 9), (7, 9), (8, 10), (0, 11), (2, 2), (1, 3)),
    ("street", ""),
) | ROW  # fmt: skip
"""Cells that are always lined with shops, around the planted cases; `row`: without a lane."""
PARKS = {(5, 8): "溪岸公园", (9, 5): "荷塘公园", (6, 13): "凤鸣山公园", (12, 12): "锦屏公园",
         (3, 4): "石桥广场", (13, 6): "滨河湿地公园"}  # fmt: skip
ESTATE_NAMES = ("云溪花苑", "锦绣佳园", "望溪名邸", "梧桐雅居", "新安家园", "凤鸣小区", "青石苑", "书香里",
                "荷塘月色小区", "桥南新村", "竹林小区", "茶园新居", "枫林湾", "柳岸人家", "南苑小区", "东郊花园",
                "采桑苑", "松风里", "榆钱里", "稻香新村", "虹桥公寓", "学府家园", "人和小区", "石榴园",
                "北苑小区", "西园新村", "银杏苑", "滨江一号院", "向阳里", "长乐坊", "安居苑", "和顺家园")  # fmt: skip


@dataclass
class Block:
    """A block on the board: how it is used, its own lanes, and what is kept free of houses."""

    outline: Polygon
    use: str
    name: str = ""
    lanes: list[Street] = field(default_factory=list)
    kept: list[Polygon] = field(default_factory=list)
    wall: Polygon | None = None


def use_of(outline: Polygon, random: Random) -> str:
    """How a block without a fixed use is used, by where it lies."""
    u, v = outline.centroid.coords[0]
    if -1000 < u < 860 and 0 < v < 740:
        return "old"
    if (u > 1850 and v < -700) or (u < -2150 and v > 900):
        return "works"
    outer = (u / 2600) ** 2 + (v / 1950) ** 2
    if outer > 0.72:
        return random.choice(("edge", "edge", "estate", "street"))
    return random.choice(("estate", "estate", "street", "street", "estate"))


def lay_lanes(block: Block, streets: list[Street], names: list[str], random: Random) -> None:
    """Give a block its lanes, or an estate its drives and wall."""
    if block.use == "old" or (block.use in ("street", "edge") and random.random() < 0.75):
        kind = "living_street" if block.use == "old" else "residential"
        _cross_lanes(block, kind, names, random)
    elif block.use == "estate" and block.wall is None:
        _estate(block, streets, random)
    elif block.use == "park":
        _cross_lanes(block, "footway", [], random)


def _cross_lanes(block: Block, kind: str, names: list[str], random: Random) -> None:
    left, low, right, high = block.outline.bounds
    sides = [(right - left > 150, True), (high - low > 190, False)]
    for wide, upright in sides:
        if not wide or (not upright and random.random() < 0.3):
            continue
        share = random.uniform(0.38, 0.62)
        u, v = left + share * (right - left), low + share * (high - low)
        ray = (
            LineString([(u, low - 1), (u, high + 1)])
            if upright
            else LineString([(left - 1, v), (right + 1, v)])
        )
        for kept in block.kept:
            ray = longest(ray.difference(kept.buffer(6)))
        lane = longest(ray.intersection(block.outline))
        if lane.length > 60:
            block.lanes.append(Street(lane, kind, names.pop() if names else ""))


def _estate(block: Block, streets: list[Street], random: Random) -> None:
    """A walled estate: shops along the street, a drive all round inside, one or two ways in."""
    room = behind_the_house_line(block.outline, streets)
    for kept in block.kept:
        room = biggest(room.difference(kept.buffer(3)))
    wall = biggest(room.buffer(-17, join_style="mitre"))
    drive = biggest(wall.buffer(-7, join_style="mitre"))
    if drive.area < 6000:
        block.use = "street"
        return
    sides = random.sample(((-1, 0), (1, 0), (0, -1), (0, 1)), 4)
    ways_in = [_way_in(drive, block.outline, x, y) for x, y in sides]
    shut = shapely.union_all([plot.buffer(4) for plot in block.kept])
    ways_in = [way for way in ways_in if not way.intersects(shut)]
    if not ways_in:
        block.use = "street"
        return
    block.wall, rim = wall, drive.exterior
    half = longest(substring(rim, 0, rim.length / 2))
    rest = longest(substring(rim, rim.length / 2, rim.length))
    block.lanes += [
        Street(line, "service") for line in (half, rest, *ways_in[: random.choice((1, 2))])
    ]


def _way_in(drive: Polygon, outline: Polygon, x: int, y: int) -> LineString:
    """From the drive's rim straight out to the street, in the direction (x, y)."""
    u, v = drive.representative_point().coords[0]
    ray = LineString([(u, v), (u + 500 * x, v + 500 * y)])
    inner = longest(ray.intersection(drive)).coords[-1]
    beyond = LineString([inner, (u + 500 * x, v + 500 * y)])
    outer = _nearest_end(beyond.intersection(outline), Point(inner))
    return LineString([inner, outer])


def _nearest_end(line: BaseGeometry, start: Point) -> tuple[float, ...]:
    """The far end of the piece of a line that begins at `start`."""
    first = min(shapely.get_parts(line), key=start.distance)
    return max(first.coords, key=lambda p: start.distance(Point(p)))


def build(block: Block, streets: list[Street], random: Random) -> Ground:
    """Build on one block; returns the ground with its houses and street doors."""
    near = [s for s in streets if s.line.distance(block.outline) < 1]
    roads = [s.line.buffer(SETBACK[s.kind], cap_style="flat", join_style="mitre") for s in near]
    taken = shapely.union_all([*roads, *(kept.buffer(2.5) for kept in block.kept)])
    fronts = shapely.union_all(
        [road for road, s in zip(roads, near, strict=True) if s.kind not in INNER]
    )
    whole = Ground(Polygon())
    for part in polygons(block.outline.difference(taken)):
        if part.area > 150:
            piece = Ground(part, rim=fronts.boundary)
            FILL[block.use](block, piece, random)
            whole.houses += piece.houses
            whole.doors += piece.doors
    return whole


def _old(_: Block, piece: Ground, random: Random) -> None:
    ring_fronts(piece, OLD, random)
    scattered(piece, int(piece.free.area / 210), random)


def _street(_: Block, piece: Ground, random: Random) -> None:
    ring_fronts(piece, SHOPS, random)
    slabs(piece, piece.free.buffer(-20), random)


def _edge(_: Block, piece: Ground, random: Random) -> None:
    ring_fronts(piece, EDGE, random)
    scattered(piece, int(piece.free.area / 900), random)


def _estate_houses(block: Block, piece: Ground, random: Random) -> None:
    ring_fronts(piece, SHOPS, random)
    if block.wall is not None:
        for yard in polygons(piece.free.intersection(block.wall.buffer(-11))):
            slabs(piece, yard, random)


def _civic(_: Block, piece: Ground, random: Random) -> None:
    slabs(piece, piece.free.buffer(-14), random)


def _market(_: Block, piece: Ground, random: Random) -> None:
    ring_fronts(piece, SHOPS, random)
    halls(piece, random)


def _works(_: Block, piece: Ground, random: Random) -> None:
    halls(piece, random)


def _nothing(_: Block, piece: Ground, random: Random) -> None:
    """A park or a bare plot."""


FILL: dict[str, Callable[[Block, Ground, Random], None]] = {
    "old": _old, "street": _street, "edge": _edge, "estate": _estate_houses, "works": _works,
    "townhall": _civic, "hospital": _civic, "library": _civic, "bus_station": _civic,
    "marketplace": _market, "park": _nothing, "row": _street,
}  # fmt: skip
