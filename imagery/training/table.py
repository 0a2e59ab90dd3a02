"""From labels to rows: the features of every labelled cell, with its label and its scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.detectors._cells import NAMES, cells_of
from imagery.detectors._frame import Shot
from layers.errors import ImageryError

LEAST = 2
"""A model is learnt from at least so many scenes: it is tested on those left out."""


@dataclass(frozen=True)
class Table:
    """Labelled cells: `rows` (n, k) float32, `waste` (n,) bool, `scene` (n,) of `scenes`."""

    rows: np.ndarray
    waste: np.ndarray
    scene: np.ndarray
    scenes: tuple[str, ...]
    names: tuple[str, ...] = NAMES
    unsure: int = 0
    places: tuple[int, ...] = ()
    """For every scene the number of its place: scenes of the same ground are left out together."""

    def take(self, scenes: np.ndarray) -> np.ndarray:
        """(n,) which rows are of these scenes (numbers)."""
        found: np.ndarray = np.isin(self.scene, scenes)
        return found


def table_of(
    labels: gpd.GeoDataFrame, shots: Mapping[str, Shot], cell_m: float, *,
    progress: Callable[[int, int, str], None] | None = None,
) -> Table:  # fmt: skip
    """The cells of the scenes `shots` (by id) whose middles lie in a label; the last label of a cell counts.

    Raises `ImageryError` for a scene without labels of both kinds anywhere, or too few scenes.
    """
    rows, waste, scene, unsure = [], [], [], 0
    names = sorted(set(labels["scene"]) & set(shots))
    for number, name in enumerate(names):
        mine = labels[labels["scene"] == name]
        cells = cells_of(shots[name], cell_m, shapely.union_all(mine.geometry.to_numpy()))
        said = np.full(cells.seen.size, -1)
        for shape, label in zip(mine.geometry, mine["label"], strict=True):
            said[cells.inside(shape).ravel()] = ("not", "waste", "unsure").index(label)
        known = (said >= 0) & (said < 2) & cells.seen.ravel()
        unsure += int((said == 2).sum())
        rows.append(cells.features.reshape(len(cells.names), -1).T[known])
        waste.append(said[known] == 1)
        scene.append(np.full(int(known.sum()), number))
        if progress is not None:
            progress(number + 1, len(names), name)
    if len(names) < LEAST or not np.concatenate(waste).any() or np.concatenate(waste).all():
        raise ImageryError(
            f"{len(names)} labelled scenes of the store, or labels of one kind only", field="labels",
            remedy=f"label waste and not waste in at least {LEAST} scenes",
        )  # fmt: skip
    places = places_of([shots[name].ground.footprint for name in names])
    return Table(np.concatenate(rows), np.concatenate(waste), np.concatenate(scene), tuple(names),
                 unsure=unsure, places=places)  # fmt: skip


def places_of(footprints: Sequence[BaseGeometry]) -> tuple[int, ...]:
    """The number of the place of every scene; scenes that overlap, even by way of others, share one."""
    whole = shapely.get_parts(shapely.union_all(list(footprints)))
    return tuple(int(np.flatnonzero(shapely.intersects(whole, one))[0]) for one in footprints)
