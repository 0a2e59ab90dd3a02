"""Layers made ready for drawing: unit coordinates by part and a spatial index, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from ui.tiles.mercator import to_unit


@dataclass(frozen=True)
class Shapes:
    """Parts (rings, lines, points) of a layer's features.

    `parts[i]` are unit coordinates (n, 2); `feature[i]` is the row the part belongs to,
    `hole[i]` whether it is an inner ring, `closed[i]` whether it is a ring. `first` and
    `last` bound the parts of a feature. `tree` answers boxes in degrees with features.
    """

    parts: Sequence[np.ndarray]
    feature: np.ndarray
    hole: np.ndarray
    closed: np.ndarray
    first: np.ndarray
    last: np.ndarray
    tree: shapely.STRtree
    names: np.ndarray
    classes: np.ndarray

    def __len__(self) -> int:
        return len(self.first)

    def within(self, box: tuple[float, float, float, float]) -> np.ndarray:
        """Rows whose envelope meets the box (west, south, east, north), ascending."""
        return np.sort(self.tree.query(shapely.box(*box)))

    def of(self, row: int) -> range:
        """Indices of the parts of a row."""
        return range(int(self.first[row]), int(self.last[row]))


def shapes_of(frame: gpd.GeoDataFrame) -> Shapes:
    """Split a layer's placed rows into parts. `frame` is WGS 84 degrees."""
    geometry = frame.geometry.to_numpy()
    simple, row = shapely.get_parts(geometry, return_index=True)
    rings, of_simple = _rings(simple)
    feature = row[of_simple]
    closed = np.isin(shapely.get_type_id(simple), (3,))[of_simple]
    hole = closed & np.concatenate([[False], of_simple[1:] == of_simple[:-1]])[: len(of_simple)]
    coordinates, owner = shapely.get_coordinates(rings, return_index=True)
    cuts = np.searchsorted(owner, np.arange(1, len(rings)))
    parts = np.split(to_unit(coordinates), cuts) if len(rings) else []
    rows = np.arange(len(frame))
    return Shapes(
        parts, feature, hole, closed,
        np.searchsorted(feature, rows), np.searchsorted(feature, rows, side="right"),
        shapely.STRtree(geometry), _texts(frame, "name"), _texts(frame, "class"),
    )  # fmt: skip


def _rings(simple: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rings of polygons and the other geometries as they are, in the order of `simple`."""
    areal = shapely.get_type_id(simple) == 3
    rings, of_areal = shapely.get_rings(simple[areal], return_index=True)
    owner = np.concatenate([np.flatnonzero(areal)[of_areal], np.flatnonzero(~areal)])
    found = np.concatenate([rings, simple[~areal]])
    order = np.argsort(owner, kind="stable")
    return found[order], owner[order]


def _texts(frame: gpd.GeoDataFrame, column: str) -> np.ndarray:
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    return frame[column].fillna("").astype(str).to_numpy(dtype=object)
