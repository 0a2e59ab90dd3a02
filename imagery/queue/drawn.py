"""What a person saw and no detector did: a layer of one candidate."""

from __future__ import annotations

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from imagery.detectors import shot_of
from imagery.queue.entries import BY_HAND
from imagery.queue.outlines import size_of
from imagery.store import Store
from layers import Layer, Provenance, make_layer
from layers.errors import ImageryError
from layers.layer import WGS84
from layers.measures import mu_of

THEMES = ("waste_candidate", "change_candidate", "obstacle")
_WHY = "人工在影像上绘制", "drawn on the scene by a person"


def drawn_layer(
    store: Store, theme: str, scene_id: str, before_id: str | None, outline: BaseGeometry
) -> Layer:
    """The outline as a layer of `theme`, measured on the scene; raises `ImageryError` off the scene."""
    if theme not in THEMES:
        raise ImageryError(f"nobody draws candidates of {theme!r}", field="theme",
                           remedy=f"use one of {', '.join(THEMES)}")  # fmt: skip
    shot = shot_of(store, scene_id)
    if not outline.intersects(shot.ground.footprint):
        raise ImageryError("the outline lies outside the scene", field="outline",
                           remedy="draw on a scene that shows the place")  # fmt: skip
    placed = shot.ground.placement
    size = size_of(outline, shot.ground.gsd_m)
    told = {
        "id": ["drawn"], "name": ["人工绘制"], "source_row": [1.0], "u_source_m": [placed.u_m], "score": [1.0],
        "area_m2": [size.area_m2], "u_area_m2": [size.u_area_m2], "area_mu": [mu_of(size.area_m2)],
        "scene_id": [scene_id], "day": [shot.day], "detector": [BY_HAND], "why_zh": [_WHY[0]], "why_en": [_WHY[1]],
    }  # fmt: skip
    told |= {"u_outline_m": [size.u_edge_m]} if theme == "obstacle" else {}
    if theme == "change_candidate" and before_id is not None:
        told["before"] = [shot_of(store, before_id).day]
    frame = gpd.GeoDataFrame(told, geometry=[outline], crs=WGS84)
    return make_layer(theme, frame, Provenance(
        source=BY_HAND, file=shot.scene.source.name, sha256=shot.sha256, datum="wgs84", transform=f"drawn on {scene_id}",
        rows_in=1, rows_out=1, state_of=shot.day, u_source_m=placed.u_m, generated=shot.generated,
    ))  # fmt: skip
