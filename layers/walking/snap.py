"""From a place to the network: the nearest point of an edge, never just the nearest node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from layers.measures import geodesic_distance
from layers.walking.network import WalkNetwork

MAX_SNAP_M = 100.0
"""How far a place may lie from the nearest way. Beyond it the place counts as off the network:
a farther "nearest" way is as likely on the other bank of a river as in front of the door."""


@dataclass(frozen=True)
class Snaps:
    """Where places meet the network; arrays of equal length, one entry per place.

    `edge` is -1 where no way lies within reach, and the other values are NaN there; `offset_m`
    counts from the edge's start, `snap_m` is the geodesic distance from the place to `lonlat`.
    """

    edge: np.ndarray
    offset_m: np.ndarray
    snap_m: np.ndarray
    lonlat: np.ndarray

    def take(self, rows: np.ndarray) -> Snaps:
        """The entries of `rows`."""
        return Snaps(self.edge[rows], self.offset_m[rows], self.snap_m[rows], self.lonlat[rows])


def snap(network: WalkNetwork, lonlat: ArrayLike, max_m: float = MAX_SNAP_M) -> Snaps:
    """The nearest point of the network for each place, (n, 2) longitude and latitude in degrees.

    Places without a way within `max_m` metres, or without a coordinate, get edge -1.
    """
    return _snap(network, as_lonlat(lonlat), max_m, _everywhere(network))


@dataclass(frozen=True)
class Candidates:
    """All snaps that places may use: `place` is the row of the place of each.

    `home` is -1 for a place's nearest snap. Where that lies on a fragment (a short piece of
    network that reaches nothing else, see `network.FRAGMENT_M`) there is a second one on the
    nearest longer component, and `home` is the fragment.

    Two places on the same fragment walk on the fragment; otherwise the second snap may be used,
    so that a piece of footway whose connection nobody has drawn does not make a shop
    unreachable. The price: the straight piece may lead through a wall that is drawn. It is at
    most the snap limit, and the error band grows with it (`error.network_error_m`).
    """

    place: np.ndarray
    home: np.ndarray
    snaps: Snaps

    def nearest(self, places: int) -> Snaps:
        """The nearest snap of each of `places` places, as `snap` gives it."""
        rows = np.flatnonzero(self.home < 0)
        at = self.place[rows]
        edge, lonlat = np.full(places, -1), np.full((places, 2), np.nan)
        offset, away = np.full(places, np.nan), np.full(places, np.nan)
        edge[at], lonlat[at] = self.snaps.edge[rows], self.snaps.lonlat[rows]
        offset[at], away[at] = self.snaps.offset_m[rows], self.snaps.snap_m[rows]
        return Snaps(edge, offset, away, lonlat)


def candidates(network: WalkNetwork, lonlat: ArrayLike, max_m: float = MAX_SNAP_M) -> Candidates:
    """The snaps each place may use; places off the network have none."""
    places = as_lonlat(lonlat)
    first = _snap(network, places, max_m, _everywhere(network))
    rows = np.flatnonzero(first.edge >= 0)
    lost = rows[network.is_fragment[network.component_of(first.edge[rows])]]
    nobody = np.full(len(rows), -1)
    if not len(lost):
        return Candidates(rows, nobody, first.take(rows))
    longer = ~network.is_fragment[network.component_of(network.shape_edge)]
    second = _snap(network, places[lost], max_m, longer)
    found = np.flatnonzero(second.edge >= 0)
    home = network.component_of(first.edge[lost[found]])
    both = [first.take(rows), second.take(found)]
    merged = Snaps(
        *(np.concatenate([getattr(s, name) for s in both])
          for name in ("edge", "offset_m", "snap_m", "lonlat"))
    )  # fmt: skip
    return Candidates(np.r_[rows, lost[found]], np.r_[nobody, home], merged)


def as_lonlat(lonlat: ArrayLike) -> np.ndarray:
    """An (n, 2) array of floats, also from one pair or an empty list."""
    return np.ascontiguousarray(lonlat, dtype=np.float64).reshape(-1, 2)


def _everywhere(network: WalkNetwork) -> np.ndarray:
    return np.ones(len(network.shape_m), dtype=bool)


def _snap(network: WalkNetwork, places: np.ndarray, max_m: float, allowed: np.ndarray) -> Snaps:
    from layers.walking.nearest import nearest_segments

    point, share = nearest_segments(
        places, max_m, network.shape_lonlat, network.grid_frame, network.grid_key,
        network.grid_start, network.grid_segment, allowed,
    )  # fmt: skip
    none = point < 0
    a = np.where(none, 0, point)
    start, step = network.shape_m[a], network.shape_m[a + 1] - network.shape_m[a]
    begin, end = network.shape_lonlat[a], network.shape_lonlat[a + 1]
    foot = begin + (end - begin) * share[:, None]
    foot[none] = np.nan
    snap_m = geodesic_distance(places[:, 0], places[:, 1], foot[:, 0], foot[:, 1])
    offset = np.where(none, np.nan, start + step * share)
    return Snaps(np.where(none, -1, network.shape_edge[a]), offset, snap_m, foot)
