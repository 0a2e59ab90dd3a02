"""The drawn county painted on a canvas: land first, then water, ways, houses, trees."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import shapely
from shapely import LineString, Polygon

from demo.imagery.canvas import Canvas
from demo.imagery.materials import (
    Colour,
    bare_land,
    field,
    house,
    pavement,
    road,
    tree,
    water,
    wood,
)
from demo.shapes import Array
from demo.world import Way, World

WIDTHS = {"primary": 16.0, "secondary": 9.0, "tertiary": 7.0, "residential": 7.0, "unclassified": 4.5,
          "living_street": 5.0, "service": 5.6, "footway": 2.0, "path": 1.4, "steps": 2.0}  # fmt: skip
TOWN = 15
"""Houses on a canvas from which on it counts as town: trees stand closer there."""
WOODED = ("forest", "wood")
LAND = ("farmland", "meadow", "orchard", "grass")
FLOORS = {"house": 8.0, "school": 15.0, "apartments": 18.0}


def paint_county(
    canvas: Canvas,
    world: World,
    colours: dict[str, tuple[Colour, ...]],
    lanes: Sequence[Polygon] = (),
) -> None:
    """Everything of the county that lies on the canvas; `colours` are those of the season.

    `lanes` are fire lanes: concrete with yellow edges, under the shadows of the houses.
    """
    near = canvas.extent.buffer(30)
    ways = [(way, way.shape) for way in world.ways if way.shape.intersects(near)]
    bare_land(canvas, colours)
    for way, shape in ways:
        use = way.tags.get("landuse") or way.tags.get("natural") or ""
        if use in LAND and isinstance(shape, Polygon):
            field(canvas, shape, use, colours)
        elif use in WOODED and isinstance(shape, Polygon):
            wood(canvas, shape)
        elif way.tags.get("amenity") == "school":
            pavement(canvas, shape)
    for way, shape in ways:
        if way.tags.get("natural") == "water":
            water(canvas, shape)
    _roads(canvas, world)
    for lane in lanes:
        canvas.cover(lane.buffer(0.15), (206, 178, 84))
        pavement(canvas, lane.buffer(-0.12), (150, 150, 148))
    _houses(canvas, ways)


def _roads(canvas: Canvas, world: World) -> None:
    near = canvas.extent.buffer(30)
    streets = [s for s in world.streets if s.line.intersects(near)]
    for street in sorted(streets, key=lambda s: WIDTHS.get(s.kind, 5.0)):
        width = WIDTHS.get(street.kind, 5.0)
        line = street.line.intersection(near)
        for part in shapely.get_parts(line):
            if isinstance(part, LineString):
                road(canvas, part, width, paved=street.kind not in ("path", "unclassified"))


def _houses(canvas: Canvas, ways: list[tuple[Way, Polygon | LineString]]) -> None:
    """Houses with a paved rim; taller ones are slabs. Trees stand in the courts between."""
    houses = [(way, shape) for way, shape in ways if "building" in way.tags]
    for _, shape in houses:
        pavement(canvas, shape.buffer(2.2, join_style="mitre"))
    built = shapely.union_all([shape.buffer(3) for _, shape in houses])
    busy = shapely.union_all([built, *_carriageways(ways)])
    for spot in _courts(canvas, busy, len(houses) > TOWN):
        tree(canvas, spot, float(canvas.random.uniform(1.2, 3.2)))
    for way, shape in houses:
        if isinstance(shape, Polygon) and not shape.is_empty:
            tall = FLOORS.get(way.tags["building"], 9.0 if shape.area < 260 else 17.0)
            house(canvas, shape, tall)


def _carriageways(ways: list[tuple[Way, Polygon | LineString]]) -> list[Polygon]:
    found = [(shape, way.tags.get("highway")) for way, shape in ways]
    wide = [shape.buffer(WIDTHS.get(kind, 5.0) / 2 + 2.5) for shape, kind in found if kind]
    wet = [shape.buffer(3) for (way, shape) in ways if way.tags.get("natural") == "water"]
    return [*wide, *wet]


def _courts(canvas: Canvas, busy: shapely.Geometry, town: bool) -> list[tuple[float, float]]:
    """Places for single trees, thicker in town, never on a road, in a house or in water."""
    random = Random(canvas.seed)  # noqa: S311 - a drawing
    left, low, right, high = canvas.extent.bounds
    count = int(canvas.extent.area / (420 if town else 3000))
    drawn = [(random.uniform(left, right), random.uniform(low, high)) for _ in range(count)]
    spots: Array = np.array(drawn).reshape(-1, 2)
    free = ~shapely.contains_xy(busy, spots[:, 0], spots[:, 1])
    return [(float(x), float(y)) for x, y in spots[free]]
