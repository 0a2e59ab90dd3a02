"""Walking distances between many places: every pair within reach, no dense matrix."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from layers.walking.direct import direct_pairs
from layers.walking.inputs import graph_of, places_by
from layers.walking.network import WalkNetwork
from layers.walking.snap import MAX_SNAP_M, Candidates, as_lonlat, candidates


@dataclass(frozen=True)
class WalkPairs:
    """Pairs within reach, sorted by origin, then target; arrays of equal length.

    `origin` and `target` are row numbers of the places handed in, `metres` the whole walk:
    from the origin straight to the network, along it, and straight to the target. Of a direct
    walk (see `direct`) the whole length counts as the origin's snap.
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
    origins: ArrayLike,
    targets: ArrayLike,
    reach_m: float,
    *,
    groups: ArrayLike | None = None,
    snap_m: float = MAX_SNAP_M,
) -> WalkPairs:
    """Every origin and target whose shortest walk is at most `reach_m` metres.

    `origins` and `targets` are (n, 2) longitude and latitude in degrees. With `groups` (one
    label per origin: the school of a gate) only the nearest origin of each group is kept per
    target. Places without a way within `snap_m` metres take part in no pair.
    """
    origins, targets = as_lonlat(origins), as_lonlat(targets)
    start = candidates(network, origins, snap_m)
    end = candidates(network, targets, snap_m)
    group = _labels(groups, len(origins))
    along = pairs_of_snapped(network, (start, group[start.place]), (end, len(targets)), reach_m)
    snaps = start.nearest(len(origins)), end.nearest(len(targets))
    o, t, metres = direct_pairs(network, (origins, targets), snaps)
    near = metres <= reach_m
    straight = WalkPairs(o[near], t[near], metres[near], metres[near], np.zeros(near.sum()))
    return _merged(along, straight, group)


def _merged(along: WalkPairs, straight: WalkPairs, group: np.ndarray) -> WalkPairs:
    """The shorter of both for each group and target, sorted by origin, then target."""
    if not len(straight):
        return along
    both = {f.name: np.concatenate([getattr(along, f.name), getattr(straight, f.name)])
            for f in fields(WalkPairs)}  # fmt: skip
    best = _nearest(group[both["origin"]], both["target"], both["metres"])
    best = best[np.lexsort((both["target"][best], both["origin"][best]))]
    return WalkPairs(**{name: values[best] for name, values in both.items()})


def pairs_of_snapped(
    network: WalkNetwork,
    starts: tuple[Candidates, np.ndarray],
    ends: tuple[Candidates, int],
    reach_m: float,
) -> WalkPairs:
    """The pairs along the network: snapped starts with their groups, ends with their count."""
    from layers.walking.search import search_lanes

    (start, group), (end, targets) = starts, ends
    lane, group_of = _lanes(group, start)
    seeds = places_by(lane, len(group_of), start)
    hits = places_by(end.snaps.edge, len(network.edge_m), end)
    rows, metres = search_lanes(graph_of(network), seeds, hits, targets, float(reach_m))
    best = _nearest(group_of[rows[:, 0]], rows[:, 1], metres)
    rows, metres = rows[best], metres[best]
    origin = seeds.owner[rows[:, 2]]
    order = np.lexsort((rows[:, 1], origin))
    return WalkPairs(
        origin=origin[order],
        target=rows[order, 1],
        metres=metres[order],
        origin_snap_m=seeds.snap[rows[order, 2]],
        target_snap_m=hits.snap[rows[order, 3]],
    )


def _lanes(group: np.ndarray, start: Candidates) -> tuple[np.ndarray, np.ndarray]:
    """One lane per group and home: the lane of each seed, the group of each lane.

    Lanes are numbered by place (edges are), so that one search finds in the processor's cache
    what its neighbour has left there.
    """
    pairs = np.column_stack([group, start.home])
    names, lane = np.unique(pairs, axis=0, return_inverse=True)
    first = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(first, lane.ravel(), start.snaps.edge)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return rank[lane.ravel()], names[order, 0]


def _nearest(group: np.ndarray, target: np.ndarray, metres: np.ndarray) -> np.ndarray:
    """Rows with the least metres of each group and target."""
    order = np.lexsort((metres, target, group))
    group, target = group[order], target[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (group[1:] != group[:-1]) | (target[1:] != target[:-1])
    return order[first]


def _labels(groups: ArrayLike | None, count: int) -> np.ndarray:
    """Group number of each origin."""
    if groups is None:
        return np.arange(count)
    labels = np.asarray(groups)
    if labels.shape != (count,):
        raise ValueError(f"{count} origins need {count} groups, not {labels.shape}")
    return np.unique(labels, return_inverse=True)[1]
