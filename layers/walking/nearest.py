"""The compiled lookup of the nearest segment in the grid.

Compiled modules (this one, `search`, `trace`) are imported inside the functions that use them,
because importing numba costs time which most commands should not pay.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def nearest_segments(  # noqa: PLR0917 - compiled: flat arrays only
    lonlat: np.ndarray,
    max_m: float,
    shape: np.ndarray,
    frame: np.ndarray,
    key: np.ndarray,
    start: np.ndarray,
    segment: np.ndarray,
    allowed: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Nearest segment of each point within `max_m` and the share along it; -1 without one.

    `allowed` says of each segment's first shape point whether it may be taken. Distances are
    planar in a frame at the point with the curvature of the ellipsoid there: exact to 1 mm at
    the lengths in use.
    """
    found = np.full(len(lonlat), -1, dtype=np.int64)
    share = np.zeros(len(lonlat))
    for i in range(len(lonlat)):
        lon, lat = lonlat[i, 0], lonlat[i, 1]
        if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
            continue
        kx, ky = metres_per_degree(lat)
        reach_x, reach_y = max_m / max(kx, 1e-9), max_m / ky
        columns = int(frame[4])
        west = max(math.floor((lon - reach_x - frame[0]) / frame[2]), 0)
        east = min(math.floor((lon + reach_x - frame[0]) / frame[2]), columns - 1)
        south = max(math.floor((lat - reach_y - frame[1]) / frame[3]), 0)
        north = math.floor((lat + reach_y - frame[1]) / frame[3])
        best = max_m * max_m
        for row in range(south, north + 1):
            edge = frame[1] + row * frame[3]
            away = max(edge - lat, lat - edge - frame[3], 0.0) * ky
            if away * away > best or west > east:
                continue
            cell = np.searchsorted(key, row * columns + west)
            while cell < len(key) and key[cell] <= row * columns + east:
                for at in range(start[cell], start[cell + 1]):
                    v = segment[at]
                    if not allowed[v]:
                        continue
                    ax, ay = (shape[v, 0] - lon) * kx, (shape[v, 1] - lat) * ky
                    dx, dy = (shape[v + 1, 0] - lon) * kx - ax, (shape[v + 1, 1] - lat) * ky - ay
                    size = dx * dx + dy * dy
                    t = 0.0 if size == 0.0 else min(max(-(ax * dx + ay * dy) / size, 0.0), 1.0)
                    x, y = ax + t * dx, ay + t * dy
                    gap = x * x + y * y
                    if gap < best or (gap == best and found[i] < 0):
                        best, found[i], share[i] = gap, v, t
                cell += 1
    return found, share


@njit(cache=True, nogil=True)
def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Metres per degree of longitude and of latitude on the WGS 84 ellipsoid."""
    sine = math.sin(math.radians(latitude))
    e2 = 0.0066943799901413165
    w = 1.0 - e2 * sine * sine
    prime = 6378137.0 / math.sqrt(w)
    meridian = prime * (1.0 - e2) / w
    degree = math.pi / 180.0
    return prime * math.cos(math.radians(latitude)) * degree, meridian * degree
