"""Compiled searches for given pairs: is there a walk within a limit, and along which edges."""

from __future__ import annotations

import numpy as np
from numba import njit

from layers.walking.search import VIA, Graph, Places, Work, new_work, reset, run, start_from


@njit(cache=True, nogil=True)
def within_limit(graph: Graph, seeds: Places, hits: Places, limit: np.ndarray) -> np.ndarray:
    """Whether the walk of each pair is at most `limit` metres; seeds are keyed by the pair."""
    work = new_work(len(graph.indptr) - 1, len(limit))
    found = np.zeros(len(limit), dtype=np.bool_)
    for pair in range(len(limit)):
        for seed in range(seeds.start[pair], seeds.start[pair + 1]):
            start_from(graph, seeds, hits, seed, limit[pair], work)
        run(graph, hits, limit[pair], work, pair)
        found[pair] = work.best[pair] < np.inf
        reset(work)
    return found


@njit(cache=True, nogil=True)
def legs_of(  # noqa: PLR0917 - compiled
    graph: Graph, seeds: Places, hits: Places, pair: int, reach: float, work: Work
) -> tuple[np.ndarray, np.ndarray]:
    """Rows (edge, metres at which it is entered, left), and (from snap, to snap) or -1."""
    legs, snaps, best = np.empty((0, 3)), np.array([-1.0, -1.0]), np.inf
    for seed in range(seeds.start[pair], seeds.start[pair + 1]):
        start_from(graph, seeds, hits, seed, reach, work)
        run(graph, hits, reach, work, pair)
        if work.best[pair] < best:
            best, hit, node = work.best[pair], work.choice[pair, 1], work.choice[pair, 2]
            legs = _trace(graph, work, seeds.edge[seed], seeds.offset[seed],
                          hits.edge[hit], hits.offset[hit], node)  # fmt: skip
            snaps = np.array([seeds.snap[seed], hits.snap[hit]])
        reset(work)
    return legs, snaps


@njit(cache=True, nogil=True)
def _trace(  # noqa: PLR0917 - compiled
    graph: Graph, work: Work, edge: int, offset: float, last: int, stop: float, node: int
) -> np.ndarray:
    """From the target back to the seed, then turned round."""
    if node < 0:
        return np.array([[float(edge), offset, stop]])
    legs = [(float(last), _end_at(graph, last, node, stop), stop)]
    while work.node[node, VIA] >= 0:
        arc = work.node[node, VIA]
        along, length = graph.arc_edge[arc], graph.arc_m[arc]
        forward = graph.edge_ends[along, 1] == node
        legs.append((float(along), 0.0 if forward else length, length if forward else 0.0))
        node = graph.edge_ends[along, 0 if forward else 1]
    legs.append((float(edge), offset, _end_at(graph, edge, node, offset)))
    table = np.empty((len(legs), 3))
    for i in range(len(legs)):
        table[i, 0], table[i, 1], table[i, 2] = legs[len(legs) - 1 - i]
    return table


@njit(cache=True, nogil=True)
def _end_at(graph: Graph, edge: int, node: int, offset: float) -> float:
    """Metres of the end of the edge that is `node`; on a loop the end nearer to `offset`."""
    length = graph.edge_m[edge]
    if graph.edge_ends[edge, 0] != node:
        return length
    if graph.edge_ends[edge, 1] != node:
        return 0.0
    return 0.0 if offset <= length - offset else length
