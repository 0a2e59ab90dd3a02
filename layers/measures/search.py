"""The search itself, on flat arrays: nearest places on edges, and points inside polygons.

Vectorised in blocks that fit the processor's cache; nothing is projected.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from layers.measures.cells import DEGREE_M, index_cells, ranges
from layers.measures.frame import RADIAN, frame_at, from_frame, to_frame, wrapped
from layers.measures.runs import Runs

_POINTS, _VERTICES = 500_000, 60_000  # per block


class Near(NamedTuple):
    """The nearest place of run `run` to point `point`, by rising point, then run.

    `metres` to it, its `lon` and `lat` (degrees), the `vertex` at the start of the edge it
    lies on and the fraction `along` that edge.
    """

    point: np.ndarray
    run: np.ndarray
    metres: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    vertex: np.ndarray
    along: np.ndarray

    def take(self, rows: np.ndarray) -> Near:
        """The chosen rows, by number or mask."""
        return Near(*(column[rows] for column in self))


def near_runs(lon: np.ndarray, lat: np.ndarray, runs: Runs, reach_m: float) -> Near:
    """Every point (degrees; NaN finds nothing) and run at most `reach_m` metres apart."""
    parts: list[Near] = [_none()]
    cells = index_cells(runs.box, reach_m)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    for begin in range(0, len(known), _POINTS):
        rows = known[begin : begin + _POINTS]
        point, run = cells.near(lon[rows], lat[rows])
        point = rows[point]
        close = ~_beyond(lon[point], lat[point], runs.box[run], reach_m)
        point, run = point[close], run[close]
        for block in _blocks(runs.last[run] - runs.first[run] + 1):
            at = point[block]
            parts.append(_nearest_places(at, (lon[at], lat[at]), run[block], runs, reach_m))
    return Near(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def inside_parts(lon: np.ndarray, lat: np.ndarray, runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    """Points (degrees) and owners with the point inside one of the owner's polygons.

    Counts how often a ray towards the east crosses the rings. Only runs that the ray's
    latitude meets are looked at, so large polygons cost little.
    """
    first, count, box = runs.polygons()
    cells = index_cells(box, 0.0)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    point, polygon = cells.near(lon[known], lat[known])
    point = known[point]
    left = wrapped(box[polygon, 0] - lon[point])
    here = (left <= 0.0) & (left + box[polygon, 2] - box[polygon, 0] >= 0.0)
    here &= (box[polygon, 1] <= lat[point]) & (box[polygon, 3] >= lat[point])
    point, polygon = point[here], polygon[here]
    pair = np.repeat(np.arange(len(point)), count[polygon])
    run = ranges(first[polygon], count[polygon])
    bound, north = runs.box[run], lat[point][pair]
    meets = (bound[:, 1] <= north) & (bound[:, 3] >= north)
    pair, run = pair[meets], run[meets]
    odd = np.zeros(len(point), dtype=bool)
    for block in _blocks(runs.last[run] - runs.first[run] + 1):
        at = point[pair[block]]
        crossings = _crossings(lon[at], lat[at], run[block], runs)
        np.logical_xor.at(odd, pair[block], crossings)
    return point[odd], runs.owner[first[polygon[odd]]]


def _none() -> Near:
    number, value = np.empty(0, np.int64), np.empty(0)
    return Near(number, number, value, value, value, number, value)


def _blocks(sizes: np.ndarray) -> Iterator[slice]:
    """Stretches of the rows whose sizes add up to about `_VERTICES`."""
    total = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        done = total[begin - 1] if begin else 0
        end = max(int(np.searchsorted(total, done + _VERTICES, side="right")), begin + 1)
        yield slice(begin, end)
        begin = end


def _beyond(lon: np.ndarray, lat: np.ndarray, box: np.ndarray, reach_m: float) -> np.ndarray:
    """True where a box surely lies farther away than `reach_m` metres."""
    up = np.maximum(np.maximum(box[:, 1] - lat, lat - box[:, 3]), 0.0) * DEGREE_M
    left = wrapped(box[:, 0] - lon)
    side = np.maximum(np.maximum(left, box[:, 0] - box[:, 2] - left), 0.0) * DEGREE_M
    # parallels shrink towards the pole: the shortest one within reach counts
    pole = np.minimum(np.abs(lat) + reach_m / DEGREE_M, 90.0)
    side *= np.cos(pole * RADIAN)
    return np.asarray(up * up + side * side > reach_m * reach_m)


def _nearest_places(
    point: np.ndarray,
    here: tuple[np.ndarray, np.ndarray],
    run: np.ndarray,
    runs: Runs,
    reach_m: float,
) -> Near:
    """The nearest place of each run to its point (`here`, degrees), where it is within reach."""
    frame = frame_at(here[1])
    size = runs.last[run] - runs.first[run] + 1
    vertex, pair = ranges(runs.first[run], size), np.repeat(np.arange(len(run)), size)
    east = wrapped(runs.x[vertex] - here[0][pair]) * RADIAN
    x, y = to_frame(east, (runs.y[vertex] - here[1][pair]) * RADIAN, frame.take(pair))
    dx, dy = np.diff(x, append=0.0), np.diff(y, append=0.0)
    end = np.cumsum(size) - 1
    dx[end] = dy[end] = 0.0  # the last vertex of a run starts no edge
    length = dx * dx + dy * dy
    with np.errstate(invalid="ignore", divide="ignore"):
        along = np.clip(-(x * dx + y * dy) / length, 0.0, 1.0)
    along = np.where(length > 0.0, along, 0.0)
    px, py = x + along * dx, y + along * dy
    square = px * px + py * py
    square[end[size > 1]] = np.inf
    least = np.minimum.reduceat(square, end - size + 1)
    hits = np.flatnonzero(square == np.repeat(least, size))[::-1]
    best = np.empty(len(run), dtype=np.int64)
    best[pair[hits]] = hits  # written backwards: of equal places the first stays
    close = np.flatnonzero(least <= reach_m * reach_m)
    best = best[close]
    east, north = from_frame(px[best], py[best], frame.take(close))
    lon, lat = wrapped(here[0][close] + east / RADIAN), here[1][close] + north / RADIAN
    return Near(
        point[close], run[close], np.sqrt(least[close]), lon, lat, vertex[best], along[best]
    )


def _crossings(lon: np.ndarray, lat: np.ndarray, run: np.ndarray, runs: Runs) -> np.ndarray:
    """True where the ray from a point to the east crosses the run an odd number of times."""
    size = runs.last[run] - runs.first[run] + 1
    vertex, pair = ranges(runs.first[run], size), np.repeat(np.arange(len(run)), size)
    x, y = wrapped(runs.x[vertex] - lon[pair]), runs.y[vertex] - lat[pair]
    above = y > 0.0
    cross = np.zeros(len(x), dtype=bool)
    edge = np.flatnonzero(above[1:] != above[:-1])
    edge = edge[pair[edge] == pair[edge + 1]]
    rise = (x[edge + 1] - x[edge]) / (y[edge + 1] - y[edge])
    cross[edge] = x[edge] - y[edge] * rise > 0.0
    return np.logical_xor.reduceat(cross, np.cumsum(size) - size)
