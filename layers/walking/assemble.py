"""Edges become a network: numbered by place, measured, connected, indexed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.measures import geodesic_distance
from layers.walking.grid import build_grid
from layers.walking.network import VERSION, WalkNetwork
from layers.walking.osm import SCALE, WayTable


@dataclass(frozen=True)
class Edges:
    """Edges as slices `start[i]:start[i + 1]` of the chained `xy`; ends as node ids."""

    from_node: np.ndarray
    to_node: np.ndarray
    way: np.ndarray
    start: np.ndarray
    xy: np.ndarray


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
