"""The compiled search: bounded Dijkstra from many places at once.

One search per lane (the gates of a school) runs from all its origins together and carries
along which of them is nearest. Work arrays are made once and reset through lists of
what was touched, so that a search costs what lies within reach and not the whole network.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

LABEL, VIA, WHERE = 0, 1, 2
"""Columns of `Work.node`: the seed a node was reached from, the arc it was reached by (-1: from
its seed), its place in the heap (-1: not there). Side by side, they cost one look at memory."""
SIZE, SEEN, REACHED = 0, 1, 2
"""Counters in `Work.counter`: entries of the heap, touched nodes, reached targets."""
SHUN = 3
"""Slot of `Work.counter`: second snaps of places at home on this fragment are not for us."""


class Graph(NamedTuple):
    """The arrays of a `WalkNetwork` that the search needs."""

    indptr: np.ndarray
    arc_to: np.ndarray
    arc_edge: np.ndarray
    arc_m: np.ndarray
    edge_ends: np.ndarray
    edge_m: np.ndarray


class Places(NamedTuple):
    """Snapped places: rows `start[k]:start[k + 1]` belong to key `k`.

    The key is the lane of the search for origins and the edge for targets; `owner` is the
    place's number, `home` as in `snap.Candidates`.
    """

    start: np.ndarray
    owner: np.ndarray
    edge: np.ndarray
    offset: np.ndarray
    snap: np.ndarray
    home: np.ndarray


class Work(NamedTuple):
    """State of one search, per node and per target."""

    counter: np.ndarray
    cost: np.ndarray
    node: np.ndarray
    touched: np.ndarray
    heap: np.ndarray
    best: np.ndarray
    choice: np.ndarray
    reached: np.ndarray


@njit(cache=True, nogil=True)
def new_work(nodes: int, targets: int) -> Work:
    """Fresh state for `nodes` nodes and `targets` targets."""
    return Work(
        np.zeros(4, dtype=np.int64),
        np.full(nodes, np.inf),
        np.full((nodes, 4), -1, dtype=np.int32),
        np.empty(nodes, dtype=np.int32),
        np.empty(nodes, dtype=np.int32),
        np.full(targets, np.inf),
        np.empty((targets, 3), dtype=np.int64),
        np.empty(targets, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def reset(work: Work) -> None:
    """Forget the last search, touching only what it touched."""
    for i in range(work.counter[SEEN]):
        work.cost[work.touched[i]] = np.inf
        work.node[work.touched[i], WHERE] = -1
    for i in range(work.counter[REACHED]):
        work.best[work.reached[i]] = np.inf
    work.counter[:] = 0


@njit(cache=True, nogil=True)
def _relax(work: Work, node: int, total: float, seed: int, via: int) -> None:
    """Take a shorter way to a node and move the node up the heap."""
    if total >= work.cost[node]:
        return
    if work.cost[node] == np.inf:
        work.touched[work.counter[SEEN]] = node
        work.counter[SEEN] += 1
    work.cost[node], work.node[node, LABEL], work.node[node, VIA] = total, seed, via
    at = work.node[node, WHERE]
    if at < 0:
        at = work.counter[SIZE]
        work.counter[SIZE] += 1
    while at > 0:
        parent = (at - 1) >> 1
        above = work.heap[parent]
        if work.cost[above] <= total:
            break
        work.heap[at], work.node[above, WHERE] = above, at
        at = parent
    work.heap[at], work.node[node, WHERE] = node, at


@njit(cache=True, nogil=True)
def _cheapest(work: Work) -> int:
    """Take the node with the least cost off the heap."""
    first = work.heap[0]
    work.counter[SIZE] -= 1
    size = work.counter[SIZE]
    node = work.heap[size]
    cost, at = work.cost[node], 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and work.cost[work.heap[child + 1]] < work.cost[work.heap[child]]:
            child += 1
        below = work.heap[child]
        if cost <= work.cost[below]:
            break
        work.heap[at], work.node[below, WHERE] = below, at
        at = child
    if size:
        work.heap[at], work.node[node, WHERE] = node, at
    return first


@njit(cache=True, nogil=True)
def _note(  # noqa: PLR0917 - compiled
    work: Work, hits: Places, hit: int, total: float, reach: float, seed: int, node: int
) -> None:
    """Remember a shorter way to a target; `node` is the last one before it (-1: none)."""
    target, home = hits.owner[hit], hits.home[hit]
    if total > reach or total >= work.best[target]:
        return
    if home >= 0 and home == work.counter[SHUN]:
        return
    if work.best[target] == np.inf:
        work.reached[work.counter[REACHED]] = target
        work.counter[REACHED] += 1
    work.best[target] = total
    work.choice[target, 0], work.choice[target, 1], work.choice[target, 2] = seed, hit, node


@njit(cache=True, nogil=True)
def start_from(  # noqa: PLR0917 - compiled
    graph: Graph, seeds: Places, hits: Places, seed: int, reach: float, work: Work
) -> None:
    """Both ends of the seed's edge, and the targets on the edge itself."""
    edge, offset, snap = seeds.edge[seed], seeds.offset[seed], seeds.snap[seed]
    work.counter[SHUN] = seeds.home[seed]
    for hit in range(hits.start[edge], hits.start[edge + 1]):
        total = snap + abs(offset - hits.offset[hit]) + hits.snap[hit]
        _note(work, hits, hit, total, reach, seed, -1)
    for side in range(2):
        total = snap + (offset if side == 0 else graph.edge_m[edge] - offset)
        if total <= reach:
            _relax(work, graph.edge_ends[edge, side], total, seed, -1)


