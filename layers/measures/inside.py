"""Points inside polygons, on flat arrays: how often a ray to the east crosses the rings."""

from __future__ import annotations

import numpy as np

from layers.measures.cells import blocks, index_cells, ranges
from layers.measures.frame import wrapped
from layers.measures.runs import Runs


def inside_polygons(lon: np.ndarray, lat: np.ndarray, runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    """Points (degrees, finite) inside a polygon of several runs, and the owner of each.

    Only runs that the ray's latitude meets are looked at, so large polygons cost little.
    Polygons of a single run (`runs.whole`) are the business of `near_runs`.
    """
    first, count, box = runs.polygons()
    many = count > 1
    first, count, box = first[many], count[many], box[many]
    point, polygon = index_cells(box, 0.0).near(lon, lat)
    here = in_box(lon[point], lat[point], box[polygon])
    point, polygon = point[here], polygon[here]
    pair = np.repeat(np.arange(len(point)), count[polygon])
    run = ranges(first[polygon], count[polygon])
    bound, north = runs.box[run], lat[point][pair]
    meets = (bound[:, 1] <= north) & (bound[:, 3] >= north)
    pair, run = pair[meets], run[meets]
    odd = np.zeros(len(point), dtype=bool)
    for block in blocks(runs.sizes[run]):
        at = point[pair[block]]
        np.logical_xor.at(odd, pair[block], crosses_odd(lon[at], lat[at], run[block], runs))
    return point[odd], runs.owner[first[polygon[odd]]]


def in_box(lon: np.ndarray, lat: np.ndarray, box: np.ndarray) -> np.ndarray:
    """True where a point lies in its box (n, 4: west, south, east, north; degrees)."""
    left = wrapped(box[:, 0] - lon)
    across = (left <= 0.0) & (left + box[:, 2] - box[:, 0] >= 0.0)
    return np.asarray(across & (box[:, 1] <= lat) & (box[:, 3] >= lat))


def crosses_odd(lon: np.ndarray, lat: np.ndarray, run: np.ndarray, runs: Runs) -> np.ndarray:
    """True where the ray from each point to the east crosses its run an odd number of times."""
    size = runs.sizes[run]
    vertex, pair = ranges(runs.first[run], size), np.repeat(np.arange(len(run)), size)
    x, y = wrapped(runs.x[vertex] - lon[pair]), runs.y[vertex] - lat[pair]
    above = y > 0.0
    edge = np.flatnonzero(above[1:] != above[:-1])
    edge = edge[pair[edge] == pair[edge + 1]]
    rise = (x[edge + 1] - x[edge]) / (y[edge + 1] - y[edge])
    ahead = pair[edge[x[edge] - y[edge] * rise > 0.0]]
    return np.bincount(ahead, minlength=len(run)) % 2 == 1
