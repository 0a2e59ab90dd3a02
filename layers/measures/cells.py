"""Boxes listed by the cells of the globe they touch, for searching within a reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_METRES_PER_DEGREE = 110_574.0  # of latitude at the equator, where a degree is shortest
_MANY = 8  # cells per box on average, above which the cells are made larger


@dataclass(frozen=True, slots=True)
class Cells:
    """A hash from cell number to the boxes whose surroundings touch the cell."""

    keys: np.ndarray
    ends: np.ndarray
    boxes: np.ndarray
    size: np.ndarray
    """Width and height of a cell, degrees."""
    columns: int
    """Cells round the globe; column numbers repeat, so ±180° is no border."""


def widen(box: np.ndarray, reach_m: float) -> np.ndarray:
    """Boxes (n, 4: west, south, east, north; degrees) with at least `reach_m` on every side."""
    north = reach_m / _METRES_PER_DEGREE
    pole = np.minimum(np.maximum(np.abs(box[:, 1]), np.abs(box[:, 3])) + north, 89.9)
    east = reach_m / (_METRES_PER_DEGREE * np.cos(np.radians(pole)))
    return np.column_stack(
        [box[:, 0] - east, np.maximum(box[:, 1] - north, -90.0),
         box[:, 2] + east, np.minimum(box[:, 3] + north, 90.0)]
    )  # fmt: skip


def index_cells(box: np.ndarray, reach_m: float) -> Cells:
    """Index boxes (n, 4; degrees) so that a point within `reach_m` of one finds it in its cell."""
    from layers.measures.kernels import fill_cells

    wide = widen(box, reach_m)
    size = _cell_size(wide)
    while True:
        columns = max(int(360.0 / size[0]), 1)
        size[0] = 360.0 / columns
        spans = np.floor((wide + [180.0, 90.0, 180.0, 90.0]) / np.tile(size, 2)).astype(np.int64)
        spans[:, 2] = np.minimum(spans[:, 2], spans[:, 0] + columns - 1)
        entries = int(((spans[:, 2] - spans[:, 0] + 1) * (spans[:, 3] - spans[:, 1] + 1)).sum())
        if entries <= _MANY * len(box) + 10_000:
            break
        size = size * 2.0
    west, south, east, north = np.ascontiguousarray(spans.T)
    keys, ends, boxes = fill_cells(west, east, south, north, columns, entries)
    return Cells(keys, ends, boxes, size, columns)


def _cell_size(wide: np.ndarray) -> np.ndarray:
    """About as large as a typical box, so that a box touches few cells and a cell few boxes."""
    if not len(wide):
        return np.array([1.0, 1.0])
    return np.maximum(np.median(wide[:, 2:] - wide[:, :2], axis=0), 1e-6)
