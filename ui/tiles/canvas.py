"""A tile being drawn: pixels at double density, twice oversampled so that edges are smooth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from ui.tiles.mercator import TILE
from ui.tiles.shapes import Shapes

DENSITY = 2
"""Pixels per CSS pixel in the finished tile."""
OVERSAMPLE = 2
_SCALE = DENSITY * OVERSAMPLE
_SIZE = TILE * _SCALE


class Canvas:
    """One tile's picture; all widths are CSS pixels, all coordinates unit coordinates."""

    def __init__(self, z: int, x: int, y: int, background: str | None) -> None:
        self.z, self.x, self.y = z, x, y
        mode = "RGB" if background else "RGBA"
        self._image = Image.new(mode, (_SIZE, _SIZE), background or (255, 255, 255, 0))
        self._draw = ImageDraw.Draw(self._image)

    def pixels(self, unit: np.ndarray) -> np.ndarray:
        """Pixel coordinates (n, 2) in the oversampled picture."""
        return (unit * 2**self.z - (self.x, self.y)) * _SIZE

    def finish(self) -> Image.Image:
        """The finished tile at double density."""
        return self._image.reduce(OVERSAMPLE)

    def polygons(
        self, shapes: Shapes, rows: Sequence[int], fill: str, edge: str | None = None,
        width: float = 0.5,
    ) -> None:  # fmt: skip
        """Fill the polygons of `rows`, holes left open; the edge is drawn on top."""
        mask = Image.new("1", (_SIZE, _SIZE))
        pen = ImageDraw.Draw(mask)
        edges = []
        for row in rows:
            for part in shapes.of(row):
                ring = thin(self.pixels(shapes.parts[part]))
                if not shapes.closed[part] or len(ring) < 3:
                    continue
                corners = ring.ravel().tolist()
                pen.polygon(corners, fill=0 if shapes.hole[part] else 1)
                edges.append(corners)
        self._image.paste(fill, (0, 0), mask)
        if edge:
            for corners in edges:
                self._draw.line(corners, fill=edge, width=max(1, round(width * _SCALE)))

    def lines(self, shapes: Shapes, rows: Sequence[int], colour: str, width: float) -> None:
        """Draw the lines of `rows`, with round joints and ends."""
        thick = max(1, round(width * _SCALE))
        for row in rows:
            for part in shapes.of(row):
                points = thin(self.pixels(shapes.parts[part]))
                if len(points) > 1:
                    self._draw.line(points.ravel().tolist(), colour, thick, joint="curve")
                    if thick > 3:
                        self._ends(points, colour, thick / 2)

    def dashes(
        self, shapes: Shapes, rows: Sequence[int], colour: str, width: float,
        pattern: tuple[float, float],
    ) -> None:  # fmt: skip
        """Draw the lines of `rows` dashed; `pattern` is dash and gap in CSS pixels."""
        thick = max(1, round(width * _SCALE))
        for row in rows:
            for part in shapes.of(row):
                points = thin(self.pixels(shapes.parts[part]))
                if len(points) > 1:
                    for piece in dashed(
                        points, pattern[0] * _SCALE, pattern[1] * _SCALE, float(_SIZE)
                    ):
                        self._draw.line(piece.ravel().tolist(), colour, thick)

    def dots(self, shapes: Shapes, rows: Sequence[int], colour: str, radius: float) -> None:
        """Draw a white-rimmed dot at the first point of every part of `rows`."""
        firsts = [shapes.parts[part][:1] for row in rows for part in shapes.of(row)]
        if firsts:
            self.spots(np.concatenate(firsts), colour, radius)

    def spots(self, unit: np.ndarray, colour: str, radius: float) -> None:
        """Draw a white-rimmed dot at every place (unit coordinates)."""
        for px, py in self.pixels(unit).tolist():
            for grow, tint in ((radius + 0.8, "#ffffff"), (radius, colour)):
                r = grow * _SCALE
                self._draw.ellipse((px - r, py - r, px + r, py + r), fill=tint)

    def _ends(self, points: np.ndarray, colour: str, radius: float) -> None:
        for px, py in (points[0], points[-1]):
            self._draw.ellipse((px - radius, py - radius, px + radius, py + radius), fill=colour)


def thin(points: np.ndarray) -> np.ndarray:
    """Points without those that fall on the same pixel as the one before; ends are kept."""
    whole = np.round(points)
    keep = np.ones(len(points), dtype=bool)
    keep[1:-1] = (whole[1:-1] != whole[:-2]).any(axis=1)
    return points[keep]


def dashed(points: np.ndarray, dash: float, gap: float, size: float) -> list[np.ndarray]:
    """Pieces of a polyline (pixels) that a dashed pen would leave inside the picture."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    starts = np.arange(0.0, along[-1], dash + gap)
    starts = starts[_near(points, along, starts, size)]
    pieces = []
    for start in starts:
        stop = min(start + dash, along[-1])
        inner = points[(along > start) & (along < stop)]
        ends = _at(points, along, np.array([start, stop]))
        pieces.append(np.vstack([ends[:1], inner, ends[1:]]))
    return pieces


def _at(points: np.ndarray, along: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.column_stack([np.interp(where, along, points[:, axis]) for axis in (0, 1)])


def _near(points: np.ndarray, along: np.ndarray, where: np.ndarray, size: float) -> np.ndarray:
    at = _at(points, along, where)
    return np.logical_and.reduce((at > -size / 4) & (at < size * 1.25), axis=1)
