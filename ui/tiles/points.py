"""Very many points, ready for tiles: sorted along the quad tree, so that a tile is one slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ui.tiles.mercator import to_unit

_LEVELS = 24
_SPREAD = ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
           (2, 0x3333333333333333), (1, 0x5555555555555555))  # fmt: skip


@dataclass(frozen=True)
class Points:
    """`order[i]` is the row of the i-th point along the quad tree, `unit[i]` its unit coordinates."""

    order: np.ndarray
    unit: np.ndarray
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.order)

    def within(self, z: int, x: int, y: int) -> slice:
        """The points of a tile, as a slice of `order` and `unit`."""
        shift = np.uint64(2 * (_LEVELS - z))
        first = _interleaved(np.array([x]), np.array([y]))[0]
        ends = np.array([first, first + np.uint64(1)], dtype=np.uint64) << shift
        low, high = np.searchsorted(self.codes, ends)
        return slice(int(low), int(high))

    def around(self, z: int, x: int, y: int, margin: float) -> np.ndarray:
        """Positions of the points of a tile and of a rim of `margin` tiles around it."""
        near = [np.arange(part.start, part.stop) for part in
                (self.within(z, i, j) for i in range(max(x - 1, 0), min(x + 2, 2**z))
                 for j in range(max(y - 1, 0), min(y + 2, 2**z)))]  # fmt: skip
        found = np.concatenate(near)
        at = self.unit[found] * 2**z - (x, y)
        return found[((at >= -margin) & (at <= 1 + margin)).all(axis=1)]


def points_of(lonlat: np.ndarray) -> Points:
    """Sort places (n, 2), WGS 84 degrees, along the quad tree."""
    unit = to_unit(lonlat)
    whole = np.clip((unit * 2**_LEVELS).astype(np.int64), 0, 2**_LEVELS - 1)
    codes = _interleaved(whole[:, 0], whole[:, 1])
    order = np.argsort(codes, kind="stable")
    return Points(order, unit[order], codes[order])


def _interleaved(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(values: np.ndarray) -> np.ndarray:
    """The bits of 32-bit numbers, a gap after each."""
    found = values.astype(np.uint64)
    for step, mask in _SPREAD:
        found = (found | (found << np.uint64(step))) & np.uint64(mask)
    return found
