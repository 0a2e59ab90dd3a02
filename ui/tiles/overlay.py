"""Overlays with too many features to be sent to the browser: dots, lines and outlines as tiles."""

from __future__ import annotations

from PIL import Image

from ui.tiles import style
from ui.tiles.canvas import Canvas
from ui.tiles.mercator import tile_degrees
from ui.tiles.shapes import Shapes

_MARGIN = 0.1


def draw_overlay(shapes: Shapes, theme: str, z: int, x: int, y: int) -> Image.Image:
    """The tile of one theme on a transparent ground, 512 pixels wide."""
    canvas = Canvas(z, x, y, None)
    colour = style.OVERLAY.get(theme, style.OVERLAY_ELSE)
    rows = shapes.within(tile_degrees(z, x, y, _MARGIN)).tolist()
    points = [row for row in rows if len(shapes.parts[shapes.first[row]]) == 1]
    drawn = set(points)
    canvas.lines(shapes, [row for row in rows if row not in drawn], colour, 1.2)
    canvas.dots(shapes, points, colour, radius(z))
    return canvas.finish()


def radius(z: int) -> float:
    """Radius of a dot in CSS pixels at zoom `z`."""
    return max(1.2, min(4.5, (z - 9) * 0.6))
