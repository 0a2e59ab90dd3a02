"""A made-up street grid with school gates and shops, as arrays on disk for every method."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from layers.walking.assemble import connect
from layers.walking.snap import Snaps, snap

SEED = 20260630
SPACING_M, LON, LAT = 90.0, 112.0, 30.0
DEGREE_X, DEGREE_Y = 96_486.28, 110_852.46
SHARE = 0.667


@dataclass(frozen=True)
class Size:
    """Nodes along one side of the grid, schools (of two gates each) and shops."""

    side: int
    schools: int
    shops: int


SIZES = {"city": Size(550, 1_000, 20_000), "province": Size(1740, 25_000, 300_000)}


def make(size: str, folder: Path) -> Path:
    """Network folder and `work.npz` of a size, made when they are not there yet."""
    place = folder / size
    if not (place / "work.npz").exists():
        rng = np.random.default_rng(SEED)
        wanted = SIZES[size]
        nodes, ends = _streets(rng, wanted.side)
        network = connect(
            node_lonlat=nodes, ends=ends, way=np.arange(ends.shape[1]),
            flags=np.zeros(ends.shape[1]), meta={"version": 1, "source": {}, "counts": {}},
            **_shapes(rng, nodes, ends),
        )  # fmt: skip
        network.save(place / "network")
        schools = _near(rng, nodes, wanted.schools, 25)
        gates = _around(rng, np.repeat(schools, 2, axis=0), 60)
        far = _near(rng, nodes, wanted.shops // 2, 25)
        near = _around(rng, schools[rng.integers(len(schools), size=wanted.shops // 2)], 200)
        shops = np.vstack([far, near])
        work = {
            "gates": gates, "school": np.repeat(np.arange(wanted.schools), 2), "shops": shops,
            "nodes": network.node_lonlat, "ends": network.edge_ends, "metres": network.edge_m,
            **_named("gate", snap(network, gates)), **_named("shop", snap(network, shops)),
        }  # fmt: skip
        np.savez(place / "work.npz", allow_pickle=False, **work)
    return place


def _named(prefix: str, snaps: Snaps) -> dict[str, np.ndarray]:
    return {f"{prefix}_{name}": getattr(snaps, name) for name in ("edge", "offset_m", "snap_m")}


def _streets(rng: np.random.Generator, side: int) -> tuple[np.ndarray, np.ndarray]:
    """A grid with crooked corners and a third of its streets missing; its largest part."""
    y, x = np.divmod(np.arange(side * side), side)
    metres = np.column_stack([x, y]) * SPACING_M + rng.normal(0, 12, (side * side, 2))
    nodes = metres / (DEGREE_X, DEGREE_Y) + (LON, LAT)
    right = np.flatnonzero(x < side - 1)
    up = np.flatnonzero(y < side - 1)
    ends = np.hstack([np.vstack([right, right + 1]), np.vstack([up, up + side])])
    ends = ends[:, rng.random(ends.shape[1]) < SHARE]
    graph = coo_array((np.ones(ends.shape[1]), (ends[0], ends[1])), shape=(side**2, side**2))
    _, label = connected_components(graph, directed=False)
    main = np.flatnonzero(label == np.bincount(label).argmax())
    number = np.full(side * side, -1)
    number[main] = np.arange(len(main))
    kept = number[ends[:, number[ends[0]] >= 0]]
    return nodes[main], kept


def _shapes(rng: np.random.Generator, nodes: np.ndarray, ends: np.ndarray) -> dict[str, np.ndarray]:
    """Every edge with one bend in the middle."""
    middle = (nodes[ends[0]] + nodes[ends[1]]) / 2
    middle += rng.normal(0, 4, middle.shape) / (DEGREE_X, DEGREE_Y)
    shape = np.stack([nodes[ends[0]], middle, nodes[ends[1]]], axis=1)
    return {
        "shape_lonlat": shape.reshape(-1, 2),
        "shape_start": 3 * np.arange(ends.shape[1] + 1),
    }


def _near(rng: np.random.Generator, nodes: np.ndarray, count: int, spread: float) -> np.ndarray:
    """Places round random corners, thicker in a dozen quarters than elsewhere."""
    quarter = nodes[rng.integers(len(nodes), size=12)]
    some = quarter[rng.integers(12, size=count)] + rng.normal(0, 0.02, (count, 2))
    anywhere = nodes[rng.integers(len(nodes), size=count)]
    place = np.where((rng.random(count) < 0.5)[:, None], some, anywhere)
    return _around(rng, np.clip(place, nodes.min(axis=0), nodes.max(axis=0)), spread)


def _around(rng: np.random.Generator, places: np.ndarray, spread: float) -> np.ndarray:
    """Places thrown `spread` metres about."""
    return places + rng.normal(0, spread, places.shape) / (DEGREE_X, DEGREE_Y)