@njit(cache=True, nogil=True)
def _walk_on(graph: Graph, hits: Places, node: int, reach: float, work: Work) -> None:
    """From a settled node: the targets on its edges, then the nodes at their other ends."""
    here, seed = work.cost[node], work.node[node, LABEL]
    for arc in range(graph.indptr[node], graph.indptr[node + 1]):
        edge = graph.arc_edge[arc]
        for hit in range(hits.start[edge], hits.start[edge + 1]):
            along = from_end(graph, edge, node, hits.offset[hit])
            _note(work, hits, hit, here + along + hits.snap[hit], reach, seed, node)
        total = here + graph.arc_m[arc]
        if total <= reach:
            _relax(work, graph.arc_to[arc], total, seed, arc)


@njit(cache=True, nogil=True)
def from_end(graph: Graph, edge: int, node: int, offset: float) -> float:
    """Metres along the edge from its end `node` to `offset` (the nearer way on a loop)."""
    back = graph.edge_m[edge] - offset
    if graph.edge_ends[edge, 0] != node:
        return back
    if graph.edge_ends[edge, 1] != node:
        return offset
    return min(offset, back)


@njit(cache=True, nogil=True)
def run(graph: Graph, hits: Places, reach: float, work: Work, only: int) -> None:
    """Settle nodes until none is left within reach, or target `only` (-1: all) is certain."""
    while work.counter[SIZE] > 0:
        if only >= 0 and work.cost[work.heap[0]] >= work.best[only]:
            break
        _walk_on(graph, hits, _cheapest(work), reach, work)


@njit(cache=True, nogil=True)
def _collect(
    work: Work, lane: int, rows: np.ndarray, metres: np.ndarray, found: int
) -> tuple[np.ndarray, np.ndarray]:
    """Append the reached targets to the result, which grows by doubling."""
    hits = work.counter[REACHED]
    while found + hits > len(metres):
        more = np.empty((2 * len(metres), 4), dtype=np.int64)
        more[:found] = rows[:found]
        rows = more
        metres = np.concatenate((metres, np.empty(len(metres))))
    for i in range(hits):
        target = work.reached[i]
        rows[found + i, 0], rows[found + i, 1] = lane, target
        rows[found + i, 2], rows[found + i, 3] = work.choice[target, 0], work.choice[target, 1]
        metres[found + i] = work.best[target]
    return rows, metres


@njit(cache=True, nogil=True)
def search_lanes(
    graph: Graph, seeds: Places, hits: Places, targets: int, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """Nearest seed of each lane for every target within `reach` metres, snaps included.

    All seeds of a lane must have the same `home`. Returns rows of (lane, target, seed, hit)
    and the metres of each.
    """
    work = new_work(len(graph.indptr) - 1, targets)
    rows, metres, found = np.empty((1024, 4), dtype=np.int64), np.empty(1024), 0
    for lane in range(len(seeds.start) - 1):
        for seed in range(seeds.start[lane], seeds.start[lane + 1]):
            start_from(graph, seeds, hits, seed, reach, work)
        run(graph, hits, reach, work, -1)
        rows, metres = _collect(work, lane, rows, metres, found)
        found += work.counter[REACHED]
        reset(work)
    return rows[:found], metres[:found]
