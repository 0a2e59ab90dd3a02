"""The whole county drawn: town, villages, land, water, townships; nothing is written yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from demo.campuses import campus_of
from demo.country import (
    VILLAGES,
    Village,
    build_village,
    country_roads,
    draw_water,
    reservoir,
    river,
    village_lanes,
)  # fmt: skip
from demo.land import county_outline, draw_land, townships
from demo.shapes import at, chance, longest
from demo.streets import Street, joined
from demo.town import draw_town
from demo.world import Gate, World

NAME_ZH, NAME_EN = "云溪县", "Yunxi County (invented)"
VILLAGE_SCHOOLS = (
    ("石塘小学", "primary", "石塘村", 0, "osm"), ("石塘幼儿园", "kindergarten", "石塘村", 1, "osm"),
    ("桃湾小学", "primary", "桃湾村", 1, "osm"), ("桃湾幼儿园", "kindergarten", "桃湾村", 2, "poi"),
    ("麻溪小学", "primary", "麻溪村", 1, "drawn"), ("沙洲小学", "primary", "沙洲村", 0, "none"),
    ("柏坪小学", "primary", "柏坪村", 0, "osm"), ("枫坪中学", "middle", "枫坪镇", 0, "osm"),
)  # fmt: skip
"""Name, kind, village, lane it stands on, how its gate becomes known."""
SIZES = {"primary": (86.0, 62.0), "kindergarten": (44.0, 38.0), "middle": (150.0, 110.0)}


@dataclass(frozen=True)
class County:
    """The drawn county: `world`, its outline and its townships (plane, metres)."""

    world: World
    outline: Polygon
    townships: tuple[Polygon, ...]


@cache
def draw_county(seed: str) -> County:
    """Draw everything; the same seed draws the same county. Nobody changes what was drawn."""

    def random(part: str) -> Random:
        return chance(seed, part)

    world = World()
    outline = county_outline(random("outline"))
    draw_town(world, random("town"))
    town = list(world.streets)
    roads = country_roads(town)
    lanes = {village: village_lanes(village, roads) for village in VILLAGES}
    country = [*roads, *(lane for group in lanes.values() for lane in group)]
    paths = _village_schools(world, lanes)
    for village in VILLAGES:
        _village(world, village, country, random(village.name))
    world.streets = joined([*town, *_within(country, outline), *paths])
    draw_water(world, outline.buffer(250))
    draw_land(world, outline, _busy(world, town), random("land"))
    _places(world)
    return County(world, outline, tuple(townships(outline, random("townships"))))


def _within(roads: list[Street], outline: Polygon) -> list[Street]:
    """Roads end a little beyond the county's outline."""
    reach = outline.buffer(250)
    return [
        Street(longest(road.line.intersection(reach)), road.kind, road.name, road.tags)
        for road in roads
    ]


def _village_schools(world: World, lanes: dict[Village, list[Street]]) -> list[Street]:
    paths = []
    by_name = {village.name: streets for village, streets in lanes.items()}
    for name, kind, village, lane, source in VILLAGE_SCHOOLS:
        line = by_name[village][lane].line
        outline, gate, meet = _beside(line, *SIZES[kind])
        role = Gate(gate, "main", "大门", source)
        world.campuses.append(campus_of(name, kind, outline, [role]))
        if source in ("osm", "poi"):
            paths.append(Street(LineString([gate, meet]), "footway"))
        _school_house(world, outline)
    return paths


def _beside(
    line: LineString, wide: float, deep: float
) -> tuple[Polygon, tuple[float, float], tuple[float, float]]:
    """A plot beside the outer half of a lane, its gate, and where the gate's path meets the lane."""
    at_m = line.length - wide / 2 - 12
    meet = line.interpolate(at_m)
    ahead = np.subtract(line.interpolate(at_m + 5).coords[0], meet.coords[0]) / 5
    aside = np.array([-ahead[1], ahead[0]])
    gate = np.asarray(meet.coords[0]) + 7.5 * aside
    corners = [gate - ahead * wide / 2, gate + ahead * wide / 2]
    corners += [corners[1] + aside * deep, corners[0] + aside * deep]
    return Polygon(corners), at(shapely.Point(gate)), at(meet)


def _school_house(world: World, outline: Polygon) -> None:
    a, b, _, d = (np.asarray(p) for p in outline.exterior.coords[:4])
    for start, end in ((0.3, 0.48), (0.7, 0.88)):
        left, right = 0.15, 0.8 if start < 0.5 else 0.6
        spots = ((left, start), (right, start), (right, end), (left, end))
        house = [a + u * (b - a) + v * (d - a) for u, v in spots]
        world.area(Polygon(house), {"building": "school"})


def _village(world: World, village: Village, roads: list[Street], random: Random) -> None:
    taken = [campus.outline.buffer(3) for campus in world.campuses]
    ground = build_village(village, roads, [*taken, river()], random)
    for house in ground.houses:
        world.area(house, {"building": "house"})
    world.doors += ground.doors
    world.node(village.centre, {"place": "village", "name": village.name})


def _busy(world: World, town: list[Street]) -> BaseGeometry:
    """Where neither wood nor field may lie."""
    built = shapely.union_all([street.line.buffer(35) for street in town]).buffer(150).buffer(-150)
    villages = [shapely.Point(v.centre).buffer(0.8 * v.length + 30) for v in VILLAGES]
    roads = [street.line.buffer(5) for street in world.streets]
    campuses = [campus.outline.buffer(4) for campus in world.campuses]
    return shapely.union_all([built, *villages, *roads, *campuses, river(), reservoir()])


def _places(world: World) -> None:
    for point, name, kind in (
        ((-120, 120), "云溪", "town"), ((-450, 480), "鼓楼片区", "suburb"),
        ((-350, -900), "新安片区", "suburb"), ((1500, 250), "锦屏片区", "suburb"),
        ((350, 1150), "凤鸣片区", "suburb"), ((-1850, 350), "梧桐片区", "suburb"),
    ):  # fmt: skip
        world.node(point, {"place": kind, "name": name})
