"""Ways become a network: cut at gaps and barriers, split where ways meet, measured, indexed.

Everything after the reading is done on whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layers.errors import NetworkError
from layers.measures import geodesic_distance
from layers.provenance import sha256_of
from layers.walking.grid import build_grid
from layers.walking.network import VERSION, WalkNetwork
from layers.walking.osm import SCALE, UNKNOWN, WayTable, read_ways

_LEAP = 2_500_000
"""Fixed-point degrees (a quarter of a degree): nobody draws a walkable way with nodes so far
apart; one of them is at a wrong place, often at 0° 0°."""


def build_network(osm_path: str | Path, *, ferries: bool = False) -> WalkNetwork:
    """The walking network of an OpenStreetMap file (.osm, .osm.gz, .osm.pbf).

    `ferries=True` also walks on board of `route=ferry`. Ways that refer to missing nodes are
    cut at the gap; `network.meta["counts"]` says how many. Raises `NetworkError`.
    """
    file = Path(osm_path)
    source = {"file": file.name, "sha256": "", "ferries": ferries}
    table = read_ways(file, ferries=ferries)
    source["sha256"] = sha256_of(file)
    return network_from_ways(table, source)


def network_from_ways(table: WayTable, source: dict[str, object]) -> WalkNetwork:
    """The network of a table of ways; `source` goes into the metadata as it is."""
    chains, counts = _chains(table)
    if not len(chains.node):
        raise NetworkError(
            "no walkable way of the file has two neighbouring nodes in it",
            remedy="take an extract with complete ways",
            file=str(source.get("file")),
        )
    chains, barriers = _open_at_barriers(chains, table.closed)
    edges = _split(chains)
    return assemble(edges, table, source, counts | barriers)


@dataclass(frozen=True)
class Chains:
    """Connected runs of a way's nodes, one after the other.

    `node` are ids (copies at barriers are numbered above all others), `xy` fixed-point
    coordinates, `way` the row in the way table, `chain` the number of the run.
    """

    node: np.ndarray
    xy: np.ndarray
    way: np.ndarray
    chain: np.ndarray

    @property
    def ends(self) -> np.ndarray:
        """True at the first and the last node of every chain."""
        first = np.r_[True, self.chain[1:] != self.chain[:-1]]
        return first | np.r_[first[1:], True]


@dataclass(frozen=True)
class Edges:
    """Edges as slices `start[i]:start[i + 1]` of the chained `xy`; ends as node ids."""

    from_node: np.ndarray
    to_node: np.ndarray
    way: np.ndarray
    start: np.ndarray
    xy: np.ndarray


def _chains(table: WayTable) -> tuple[Chains, dict[str, int]]:
    """Runs of known nodes; a missing node ends a run, nothing is moved or bridged."""
    way = np.repeat(np.arange(len(table.way)), np.diff(table.start))
    known = table.xy[:, 0] != UNKNOWN
    same_way = np.r_[False, way[1:] == way[:-1]]
    joined = same_way & known & np.r_[False, known[:-1]]
    leap = np.abs(np.diff(table.xy.astype(np.int64), axis=0)).max(axis=1) > _LEAP
    linked = joined & ~np.r_[False, leap]
    twice = linked & np.r_[False, table.node[1:] == table.node[:-1]]
    chain = np.cumsum(known & ~linked) - 1
    keep = known & ~twice
    sizes = np.bincount(chain[keep], minlength=1)
    keep[keep] = sizes[chain[keep]] > 1
    cut = np.unique(way[~known])
    counts = {
        "ways": len(table.way),
        "ways_cut_at_missing_nodes": len(cut),
        "missing_node_references": int((~known).sum()),
        "impossible_leaps": int((joined & ~linked).sum()),
    }
    chains = Chains(table.node[keep], table.xy[keep], way[keep], chain[keep])
    return chains, counts


def _open_at_barriers(chains: Chains, closed: np.ndarray) -> tuple[Chains, dict[str, int]]:
    """Both sides of a closed barrier get a node of their own.

    A barrier drawn on a junction of three and more arms is left open: it belongs to one of
    the arms, and closing the street it stands on would be the greater mistake (so `gh`).
    """
    hit = np.isin(chains.node, closed)
    ends = chains.ends
    ids, number = np.unique(chains.node[hit], return_inverse=True)
    arms = np.bincount(number, weights=np.where(ends[hit], 1, 2), minlength=len(ids))
    counts = {
        "closed_barriers": int((arms < 3).sum()),
        "barriers_on_junctions_left_open": int((arms >= 3).sum()),
    }
    shut = np.flatnonzero(hit)[arms[number] < 3]
    if not len(shut):
        return chains, counts
    middle = shut[~ends[shut]]
    order = np.sort(np.r_[np.arange(len(chains.node)), middle])
    copy = np.r_[False, order[1:] == order[:-1]]
    node, fresh = chains.node[order], np.isin(order, shut)
    node[fresh] = int(chains.node.max()) + 1 + np.arange(int(fresh.sum()))
    starts = copy | np.r_[True, np.diff(chains.chain[order]) != 0]
    opened = Chains(node, chains.xy[order], chains.way[order], np.cumsum(starts) - 1)
    return opened, counts


def _split(chains: Chains) -> Edges:
    """Edges between nodes that several ways share, that a way passes twice, or that end one."""
    _, number, uses = np.unique(chains.node, return_inverse=True, return_counts=True)
    split = chains.ends | (uses[number] > 1)
    stops = np.flatnonzero(split)
    begin, end = stops[:-1], stops[1:]
    inside = chains.chain[begin] == chains.chain[end]
    begin, end = begin[inside], end[inside]
    size = end - begin + 1
    start = np.r_[0, np.cumsum(size)]
    pick = np.repeat(begin - start[:-1], size) + np.arange(start[-1])
    return Edges(chains.node[begin], chains.node[end], chains.way[begin], start, chains.xy[pick])


def assemble(
    edges: Edges, table: WayTable, source: dict[str, object], counts: dict[str, int]
) -> WalkNetwork:
    """Number nodes and edges by place, measure, connect, index."""
    ids, first, number = np.unique(
        np.r_[edges.from_node, edges.to_node], return_index=True, return_inverse=True
    )
    corner = np.r_[edges.start[:-1], edges.start[1:] - 1][first]
    order = np.argsort(_morton(edges.xy[corner]), kind="stable")
    rank = np.empty(len(ids), dtype=np.int32)
    rank[order] = np.arange(len(ids), dtype=np.int32)
    ends = rank[number].reshape(2, -1)
    by_place = np.argsort(ends.min(axis=0), kind="stable")
    size = np.diff(edges.start)[by_place]
    start = np.r_[0, np.cumsum(size)]
    pick = np.repeat(edges.start[:-1][by_place] - start[:-1], size) + np.arange(start[-1])
    return connect(
        node_lonlat=edges.xy[corner][order] * SCALE,
        ends=ends[:, by_place],
        way=table.way[edges.way[by_place]],
        flags=table.flags[edges.way[by_place]],
        shape_start=start,
        shape_lonlat=edges.xy[pick] * SCALE,
        meta={"version": VERSION, "source": source, "counts": counts},
    )


def connect(
    *,
    node_lonlat: np.ndarray,
    ends: np.ndarray,
    way: np.ndarray,
    flags: np.ndarray,
    shape_start: np.ndarray,
    shape_lonlat: np.ndarray,
    meta: dict[str, object],
) -> WalkNetwork:
    """A network of given nodes (n, 2), edge ends (2, m) and edge shapes: measured and indexed."""
    offset, length = _measure(shape_lonlat, shape_start)
    source, arc, indptr = _arcs(ends, len(node_lonlat))
    component, component_m = _components(ends, length, len(node_lonlat))
    counts = dict(meta.get("counts") or {})  # type: ignore[call-overload]
    counts |= {"nodes": len(node_lonlat), "edges": ends.shape[1], "components": len(component_m)}
    return WalkNetwork(
        node_lonlat=node_lonlat,
        node_component=component,
        component_m=component_m,
        edge_ends=np.ascontiguousarray(ends.T, dtype=np.int32),
        edge_m=length,
        edge_way=np.asarray(way, dtype=np.int64),
        edge_flags=np.asarray(flags, dtype=np.uint16),
        indptr=indptr,
        arc_to=ends[::-1].ravel()[source].astype(np.int32),
        arc_edge=arc,
        arc_m=length[arc],
        shape_start=np.asarray(shape_start, dtype=np.int64),
        shape_lonlat=np.ascontiguousarray(shape_lonlat, dtype=np.float64),
        shape_m=offset,
        shape_edge=np.repeat(np.arange(ends.shape[1], dtype=np.int32), np.diff(shape_start)),
        meta=meta | {"counts": counts},
        **build_grid(shape_lonlat, shape_start),
    )


def _measure(lonlat: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Geodesic metres from the edge's start to each shape point, and of each edge."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    step = np.zeros(len(lonlat))
    step[1:] = geodesic_distance(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step[start[:-1]] = 0.0
    along = np.cumsum(step)
    offset = along - np.repeat(along[start[:-1]], np.diff(start))
    return offset, offset[start[1:] - 1]


def _arcs(ends: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both directions of every edge sorted by their start node: order, edge, row pointer."""
    origin = ends.ravel()
    order = np.argsort(origin, kind="stable")
    edge = (order % ends.shape[1]).astype(np.int32)
    indptr = np.r_[0, np.cumsum(np.bincount(origin, minlength=nodes))]
    return order, edge, indptr


def _components(ends: np.ndarray, length: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Component of each node, numbered from the longest, and the metres of each."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(ends.shape[1]), (ends[0], ends[1])), shape=(nodes, nodes))
    count, label = connected_components(graph, directed=False)
    metres = np.bincount(label[ends[0]], weights=length, minlength=count)
    order = np.argsort(-metres, kind="stable")
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    return rank[label], metres[order]


def _morton(xy: np.ndarray) -> np.ndarray:
    """Position on a Z-curve, so that neighbours on the ground are neighbours in memory."""
    code = np.zeros(len(xy), dtype=np.uint64)
    spread = (xy.astype(np.int64) - xy.min(axis=0)).astype(np.uint64) >> np.uint64(10)
    for bit in range(22):
        one, shift = np.uint64(1), np.uint64(bit)
        for axis in (0, 1):
            code |= ((spread[:, axis] >> shift) & one) << np.uint64(2 * bit + axis)
    return code
