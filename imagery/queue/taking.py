"""A detector's layer becomes a run of the queue: its id, its candidates numbered by score."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from imagery.queue import files
from imagery.queue.entries import Run
from imagery.queue.listing import Listed
from imagery.queue.same import alike
from imagery.store import Store
from layers import Layer, make_layer
from layers.errors import ImageryError

FOUND_AS, SAME_AS = "found_as", "same_as"
"""Columns of a run's layer: the detector's own id, and the candidate that asks for this one."""


def asked(
    store: Store, layer: Layer, *, detector: str, scene_id: str, before_id: str | None,
    area: BaseGeometry | None, settings: Mapping[str, Any], actor: str, at: str,
) -> Run:  # fmt: skip
    """The run of what was asked; raises `ImageryError` for an unknown scene."""
    scene = store.document(scene_id)["properties"]
    if before_id is not None:
        store.document(before_id)
    local = scene.get("yicha:taken_local") or scene.get("yicha:taken_utc")
    shape = None if area is None else json.loads(json.dumps(mapping(area)))
    placed = files.placed_of(store, scene_id, before_id)
    told = _plain(settings)
    id_ = files.run_id(detector, scene_id, before_id, layer.theme.name, shape, told, placed)
    return Run(id_, detector, scene_id, before_id, layer.theme.name, shape, told, len(layer),
               local[:10] if local else None, actor, at, placed)  # fmt: skip


def taken_in(run: Run, layer: Layer, others: Sequence[Listed]) -> Layer:
    """The layer as it is kept: ids `<run>-<n>`, best score first, with what was seen before."""
    score = pd.to_numeric(layer.placed["score"], errors="coerce").fillna(0.0)
    frame = layer.placed.iloc[np.argsort(-score.to_numpy(float), kind="stable")]
    earlier = [one.candidate for one in others if one.same_as is None
               and (one.candidate.theme, one.candidate.scene_id, one.candidate.before_id)
               == (run.theme, run.scene_id, run.before_id)]  # fmt: skip
    which = alike(frame.geometry.to_numpy(), np.array([one.detected for one in earlier], object))
    same = [None if n < 0 else earlier[n].id for n in which]
    ids = [f"{run.id}-{n}" for n in range(1, len(frame) + 1)]
    told = {FOUND_AS: frame["id"].astype(str), "id": ids, SAME_AS: pd.Series(same, frame.index, dtype=object)}  # fmt: skip
    return make_layer(layer.theme.name, frame.assign(**told).reset_index(drop=True), *layer.provenance)  # fmt: skip


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(json.dumps(dict(settings), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ImageryError(f"the settings are no plain JSON ({error})", field="settings",
                           remedy="use `imagery.queue.settings_told`") from None  # fmt: skip
    return found
