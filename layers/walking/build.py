"""Ways become edges: cut at gaps and barriers, split where ways meet.

Everything after the reading is done on whole arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layers.errors import NetworkError
from layers.provenance import sha256_of
from layers.walking.assemble import Edges, assemble
from layers.walking.network import WalkNetwork
from layers.walking.osm import UNKNOWN, WayTable, read_ways

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
