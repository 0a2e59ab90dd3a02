"""The walking network: flat arrays in a folder, opened as memory maps."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from layers.errors import NetworkError

VERSION = 1
"""Of the folder's format; another number is refused with the remedy to build it again."""
META = "meta.json"
_BUILD = "build it again with `python -m layers osm FILE.osm.pbf --out DIR`"


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """Nodes, edges and edge shapes (WGS 84 degrees, geodesic metres); n nodes, m edges.

    A node is where ways meet or end; an edge is a way's stretch between two nodes, walked in
    both directions; loops and parallel edges are kept. Components are numbered from the
    longest. The arrays are read-only when they come from a folder.
    """

    node_lonlat: np.ndarray  # (n, 2) float64
    node_component: np.ndarray  # (n,) int32
    component_m: np.ndarray  # (components,) float64, length of all its edges
    edge_ends: np.ndarray  # (m, 2) int32, nodes at the start and the end of the shape
    edge_m: np.ndarray  # (m,) float64
    edge_way: np.ndarray  # (m,) int64, OpenStreetMap way id
    edge_flags: np.ndarray  # (m,) uint16, bits of `access`
    indptr: np.ndarray  # (n + 1,) int64, row pointer of the arcs
    arc_to: np.ndarray  # (2m,) int32
    arc_edge: np.ndarray  # (2m,) int32
    arc_m: np.ndarray  # (2m,) float64
    shape_start: np.ndarray  # (m + 1,) int64, slices of the shape arrays
    shape_lonlat: np.ndarray  # (points, 2) float64
    shape_m: np.ndarray  # (points,) float64, metres from the edge's start
    shape_edge: np.ndarray  # (points,) int32
    grid_frame: np.ndarray  # (5,) float64, see `grid.build_grid`
    grid_key: np.ndarray  # (cells,) int64
    grid_start: np.ndarray  # (cells + 1,) int64
    grid_segment: np.ndarray  # (entries,) int32
    meta: dict[str, Any]

    def __repr__(self) -> str:
        nodes, edges = len(self.node_lonlat), len(self.edge_m)
        return f"WalkNetwork({nodes} nodes, {edges} edges, {self.edge_m.sum() / 1000:.1f} km)"

    def component_of(self, edges: np.ndarray) -> np.ndarray:
        """The component of each of some edges."""
        return self.node_component[self.edge_ends[edges, 0]]

    @cached_property
    def is_fragment(self) -> np.ndarray:
        """(components,) bool: the component is a fragment, see `FRAGMENT_M`."""
        fragment = np.asarray(self.component_m < FRAGMENT_M)
        fragment[:1] = False
        return fragment

    def save(self, folder: str | Path) -> None:
        """Write the network to `folder`, replacing one that is there, all or nothing."""
        target = Path(folder)
        fresh = _fresh_beside(target)
        try:
            for name in ARRAYS:
                np.save(fresh / f"{name}.npy", getattr(self, name))
            described = self.meta | {"arrays": _describe({n: getattr(self, n) for n in ARRAYS})}
            text = json.dumps(described, ensure_ascii=False, indent=1)
            (fresh / META).write_text(text, encoding="utf-8")
            _swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    @classmethod
    def open(cls, folder: str | Path) -> WalkNetwork:
        """Open the network in `folder` without reading it whole.

        Raises `NetworkError` when it is missing, of another version, cut off or damaged.
        """
        path = Path(folder)
        meta = _read_meta(path)
        described = meta.pop("arrays", {})
        arrays = {name: _map(path / f"{name}.npy") for name in ARRAYS}
        if _describe(arrays) != described:
            raise NetworkError("the arrays do not fit their list", remedy=_BUILD, file=path)
        network = cls(**arrays, meta=meta)
        _check_indices(network, path)
        return network


ARRAYS = tuple(field.name for field in fields(WalkNetwork) if field.name != "meta")
FRAGMENT_M = 2000.0
"""A component shorter than this (and not the longest) is a fragment: most often a piece of
footway whose connection nobody has drawn. See `snap.candidates` for what follows from that."""


def _describe(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    return {name: [str(array.dtype), list(array.shape)] for name, array in arrays.items()}


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        meta = json.loads((path / META).read_text(encoding="utf-8"))
        version = meta["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = "there is no walking network here, or its description is damaged"
        raise NetworkError(problem, remedy=_BUILD, file=path / META) from error
    if version != VERSION:
        problem = f"the network has format {version}, this program reads {VERSION}"
        raise NetworkError(problem, remedy=_BUILD, file=path)
    return dict(meta)


def _map(file: Path) -> np.ndarray:
    try:
        return np.load(file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise NetworkError(
            "a part of the walking network is missing or cut off", remedy=_BUILD, file=file
        ) from error


def _check_indices(network: WalkNetwork, path: Path) -> None:
    """Refuse indices that would lead the compiled search out of its arrays."""
    nodes, edges, points = (len(a) for a in (network.node_lonlat, network.edge_m, network.shape_m))
    sound = (
        _within(network.edge_ends, nodes)
        and _within(network.arc_to, nodes)
        and _within(network.arc_edge, edges)
        and _within(network.shape_edge, edges)
        and _within(network.grid_segment, points - 1)
        and _within(network.node_component, len(network.component_m))
        and _pointer(network.indptr, len(network.arc_to), nodes)
        and _pointer(network.shape_start, points, edges)
        and _pointer(network.grid_start, len(network.grid_segment), len(network.grid_key))
        and len(network.arc_to) == len(network.arc_edge) == len(network.arc_m) == 2 * edges
        and len(network.shape_lonlat) == len(network.shape_edge) == points
        and len(network.node_component) == nodes
        and bool((network.edge_m >= 0).all())
        and bool((network.arc_m >= 0).all())
    )
    if not sound:
        raise NetworkError("the walking network is damaged inside", remedy=_BUILD, file=path)


def _within(index: np.ndarray, size: int) -> bool:
    return index.size > 0 and bool(index.min() >= 0) and bool(index.max() < size)


def _pointer(pointer: np.ndarray, entries: int, rows: int) -> bool:
    ends = len(pointer) == rows + 1 and pointer[0] == 0 and pointer[-1] == entries
    return bool(ends) and bool((np.diff(pointer) >= 0).all())


def _fresh_beside(target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise NetworkError(
            f"the folder cannot be made ({error.strerror or error})",
            remedy="write to another folder, or ask for the right to write there",
            file=target,
        ) from error


def _swap(fresh: Path, target: Path) -> None:
    """Put `fresh` in the place of `target`; the old one goes aside first (Windows needs it)."""
    old = fresh.with_name(fresh.name + ".old")
    try:
        if target.exists():
            os.replace(target, old)
        os.replace(fresh, target)
    except OSError as error:
        if old.exists() and not target.exists():
            os.replace(old, target)
        raise NetworkError(
            f"the folder cannot be replaced ({error.strerror or error})",
            remedy="close the programs that use this network, or write to another folder",
            file=target,
        ) from error
    finally:
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
