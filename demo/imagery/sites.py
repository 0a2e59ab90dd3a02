"""The places that were flown over, on two days, and what is planted there between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon, affinity
from shapely.ops import substring

from demo.country import reservoir, river
from demo.imagery.canvas import Canvas, rectangle
from demo.imagery.ground import WIDTHS, paint_county
from demo.imagery.materials import AUTUMN, SPRING
from demo.imagery.things import PAINTERS, blob
from demo.shapes import longest
from demo.world import World

BEFORE, AFTER = "2025-10-18", "2026-05-21"
SEASON = {BEFORE: AUTUMN, AFTER: SPRING}
SUN = {BEFORE: (152.0, 44.0), AFTER: (128.0, 61.0)}
"""Azimuth and height of the sun, degrees."""
SHORE_M, DUMP_M2 = 100.0, 3860.0
"""The planted dump: 5.79 mu, a hundred metres from the water."""


@dataclass(frozen=True)
class Planted:
    """A thing that stands in the later scene: `kind`, its outline on the plane, why it matters.

    `decoy` things only look like findings.
    """

    kind: str
    outline: Polygon
    why: str
    decoy: bool = False


@dataclass(frozen=True)
class Site:
    """A place: its middle on the plane, size in metres, what was planted there."""

    name: str
    middle: tuple[float, float]
    size_m: tuple[float, float]
    planted: tuple[Planted, ...]
    lanes: tuple[tuple[LineString, Polygon], ...] = ()


def sites(world: World) -> tuple[Site, ...]:
    """Reservoir shore, estate, river bank and farmland."""
    return (_shore(), _estate(world), _bank(), _farm(world))


def paint(site: Site, world: World, canvas: Canvas, day: str) -> Canvas:
    """Paint the site as it looked on `day`; planted things only on the later one."""
    paint_county(canvas, world, SEASON[day], [lane for _, lane in site.lanes])
    for n, one in enumerate(site.planted):
        if one.decoy or day == AFTER:
            PAINTERS[one.kind](canvas, one.outline, n)
    return canvas


def _shore() -> Site:
    """The model case: rubble and ash on farmland, a hundred metres from a reservoir."""
    lake = reservoir()
    inland = np.array([-0.35, -0.94])
    dump = _away_from(lake, blob((-4520.0, 3800.0), DUMP_M2, 11), inland, SHORE_M)
    ash = _away_from(lake, blob((-4440.0, 3880.0), 420.0, 23), inland, 18.0)
    earth = _away_from(lake, blob((-4600.0, 3850.0), 260.0, 31), inland, 52.0)
    middle = np.asarray(dump.centroid.coords[0]) + np.array([10.0, 48.0])
    tunnel = rectangle((float(middle[0]) + 105, float(middle[1]) - 85), 42.0, 9.0, 62)
    bare = blob((float(middle[0]) - 105, float(middle[1]) - 50), 900.0, 47, 0.1)
    return Site(
        "shore", (float(middle[0]), float(middle[1])), (320.0, 256.0),
        (Planted("rubble", dump, "建筑垃圾堆放于耕地，距水库岸线100米 / rubble on farmland, 100 m from the shore"),
         Planted("ash", ash, "炉灰堆放于岸边 / ash on the bank"),
         Planted("earth", earth, "弃土 / dumped earth"),
         Planted("greenhouse", tunnel, "大棚，不是固体废物 / a greenhouse, no waste", decoy=True),
         Planted("bare_field", bare, "翻耕的裸地，不是固体废物 / ploughed ground, no waste", decoy=True)),
    )  # fmt: skip


def _away_from(water: Polygon, shape: Polygon, inland: np.ndarray, metres: float) -> Polygon:
    """`shape` moved along `inland` until its nearest point is so far from the water."""
    low, high = -400.0, 400.0
    for _ in range(60):
        middle = (low + high) / 2
        moved = affinity.translate(shape, *(inland * middle))
        low, high = (middle, high) if moved.distance(water) < metres else (low, middle)
    return affinity.translate(shape, *(inland * high))


def _estate(world: World) -> Site:
    """An estate's drive is its fire lane: parked cars, a planted bed and a board stand in it."""
    line = _drive(world)
    lane = line.buffer(WIDTHS["service"] / 2, cap_style="flat")
    things = []
    for at_m, kind, aside in ((18, "car", 1.75), (24, "car", 1.75), (41, "bed", 0.9), (60, "board", -1.2),
                              (74, "van", 0.4), (88, "car", -1.75)):  # fmt: skip
        spot, bearing = _station(line, at_m, aside)
        shape = {"car": (4.5, 1.8), "van": (5.6, 2.0), "bed": (9.0, 3.6), "board": (6.0, 0.9)}[kind]
        outline = rectangle(spot, *shape, bearing)
        things.append(Planted(kind, outline, "占用消防车通道 / stands in the fire lane"))
    middle = line.interpolate(0.5, normalized=True)
    return Site("estate", (middle.x, middle.y), (160.0, 128.0), tuple(things), ((line, lane),))


def _drive(world: World) -> LineString:
    """A straight hundred metres of an estate's drive, the same for the same county."""
    best, bend = LineString(), float("inf")
    for street in world.streets:
        if street.kind != "service" or street.line.length < 110:
            continue
        for start in np.arange(5, street.line.length - 105, 20.0):
            piece = longest(substring(street.line, start, start + 100.0))
            ends = shapely.get_coordinates(piece)[[0, -1]]
            slack = piece.length - float(np.hypot(*(ends[1] - ends[0])))
            if slack < bend - 1e-6:
                best, bend = piece, slack
    return best


def _station(line: LineString, at_m: float, aside: float) -> tuple[tuple[float, float], float]:
    """A place beside the line's middle, and the line's bearing there, degrees."""
    here = np.asarray(line.interpolate(at_m).coords[0])
    ahead = np.asarray(line.interpolate(at_m + 1).coords[0]) - here
    ahead = ahead / np.hypot(*ahead)
    spot = here + aside * np.array([ahead[1], -ahead[0]])
    return (float(spot[0]), float(spot[1])), float(np.degrees(np.arctan2(ahead[0], ahead[1])))


def _bank() -> Site:
    """Sand dug from the river's bank."""
    stream = river()
    hole = _away_from(stream, blob((-5200.0, 880.0), 2400.0, 71), np.array([0.12, -0.99]), 6.0)
    middle = hole.centroid
    return Site(
        "bank", (middle.x, middle.y + 30), (320.0, 256.0),
        (Planted("pit", hole, "河岸采砂坑 / sand dug from the bank"),),
    )  # fmt: skip


def _farm(world: World) -> Site:
    """A steel shed and its yard on a farm field."""
    fields = [shape for way in world.ways if way.tags.get("landuse") == "farmland"
              and isinstance(shape := way.shape, Polygon) and 12_000 < shape.area < 40_000]  # fmt: skip
    place = max(fields, key=lambda shape: (shape.buffer(-30).area, shape.centroid.x))
    middle = shapely.maximum_inscribed_circle(place).coords[0]
    hall = rectangle((middle[0], middle[1]), 44.0, 18.0, 75)
    return Site(
        "farm", (middle[0], middle[1]), (300.0, 240.0),
        (Planted("shed", hall, "耕地上新建钢棚 / a new steel shed on farmland"),),
    )  # fmt: skip
