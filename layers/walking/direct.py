"""Neighbours off the street: places nearer to each other than to the network.

On an unmapped square a gate and a shop may stand 20 m apart and both 50 m from the nearest way.
Nobody walks 100 m out to that way and back. A straight piece shorter than either snap is no
bolder than the snaps themselves, so such pairs are also joined directly.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from layers.measures import geodesic_distance
from layers.walking.snap import Candidates

_AXIS_M, _E2 = 6378137.0, 0.0066943799901413165  # WGS 84
_SLACK = 1.001
"""The tree measures chords; the true distance is checked afterwards."""


def snap_lengths(snapped: Candidates, places: int) -> np.ndarray:
    """Metres from each place to its nearest way; NaN for places off the network."""
    metres = np.full(places, np.nan)
    nearest = snapped.home < 0
    metres[snapped.place[nearest]] = snapped.snaps.snap_m[nearest]
    return metres


def direct_metres(
    origins: np.ndarray, targets: np.ndarray, origin_m: np.ndarray, target_m: np.ndarray
) -> np.ndarray:
    """Straight metres of paired places where a direct walk is allowed, infinite elsewhere.

    `origin_m` and `target_m` are the snap lengths of both.
    """
    straight = geodesic_distance(origins[:, 0], origins[:, 1], targets[:, 0], targets[:, 1])
    return np.where(straight <= np.minimum(origin_m, target_m), straight, np.inf)


def direct_pairs(
    origins: np.ndarray, targets: np.ndarray, origin_m: np.ndarray, target_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row of the origin, row of the target and metres of every pair that may walk directly."""
    from scipy.spatial import cKDTree

    a, b = np.flatnonzero(np.isfinite(origin_m)), np.flatnonzero(np.isfinite(target_m))
    if not len(a) or not len(b):
        return a[:0], b[:0], np.empty(0)
    near = cKDTree(_cartesian(targets[b])).query_ball_point(
        _cartesian(origins[a]), origin_m[a] * _SLACK, return_sorted=False
    )
    counts = np.fromiter(map(len, near), dtype=np.int64, count=len(near))
    o = np.repeat(a, counts)
    t = b[np.fromiter(chain.from_iterable(near), dtype=np.int64, count=int(counts.sum()))]
    metres = direct_metres(origins[o], targets[t], origin_m[o], target_m[t])
    kept = np.isfinite(metres)
    return o[kept], t[kept], metres[kept]


def _cartesian(lonlat: np.ndarray) -> np.ndarray:
    """Earth-centred metres, (n, 3): short chords are distances everywhere on the globe."""
    lon, lat = np.radians(lonlat).T
    normal = _AXIS_M / np.sqrt(1.0 - _E2 * np.sin(lat) ** 2)
    across = normal * np.cos(lat)
    return np.column_stack([across * np.cos(lon), across * np.sin(lon),
                            normal * (1.0 - _E2) * np.sin(lat)])  # fmt: skip
