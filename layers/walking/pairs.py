"""Walking distances between many places: every pair within reach, no dense matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.walking.network import WalkNetwork
from layers.walking.search import Graph, Places, search_groups
from layers.walking.snap import MAX_SNAP_M, Snaps, as_lonlat, candidates


@dataclass(frozen=True)
class WalkPairs:
    """Pairs within reach, sorted by origin, then target; arrays of equal length.

    `origin` and `target` are row numbers of the places handed in, `metres` the whole walk:
    from the origin straight to the network, along it, and straight to the target.
    """

    origin: np.ndarray
    target: np.ndarray
    metres: np.ndarray
    origin_snap_m: np.ndarray
    target_snap_m: np.ndarray

    def __len__(self) -> int:
        return len(self.metres)


def walk_pairs(
    network: WalkNetwork,
    origins: np.ndarray,
    targets: np.ndarray,
    reach_m: float,
    *,
    groups: np.ndarray | None = None,
    snap_m: float = MAX_SNAP_M,
) -> WalkPairs:
    """Every origin and target whose shortest walk is at most `reach_m` metres.

    `origins` and `targets` are (n, 2) longitude and latitude in degrees. With `groups` (one
    label per origin: the school of a gate) only the nearest origin of each group is kept per
    target. Places without a way within `snap_m` metres take part in no pair.
    """
    origins, targets = as_lonlat(origins), as_lonlat(targets)
    label, groups_n = _labels(groups, len(origins))
    origin, start = candidates(network, origins, snap_m)
    target, end = candidates(network, targets, snap_m)
    seeds = by_key(label[origin], groups_n, origin, start)
    hits = by_key(end.edge, len(network.edge_m), target, end)
    rows, metres = search_groups(graph_of(network), seeds, hits, len(targets), float(reach_m))
    chosen = seeds.owner[rows[:, 2]]
    order = np.lexsort((rows[:, 1], chosen))
    rows = rows[order]
    return WalkPairs(
        origin=chosen[order],
        target=rows[:, 1],
        metres=metres[order],
        origin_snap_m=seeds.snap[rows[:, 2]],
        target_snap_m=hits.snap[rows[:, 3]],
    )


def graph_of(network: WalkNetwork) -> Graph:
    """The part of the network that the compiled search reads."""
    return Graph(*(getattr(network, name) for name in Graph._fields))


def by_key(key: np.ndarray, keys: int, owner: np.ndarray, snaps: Snaps) -> Places:
    """Snapped places sorted by `key` (stable), with the row pointer of `keys` keys."""
    order = np.argsort(key, kind="stable")
    start = np.r_[0, np.cumsum(np.bincount(key, minlength=keys))].astype(np.int64)
    return Places(
        start,
        owner[order].astype(np.int64),
        snaps.edge[order].astype(np.int64),
        snaps.offset_m[order].astype(np.float64),
        snaps.snap_m[order].astype(np.float64),
    )


def _labels(groups: np.ndarray | None, count: int) -> tuple[np.ndarray, int]:
    """Group number of each origin, and how many there are."""
    if groups is None:
        return np.arange(count), count
    labels = np.asarray(groups)
    if labels.shape != (count,):
        raise ValueError(f"{count} origins need {count} groups, not {labels.shape}")
    names, number = np.unique(labels, return_inverse=True)
    return number.astype(np.int64), len(names)
