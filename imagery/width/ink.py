"""A sheet of plain marks (areas, lines, words) in pixels, written as SVG or drawn as PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFont
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from layers.errors import ImageryError

_FACES = "'Noto Sans SC','Microsoft YaHei','PingFang SC','Source Han Sans SC',sans-serif"
_FINE = 2
"""Pixels of the drawing for each of the PNG: edges are smooth."""
_PAPER = "#ffffff"


@dataclass(frozen=True, slots=True)
class Look:
    """How a mark looks: colours as #rrggbb (missing: not drawn), widths in pixels."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1.5
    opacity: float = 1.0
    dash: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `anchor` is start, middle or end, `xy` its base line's point."""

    xy: tuple[float, float]
    text: str
    size: float
    anchor: str = "start"
    bold: bool = False
    halo: bool = False
    colour: str = "#111827"


@dataclass
class Sheet:
    """Marks in the order they are drawn, on white paper of so many pixels."""

    width: float
    height: float
    title: str = ""
    marks: list[tuple[BaseGeometry, Look] | Words] = field(default_factory=list)

    def add(self, shape: BaseGeometry | None, look: Look) -> None:
        """Draw the lines and areas of a shape."""
        if shape is not None and not shape.is_empty:
            parts = shapely.get_parts(shapely.get_parts(shape))
            self.marks += [(part, look) for part in parts if part.geom_type != "Point"]

    def write(self, words: Words) -> None:
        """Write a line of text."""
        self.marks.append(words)

    def svg(self) -> str:
        """The sheet as an SVG document."""
        body = "".join(_svg_words(one) if isinstance(one, Words) else _svg_shape(*one)
                       for one in self.marks)  # fmt: skip
        size = f'width="{self.width:.0f}" height="{self.height:.0f}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {self.width:.0f} {self.height:.0f}" '
            f'role="img" font-family="{_FACES}"><title>{escape(self.title)}</title>'
            f'<rect {size} fill="{_PAPER}"/>{body}</svg>\n'
        )

    def png(self, font: Path) -> bytes:
        """The sheet as a PNG, texts in the TrueType font of this file."""
        size = round(self.width * _FINE), round(self.height * _FINE)
        picture = Image.new("RGB", size, _PAPER)
        faces = _Faces(font)
        for one in self.marks:
            if isinstance(one, Words):
                _png_words(picture, one, faces)
            else:
                _png_shape(picture, *one)
        out = io.BytesIO()
        small = picture.resize((round(self.width), round(self.height)), Image.Resampling.LANCZOS)
        small.save(out, "PNG", optimize=True)
        return out.getvalue()


class _Faces:
    """Faces of one font by size."""

    def __init__(self, font: Path) -> None:
        self._font = font

    def of(self, size: float) -> ImageFont.FreeTypeFont:
        try:
            return ImageFont.truetype(self._font, round(size * _FINE), layout_engine=ImageFont.Layout.BASIC)  # fmt: skip
        except OSError:
            raise ImageryError("the font cannot be read", file=self._font,
                               remedy="give a TrueType file that has Chinese letters") from None  # fmt: skip


def _rings(shape: BaseGeometry) -> list[np.ndarray]:
    if isinstance(shape, Polygon):
        return [shapely.get_coordinates(ring) for ring in (shape.exterior, *shape.interiors)]
    return [shapely.get_coordinates(shape)]


def _svg_shape(shape: BaseGeometry, look: Look) -> str:
    closed = shape.geom_type == "Polygon"
    ways = ["M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in xy) + ("Z" if closed else "")
            for xy in _rings(shape)]  # fmt: skip
    dash = f' stroke-dasharray="{look.dash[0]:g} {look.dash[1]:g}"' if look.dash else ""
    fill = look.fill if closed and look.fill else "none"
    stroke = f' stroke="{look.stroke}" stroke-width="{look.width:g}"{dash}' if look.stroke else ""
    clear = f' opacity="{look.opacity:g}"' if look.opacity < 1 else ""
    return f'<path d="{"".join(ways)}" fill="{fill}" fill-rule="evenodd"{stroke}{clear}/>'


def _svg_words(words: Words) -> str:
    halo = ' paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"' if words.halo else ""  # fmt: skip
    bold = ' font-weight="600"' if words.bold else ""
    return (f'<text x="{words.xy[0]:.1f}" y="{words.xy[1]:.1f}" font-size="{words.size:g}" text-anchor="{words.anchor}" '
            f'fill="{words.colour}"{bold}{halo}>{escape(words.text)}</text>')  # fmt: skip


def _png_shape(picture: Image.Image, shape: BaseGeometry, look: Look) -> None:
    room = round(look.width * _FINE) + 2
    west, north, east, south = (round(one * _FINE) for one in shape.bounds)
    corner = west - room, north - room
    rings = [xy * _FINE - corner for xy in _rings(shape)]
    mask = Image.new("L", (east - west + 2 * room, south - north + 2 * room), 0)
    pen = ImageDraw.Draw(mask)
    if look.fill and shape.geom_type == "Polygon":
        for n, xy in enumerate(rings):
            pen.polygon([(x, y) for x, y in xy.tolist()], fill=0 if n else 255)
        _lay(picture, mask, corner, look.fill, look.opacity)
    if look.stroke:
        pen.rectangle((0, 0, *mask.size), fill=0)
        for xy in rings:
            for part in _dashes(xy, look.dash):
                flat = [(x, y) for x, y in part.tolist()]
                pen.line(flat, fill=255, width=max(round(look.width * _FINE), 1), joint="curve")
        _lay(picture, mask, corner, look.stroke, look.opacity)


def _lay(
    picture: Image.Image, mask: Image.Image, corner: tuple[int, int], colour: str, opacity: float
) -> None:
    cover = mask.point([round(value * opacity) for value in range(256)])
    picture.paste(colour, (*corner, corner[0] + mask.width, corner[1] + mask.height), cover)


def _dashes(xy: np.ndarray, dash: tuple[float, float] | None) -> Sequence[np.ndarray]:
    if dash is None:
        return [xy]
    line = shapely.LineString(xy)
    on, off = dash[0] * _FINE, dash[1] * _FINE
    starts = np.arange(0.0, line.length, on + off)
    return [shapely.get_coordinates(substring(line, one, one + on)) for one in starts.tolist()]  # fmt: skip


def _png_words(picture: Image.Image, words: Words, faces: _Faces) -> None:
    pen = ImageDraw.Draw(picture)
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[words.anchor]
    at = words.xy[0] * _FINE, words.xy[1] * _FINE
    around = 2 * _FINE if words.halo else 0
    pen.text(at, words.text, words.colour, font=faces.of(words.size), anchor=anchor,
             stroke_width=around, stroke_fill=_PAPER if around else None)  # fmt: skip
