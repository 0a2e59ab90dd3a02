"""The base map: land, green, campuses, water, buildings, roads, boundaries; names on top.

`draw_base` is a pure function of the layers' shapes and the tile's number.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image

from ui.tiles import style
from ui.tiles.canvas import Canvas
from ui.tiles.mercator import tile_degrees
from ui.tiles.shapes import Shapes

THEMES = ("green", "school", "water", "building", "barrier", "road", "township", "place")
"""Themes the base map is drawn from; each may be missing."""
_MARGIN = 0.15


def draw_base(shapes: Mapping[str, Shapes], z: int, x: int, y: int) -> Image.Image:
    """The tile without its names, 512 pixels wide (256 CSS pixels at double density)."""
    canvas = Canvas(z, x, y, style.LAND)
    box = tile_degrees(z, x, y, _MARGIN)
    rows = {name: shapes[name].within(box) for name in THEMES if name in shapes}
    for name, paint in _PAINTERS:
        if name in rows and len(rows[name]):
            paint(canvas, shapes[name], rows[name])
    return canvas.finish()


def _green(canvas: Canvas, shapes: Shapes, rows: np.ndarray) -> None:
    if canvas.z < style.GREEN_MIN_ZOOM:
        return
    for colour in dict.fromkeys([*style.GREEN.values(), style.GREEN_ELSE]):
        tints = np.array([style.GREEN.get(shapes.classes[row], style.GREEN_ELSE) for row in rows])
        canvas.polygons(shapes, rows[tints == colour].tolist(), colour)


def _campus(canvas: Canvas, shapes: Shapes, rows: np.ndarray) -> None:
    if canvas.z >= style.CAMPUS_MIN_ZOOM:
        edge = style.CAMPUS_EDGE if canvas.z > 14 else None
        canvas.polygons(shapes, rows.tolist(), style.CAMPUS, edge, 0.8)


def _water(canvas: Canvas, shapes: Shapes, rows: np.ndarray) -> None:
    areas = np.array([bool(shapes.closed[shapes.first[row]]) for row in rows])
    canvas.polygons(shapes, rows[areas].tolist(), style.WATER)
    for row in rows[~areas]:
        width = style.water_width(shapes.classes[row], canvas.z)
        canvas.lines(shapes, [int(row)], style.WATER, width)


def _buildings(canvas: Canvas, shapes: Shapes, rows: np.ndarray) -> None:
    if canvas.z >= style.BUILDING_MIN_ZOOM:
        edge = style.BUILDING_EDGE if canvas.z > 15 else None
        canvas.polygons(shapes, rows.tolist(), style.BUILDING, edge, 0.5)


def _barriers(canvas: Canvas, shapes: Shapes, rows: np.ndarray) -> None:
    if canvas.z >= style.BARRIER_MIN_ZOOM:
        canvas.lines(shapes, rows.tolist(), style.BARRIER, 0.9)


def _roads(canvas: Canvas, shapes: Shapes, rows: np.ndarray) -> None:
    kinds: dict[style.Road, list[int]] = {}
    for row in rows:
        kind = style.road(shapes.classes[row])
        if canvas.z >= kind.min_zoom:
            kinds.setdefault(kind, []).append(int(row))
    ordered = sorted(kinds.items(), key=lambda item: item[0].rank)
    for kind, members in ordered:
        if kind.casing is not None:
            rim = 1.6 if canvas.z > 14 else 1.1
            canvas.lines(shapes, members, kind.casing, kind.width(canvas.z) + rim)
        else:
            width = kind.width(canvas.z)
            canvas.dashes(shapes, members, kind.fill, width, (3 + width, 2 + width / 2))
    for kind, members in ordered:
        if kind.casing is not None:
            canvas.lines(shapes, members, kind.fill, kind.width(canvas.z))


def _boundaries(canvas: Canvas, shapes: Shapes, rows: np.ndarray) -> None:
    canvas.dashes(shapes, rows.tolist(), style.BOUNDARY, 1.1, (7, 4))


_PAINTERS = (
    ("green", _green), ("school", _campus), ("water", _water), ("building", _buildings),
    ("barrier", _barriers), ("road", _roads), ("township", _boundaries),
)  # fmt: skip
