"""A grid over the segments of all edges, so that the nearest one is found in a few cells."""

from __future__ import annotations

import math

import numpy as np

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
