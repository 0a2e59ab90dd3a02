"""The queue's layers in a folder that other files share: written whole, nothing asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np

from imagery.queue.same import alike
from layers import Layer, LayerFolder, make_layer

SUFFIX = ".queue.parquet"
"""`<theme>.queue.parquet`: beside an imported layer of the theme, never over it."""
_OURS = "outline_by"
"""Only rows of the queue say who drew their outline."""


def publish_layers(folder: Path, layers: Sequence[Layer]) -> dict[str, Path]:
    """Write layers into a folder of layers, each whole or not at all.

    A candidate that waits for an answer is left out where another file of the theme answers it: a
    thing of that place and day which a person confirmed or refused.
    """
    known = LayerFolder(folder) if folder.is_dir() else {}
    return {one.theme.name: _still_asked(one, known.get(one.theme.name)).write(folder / f"{one.theme.name}{SUFFIX}")
            for one in layers}  # fmt: skip


def _still_asked(layer: Layer, known: Layer | None) -> Layer:
    if known is None or "confirmed" not in layer.frame or not len(layer):
        return layer
    others = known.placed
    if _OURS in others:
        others = others[others[_OURS].isna()]
    others = others[others["confirmed"].notna()]
    fresh = ~_answered_elsewhere(layer.frame, others)
    return make_layer(
        layer.theme.name, layer.frame[fresh].reset_index(drop=True), *layer.provenance
    )


def _answered_elsewhere(mine: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> np.ndarray:
    """(n,) which rows wait for an answer that another file gives."""
    found = np.zeros(len(mine), bool)
    waits = mine["confirmed"].isna()
    for day in set(mine["day"].dropna()) & set(others["day"].dropna()):
        at = np.flatnonzero(mine["day"].eq(day) & waits)
        theirs = others.geometry[others["day"].eq(day)]
        found[at] = alike(mine.geometry.to_numpy()[at], theirs.to_numpy()) >= 0
    return found
