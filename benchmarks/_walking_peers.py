"""The same walking work with the libraries people would take instead.

Gates become nodes of the graph, joined to both ends of their edge; shops are read off at both
ends of theirs, and directly from a gate on the same edge. OSMnx snaps to nodes, as its users do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx as ox
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Answer = tuple[Any, Any, Any]


class Work(dict[str, np.ndarray]):
    """The arrays of a work file, each read when first asked for, so that nobody reads in vain."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = np.load(file)

    def __missing__(self, name: str) -> np.ndarray:
        self[name] = self._file[name]
        return self[name]


def _nodes(work: Work) -> int:
    return int(work["ends"].max()) + 1


def _links(work: Work) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges and, from new nodes behind the others, the gates' links: from, to, metres."""
    nodes = _nodes(work)
    gate, side = np.divmod(np.arange(2 * len(work["gate_edge"])), 2)
    gate, side = gate[work["gate_edge"][gate] >= 0], side[work["gate_edge"][gate] >= 0]
    edge, offset = work["gate_edge"][gate], work["gate_offset_m"][gate]
    metres = work["gate_snap_m"][gate] + np.where(side, work["metres"][edge] - offset, offset)
    return (
        np.r_[work["ends"][:, 0], nodes + gate],
        np.r_[work["ends"][:, 1], work["ends"][edge, side]],
        np.r_[work["metres"], metres],
    )


def _at_shops(work: Work, cost: np.ndarray, shops: np.ndarray) -> np.ndarray:
    """Metres to shops over either end of their edge, `cost` being the metres to each node."""
    edge, offset = work["shop_edge"][shops], work["shop_offset_m"][shops]
    ends = cost[work["ends"][edge]]
    over = np.minimum(ends[:, 0] + offset, ends[:, 1] + work["metres"][edge] - offset)
    return np.asarray(over + work["shop_snap_m"][shops])


def _on_the_edge(work: Work) -> pd.DataFrame:
    """Gates and shops that share an edge, and the metres between them along it."""
    gates = pd.DataFrame({name: work[f"gate_{name}"] for name in ("edge", "offset_m", "snap_m")})
    shops = pd.DataFrame({name: work[f"shop_{name}"] for name in ("edge", "offset_m", "snap_m")})
    gates["school"], shops["shop"] = work["school"], np.arange(len(shops))
    both = gates[gates["edge"] >= 0].merge(shops[shops["edge"] >= 0], on="edge")
    along = (both["offset_m_x"] - both["offset_m_y"]).abs()
    both["metres"] = both["snap_m_x"] + along + both["snap_m_y"]
    return both[["school", "shop", "metres"]]


def _nearest(work: Work, cost: np.ndarray, reach: float) -> Answer:
    shops = np.flatnonzero(work["shop_edge"] >= 0)
    best = np.full(len(work["shop_edge"]), np.inf)
    best[shops] = _at_shops(work, cost, shops)
    same = _on_the_edge(work)
    np.minimum.at(best, same["shop"].to_numpy(), same["metres"].to_numpy())
    found = np.flatnonzero(best <= reach)
    return 0, found, best[found]


def _every(work: Work, parts: list[tuple[int, np.ndarray, np.ndarray]], reach: float) -> Answer:
    """School, shops and metres of each part, and the pairs on one edge; the least of each."""
    frames = [_on_the_edge(work)]
    frames += [pd.DataFrame({"school": s, "shop": shop, "metres": m}) for s, shop, m in parts]
    pairs = pd.concat(frames)
    pairs = pairs[pairs["metres"] <= reach].groupby(["school", "shop"], as_index=False).min()
    return pairs["school"], pairs["shop"], pairs["metres"].to_numpy()


def _csr(work: Work) -> csr_array:
    begin, end, metres = _links(work)
    size = _nodes(work) + len(work["gate_edge"])
    return csr_array((np.r_[metres, metres[: len(work["metres"])]],
                      (np.r_[begin, end[: len(work["metres"])]],
                       np.r_[end, begin[: len(work["metres"])]])), shape=(size, size))  # fmt: skip


def scipy_nearest(work: Work, reach: float) -> Answer:
    """One search from all gates; links lead away from the gates only."""
    graph, nodes = _csr(work), _nodes(work)
    sources = nodes + np.flatnonzero(work["gate_edge"] >= 0)
    cost = dijkstra(graph, indices=sources, limit=reach, min_only=True)
    return _nearest(work, cost, reach)


