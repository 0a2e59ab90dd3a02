"""The walk itself: the line a person would follow, whose length is the measured distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from shapely import LineString

from layers.walking.access import flag_names
from layers.walking.direct import direct_metres
from layers.walking.inputs import graph_of, places_by
from layers.walking.network import WalkNetwork
from layers.walking.snap import MAX_SNAP_M, as_lonlat, candidates


@dataclass(frozen=True)
class Walk:
    """One walk: `metres` = `from_snap_m` + `network_m` + `to_snap_m` = geodesic length of `line`.

    `line` (WGS 84) leads from the origin straight to the network, along it and straight to the
    target; its points `on_network[0]` to `on_network[1]` lie on the network. `ways` are the
    OpenStreetMap ways in walking order, `passes` what a reader should know (steps, indoor …;
    "direct": straight, the places being nearer to each other than to any way, see `direct`).
    """

    metres: float
    line: LineString
    from_snap_m: float
    network_m: float
    to_snap_m: float
    on_network: tuple[int, int]
    ways: tuple[int, ...]
    passes: tuple[str, ...]


def walk_paths(
    network: WalkNetwork,
    origins: ArrayLike,
    targets: ArrayLike,
    reach_m: float,
    *,
    snap_m: float = MAX_SNAP_M,
) -> list[Walk | None]:
    """The shortest walk of each pair (`origins[i]`, `targets[i]`), both (n, 2) degrees.

    `None` where there is none within `reach_m` metres. The choice of snaps is that of
    `walk_pairs`, and so are the metres.
    """
    from layers.walking.search import new_work
    from layers.walking.trace import legs_of

    origins, targets = as_lonlat(origins), as_lonlat(targets)
    if origins.shape != targets.shape:
        raise ValueError("origins and targets must be pairs")
    walks: list[Walk | None] = [None] * len(origins)
    start = candidates(network, origins, snap_m)
    end = candidates(network, targets, snap_m)
    seeds = places_by(start.place, len(origins), start)
    hits = places_by(end.snaps.edge, len(network.edge_m), end)
    graph = graph_of(network)
    work = new_work(len(network.node_lonlat), len(origins))
    snaps = start.nearest(len(origins)), end.nearest(len(targets))
    straight = direct_metres(network, (origins, targets), snaps)
    for pair in range(len(origins)):
        if straight[pair] <= reach_m:
            walks[pair] = _direct(origins[pair], targets[pair], float(straight[pair]))
            continue
        legs, ends = legs_of(graph, seeds, hits, pair, float(reach_m), work)
        if ends[0] >= 0:
            walks[pair] = _walk(network, origins[pair], targets[pair], legs, ends)
    return walks


def _direct(origin: np.ndarray, target: np.ndarray, metres: float) -> Walk:
    return Walk(metres, LineString([origin, target]), metres, 0.0, 0.0, (1, 1), (), ("direct",))


def _walk(
    network: WalkNetwork,
    origin: np.ndarray,
    target: np.ndarray,
    legs: np.ndarray,
    snaps: np.ndarray,
) -> Walk:
    pieces = [_shape(network, int(edge), enter, leave) for edge, enter, leave in legs]
    along = _without_repeats(np.concatenate(pieces))
    line = np.concatenate([origin[None], along, target[None]])
    moved = np.abs(legs[:, 2] - legs[:, 1])
    edges = legs[moved > 0, 0].astype(np.int64)
    ways = network.edge_way[edges]
    flags = int(np.bitwise_or.reduce(network.edge_flags[edges])) if len(edges) else 0
    return Walk(
        metres=float(snaps.sum() + moved.sum()),
        line=LineString(line),
        from_snap_m=float(snaps[0]),
        network_m=float(moved.sum()),
        to_snap_m=float(snaps[1]),
        on_network=(1, len(along)),
        ways=tuple(ways[np.r_[True, ways[1:] != ways[:-1]]].tolist()) if len(ways) else (),
        passes=flag_names(flags),
    )


def _shape(network: WalkNetwork, edge: int, enter: float, leave: float) -> np.ndarray:
    """The edge's shape from one place on it to another, in walking order."""
    rows = slice(network.shape_start[edge], network.shape_start[edge + 1])
    along, lonlat = network.shape_m[rows], network.shape_lonlat[rows]
    low, high = min(enter, leave), max(enter, leave)
    inner = lonlat[(along > low) & (along < high)]
    ends = [[np.interp(m, along, lonlat[:, k]) for k in (0, 1)] for m in (low, high)]
    shape = np.vstack([ends[:1], inner, ends[1:]])
    return shape if enter <= leave else shape[::-1]


def _without_repeats(lonlat: np.ndarray) -> np.ndarray:
    return lonlat[np.r_[True, (lonlat[1:] != lonlat[:-1]).any(axis=1)]]
