"""Geometries as flat arrays: chains of vertices, cut into runs for the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers.measures.cells import ranges
from layers.measures.geodesic import GEOD

EDGES_PER_RUN = 48
"""Edges searched at once: long boundaries are indexed piecewise, campuses stay whole."""

LONG_EDGE_M = 2_000.0
"""Longer edges are cut along the geodesic, so that a local frame never has to reach far."""

_POINTS, _LINES, _POLYGONS, _COLLECTION = (0, 4), (1, 5), (3, 6), 7
_LINEAR_RING = 2


@dataclass(frozen=True)
class Flat:
    """Vertices (degrees) in chains: a point, a line or a ring each.

    Chain c has the vertices `start[c]` … `start[c + 1] - 1` of `x`, `y`; `owner` is the
    row of its geometry (rising), `part` the polygon it bounds (-1 for points and lines).
    Rows without a geometry, empty ones and ones with a missing coordinate own no chain.
    """

    x: np.ndarray
    y: np.ndarray
    start: np.ndarray
    owner: np.ndarray
    part: np.ndarray

    @property
    def only_points(self) -> bool:
        """True when there is no edge at all."""
        return len(self.x) == len(self.owner)

    @property
    def vertex_owner(self) -> np.ndarray:
        """The row each vertex belongs to."""
        return np.repeat(self.owner, np.diff(self.start))


@dataclass(frozen=True)
class Runs:
    """Stretches of edges, the unit of the search.

    Run r has the vertices `first[r]` … `last[r]` of `x`, `y` (degrees), the bounds
    `box[r]` (west, south, east, north), belongs to row `owner[r]` (rising) and bounds the
    polygon `part[r]` (-1 for none; runs of one polygon follow each other). `whole[r]`: the
    run is all of its polygon's boundary.
    """

    x: np.ndarray
    y: np.ndarray
    first: np.ndarray
    last: np.ndarray
    box: np.ndarray
    owner: np.ndarray
    part: np.ndarray
    whole: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """Number of vertices of each run."""
        return self.last - self.first + 1

    def polygons(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """First run, number of runs and bounds (n, 4) of each polygon."""
        new, done = _borders(self.part)
        first, ends = np.flatnonzero(new), np.flatnonzero(done)
        spans = np.column_stack([first, ends + 1]).ravel()
        padded = np.vstack([self.box, self.box[-1:]])
        low, high = (_reduced(f, padded, spans)[::2] for f in (np.minimum, np.maximum))
        return first, ends - first + 1, np.hstack([low[:, :2], high[:, 2:]])


def flatten(geometries: np.ndarray) -> Flat:
    """The flat form of shapely geometries of any type (WGS 84 degrees)."""
    rows = np.arange(len(geometries))
    types = shapely.get_type_id(geometries)
    if (types == _POINTS[0]).all() and len(xy := shapely.get_coordinates(geometries)) == len(rows):
        return flat_of(xy, np.arange(len(xy) + 1), rows, np.full(len(xy), -1))
    while (types == _COLLECTION).any():
        geometries, inner = shapely.get_parts(geometries, return_index=True)
        rows, types = rows[inner], shapely.get_type_id(geometries)
    if (types == _LINEAR_RING).any():
        geometries = geometries.copy()
        for at in np.flatnonzero(types == _LINEAR_RING):
            geometries[at] = shapely.LineString(geometries[at])
            types[at] = _LINES[0]
    there = ~shapely.is_empty(geometries) & (types >= 0)
    chosen = [
        np.flatnonzero(there & np.isin(types, family)) for family in (_POINTS, _LINES, _POLYGONS)
    ]
    flats = [_family(geometries[at], rows[at]) for at in chosen if len(at)]
    return _whole(_joined(flats))


def flat_of(xy: np.ndarray, start: np.ndarray, owner: np.ndarray, part: np.ndarray) -> Flat:
    """Chains of coordinates (n, 2) as `Flat` describes them, made fit for the search."""
    return _whole(_flat(xy, start, owner, part))


def _family(geometries: np.ndarray, rows: np.ndarray) -> Flat:
    """Chains of geometries of one family, by the offsets of their Arrow form."""
    kind, xy, offsets = shapely.to_ragged_array(geometries, include_z=False)
    name = kind.name
    if name == "POINT":
        return _flat(xy, np.arange(len(xy) + 1), rows, np.full(len(xy), -1))
    if name == "MULTIPOINT":
        owner = np.repeat(rows, np.diff(offsets[0]))
        return _flat(xy, np.arange(len(xy) + 1), owner, np.full(len(xy), -1))
    start = np.asarray(offsets[0])
    groups = [np.asarray(offset) for offset in offsets[1:]]
    chains = np.arange(len(start) - 1)
    part = np.full(len(chains), -1)
    if name in ("POLYGON", "MULTIPOLYGON"):
        part = np.repeat(np.arange(len(groups[0]) - 1), np.diff(groups[0]))
    owner = chains
    for group in groups:
        owner = np.repeat(np.arange(len(group) - 1), np.diff(group))[owner]
    return _flat(xy, start, rows[owner], part)


def _flat(xy: np.ndarray, start: np.ndarray, owner: np.ndarray, part: np.ndarray) -> Flat:
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    return Flat(x, y, np.asarray(start, dtype=np.int64), owner, part)


def _joined(flats: Sequence[Flat]) -> Flat:
    """Several families as one, chains by rising row."""
    if len(flats) == 1 and (np.diff(flats[0].owner) >= 0).all():
        return flats[0]
    if not flats:
        none = np.empty(0)
        return Flat(none, none, np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
    shift = np.cumsum([0, *(len(flat.x) for flat in flats)])
    # parts are numbered family by family and only polygons have any
    chains = Flat(
        np.concatenate([flat.x for flat in flats]), np.concatenate([flat.y for flat in flats]),
        np.concatenate([*(flat.start[:-1] + at for flat, at in zip(flats, shift, strict=False)), shift[-1:]]),
        np.concatenate([flat.owner for flat in flats]), np.concatenate([flat.part for flat in flats]),
    )  # fmt: skip
    return take(chains, np.argsort(chains.owner, kind="stable"))


def take(flat: Flat, chains: np.ndarray) -> Flat:
    """The chosen chains, in the given order."""
    sizes = np.diff(flat.start)[chains]
    start = np.concatenate([[0], np.cumsum(sizes)])
    vertices = ranges(flat.start[chains], sizes)
    return Flat(flat.x[vertices], flat.y[vertices], start, flat.owner[chains], flat.part[chains])


def _whole(flat: Flat) -> Flat:
    """Without broken rows and empty chains; chains across ±180° unrolled, long edges cut."""
    sizes = np.diff(flat.start)
    bad = ~(np.isfinite(flat.x) & np.isfinite(flat.y))
    if bad.any() or not sizes.all():
        broken = np.unique(flat.vertex_owner[bad])
        flat = take(flat, np.flatnonzero(~np.isin(flat.owner, broken) & (sizes > 0)))
    if flat.only_points or not len(flat.x):
        return flat
    inner = np.ones(len(flat.x) - 1, dtype=bool)
    inner[flat.start[1:-1] - 1] = False
    east, north = np.diff(flat.x), np.diff(flat.y)
    if (np.abs(east[inner]) > 180.0).any():
        turns = np.where(inner, -np.round(east / 360.0), 0.0)
        total = np.concatenate([[0.0], np.cumsum(turns)])
        flat = Flat(flat.x + 360.0 * (total - np.repeat(total[flat.start[:-1]], np.diff(flat.start))),
                    flat.y, flat.start, flat.owner, flat.part)  # fmt: skip
        east = np.diff(flat.x)
    metres = 111_700.0 * np.hypot(east * np.cos(np.radians(flat.y[:-1])), north)
    long = np.flatnonzero(inner & (metres > LONG_EDGE_M))
    return _cut(flat, long) if len(long) else flat


def _cut(flat: Flat, edges: np.ndarray) -> Flat:
    """Each long edge (by its first vertex) cut into equal geodesic pieces."""
    ends = flat.x[edges], flat.y[edges], flat.x[edges + 1], flat.y[edges + 1]
    azimuth, _, metres = GEOD.inv(*ends)
    new = np.maximum(np.ceil(metres / LONG_EDGE_M).astype(int) - 1, 0)
    of = np.repeat(np.arange(len(edges)), new)
    step = ranges(np.ones_like(new), new)
    lon, lat, _ = GEOD.fwd(ends[0][of], ends[1][of], azimuth[of], metres[of] * step / (new[of] + 1))
    lon = lon + 360.0 * np.round((ends[0][of] - lon) / 360.0)
    at = edges[of] + 1
    grown = np.zeros(len(flat.x) + 1, dtype=np.int64)
    np.add.at(grown, at, 1)
    start = flat.start + np.concatenate([[0], np.cumsum(grown)])[flat.start]
    return Flat(
        np.insert(flat.x, at, lon), np.insert(flat.y, at, lat), start, flat.owner, flat.part
    )


def runs_of(flat: Flat) -> Runs:
    """Runs of at most `EDGES_PER_RUN` edges of every chain."""
    edges = np.diff(flat.start) - 1
    pieces = np.maximum(-(-edges // EDGES_PER_RUN), 1)
    chain = np.repeat(np.arange(len(edges)), pieces)
    first = flat.start[chain] + ranges(np.zeros_like(pieces), pieces) * EDGES_PER_RUN
    last = np.minimum(first + EDGES_PER_RUN, flat.start[chain + 1] - 1)
    spans = np.column_stack([first, last + 1]).ravel()
    # one value more, because a span may end with the last vertex
    x, y = np.append(flat.x, flat.x[-1:]), np.append(flat.y, flat.y[-1:])
    box = np.column_stack([_reduced(np.minimum, x, spans)[::2], _reduced(np.minimum, y, spans)[::2],
                           _reduced(np.maximum, x, spans)[::2], _reduced(np.maximum, y, spans)[::2]])  # fmt: skip
    part = flat.part[chain]
    whole = np.logical_and(*_borders(part))
    return Runs(flat.x, flat.y, first, last, box, flat.owner[chain], part, whole)


def _borders(part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """True where the first and where the last run of a polygon stands."""
    first, last = part >= 0, part >= 0
    change = part[1:] != part[:-1]
    first[1:] &= change
    last[:-1] &= change
    return first, last


def _reduced(function: np.ufunc, values: np.ndarray, start: np.ndarray) -> np.ndarray:
    """`function.reduceat`, also where there is nothing to reduce."""
    return function.reduceat(values, start, axis=0) if len(start) else values[:0]
