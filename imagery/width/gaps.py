"""The bottleneck of gaps: the widest disc that passes between walls and obstacles, exactly.

A disc is stopped just where a chain wall - obstacle - … - other wall has only gaps narrower
than it. So the clear width is the minimax value over such chains, and the gap that first joins
two walls, taking gaps by rising width, is the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely import LineString, Polygon

_TOUCH = 1e-6
"""Metres by which a gap may leave the lane: rounding, not a way through a wall."""
_FIRST_REACH = 4.0


@dataclass(frozen=True, slots=True)
class Join:
    """A gap that joined two sides: its width (shifted by the error asked for), where it is.

    `first` and `other` are bit masks of the walls on its two sides; `kinds` says what lies at
    its ends (`wall`, `obstacle`); `cluster` are the obstacles that block where the gap is shut.
    """

    metres: float
    line: LineString
    first: int
    other: int
    kinds: tuple[str, str]
    cluster: tuple[int, ...]


class Gaps:
    """All gaps of one lane: walls (lines, one per stretch between gates) and obstacle polygons.

    `inside` is the lane without holes: a gap counts only where its line runs within it.
    """

    def __init__(
        self, inside: Polygon, walls: Sequence[LineString], obstacles: Sequence[Polygon]
    ) -> None:
        self.walls = len(walls)
        self.size = len(walls) + len(obstacles)
        shapes = [*walls, *(one.exterior for one in obstacles)]
        xy, owner = shapely.get_coordinates(shapes, return_index=True)
        same = owner[1:] == owner[:-1]
        lines = shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1))
        self._edges = np.asarray(lines, dtype=object)
        self._owner = owner[1:][same]
        self._tree = shapely.STRtree(self._edges)
        self._inside = inside
        self._near: tuple[float, np.ndarray, np.ndarray, np.ndarray] | None = None
        self._span = float(np.hypot(*np.ptp(xy, axis=0))) if len(xy) else 0.0

    @cached_property
    def _cover(self) -> Polygon:
        cover = self._inside.buffer(_TOUCH, join_style="mitre", quad_segs=1)
        shapely.prepare(cover)
        return cover

    def joins(
        self, obstacle_m: float = 0.0, wall_m: float = 0.0, spread: float = 0.0
    ) -> list[Join]:
        """Gaps that join walls, the narrowest first: as many as there are walls, less one.

        Every gap is shifted by what its two ends may be off (`obstacle_m`, `wall_m`, signed).
        `spread` is the largest shift either way, so that no gap beyond the reach matters.
        """
        reach = _FIRST_REACH + 2 * spread
        while True:
            left, right, metres = self._within(reach)
            ends = np.where(self._owner < self.walls, wall_m, obstacle_m)
            shifted = np.maximum(metres + ends[left] + ends[right], 0.0)
            found = list(self._kruskal(left, right, shifted))
            safe = found and found[-1].metres <= reach - 2 * spread
            if (len(found) == self.walls - 1 and safe) or reach > 2 * self._span + 4 * spread + 8:
                return found
            reach *= 2

    def _within(self, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Pairs of edges of different owners within reach, and their distances; kept for the next."""
        if self._near is None or self._near[0] < reach:
            self._near = (reach, *self._search(reach))
        return self._near[1:]

    def _search(self, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        west, south, east, north = shapely.bounds(self._edges).T
        boxes = shapely.box(west - reach, south - reach, east + reach, north + reach)
        left, right = self._tree.query(boxes)
        # Owners are told apart before any distance is taken: most neighbours are of one wall.
        keep = (left < right) & (self._owner[left] != self._owner[right])
        left, right = left[keep], right[keep]
        metres = np.asarray(shapely.distance(self._edges[left], self._edges[right]))
        near = metres <= reach
        return left[near], right[near], metres[near]

    def _kruskal(self, left: np.ndarray, right: np.ndarray, metres: np.ndarray) -> Iterator[Join]:
        order = np.argsort(metres, kind="stable")
        owners = self._owner.tolist()
        root = list(range(self.size))
        walls = [1 << n if n < self.walls else 0 for n in range(self.size)]
        for k, a, b in zip(
            order.tolist(), left[order].tolist(), right[order].tolist(), strict=True
        ):
            one, two = _find(root, owners[a]), _find(root, owners[b])
            if one == two:
                continue
            line: LineString = shapely.shortest_line(self._edges[a], self._edges[b])
            if metres[k] > _TOUCH and not self._cover.covers(line):
                continue
            first, other = walls[one], walls[two]
            root[two] = one
            walls[one] = first | other
            if first and other:
                kinds = (self._kind(owners[a]), self._kind(owners[b]))
                cluster = tuple(n - self.walls for n in range(self.walls, self.size)
                                if _find(root, n) == one)  # fmt: skip
                yield Join(float(metres[k]), line, first, other, kinds, cluster)
                if walls[one] == (1 << self.walls) - 1:
                    return

    def _kind(self, owner: int) -> str:
        return "wall" if owner < self.walls else "obstacle"


def _find(root: list[int], n: int) -> int:
    while root[n] != n:
        root[n] = root[root[n]]
        n = root[n]
    return n


def gate_pairs(joins: Sequence[Join], gates: int) -> dict[tuple[int, int], float]:
    """Clear width between every two gates; wall n lies between gate n and the next.

    Two gates are cut from each other where a chain joins a wall on one side to one on the other.
    """
    found: dict[tuple[int, int], float] = {}
    for one in range(gates):
        for two in range(one + 1, gates):
            side = sum(1 << n for n in range(one, two))
            both = next((join.metres for join in joins if _crosses(join, side)), 0.0)
            found[one, two] = both
    return found


def _crosses(join: Join, side: int) -> bool:
    merged = join.first | join.other
    return bool(merged & side) and bool(merged & ~side)
