"""Boxes listed by the cells of the globe they touch, for searching within a reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from layers.measures.kernels import Cells

_METRES_PER_DEGREE = 110_574.0  # of latitude at the equator, where a degree is shortest
_MANY = 12  # cells per box on average, above which the cells are made larger


def widen(box: np.ndarray, reach_m: float) -> np.ndarray:
    """Boxes (n, 4: west, south, east, north; degrees) with at least `reach_m` on every side."""
    north = reach_m / _METRES_PER_DEGREE
    pole = np.minimum(np.maximum(-box[:, 1], box[:, 3]) + north, 89.9)
    east = np.minimum(north / np.cos(np.radians(pole)), 180.0)
    wide = np.empty_like(box)
    wide[:, 0], wide[:, 2] = box[:, 0] - east, box[:, 2] + east
    wide[:, 1], wide[:, 3] = box[:, 1] - north, box[:, 3] + north
    return wide


def index_cells(box: np.ndarray, reach_m: float) -> Cells:
    """Index boxes (n, 4; degrees) so that a point within `reach_m` of one finds it in its cell."""
    from layers.measures.kernels import fill_cells

    wide = widen(box, reach_m)
    # as large as a typical box: it touches few cells, and few boxes touch a cell
    size = np.median(wide[:, 2:] - wide[:, :2], axis=0) if len(box) else np.ones(2)
    wide += [180.0, 90.0, 180.0, 90.0]
    while True:
        columns = max(int(360.0 / size[0]), 1)
        size[0] = 360.0 / columns
        spans = np.floor(wide / np.tile(size, 2)).astype(np.int64)
        spans[:, 2] = np.minimum(spans[:, 2], spans[:, 0] + columns - 1)
        entries = int(np.prod(spans[:, 2:] - spans[:, :2] + 1, axis=1).sum())
        if entries <= _MANY * len(box) + 10_000:
            return fill_cells(spans, size, columns, entries)
        size *= 2.0
