"""Neighbours set back from the street: nearer to each other than to the network.

A gate and a shop may stand 20 m apart and both 50 m from the nearest way, on a square that
nobody has drawn. Nobody walks 100 m out to that way and back. Such a pair walks straight when

- the straight piece is no longer than either snap, so it is no bolder than the snaps are, and
- their feet on the network are not much farther apart along it than the places themselves:
  where a river or a row of houses lies between them, the way round gives it away.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from layers.measures import geodesic_distance
from layers.walking.inputs import graph_of, places_by
from layers.walking.network import WalkNetwork
from layers.walking.snap import Candidates, Snaps

_AXIS_M, _E2 = 6378137.0, 0.0066943799901413165  # WGS 84
BEND = 1.5
"""How much longer the way between the feet may be than the straight piece: streets bend."""
_SLACK = 1.001
"""The tree measures chords; the true distance is checked afterwards."""


def direct_metres(
    network: WalkNetwork, lonlat: tuple[np.ndarray, np.ndarray], snaps: tuple[Snaps, Snaps]
) -> np.ndarray:
    """Metres of the straight walk of each pair of places, infinite where it is not allowed.

    `lonlat` are origins and targets, (n, 2) each, `snaps` their nearest places on the network.
    """
    (a, b), (start, end) = lonlat, snaps
    straight = geodesic_distance(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    rows = np.flatnonzero(straight <= np.minimum(start.snap_m, end.snap_m))
    metres = np.full(len(straight), np.inf)
    if len(rows):
        near = rows[_street_agrees(network, start.take(rows), end.take(rows), straight[rows])]
        metres[near] = straight[near]
    return metres


def direct_pairs(
    network: WalkNetwork, lonlat: tuple[np.ndarray, np.ndarray], snaps: tuple[Snaps, Snaps]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row of the origin, row of the target and metres of every pair that may walk straight."""
    (origins, targets), (start, end) = lonlat, snaps
    o, t = _within_snap(origins, targets, start.snap_m, end.snap_m)
    metres = direct_metres(network, (origins[o], targets[t]), (start.take(o), end.take(t)))
    kept = np.isfinite(metres)
    return o[kept], t[kept], metres[kept]


def _street_agrees(
    network: WalkNetwork, start: Snaps, end: Snaps, straight: np.ndarray
) -> np.ndarray:
    """Whether the way between the feet of each pair is about as short as the straight piece."""
    from layers.walking.trace import within_limit

    row, nobody = np.arange(len(straight)), np.full(len(straight), -1)
    seeds = places_by(row, len(row), Candidates(row, nobody, start))
    hits = places_by(end.edge, len(network.edge_m), Candidates(row, nobody, end))
    limit = start.snap_m + BEND * straight + end.snap_m
    return np.asarray(within_limit(graph_of(network), seeds, hits, limit))


def _within_snap(
    origins: np.ndarray, targets: np.ndarray, origin_m: np.ndarray, target_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of origins and targets that may be nearer to each other than the origin's snap."""
    from scipy.spatial import cKDTree

    a, b = np.flatnonzero(np.isfinite(origin_m)), np.flatnonzero(np.isfinite(target_m))
    if not len(a) or not len(b):
        return a[:0], b[:0]
    near = cKDTree(_cartesian(targets[b])).query_ball_point(
        _cartesian(origins[a]), origin_m[a] * _SLACK, return_sorted=False
    )
    counts = np.fromiter(map(len, near), dtype=np.int64, count=len(near))
    flat = np.fromiter(chain.from_iterable(near), dtype=np.int64, count=int(counts.sum()))
    return np.repeat(a, counts), b[flat]


def _cartesian(lonlat: np.ndarray) -> np.ndarray:
    """Earth-centred metres, (n, 3): short chords are distances everywhere on the globe."""
    lon, lat = np.radians(lonlat).T
    normal = _AXIS_M / np.sqrt(1.0 - _E2 * np.sin(lat) ** 2)
    across = normal * np.cos(lat)
    return np.column_stack([across * np.cos(lon), across * np.sin(lon),
                            normal * (1.0 - _E2) * np.sin(lat)])  # fmt: skip