def scipy_every(work: Work, reach: float) -> Answer:
    """One search per school: scipy has no other way to tell the schools apart."""
    graph, nodes = _csr(work), _nodes(work)
    parts = []
    shops = np.flatnonzero(work["shop_edge"] >= 0)
    for school in np.unique(work["school"][work["gate_edge"] >= 0]):
        own = (work["school"] == school) & (work["gate_edge"] >= 0)
        cost = dijkstra(graph, indices=nodes + np.flatnonzero(own), limit=reach, min_only=True)
        metres = _at_shops(work, cost, shops)
        near = metres <= reach
        parts.append((school, shops[near], metres[near]))
    return _every(work, parts, reach)


def _networkx(work: Work) -> nx.DiGraph:
    begin, end, metres = _links(work)
    edges = len(work["metres"])
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(begin.tolist(), end.tolist(), metres.tolist(), strict=True))
    back = zip(end[:edges].tolist(), begin[:edges].tolist(), metres[:edges].tolist(), strict=True)
    graph.add_weighted_edges_from(back)
    return graph


def networkx_nearest(work: Work, reach: float) -> Answer:
    """One search from all gates."""
    graph, nodes = _networkx(work), _nodes(work)
    sources = (nodes + np.flatnonzero(work["gate_edge"] >= 0)).tolist()
    found = nx.multi_source_dijkstra_path_length(graph, set(sources), cutoff=reach)
    cost = np.full(nodes + len(work["gate_edge"]), np.inf)
    cost[list(found)] = list(found.values())
    return _nearest(work, cost, reach)


def networkx_every(work: Work, reach: float) -> Answer:
    """One search per school, and only the shops on edges it reached."""
    graph, nodes = _networkx(work), _nodes(work)
    shops_at: dict[int, list[int]] = {}
    for shop, edge in enumerate(work["shop_edge"].tolist()):
        for node in work["ends"][edge].tolist() if edge >= 0 else ():
            shops_at.setdefault(node, []).append(shop)
    cost, parts = np.full(nodes + len(work["gate_edge"]), np.inf), []
    for school in np.unique(work["school"][work["gate_edge"] >= 0]):
        own = (work["school"] == school) & (work["gate_edge"] >= 0)
        sources = (nodes + np.flatnonzero(own)).tolist()
        found = nx.multi_source_dijkstra_path_length(graph, set(sources), cutoff=reach)
        touched = list(found)
        cost[touched] = list(found.values())
        shops = np.unique([shop for node in touched for shop in shops_at.get(node, ())])
        shops = shops.astype(int)
        parts.append((school, shops, _at_shops(work, cost, shops)))
        cost[touched] = np.inf
    return _every(work, parts, reach)


def osmnx_nearest(work: Work, reach: float) -> Callable[[], Answer]:
    """GeoDataFrames to a graph, gates and shops to their nearest nodes, one search."""
    corner, crs = work["nodes"].min(axis=0), "EPSG:32649"
    plane, gates_at, shops_at = (
        (work[name] - corner) * (96_486.28, 110_852.46) for name in ("nodes", "gates", "shops")
    )
    nodes = gpd.GeoDataFrame(
        {"x": plane[:, 0], "y": plane[:, 1]},
        geometry=gpd.points_from_xy(plane[:, 0], plane[:, 1]), crs=crs,
    )  # fmt: skip
    both = np.vstack([work["ends"], work["ends"][:, ::-1]])
    index = pd.MultiIndex.from_arrays(
        [both[:, 0], both[:, 1], np.zeros(len(both), dtype=int)], names=["u", "v", "key"]
    )
    edges = gpd.GeoDataFrame(
        {"length": np.tile(work["metres"], 2)}, index=index,
        geometry=shapely.linestrings(plane[both]), crs=crs,
    )  # fmt: skip

    def job() -> Answer:
        graph = ox.graph_from_gdfs(nodes, edges, graph_attrs={"crs": crs})
        gates = ox.nearest_nodes(graph, gates_at[:, 0], gates_at[:, 1])
        shops = ox.nearest_nodes(graph, shops_at[:, 0], shops_at[:, 1])
        found = nx.multi_source_dijkstra_path_length(
            graph, set(gates.tolist()), cutoff=reach, weight="length"
        )
        metres = np.array([found.get(shop, np.inf) for shop in shops.tolist()])
        near = np.flatnonzero(metres <= reach)
        return 0, near, metres[near]

    return job
