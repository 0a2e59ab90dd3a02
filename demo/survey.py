"""The oracle's survey: every street door measured against every school, by its own means.

All figures in metres. Walks come from `demo.graph`, straight lines from the plane (true to a
millimetre per kilometre): the project's own measures have no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from demo.county import County
from demo.graph import Joins, StreetGraph
from demo.shapes import Array, points
from demo.world import Campus

REACH_M = 700.0
KNOWN = ("osm", "drawn", "poi")
"""Gates that the county's data tell; the others exist and nobody has mapped them."""
OFF_STREET_M, OUTLINE_REACH_M = 28.0, 160.0
"""How far from its street a door may lie; how near a school without gates is worth a walk."""


@dataclass(frozen=True)
class Survey:
    """Places (n) against campuses (s): `walk`, `straight`, `main` and `boundary` are (n, s), m.

    `walk` and `straight` count from the nearest known gate, or from the nearest point of the
    outline where no gate is known; `main` is NaN where the main gate is not known; `closed`
    is the walk from gates that are shut or not open yet.
    """

    places: Array
    joins: Joins
    campuses: tuple[Campus, ...]
    walk: Array
    closed: Array
    straight: Array
    main: Array
    boundary: Array


def street_doors(county: County, graph: StreetGraph) -> Array:
    """The doors, (n, 2) plane metres, whose street is beyond doubt and close by."""
    doors = np.array(county.world.doors)
    joins = graph.join(doors)
    return np.asarray(doors[~joins.doubtful & (joins.away_m < OFF_STREET_M)])


def survey(places: Array, campuses: tuple[Campus, ...], graph: StreetGraph) -> Survey:
    """Measure all places ((n, 2) plane metres) against all campuses."""
    joins = graph.join(places)
    walk = np.column_stack([walks(graph, campus, places, joins) for campus in campuses])
    closed = np.column_stack([_from_gates(graph, c, ("closed", "later"), joins) for c in campuses])
    outlines = np.array([campus.outline for campus in campuses])
    boundary = shapely.distance(points(places)[:, None], outlines[None, :])
    straight = np.column_stack([_to_gates(c, places, None) for c in campuses])
    main = np.column_stack([_to_gates(c, places, "main") for c in campuses])
    straight = np.where(np.isnan(straight), boundary, straight)
    return Survey(places, joins, campuses, walk, closed, straight, main, boundary)


def walks(graph: StreetGraph, campus: Campus, places: Array, joins: Joins) -> Array:
    """Shortest walk from any known gate to every place; from the outline where none is known."""
    if any(gate.source in KNOWN for gate in campus.gates):
        return _from_gates(graph, campus, KNOWN, joins)
    return _from_outline(graph, campus, places, joins)


def _from_gates(
    graph: StreetGraph, campus: Campus, sources: tuple[str, ...], joins: Joins
) -> Array:
    gates = [gate.point for gate in campus.gates if gate.source in sources]
    metres = np.full(len(joins.piece), np.inf)
    starts = graph.join(np.array(gates))
    for n in range(len(gates)):
        metres = np.minimum(metres, graph.walks(starts[n], joins, REACH_M))
    return metres


def _from_outline(graph: StreetGraph, campus: Campus, places: Array, joins: Joins) -> Array:
    """From the point of the outline nearest to each place; only what is near is looked at."""
    pins = points(places)
    near = np.flatnonzero(shapely.distance(pins, campus.outline) < OUTLINE_REACH_M)
    metres = np.full(len(places), np.inf)
    rim = campus.outline.exterior
    feet = shapely.line_interpolate_point(rim, shapely.line_locate_point(rim, pins[near]))
    starts = graph.join(shapely.get_coordinates(feet))
    for n, place in enumerate(int(row) for row in near):
        metres[place] = graph.walks(starts[n], joins[place], REACH_M)[0]
    return metres


def _to_gates(campus: Campus, places: Array, role: str | None) -> Array:
    gates = [g.point for g in campus.gates if g.source in KNOWN and role in (None, g.role)]
    if not gates:
        return np.full(len(places), np.nan)
    gaps = places[:, None, :] - np.array(gates)[None, :, :]
    return np.asarray(np.hypot(gaps[..., 0], gaps[..., 1]).min(axis=1))
