"""What the scenes of a store show and what people looked for in them: the layer `scene_footprint`.

A look-back check says *gone* only of ground that was searched. Here that means: a detector ran over
it and a person answered every candidate it had; a machine alone has not searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from imagery.catalogue import footprints
from imagery.queue.entries import Run
from imagery.store import Store
from layers import Layer, Provenance, make_layer
from layers.errors import ImageryError
from layers.layer import WGS84

WORDS = {"waste_candidate": "固体废物 waste", "change_candidate": "变化 change", "obstacle": "障碍物 obstacles"}  # fmt: skip
"""What a theme's detectors look for, in words of `data/words/look-back.toml`."""
_AREAS = ("Polygon", "MultiPolygon")
_WHOLE = 1e-6
"""A searched part that lacks less than this share of a scene is the whole of it."""
_NAMES = (
    "id",
    "name",
    "source_row",
    "u_source_m",
    "scene_id",
    "day",
    "gsd_m",
    "searched",
    "hidden",
)


def scene_footprints(store: Store, answered: Sequence[tuple[Run, BaseGeometry]]) -> Layer:
    """Every dated, placed scene, and before it the part of it that was searched; see `Queue.footprints`.

    Undated and unplaced scenes are left out: nothing can be said of a day. Raises `ImageryError`
    where no scene is left.
    """
    scenes = footprints(store)
    outlined = scenes.geometry.notna() & scenes.geometry.geom_type.isin(_AREAS)
    scenes = scenes[scenes["day"].notna() & outlined].sort_values(["day", "id"])
    if not len(scenes):
        raise ImageryError("no scene of the store has both a day and an outline", file=store.root,
                           remedy="ingest scenes, or state their day and reference system")  # fmt: skip
    searched = _searched(answered)
    rows = [row for scene in scenes.itertuples()
            for row in _rows(scene, searched.get(str(scene.id), {}))]  # fmt: skip
    frame = gpd.GeoDataFrame([row[:-1] for row in rows], columns=list(_NAMES),
                             geometry=[row[-1] for row in rows], crs=WGS84)  # fmt: skip
    frame["source_row"] = pd.Series(range(1, len(frame) + 1), dtype=float)
    return make_layer("scene_footprint", frame, _provenance(scenes, len(frame)))


def _rows(scene: object, searched: dict[str, BaseGeometry]) -> Iterator[tuple[object, ...]]:
    """The searched parts first: where two rows show a site equally, the first speaks of it."""
    outline: BaseGeometry = scene.geometry  # type: ignore[attr-defined]
    id_, day, gsd, u = scene.id, scene.day, scene.gsd_m, scene.u_m  # type: ignore[attr-defined]
    whole: list[str] = []
    for theme, area in searched.items():
        part = shapely.intersection(outline, area)
        if shapely.area(shapely.difference(outline, part)) <= _WHOLE * shapely.area(outline):
            whole.append(WORDS[theme])
        elif isinstance(part, shapely.Polygon | shapely.MultiPolygon) and not part.is_empty:
            yield f"{id_}-{theme}", None, None, u, id_, day, gsd, WORDS[theme], None, part
    yield id_, None, None, u, id_, day, gsd, "; ".join(whole) or None, None, outline


def _searched(
    answered: Sequence[tuple[Run, BaseGeometry]],
) -> dict[str, dict[str, BaseGeometry]]:
    """By scene and theme, the ground all of whose candidates were answered."""
    found: dict[str, dict[str, list[BaseGeometry]]] = {}
    for run, area in answered:
        if run.theme in WORDS:
            found.setdefault(run.scene_id, {}).setdefault(run.theme, []).append(area)
    return {scene: {theme: shapely.union_all(parts) for theme, parts in themes.items()}
            for scene, themes in found.items()}  # fmt: skip


def _provenance(scenes: gpd.GeoDataFrame, rows: int) -> Provenance:
    return Provenance(
        source="imagery store", file="items", sha256="", datum="wgs84", rows_in=len(scenes), rows_out=rows,
        transform="outlines of dated scenes; searched = a person answered every candidate of a detector",
        state_of=str(scenes["day"].max()), u_source_m=float(scenes["u_m"].max()),
        generated=bool(scenes["generated"].all()),
    )  # fmt: skip
