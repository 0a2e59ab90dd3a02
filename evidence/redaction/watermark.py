"""Who has this copy, said on the copy: one line with user, recipient and time."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from evidence.glyphs import FONTS, printable
from evidence.words import moment
from layers.errors import AssetError

_FONT = FONTS / "NotoSansSC-Regular.ttf"
_MOST = 120
_LEAST, _SHARE = 14, 48


def watermark_text(who: str, recipient: str, at: str) -> str:
    """The line: who took it out, for whom, when; no longer than fits a picture."""
    return " → ".join(printable(part)[:_MOST] for part in (who, recipient)) + f" · {moment(at)}"


def stamp(text: str, width: int, height: int) -> np.ndarray:
    """A strip for the upper edge of a picture: its pixels (rows, width, 3).

    Dark words on white, repeated along the whole edge, so that cutting one off leaves another. The
    lower edge stays free: crops have their scale bar there.
    """
    size = max(_LEAST, min(width, height) // _SHARE)
    tall = min(size + size // 2, height)
    strip = Image.new("RGB", (width, tall), (255, 255, 255))
    pen, font = ImageDraw.Draw(strip), _font(size)
    long = int(pen.textlength(text, font=font)) + 2 * size
    for left in range(size // 2, max(width - long // 2, size), long):
        pen.text((left, tall / 2), text, (40, 40, 40), font=font, anchor="lm")
    return np.asarray(strip)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    if not _FONT.is_file():
        raise AssetError("the font is missing", file=_FONT, remedy="run `python -m ui.assets`")
    return ImageFont.truetype(_FONT, size)
