"""The town: streets, schools, estates, parks and houses, drawn on the board, laid on the plane."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from demo.blocks import (
    CIVIC,
    ESTATE_NAMES,
    PARKS,
    SHOPPING,
    Block,
    build,
    lay_lanes,
    use_of,
)  # fmt: skip
from demo.campuses import (
    ESTATE_CELL,
    ESTATE_KINDERGARTEN,
    SITES,
    WALLED,
    behind_the_house_line,
    campus_of,
    furnish,
    open_gates,
    plot_of,
)  # fmt: skip
from demo.names import LANES
from demo.shapes import at, longest, polygons
from demo.streets import (
    BANK,
    RIVER_HALF,
    Cell,
    Street,
    blocks_between,
    grid,
    joined,
    knot,
    river_board,
)  # fmt: skip
from demo.world import Gate, World, on_plane

FIXED = {site.cell for site in SITES} | set(CIVIC) | set(PARKS) | {ESTATE_CELL}
BUILDINGS = {"works": "industrial", "edge": "house", "estate": "apartments", "hospital": "hospital"}


def draw_town(world: World, random: Random) -> None:
    """Draw the town into `world`, its streets noded and on the plane."""
    streets = grid(random, FIXED)
    blocks = _blocks(streets, random)
    paths = _schools(world, blocks, streets, random)
    names = random.sample(LANES, len(LANES))
    for block in blocks:
        lay_lanes(block, streets, names, random)
    lanes = [lane for block in blocks for lane in block.lanes]
    noded = joined([*streets, *lanes, *paths])
    estates = iter(random.sample(ESTATE_NAMES, len(ESTATE_NAMES)))
    for block in blocks:
        _fill(world, block, noded, estates, random)
    _green_banks(world)
    for street in noded:
        world.streets.append(Street(on_plane(street.line), street.kind, street.name, street.tags))


def _centre(cell: Cell) -> Point:
    corners = [knot((cell[0] + a, cell[1] + b)) for a in (0, 1) for b in (0, 1)]
    return Point(np.mean(corners, axis=0))


def _blocks(streets: list[Street], random: Random) -> list[Block]:
    fixed = SHOPPING | {cell: ("park", name) for cell, name in PARKS.items()} | CIVIC
    places = [(_centre(cell), use, name) for cell, (use, name) in fixed.items()]
    blocks = []
    for outline in blocks_between(streets):
        told = [(use, name) for place, use, name in places if outline.contains(place)]
        use, name = told[0] if told else (use_of(outline, random), "")
        blocks.append(Block(outline, use, name))
    return blocks


def _block_of(cell: Cell, blocks: list[Block]) -> Block:
    return next(block for block in blocks if block.outline.contains(_centre(cell)))


def _schools(
    world: World, blocks: list[Block], streets: list[Street], random: Random
) -> list[Street]:
    """Put the schools of the table into their blocks; returns the paths to their gates."""
    paths = []
    for site in SITES:
        block = _block_of(site.cell, blocks)
        plot = plot_of(site, block.outline, streets)
        gates, ways = open_gates(site, plot, streets)
        paths += ways
        block.kept.append(plot)
        world.campuses.append(campus_of(site.name, site.kind, on_plane(plot), gates))
        furnish(world, plot, site.kind, random)
        if site.name == WALLED:
            block.use = "row"
            block.lanes.append(_lane_to_the_wall(plot, block.outline))
    return paths + _estate_school(world, _block_of(ESTATE_CELL, blocks), streets, random)


def _lane_to_the_wall(plot: Polygon, block: Polygon) -> Street:
    """A lane from the far street that ends at the school's wall, a few steps from its gate."""
    _, _, right, high = plot.bounds
    ray = LineString([(right + 3, high - 42), (right + 600, high - 42)])
    return Street(longest(ray.intersection(block)), "living_street", "墙根巷")


def _estate_school(
    world: World, block: Block, streets: list[Street], random: Random
) -> list[Street]:
    """A kindergarten inside a walled estate: its gate opens on the drive, not on the street."""
    wall = behind_the_house_line(block.outline, streets).buffer(-17, join_style="mitre")
    left, low, right, _ = wall.bounds
    u = (left + right) / 2
    plot = shapely.box(u, low + 1, u + 52, low + 46)
    drive = LineString([(u - 7, low + 4), (u - 7, block.outline.bounds[3] + 1)])
    across = LineString([(left + 12, low + 70), (right - 12, low + 70)])
    gate = (u, low + 9)
    block.use, block.wall = "estate", wall
    block.kept.append(plot)
    block.lanes += [
        Street(longest(drive.intersection(block.outline)), "service"),
        Street(across, "service"),
    ]
    gates = [Gate(at(on_plane(Point(gate))), "main", "西门", "osm")]
    world.campuses.append(campus_of(ESTATE_KINDERGARTEN, "kindergarten", on_plane(plot), gates))
    furnish(world, plot, "kindergarten", random)
    return [Street(LineString([gate, (u - 7, low + 9)]), "footway")]


def _fill(
    world: World, block: Block, streets: list[Street], estates: Iterator[str], random: Random
) -> None:
    ground = build(block, streets, random)
    for house in ground.houses:
        world.area(house, {"building": BUILDINGS.get(block.use, "yes")}, board=True)
    if ground.doors:
        world.doors += [at(p) for p in on_plane(shapely.MultiPoint(ground.doors)).geoms]
    if block.use == "park":
        _park(world, block, random)
    elif block.use == "works":
        world.area(block.outline.buffer(-10), {"landuse": "industrial"}, board=True)
    elif block.wall is not None:
        name = next(estates, "")
        world.area(block.wall, {"landuse": "residential", "name": name}, board=True)
        world.line(LineString(block.wall.exterior), {"barrier": "wall"}, board=True)
        world.node(at(on_plane(block.wall.centroid)), {"place": "neighbourhood", "name": name})
    elif block.name:
        key = "amenity" if block.use != "park" else "leisure"
        world.area(block.outline.buffer(-14), {key: block.use, "name": block.name}, board=True)


def _park(world: World, block: Block, random: Random) -> None:
    """Lawn, trees, a pond; the paths are among the block's lanes."""
    lawn = block.outline.buffer(-12)
    world.area(lawn, {"leisure": "park", "name": block.name}, board=True)
    paths = shapely.union_all([lane.line.buffer(5) for lane in block.lanes])
    left, low, right, high = lawn.bounds
    spots = [(a, b) for a in (0.25, 0.75) for b in (0.27, 0.73)]
    random.shuffle(spots)
    for n, (a, b) in enumerate(spots):
        middle = Point(left + a * (right - left), low + b * (high - low))
        oval = shapely.affinity.scale(middle.buffer(1), (right - left) * 0.17, (high - low) * 0.16)
        blob = oval.intersection(lawn).difference(paths)
        tags = {"natural": "water", "water": "pond"} if n == 0 else {"natural": "wood"}
        for part in polygons(blob):
            world.area(part, tags, board=True)


def _green_banks(world: World) -> None:
    """Grass between the water and the riverside streets."""
    bed = river_board().buffer(RIVER_HALF, cap_style="flat")
    banks = river_board().buffer(BANK - 7, cap_style="flat").difference(bed)
    for bank in polygons(banks):
        world.area(bank, {"landuse": "grass"}, board=True)
