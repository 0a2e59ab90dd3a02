"""What the place looked like: the first and the last scene over it, at one extent and one scale."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Picture
from imagery.catalogue.index import footprints
from imagery.catalogue.search import select
from imagery.store import Store
from imagery.view import Crop, Frame, TileReader
from layers.datum.ground import ground_crs

_PIXELS, _QUALITY = 900, 90
_LEAST_M, _MARGIN = 40.0, 2.2
_LEAST_PIXELS = 60
"""A picture of fewer own pixels across would show nothing a reader could recognise."""
_AS_FINE = 2.5
"""A scene is shown beside another only where its pixels are at most so many times as wide."""
_INK, _LINE = (20, 20, 20), (255, 214, 10)


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
        return tuple(_picture(store.item(scene).properties, reading.crop(scene, frame), shape, role)
                     for scene, role in zip(chosen, roles, strict=True))  # fmt: skip
    finally:
        if reader is None:
            reading.close()


def frame_around(shape: BaseGeometry, pixels: int = _PIXELS) -> Frame:
    """A square of ground round the shape, with as much again on both sides."""
    west, south, east, north = shape.bounds
    if east - west <= 0 and north - south <= 0:
        return Frame.around(west, south, _LEAST_M, pixels)
    tall = np.radians(max(abs(south), abs(north)))
    across = max((east - west) * 111_320.0 * float(np.cos(tall)), (north - south) * 110_600.0)
    return Frame.around(
        (west + east) / 2, (south + north) / 2, max(across * _MARGIN, _LEAST_M), pixels
    )


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
    facts: Mapping[str, Any], crop: Crop, shape: BaseGeometry, role: Literal["before", "after"]
) -> Picture:
    taken = crop.taken.local or crop.taken.utc or crop.taken.day or ""
    sensor = " ".join(
        str(one) for one in (facts.get("platform"), *(facts.get("instruments") or ())) if one
    )
    return Picture(
        role=role, data=_drawn(crop, shape), scene_id=crop.scene_id, taken=str(taken).replace("T", " "),
        sensor=sensor, gsd_m=crop.gsd_m, bounds=_bounds(crop.frame), licence=str(facts.get("license") or ""),
        sha256=crop.sha256 or "", u_m=crop.u_m, width_m=crop.frame.width_m,
    )  # fmt: skip


def _bounds(frame: Frame) -> tuple[float, float, float, float]:
    lon, lat = frame.degrees(np.array([0.0, frame.width]), np.array([frame.height, 0.0]))
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def _drawn(crop: Crop, shape: BaseGeometry) -> bytes:
    image = Image.fromarray(crop.picture)
    pen = ImageDraw.Draw(image)
    for part in shapely.get_parts(shape):
        rings = shapely.get_parts(part.boundary) if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = _pixels(crop.frame, shapely.get_coordinates(ring))
            pen.line(points, _INK, width=5, joint="curve")
            pen.line(points, _LINE, width=3, joint="curve")
    _bar(pen, crop)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _pixels(frame: Frame, lonlat: np.ndarray) -> list[tuple[float, float]]:
    x, y = ground_crs(frame.crs).from_wgs84(lonlat[:, 0], lonlat[:, 1])
    a, _, c, _, e, f = frame.transform
    return list(zip(((x - c) / a).tolist(), ((y - f) / e).tolist(), strict=True))


def _bar(pen: ImageDraw.ImageDraw, crop: Crop) -> None:
    """Its length in metres is written below it, in digits that need no font of ours."""
    long = crop.scale_bar_m / crop.frame.pixel_m
    x, y = 18, crop.frame.height - 34
    pen.rectangle((x - 6, y - 8, x + long + 60, y + 22), fill=(255, 255, 255))
    pen.rectangle((x, y, x + long, y + 6), fill=_INK)
    pen.text((x, y + 8), f"{crop.scale_bar_m:g} m", _INK, font_size=12)
