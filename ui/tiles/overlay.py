"""Overlays with too many features to be sent to the browser: dots, lines and outlines as tiles."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ui.tiles import style
from ui.tiles.canvas import DENSITY, Canvas
from ui.tiles.mercator import TILE, tile_degrees
from ui.tiles.points import Points
from ui.tiles.shapes import Shapes

_MARGIN = 0.1
HEAT = 700
"""From so many points of a tile on they are drawn as density, not one by one."""
_CELLS = 32
"""Cells of density along the side of a tile (256 CSS pixels)."""


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


def draw_points(points: Points, theme: str, z: int, x: int, y: int) -> Image.Image:
    """The tile of a layer of points only: dots, or where they are many how dense they are."""
    colour = style.OVERLAY.get(theme, style.OVERLAY_ELSE)
    part = points.within(z, x, y)
    if part.stop - part.start > HEAT:
        return _density(points.unit[part] * 2**z - (x, y), colour)
    canvas = Canvas(z, x, y, None)
    canvas.spots(points.unit[points.around(z, x, y, _MARGIN)], colour, radius(z))
    return canvas.finish()


def _density(at: np.ndarray, colour: str) -> Image.Image:
    """Squares the more solid the more points of the unit square `at` (n, 2) fall into them, by tens."""
    cell = np.clip((at * _CELLS).astype(int), 0, _CELLS - 1)
    n = np.bincount(cell[:, 1] * _CELLS + cell[:, 0], minlength=_CELLS**2).reshape(_CELLS, _CELLS)
    solid = np.where(n > 0, np.clip(50 + 55 * np.log10(np.maximum(n, 1)), 0, 225), 0).astype(
        np.uint8
    )
    mask = Image.fromarray(solid).resize((TILE * DENSITY, TILE * DENSITY), Image.Resampling.NEAREST)
    picture = Image.new("RGBA", mask.size, colour)
    picture.putalpha(mask)
    return picture


def radius(z: int) -> float:
    """Radius of a dot in CSS pixels at zoom `z`."""
    return max(1.2, min(4.5, (z - 9) * 0.6))
