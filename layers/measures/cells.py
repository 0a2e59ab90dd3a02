"""Boxes listed by the cells of the globe they touch, so that points find what is near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

DEGREE_M = 110_574.0
"""Metres of a degree of latitude at the equator, where it is shortest: never too long."""

_MANY = 12  # cells per box on average, above which the cells are made larger
_BLOCK = 60_000  # values at a time
_TABLE = 1 << 20  # places of the table that finds most cells at once


def widened(box: np.ndarray, reach_m: float) -> np.ndarray:
    """Boxes (n, 4: west, south, east, north; degrees) with at least `reach_m` on every side."""
    north = reach_m / DEGREE_M
    pole = np.minimum(np.maximum(-box[:, 1], box[:, 3]) + north, 89.9)
    east = np.minimum(north / np.cos(np.radians(pole)), 180.0)
    wide = np.empty_like(box)
    wide[:, 0], wide[:, 2] = box[:, 0] - east, box[:, 2] + east
    wide[:, 1], wide[:, 3] = box[:, 1] - north, box[:, 3] + north
    return wide


@dataclass(frozen=True, slots=True)
class Cells:
    """Boxes by cell: those of `keys[k]` are `boxes[start[k]:start[k + 1]]`, rising.

    `size` is the width and height of a cell in degrees; `columns` cells go round the
    globe and their numbers repeat, so ±180° is no border.
    """

    size: np.ndarray
    columns: int
    keys: np.ndarray
    start: np.ndarray
    boxes: np.ndarray

    def near(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of points (degrees, finite) and boxes whose cell they share, by rising point."""
        if not len(self.keys):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        column = np.floor((lon + 180.0) / self.size[0]).astype(np.int64) % self.columns
        key = np.floor((lat + 90.0) / self.size[1]).astype(np.int64) * self.columns + column
        point, slot = self._slots(key)
        count = self.start[slot + 1] - self.start[slot]
        return np.repeat(point, count), self.boxes[ranges(self.start[slot], count)]

    def _slots(self, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of the wanted cells there are, and their places in `keys`."""
        table = np.full(_TABLE, -1, dtype=np.int32)
        table[self.keys % _TABLE] = np.arange(len(self.keys))
        slot = table[key % _TABLE]
        wanted = np.flatnonzero(slot >= 0)
        slot = slot[wanted].astype(np.int64)
        # several cells share a place of the table: those that missed are searched for
        other = np.flatnonzero(self.keys[slot] != key[wanted])
        place = np.searchsorted(self.keys, key[wanted[other]])
        slot[other] = np.minimum(place, len(self.keys) - 1)
        found = self.keys[slot] == key[wanted]
        return wanted[found], slot[found]


def index_cells(box: np.ndarray, reach_m: float) -> Cells:
    """Index boxes (n, 4; degrees) so that a point within `reach_m` of one finds it in its cell."""
    wide = widened(box, reach_m)
    # as large as a typical box: it touches few cells, and few boxes touch a cell
    size = np.median(wide[:, 2:] - wide[:, :2], axis=0) if len(box) else np.ones(2)
    wide += [180.0, 90.0, 180.0, 90.0]
    while True:
        columns = max(int(360.0 / size[0]), 1)
        size[0] = 360.0 / columns
        span = np.floor(wide / np.tile(size, 2)).astype(np.int64)
        wide_cells = np.minimum(span[:, 2] - span[:, 0] + 1, columns)
        count = wide_cells * (span[:, 3] - span[:, 1] + 1)
        if count.sum() <= _MANY * len(box) + 10_000:
            break
        size *= 2.0
    owner = np.repeat(np.arange(len(box)), count)
    row, column = np.divmod(ranges(np.zeros_like(count), count), wide_cells[owner])
    key = (span[owner, 1] + row) * columns + (span[owner, 0] + column) % columns
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    return Cells(size, columns, key[first], np.append(first, len(key)), owner[order])


def blocks(sizes: np.ndarray) -> Iterator[slice]:
    """Stretches of the rows whose sizes add up to what fits the processor's cache."""
    total = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        done = total[begin - 1] if begin else 0
        end = max(int(np.searchsorted(total, done + _BLOCK, side="right")), begin + 1)
        yield slice(begin, end)
        begin = end


def ranges(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The numbers start[i] … start[i] + count[i] - 1 of every i, one after another."""
    end = np.cumsum(count)
    return np.arange(end[-1] if len(end) else 0) + np.repeat(start - end + count, count)
