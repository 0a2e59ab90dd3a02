"""Around the town: the river above and below it, country roads, villages, a reservoir.

All on the plane, metres. The skeleton is fixed; the seed moves houses and fields only.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
import shapely
from shapely import LineString, Polygon

from demo.frame import lay
from demo.houses import Ground, Row, line_fronts
from demo.shapes import biggest
from demo.streets import RIVER_HALF, Street, river_board
from demo.world import World

HOUSES = Row(width=(9.0, 14.0), depth=(8.0, 11.0), gap=(1.5, 14.0), skip=0.2)
ROAD_TO_FRONT, LANE_TO_FRONT, SECOND_ROW_M = 8.0, 5.0, 19.0


@dataclass(frozen=True)
class Village:
    """A village: its name, its middle (metres), the bearings of its lanes (degrees), lane length."""

    name: str
    centre: tuple[float, float]
    lanes: tuple[int, ...] = (20, 115, 250)
    length: float = 190.0


VILLAGES = (
    Village("石塘村", (-4700, 2300), (340, 80, 190), 210), Village("柏坪村", (-300, 4200), (60, 250, 300)),
    Village("梨树湾村", (2600, 3700), (10, 190, 130), 150), Village("青竹村", (4600, 2100), (60, 280, 110), 150),
    Village("桃湾村", (4500, 1000), (200, 330, 160), 230), Village("沙洲村", (-4300, -900), (190, 20, 140), 220),
    Village("竹坳村", (-3500, -3200), (300, 120, 60), 150), Village("麻溪村", (-700, -3700), (80, 290, 240), 220),
    Village("枫坪镇", (4100, -2300), (20, 200, 330, 120), 260), Village("黄泥坡村", (6200, -3130), (10, 200), 140),
    Village("茶坪村", (6700, 880), (350, 170), 140), Village("上石塘", (-6350, 3000), (20, 200), 120),
)  # fmt: skip
ROADS = (
    ("secondary", "石塘公路", ("人和大道", "W"), ((-3000, 1330), (-3900, 1900), (-4700, 2300), (-5600, 2850), (-6350, 3000), (-8600, 3500))),
    ("secondary", "柏坪公路", ("云溪大道", "N"), ((-260, 2500), (-520, 3300), (-300, 4200), (150, 5200), (260, 7200))),
    ("secondary", "桃湾公路", ("人和大道", "E"), ((3400, 760), (4500, 1000), (5600, 720), (6700, 880), (8700, 1300))),
    ("secondary", "麻溪公路", ("云溪大道", "S"), ((-880, -2700), (-700, -3700), (-230, -4700), (-300, -7000))),
    ("secondary", "沙洲公路", ("新安大道", "W"), ((-3200, -640), (-4300, -900), (-5600, -700), (-8600, -1050))),
    ("secondary", "枫坪公路", ("新安大道", "E"), ((3000, -1650), (4100, -2300), (5300, -2720), (6200, -3130), (8400, -3650))),
    ("tertiary", "北环乡道", ("", ""), ((-300, 4200), (1150, 4050), (2600, 3700), (3700, 2950), (4600, 2100), (4500, 1000))),
    ("tertiary", "西南乡道", ("", ""), ((-700, -3700), (-2150, -3620), (-3500, -3200), (-4150, -2100), (-4300, -900))),
    ("tertiary", "东南乡道", ("", ""), ((-700, -3700), (900, -3880), (2450, -3300), (4100, -2300))),
)  # fmt: skip
RIVER_WEST = ((-8700, 520), (-7000, 330), (-6100, 700), (-5200, 930), (-4300, 700), (-3500, 720))
RIVER_EAST = ((3800, -480), (4600, -260), (5500, -720), (6500, -900), (7300, -560), (8800, -900))
STREAMS = (
    ("石塘溪", ((-3930, 3600), (-3850, 3150), (-3720, 2500), (-3520, 1750), (-3480, 720))),
    ("麻溪", ((-2500, -4900), (-2650, -3000), (-2950, -1800), (-3050, -300), (-3250, 680))),
    ("桃湾溪", ((5600, 3900), (5500, 2300), (5250, 900), (5300, -550))),
)
RESERVOIR = ((-3900, 3630), (-4080, 4000), (-3950, 4450), (-4150, 4850), (-4360, 4480), (-4700, 4620),
             (-5080, 4950), (-5100, 4550), (-4800, 4280), (-5300, 4060), (-4850, 3980), (-4420, 3870))  # fmt: skip
HILLS = (
    ((1500, 5700), 1500), ((-2300, 5300), 1300), ((-6300, 5600), 1500), ((6300, 3700), 1700),
    ((-2600, -5500), 1500), ((1900, -5400), 1500), ((-7000, -3400), 1800), ((5200, -5100), 1600),
    ((7900, -1900), 900), ((-7900, 1900), 900), ((3200, 2350), 420), ((-5600, -2300), 500),
)  # fmt: skip


def smooth(points: object, step: float = 40.0) -> LineString:
    """A road's or river's line through control points (Catmull-Rom), a vertex every `step` m."""
    p = np.asarray(points, dtype=float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    parts = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        t = np.linspace(0, 1, max(2, int(np.hypot(*(c - b)) / step)), endpoint=False)[:, None]
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
                            + (3 * b - a - 3 * c + d) * t**3))  # fmt: skip
    return LineString(np.vstack([*parts, p[-2:-1]]).round(3))


def country_roads(town: list[Street]) -> list[Street]:
    """The roads that leave the town and those between the villages."""
    roads = []
    for kind, name, (street, side), points in ROADS:
        start = [_end_of(town, street, side)] if street else []
        roads.append(Street(smooth([*start, *points]), kind, name))
    return roads


def _end_of(town: list[Street], name: str, side: str) -> tuple[float, float]:
    """The outermost end of a street of the town (its line already on the plane)."""
    points = np.vstack([shapely.get_coordinates(s.line)[[0, -1]] for s in town if s.name == name])
    axis, sign = {"W": (0, -1), "E": (0, 1), "S": (1, -1), "N": (1, 1)}[side]
    x, y = points[np.argmax(sign * points[:, axis])]
    return float(x), float(y)


def village_lanes(village: Village, roads: list[Street]) -> list[Street]:
    """The lanes of a village, each leaving the nearest road; they bend a little."""
    lanes = []
    tree = shapely.STRtree([road.line for road in roads])
    for n, bearing in enumerate(village.lanes):
        turn = np.radians(bearing)
        ahead = np.array([np.sin(turn), np.cos(turn)])
        aside = np.array([ahead[1], -ahead[0]])
        base = np.asarray(village.centre, dtype=float) + aside * (35.0 if n % 2 else -30.0)
        road = roads[int(tree.nearest(shapely.Point(base)))].line
        start = np.asarray(road.interpolate(round(road.project(shapely.Point(base)), 1)).coords[0])
        bends = [
            start,
            start + ahead * village.length * 0.5 + aside * 12,
            start + ahead * village.length,
        ]
        lanes.append(Street(smooth(bends, 30.0), "unclassified"))
    return lanes


def build_village(
    village: Village, roads: list[Street], taken: list[Polygon], random: Random
) -> Ground:
    """Houses on both sides of every road and lane within the village, and a row behind them."""
    here = shapely.Point(village.centre).buffer(village.length + 60)
    near = [road for road in roads if road.line.intersects(here)]
    verge = [road.line.buffer(_setback(road) - 0.5) for road in near]
    ground = Ground(here.difference(shapely.union_all([*verge, *taken])))
    sides = [
        (line, _setback(road)) for road in near
        for piece in shapely.get_parts(road.line.intersection(here))
        for line in (piece, piece.reverse())
    ]  # fmt: skip
    for line, setback in sides:
        _row(ground, line, setback, random)
    doors = list(ground.doors)
    for line, setback in sides:
        _row(ground, line, setback + SECOND_ROW_M, random)
    ground.doors = doors
    return ground


def _row(ground: Ground, line: LineString, setback: float, random: Random) -> None:
    for part in shapely.get_parts(shapely.offset_curve(line, setback)):
        line_fronts(ground, shapely.get_coordinates(part.simplify(1.5)), HOUSES, random)


def _setback(road: Street) -> float:
    return LANE_TO_FRONT if road.kind == "unclassified" else ROAD_TO_FRONT


def river() -> Polygon:
    """The whole river's surface on the plane."""
    middle = lay(shapely.get_coordinates(river_board()))
    upper = smooth([*RIVER_WEST, middle[0]])
    lower = smooth([middle[-1], *RIVER_EAST])
    town = LineString(middle).buffer(RIVER_HALF, cap_style="flat")
    country = [line.buffer(RIVER_HALF + 3) for line in (upper, lower)]
    return shapely.union_all([town, *country]).buffer(4).buffer(-4)


def reservoir() -> Polygon:
    """The reservoir's surface on the plane."""
    ring = np.asarray(RESERVOIR, dtype=float)
    shore = smooth([*ring, ring[0]], 60.0)
    return Polygon(shore).buffer(25).buffer(-10)


def dam() -> LineString:
    """The dam's crest at the reservoir's lower end."""
    return LineString([(-4010, 3610), (-3830, 3660)])


def draw_water(world: World, reach: Polygon) -> None:
    """River (within `reach`), reservoir, dam and streams."""
    world.area(
        biggest(river().intersection(reach)), {"natural": "water", "water": "river", "name": "云溪"}
    )
    world.area(reservoir(), {"natural": "water", "water": "reservoir", "name": "石塘水库"})
    world.line(dam(), {"waterway": "dam", "name": "石塘水库大坝"})
    for name, points in STREAMS:
        world.line(smooth(points), {"waterway": "stream", "name": name})
