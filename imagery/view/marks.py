"""Marks drawn on a crop: what is meant, and how long a metre is."""

from __future__ import annotations

import numpy as np
import shapely
from PIL import ImageDraw, ImageFont
from shapely.geometry.base import BaseGeometry

from imagery.view.crop import Crop, Frame
from layers.datum.ground import ground_crs

_INK, _PAPER = (20, 20, 20), (255, 255, 255)


def mark_outline(
    pen: ImageDraw.ImageDraw, frame: Frame, shape: BaseGeometry, ink: tuple[int, int, int]
) -> None:
    """Draw rings or lines (WGS 84) with a dark edge, so that they show on light and on dark ground."""
    wide = max(2, frame.width // 200)
    for part in shapely.get_parts(shape):
        for ring in shapely.get_parts(part.boundary) if part.geom_type == "Polygon" else [part]:
            points = [tuple(one) for one in _pixels(frame, shapely.get_coordinates(ring)).tolist()]
            pen.line(points, _INK, width=wide + 2, joint="curve")
            pen.line(points, ink, width=wide, joint="curve")


def _pixels(frame: Frame, lonlat: np.ndarray) -> np.ndarray:
    """(n, 2) columns and rows of (n, 2) degrees."""
    east, north = ground_crs(frame.crs).from_wgs84(lonlat[:, 0], lonlat[:, 1])
    a, _, c, _, e, f = frame.transform
    found: np.ndarray = np.column_stack([(np.asarray(east) - c) / a, (np.asarray(north) - f) / e])
    return found


def mark_scale(pen: ImageDraw.ImageDraw, crop: Crop) -> None:
    """Draw a bar of a round length in metres, with its figure above it, below on the left."""
    size = max(11, crop.frame.width // 34)
    face = ImageFont.load_default(size)
    metres, bottom = crop.scale_bar_m, crop.frame.height - size
    length, high = metres / crop.frame.pixel_m, max(3, size // 3)
    label = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    right = size + max(length, pen.textlength(label, font=face))
    pen.rectangle((size - 4, bottom - high - 1.6 * size, right + 5, bottom + 5), fill=_PAPER)
    pen.rectangle((size, bottom - high, size + length, bottom), outline=_INK, width=2)
    pen.text((size, bottom - high - 1.5 * size), label, _INK, font=face)
