"""Chips: a candidate at two scales, before and after over the same ground, outlined, with a scale bar."""

from __future__ import annotations

import io
from typing import Literal

import shapely
from PIL import Image, ImageDraw

from imagery.queue.entries import Candidate
from imagery.queue.outlines import same_outline
from imagery.store import Store
from imagery.view import Frame, TileReader, mark_outline, mark_scale
from layers.errors import ImageryError
from layers.measures import geodesic_distance

Scale = Literal["near", "wide"]
Which = Literal["after", "before"]
MARGIN = 1.0
"""Round the whole object as much ground again on every side."""
NEAR_LEAST_M, WIDE_M = 15.0, 300.0
PIXELS, QUALITY = 512, 88
_DRAWN, _DETECTED = (255, 214, 10), (90, 200, 255)


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
            mark_outline(pen, crop.frame, candidate.detected, _DETECTED)
        mark_outline(pen, crop.frame, candidate.outline, _DRAWN)
    mark_scale(pen, crop)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
