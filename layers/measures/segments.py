"""The nearest straight segment to each point: what snapping to a network needs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from layers.measures.runs import Runs
from layers.measures.search import near_runs


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
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    starts, ends = (np.asarray(side, dtype=float).reshape(-1, 2) for side in (starts, ends))
    whole = np.flatnonzero(np.isfinite(starts).all(axis=1) & np.isfinite(ends).all(axis=1))
    starts, ends = starts[whole], ends[whole]
    ends = ends - np.round((ends - starts) / 360.0) * [360.0, 0.0]  # the short way over ±180°
    x, y = np.ascontiguousarray(np.stack([starts, ends], axis=1).reshape(-1, 2).T)
    box = np.hstack([np.minimum(starts, ends), np.maximum(starts, ends)])
    first = np.arange(0, len(x), 2)
    runs = Runs(
        x, y, first, first + 1, box, whole, np.full(len(whole), -1), np.zeros(len(whole), bool)
    )
    known = np.flatnonzero(np.isfinite(points).all(axis=1))
    near = near_runs(points[known, 0], points[known, 1], runs, float(reach_m))
    near = near.take(np.lexsort((near.run, near.metres, near.point)))
    near = near.take(np.append(True, near.point[1:] != near.point[:-1])[: len(near.point)])
    segment = np.full(len(points), -1, dtype=np.int64)
    fraction, metres = np.full(len(points), np.nan), np.full(len(points), np.nan)
    at = known[near.point]
    segment[at], fraction[at], metres[at] = runs.owner[near.run], near.along, near.metres
    return NearestSegment(segment, fraction, metres)
