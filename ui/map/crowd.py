"""Very many symbols: handed to the browser tile by tile, as counts where they would cover each other."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

import numpy as np

from checks import VERDICTS
from layers.errors import LayerError
from ui.map.table import Marks
from ui.tiles.mercator import to_degrees
from ui.tiles.points import Points, points_of

FEW = 40
"""Symbols of a tile that are drawn one by one."""
DEEP, MOST = 18, 1500
"""From this zoom on every symbol is drawn, but no more than so many of a tile."""
CELLS = 4
"""Counted cells along the side of a tile (256 CSS pixels)."""
KEPT = 48
"""Sets of symbols that the app remembers; one that was forgotten comes back with the next rerun."""


@dataclass(frozen=True)
class Crowd:
    """Some rows of a table of marks, ready for tiles."""

    marks: Marks
    rows: np.ndarray
    points: Points

    def tile(self, z: int, x: int, y: int) -> bytes:
        """What stands in a tile, as JSON: `points` = [key, verdict, lon, lat, name, laid aside] and
        `cells` = [lon, lat, how many, how many of each verdict]; raises `LayerError` for no tile.
        """
        if not (0 <= z <= 22 and 0 <= x < 2**z and 0 <= y < 2**z):
            raise LayerError(f"there is no tile {z}/{x}/{y}", remedy="ask for one that exists")
        part = self.points.within(z, x, y)
        few = part.stop - part.start <= FEW or z >= DEEP
        found = {"points": self._points(part)} if few else {"cells": self._cells(part, z, x, y)}
        return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()

    def _points(self, part: slice) -> list[list[object]]:
        rows = np.sort(self.rows[self.points.order[part]])[:MOST]
        frame = self.marks.frame.iloc[rows]
        columns = [
            frame[name].tolist() for name in ("key", "verdict", "lon", "lat", "name", "aside")
        ]
        return [[key, verdict, round(lon, 7), round(lat, 7), name, int(aside)]
                for key, verdict, lon, lat, name, aside in zip(*columns, strict=True)]  # fmt: skip

    def _cells(self, part: slice, z: int, x: int, y: int) -> list[list[object]]:
        unit = self.points.unit[part]
        at = np.clip(((unit * 2**z - (x, y)) * CELLS).astype(int), 0, CELLS - 1)
        cell = at[:, 1] * CELLS + at[:, 0]
        rank = self.marks.rank[self.rows[self.points.order[part]]]
        size = CELLS * CELLS
        n = np.bincount(cell, minlength=size)
        each = np.bincount(cell * len(VERDICTS) + rank, minlength=size * len(VERDICTS)).reshape(
            size, -1
        )
        middle = [np.bincount(cell, unit[:, axis], minlength=size) for axis in (0, 1)]
        found: list[list[object]] = []
        for one in np.flatnonzero(n):
            lon, lat = to_degrees(middle[0][one] / n[one], middle[1][one] / n[one])
            found.append([round(float(lon), 6), round(lat, 6), int(n[one]), each[one].tolist()])
        return found


class Shown:
    """The sets of symbols that pages show now, by a name nobody can guess; safe from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Crowd] = OrderedDict()
        self._lock = Lock()

    def put(self, marks: Marks, rows: np.ndarray) -> str:
        """Remember these rows; returns their name, the same for the same rows of the same table."""
        token = sha256(marks.secret + np.ascontiguousarray(rows).tobytes()).hexdigest()[:32]
        with self._lock:
            if token in self._kept:
                self._kept.move_to_end(token)
                return token
        crowd = crowd_of(marks, rows)
        with self._lock:
            self._kept[token] = crowd
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return token

    def get(self, token: str) -> Crowd:
        """The set called `token`; raises `LayerError` for one that is not remembered."""
        with self._lock:
            found = self._kept.get(token)
        if found is None:
            raise LayerError("these symbols are not shown any more", remedy="load the page again")
        return found


def crowd_of(marks: Marks, rows: np.ndarray | Sequence[int]) -> Crowd:
    """The rows that have a place, ready for tiles."""
    placed = np.asarray(rows, dtype=int)
    placed = placed[marks.placed[placed]]
    places = marks.frame[["lon", "lat"]].to_numpy(dtype=float)[placed]
    return Crowd(marks, placed, points_of(places))
