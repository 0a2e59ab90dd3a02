"""What the place looked like: the first and the last scene over it, at one extent and one scale."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import geopandas as gpd
import numpy as np
from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Picture
from evidence.redaction.release import Shown
from imagery.catalogue.index import footprints
from imagery.catalogue.search import select
from imagery.store import Store
from imagery.view import Crop, Frame, TileReader, mark_outline, mark_scale
from layers.measures import geodesic_distance

_PIXELS, _QUALITY = 900, 90
_LEAST_M, _MARGIN = 40.0, 2.2
_LEAST_PIXELS = 60
"""A picture of fewer own pixels across would show nothing a reader could recognise."""
_AS_FINE = 2.5
"""A scene is shown beside another only where its pixels are at most so many times as wide."""
_LINE = (255, 214, 10)


def pictures_of(
    store: Store, shape: BaseGeometry, on_date: str, *, reader: TileReader | None = None
) -> tuple[Picture, ...]:
    """The earliest and the latest scene that cover `shape` (WGS 84) until the ISO day `on_date`.

    Of several the finest are taken. `shape` is outlined on both; nothing where no scene lies.
    """
    frame = frame_around(shape)
    chosen = _chosen(footprints(store), shape, on_date, frame.width_m / _LEAST_PIXELS)
    if not chosen:
        return ()
    reading = reader or TileReader(store)
    try:
        roles: Sequence[Literal["before", "after"]] = (
            ("before", "after") if len(chosen) == 2 else ("after",)
        )
        return tuple(_picture(store.item(scene).properties, reading.crop(scene, frame), (shape,), role)
                     for scene, role in zip(chosen, roles, strict=True))  # fmt: skip
    finally:
        if reader is None:
            reading.close()


def shown_over(store: Store, shape: BaseGeometry, on_date: str) -> list[Shown]:
    """What the pictures that `pictures_of` would make show; nothing is read of their scenes."""
    frame = frame_around(shape)
    chosen = _chosen(footprints(store), shape, on_date, frame.width_m / _LEAST_PIXELS)
    return [Shown(scene, _bounds(frame)) for scene in chosen]


def picture_in(
    store: Store,
    reader: TileReader,
    scene: str,
    frame: Frame,
    outlines: Sequence[BaseGeometry] = (),
) -> Picture:
    """What a scene shows of a frame, the outlines (WGS 84) drawn on it."""
    return _picture(store.item(scene).properties, reader.crop(scene, frame), outlines, "after")


def frame_around(shape: BaseGeometry, pixels: int = _PIXELS) -> Frame:
    """A square of ground round the shape, with as much again on both sides."""
    west, south, east, north = shape.bounds
    if east - west <= 0 and north - south <= 0:
        return Frame.around(west, south, _LEAST_M, pixels)
    lon, lat = (west + east) / 2, (south + north) / 2
    across = float(geodesic_distance([west, lon], [lat, south], [east, lon], [lat, north]).max())
    return Frame.around(lon, lat, max(across * _MARGIN, _LEAST_M), pixels)


def _chosen(
    scenes: gpd.GeoDataFrame, shape: BaseGeometry, on_date: str, coarsest_m: float
) -> list[str]:
    over = select(scenes, shape, end=on_date)
    over = over[(over["kind"] != "photo") & (over["gsd_m"] <= coarsest_m)
                & over.geometry.covers(shape)]  # fmt: skip
    if over.empty:
        return []
    fine = over[over["gsd_m"] <= over["gsd_m"].min() * _AS_FINE]
    ids = [str(one) for one in fine["id"]]
    return [ids[0], ids[-1]] if len(ids) > 1 else ids


def _picture(
    facts: Mapping[str, Any],
    crop: Crop,
    shapes: Sequence[BaseGeometry],
    role: Literal["before", "after"],
) -> Picture:
    local, zone = crop.taken.local, crop.taken.zone
    taken = f"{local}{zone}" if local and zone else local or crop.taken.utc or crop.taken.day or ""
    sensor = " ".join(
        str(one) for one in (facts.get("platform"), *(facts.get("instruments") or ())) if one
    )
    return Picture(
        role=role, data=_drawn(crop, shapes), scene_id=crop.scene_id, taken=str(taken).replace("T", " "),
        sensor=sensor, gsd_m=crop.gsd_m, bounds=_bounds(crop.frame), licence=str(facts.get("license") or ""),
        sha256=crop.sha256 or "", u_m=crop.u_m, width_m=crop.frame.width_m,
    )  # fmt: skip


def _bounds(frame: Frame) -> tuple[float, float, float, float]:
    lon, lat = frame.degrees(np.array([0.0, frame.width]), np.array([frame.height, 0.0]))
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def _drawn(crop: Crop, shapes: Sequence[BaseGeometry]) -> bytes:
    image = Image.fromarray(crop.picture)
    pen = ImageDraw.Draw(image)
    for shape in shapes:
        mark_outline(pen, crop.frame, shape, _LINE)
    mark_scale(pen, crop)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
