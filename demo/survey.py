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
OFF_STREET_M, OUTLINE_STEP_M = 28.0, 2.0
"""How far from its street a door may lie; how finely an outline without gates is walked from."""


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
    walk = np.column_stack([walks(graph, campus, joins) for campus in campuses])
    closed = np.column_stack([_from_gates(graph, c, ("closed", "later"), joins) for c in campuses])
    outlines = np.array([campus.outline for campus in campuses])
    boundary = shapely.distance(points(places)[:, None], outlines[None, :])
    straight = np.column_stack([_to_gates(c, places, None) for c in campuses])
    main = np.column_stack([_to_gates(c, places, "main") for c in campuses])
    straight = np.where(np.isnan(straight), boundary, straight)
    return Survey(places, joins, campuses, walk, closed, straight, main, boundary)


def walks(graph: StreetGraph, campus: Campus, joins: Joins) -> Array:
    """Shortest walk from any known gate to every place; from the outline where none is known."""
    if any(gate.source in KNOWN for gate in campus.gates):
        return _from_gates(graph, campus, KNOWN, joins)
    rim = campus.outline.exterior
    steps = np.arange(0.0, rim.length, OUTLINE_STEP_M)
    stops = shapely.get_coordinates(shapely.line_interpolate_point(rim, steps))
    return graph.walks(graph.join(stops), joins, REACH_M)


def _from_gates(
    graph: StreetGraph, campus: Campus, sources: tuple[str, ...], joins: Joins
) -> Array:
    gates = [gate.point for gate in campus.gates if gate.source in sources]
    return graph.walks(graph.join(np.array(gates)), joins, REACH_M)


def _to_gates(campus: Campus, places: Array, role: str | None) -> Array:
    gates = [g.point for g in campus.gates if g.source in KNOWN and role in (None, g.role)]
    if not gates:
        return np.full(len(places), np.nan)
    gaps = places[:, None, :] - np.array(gates)[None, :, :]
    return np.asarray(np.hypot(gaps[..., 0], gaps[..., 1]).min(axis=1))
