"""A grid over the segments of all edges, so that the nearest one is found in a few cells."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

CELL_M = 100.0
"""Side of a cell in metres (at the middle latitude of the network)."""
METRES_PER_DEGREE = 111_320.0
_MAX_LATITUDE = 85.0


def build_grid(lonlat: np.ndarray, start: np.ndarray) -> dict[str, np.ndarray]:
    """Sparse grid over segments; segment `v` runs from shape point `v` to `v + 1`.

    Returns `grid_frame` (west, south, cell width, cell height in degrees, columns) and, for
    the cells that hold anything, sorted: `grid_key`, `grid_start` (row pointer), `grid_segment`.
    """
    last = np.zeros(len(lonlat), dtype=bool)
    last[start[1:] - 1] = True
    segment = np.flatnonzero(~last)
    frame = _frame(lonlat)
    piece, a, b = _pieces(segment, lonlat[segment], lonlat[segment + 1], frame)
    keys, of = _cells(a, b, frame)
    pairs = np.unique(np.column_stack([keys, piece[of]]), axis=0)
    grid_key, first = np.unique(pairs[:, 0], return_index=True)
    return {
        "grid_frame": frame,
        "grid_key": grid_key,
        "grid_start": np.r_[first, len(pairs)].astype(np.int64),
        "grid_segment": pairs[:, 1].astype(np.int32),
    }


def _frame(lonlat: np.ndarray) -> np.ndarray:
    west, south = lonlat.min(axis=0)
    east, north = lonlat.max(axis=0)
    latitude = min(abs((south + north) / 2), _MAX_LATITUDE)
    height = CELL_M / METRES_PER_DEGREE
    width = height / math.cos(math.radians(latitude))
    return np.array([west, south, width, height, math.floor((east - west) / width) + 1.0])


def _pieces(
    segment: np.ndarray, a: np.ndarray, b: np.ndarray, frame: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Long segments cut into pieces of at most one cell, so that few cells are touched in vain."""
    count = np.ceil(np.abs((b - a) / frame[2:4]).max(axis=1)).astype(np.int64)
    count = np.maximum(count, 1)
    of = np.repeat(np.arange(len(segment)), count)
    step = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    share = (step / count[of])[:, None]
    next_share = ((step + 1) / count[of])[:, None]
    way = (b - a)[of]
    return segment[of], a[of] + way * share, a[of] + way * next_share


def _cells(a: np.ndarray, b: np.ndarray, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keys of the (at most four) cells under the box of each piece, and the piece's row."""
    low = np.floor((np.minimum(a, b) - frame[:2]) / frame[2:4]).astype(np.int64)
    high = np.floor((np.maximum(a, b) - frame[:2]) / frame[2:4]).astype(np.int64)
    columns = int(frame[4])
    keys, rows = [], []
    for right in (0, 1):
        for up in (0, 1):
            within = (low[:, 0] + right <= high[:, 0]) & (low[:, 1] + up <= high[:, 1])
            cell = low[within] + (right, up)
            keys.append(cell[:, 1] * columns + cell[:, 0])
            rows.append(np.flatnonzero(within))
    return np.concatenate(keys), np.concatenate(rows)


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
