"""The search itself, on flat arrays: the nearest place of every run near every point.

Vectorised in blocks that fit the processor's cache; nothing is projected.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from layers.measures.cells import DEGREE_M, blocks, index_cells, ranges
from layers.measures.frame import RADIAN, frame_at, from_frame, to_frame, wrapped
from layers.measures.inside import crosses_odd, in_box
from layers.measures.runs import Runs

_POINTS = 500_000  # per block


class Near(NamedTuple):
    """The nearest place of run `run` to point `point`, by rising point, then run.

    `metres` to it, its `lon` and `lat` (degrees).
    """

    point: np.ndarray
    run: np.ndarray
    metres: np.ndarray
    lon: np.ndarray
    lat: np.ndarray


def near_runs(lon: np.ndarray, lat: np.ndarray, runs: Runs, reach_m: float) -> Near:
    """Every point (degrees, finite) and run at most `reach_m` metres apart.

    Points inside a polygon whose boundary is one run are 0 m from it.
    """
    parts: list[Near] = [_none()]
    cells = index_cells(runs.box, reach_m)
    for begin in range(0, len(lon), _POINTS):
        rows = slice(begin, begin + _POINTS)
        point, run = cells.near(lon[rows], lat[rows])
        point += begin
        close = ~_beyond(lon[point], lat[point], runs.box[run], reach_m)
        point, run = point[close], run[close]
        for block in blocks(runs.sizes[run]):
            at = point[block]
            parts.append(_nearest_places(at, (lon[at], lat[at]), run[block], runs, reach_m))
    return Near(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _none() -> Near:
    number, value = np.empty(0, np.int64), np.empty(0)
    return Near(number, number, value, value, value)


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
    lonlat: tuple[np.ndarray, np.ndarray],
    run: np.ndarray,
    runs: Runs,
    reach_m: float,
) -> Near:
    """The nearest place of each run to its point, where it is within reach."""
    lon, lat = lonlat
    frame = frame_at(lat)
    size = runs.sizes[run]
    vertex, pair = ranges(runs.first[run], size), np.repeat(np.arange(len(run)), size)
    east = wrapped(runs.x[vertex] - lon[pair]) * RADIAN
    x, y = to_frame(east, (runs.y[vertex] - lat[pair]) * RADIAN, frame.take(pair))
    x, y = _feet(x, y, np.cumsum(size) - 1, size > 1)
    square = x * x + y * y
    best = first_least(square, size, pair)
    metres = np.sqrt(square[best])
    x, y = x[best], y[best]
    held = np.flatnonzero(runs.whole[run] & in_box(lon, lat, runs.box[run]))
    held = held[crosses_odd(lon[held], lat[held], run[held], runs)]
    metres[held] = x[held] = y[held] = 0.0
    near = np.flatnonzero(metres <= reach_m)
    east, north = from_frame(x[near], y[near], frame.take(near))
    lon, lat = wrapped(lon[near] + east / RADIAN), lat[near] + north / RADIAN
    return Near(point[near], run[near], metres[near], lon, lat)


def _feet(
    x: np.ndarray, y: np.ndarray, end: np.ndarray, edges: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Nearest place to the origin on the edge that each vertex starts.

    `end` are the last vertices of the runs: they start no edge and get no place, unless
    the run has none (`edges` false) and the vertex is itself the place.
    """
    dx, dy = np.diff(x, append=0.0), np.diff(y, append=0.0)
    dx[end] = dy[end] = 0.0
    length = dx * dx + dy * dy
    along = np.clip(-(x * dx + y * dy) / np.maximum(length, 1e-300), 0.0, 1.0)
    x, y = x + along * dx, y + along * dy
    x[end[edges]] = np.inf
    return x, y


def first_least(values: np.ndarray, size: np.ndarray, pair: np.ndarray) -> np.ndarray:
    """Where each stretch of `size` values has its least one; of equal ones the first."""
    if not len(size):
        return np.empty(0, dtype=np.int64)
    least = np.minimum.reduceat(values, np.cumsum(size) - size)
    hits = np.flatnonzero(values == np.repeat(least, size))[::-1]
    where = np.empty(len(size), dtype=np.int64)
    where[pair[hits]] = hits  # written backwards, so that the first stays
    return where
