"""Writing names into a tile: Noto Sans SC with a halo, straight or along a line."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from ui.assets import font_file
from ui.tiles.canvas import DENSITY
from ui.tiles.style import Text

_HALO = 1.6
"""Width of the halo in CSS pixels."""
_ANGLE_STEP = 3


class Glyph(NamedTuple):
    """One piece of a name: its text, middle (CSS pixels on the world's plane) and angle (degrees)."""

    text: str
    x: float
    y: float
    angle: float


@lru_cache(maxsize=32)
def font(weight: str, size: float) -> ImageFont.FreeTypeFont:
    """Noto Sans SC at `size` CSS pixels, for a tile at double density."""
    engine = ImageFont.Layout.BASIC
    return ImageFont.truetype(font_file(weight), round(size * DENSITY), layout_engine=engine)


@lru_cache(maxsize=20_000)
def text_width(text: str, style: Text) -> float:
    """Width of a text in CSS pixels."""
    return float(font(style.font, style.size).getlength(text)) / DENSITY


def write(
    image: Image.Image, glyphs: list[Glyph], style: Text, origin: tuple[float, float]
) -> None:
    """Write one name: first all its halos, then all its letters.

    `origin` is the tile's upper left corner on the same plane as the glyphs.
    """
    for halo in (True, False):
        for glyph in glyphs:
            stamp = _stamp(glyph.text, style, round(glyph.angle / _ANGLE_STEP) * _ANGLE_STEP, halo)
            x = round((glyph.x - origin[0]) * DENSITY - stamp.width / 2)
            y = round((glyph.y - origin[1]) * DENSITY - stamp.height / 2)
            if -stamp.width < x < image.width and -stamp.height < y < image.height:
                colour = style.halo if halo else style.colour
                image.paste(colour, (x, y), stamp)


@lru_cache(maxsize=8192)
def _stamp(text: str, style: Text, angle: int, halo: bool) -> Image.Image:
    """The mask of a piece of text, turned by `angle` degrees clockwise, its middle in the middle."""
    face = font(style.font, style.size)
    stroke = round(_HALO * DENSITY)
    ascent, descent = face.getmetrics()
    width = round(face.getlength(text)) + 2 * stroke + 2
    height = ascent + descent + 2 * stroke
    mask = Image.new("L", (width, height))
    place = (width / 2, stroke + (ascent + descent) / 2)
    ImageDraw.Draw(mask).text(
        place, text, fill=255, font=face, anchor="mm", stroke_width=stroke if halo else 0
    )
    if halo:
        mask = mask.point(_soften)
    if angle % 360:
        mask = mask.rotate(-angle, Image.Resampling.BICUBIC, expand=True)
    return mask


def _soften(value: int) -> float:
    """A halo lets a little of the ground through, so that it does not look cut out."""
    return value * 0.86
