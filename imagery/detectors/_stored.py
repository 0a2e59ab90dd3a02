"""Scenes of a store as detectors are handed them."""

from __future__ import annotations

from imagery.align.stored import raster_of
from imagery.detectors._frame import Shot
from imagery.store import Store


def shot_of(store: Store, scene_id: str) -> Shot:
    """The scene's original where it opens, else its view copy.

    Raises `ImageryError` for an unknown scene and for one that lies nowhere.
    """
    told = store.document(scene_id)["properties"]
    return Shot(scene_id, raster_of(store, scene_id), str(told.get("yicha:sha256", "")),
                bool(told.get("yicha:generated")))  # fmt: skip
