"""Chips: a candidate at two scales, before and after over the same ground, outlined, with a scale bar."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFont
from shapely.geometry.base import BaseGeometry

from imagery.queue.entries import Candidate
from imagery.queue.outlines import same_outline
from imagery.store import Store
from imagery.view import Crop, Frame, TileReader
from layers.datum.ground import ground_crs
from layers.errors import ImageryError
from layers.measures import geodesic_distance

Scale = Literal["near", "wide"]
Which = Literal["after", "before"]
MARGIN = 1.0
"""Round the whole object as much ground again on every side."""
NEAR_LEAST_M, WIDE_M = 15.0, 300.0
PIXELS, QUALITY = 512, 88
_INK, _PAPER, _DRAWN, _DETECTED = (20, 20, 20), (255, 255, 255), (255, 214, 10), (90, 200, 255)


def frame_of(candidate: Candidate, scale: Scale, pixels: int = PIXELS) -> Frame:
    """The ground a chip shows: a square round all its outlines, the same for every date."""
    both = shapely.union_all([candidate.outline, candidate.detected])
    west, south, east, north = both.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    across = geodesic_distance([west, lon], [lat, south], [east, lon], [lat, north])
    near = max(float(across.max()) * (1 + 2 * MARGIN), NEAR_LEAST_M)
    side = near if scale == "near" else max(WIDE_M, 1.5 * near)
    return Frame.around(lon, lat, side, pixels)


def chip(
    store: Store, candidate: Candidate, scale: Scale = "near", which: Which = "after", *,
    outlined: bool = True, pixels: int = PIXELS, reader: TileReader | None = None,
) -> bytes:  # fmt: skip
    """A JPEG of the candidate: yellow its outline, blue the detected one where a person drew another.

    White where the scene does not reach. Raises `ImageryError` where there is no scene of before.
    """
    scene = candidate.scene_id if which == "after" else candidate.before_id
    if scene is None:
        raise ImageryError("the candidate was found in one scene", field=candidate.id,
                           remedy="show the scene it was found in")  # fmt: skip
    reading = reader or TileReader(store)
    try:
        crop = reading.crop(scene, frame_of(candidate, scale, pixels))
    finally:
        if reader is None:
            reading.close()
    image = Image.fromarray(crop.picture)
    pen = ImageDraw.Draw(image)
    if outlined:
        if not same_outline(candidate.outline, candidate.detected):
            _outline(pen, crop.frame, candidate.detected, _DETECTED)
        _outline(pen, crop.frame, candidate.outline, _DRAWN)
    _scale_bar(pen, crop)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _outline(
    pen: ImageDraw.ImageDraw, frame: Frame, shape: BaseGeometry, ink: tuple[int, int, int]
) -> None:
    """Rings with a dark edge, so that they show on light and on dark ground."""
    wide = max(2, frame.width // 200)
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [tuple(one) for one in _pixels(frame, shapely.get_coordinates(ring)).tolist()]
            pen.line(points, _INK, width=wide + 2, joint="curve")
            pen.line(points, ink, width=wide, joint="curve")


def _pixels(frame: Frame, lonlat: np.ndarray) -> np.ndarray:
    """(n, 2) columns and rows of (n, 2) degrees."""
    east, north = ground_crs(frame.crs).from_wgs84(lonlat[:, 0], lonlat[:, 1])
    a, _, c, _, e, f = frame.transform
    found: np.ndarray = np.column_stack([(np.asarray(east) - c) / a, (np.asarray(north) - f) / e])
    return found


def _scale_bar(pen: ImageDraw.ImageDraw, crop: Crop) -> None:
    size = max(11, crop.frame.width // 34)
    face = ImageFont.load_default(size)
    metres, bottom = crop.scale_bar_m, crop.frame.height - size
    length, high = metres / crop.frame.pixel_m, max(3, size // 3)
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    right = size + max(length, pen.textlength(label, font=face))
    pen.rectangle((size - 4, bottom - high - 1.6 * size, right + 5, bottom + 5), fill=_PAPER)
    pen.rectangle((size, bottom - high, size + length, bottom), outline=_INK, width=2)
    pen.text((size, bottom - high - 1.5 * size), label, _INK, font=face)
