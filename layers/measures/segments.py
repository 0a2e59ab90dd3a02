"""The nearest straight segment to each point: what snapping to a network needs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from layers.measures.cells import index_cells


class NearestSegment(NamedTuple):
    """Per point: segment number (-1 where none lies within reach), place on it and distance.

    `fraction` runs from 0 at the segment's start to 1 at its end; `metres` is geodesic;
    both are NaN where `segment` is -1.
    """

    segment: np.ndarray
    fraction: np.ndarray
    metres: np.ndarray


def nearest_segment(
    points: np.ndarray, starts: np.ndarray, ends: np.ndarray, reach_m: float
) -> NearestSegment:
    """The nearest segment of each point within `reach_m` metres.

    `points` (n, 2), `starts` and `ends` (m, 2): WGS 84 longitude, latitude in degrees.
    A segment is a geodesic, a few kilometres long at most. Of equally near ones the first
    counts. Points or segments with NaN find, or are found by, nothing.
    """
    from layers.measures.kernels import Runs, near_runs

    points = np.asarray(points, dtype=float).reshape(-1, 2)
    starts, ends = (np.asarray(side, dtype=float).reshape(-1, 2) for side in (starts, ends))
    ends = ends - np.round((ends - starts) / 360.0) * [360.0, 0.0]  # the short way over ±180°
    whole = np.flatnonzero(np.isfinite(starts + ends).all(axis=1))
    x, y = np.ascontiguousarray(np.stack([starts, ends], axis=1).reshape(-1, 2).T)
    low, high = np.minimum(starts, ends)[whole], np.maximum(starts, ends)[whole]
    box, no = np.hstack([low, high]), np.zeros(len(whole), dtype=bool)
    runs = Runs(box, 2 * whole, 2 * whole + 1, whole, no, x, y)
    lonlat = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    index, value = near_runs(lonlat, index_cells(box, reach_m), runs, float(reach_m), True)
    segment = np.full(len(points), -1, dtype=np.int64)
    fraction, metres = np.full(len(points), np.nan), np.full(len(points), np.nan)
    at = index[:, 0]
    segment[at], metres[at], fraction[at] = index[:, 1], value[:, 0], value[:, 3]
    return NearestSegment(segment, fraction, metres)
