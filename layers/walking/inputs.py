"""What the compiled search reads: the network's arrays, and snapped places by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.walking.network import WalkNetwork
from layers.walking.snap import Candidates

if TYPE_CHECKING:
    from layers.walking.search import Graph, Places


def graph_of(network: WalkNetwork) -> Graph:
    """The part of the network that the compiled search reads."""
    from layers.walking.search import Graph

    return Graph(*(getattr(network, name) for name in Graph._fields))


def places_by(key: np.ndarray, keys: int, snapped: Candidates) -> Places:
    """Snapped places sorted by `key` (stable), with the row pointer of `keys` keys."""
    from layers.walking.search import Places

    order = np.argsort(key, kind="stable")
    start = np.r_[0, np.cumsum(np.bincount(key, minlength=keys))].astype(np.int64)
    return Places(
        start,
        snapped.place[order].astype(np.int64),
        snapped.snaps.edge[order].astype(np.int64),
        snapped.snaps.offset_m[order],
        snapped.snaps.snap_m[order],
        snapped.home[order].astype(np.int64),
    )
