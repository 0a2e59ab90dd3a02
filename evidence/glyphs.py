"""Text as it can be printed: nothing is lost silently, nothing hidden steers the reader.

A sign the font does not have, a control or direction mark stands as `〓` with its code point.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "ui" / "assets" / "dist" / "fonts"
_REGULAR = "NotoSansSC-Regular.ttf"
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def printable(text: str) -> str:
    """The text with every sign that cannot be printed made visible; line breaks become spaces."""
    if text.isascii() and text.isprintable():
        return text
    known = _known()
    return "".join(_shown(sign, known) for sign in unicodedata.normalize("NFC", text))


def printable_all(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """The same for every text in lists and tables."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: printable_all(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable_all(one) for one in value]
    return value


def _shown(sign: str, known: frozenset[int]) -> str:
    if sign in "\n\r\t\u3000":
        return " " if sign != "\u3000" else sign
    if unicodedata.category(sign) in _HIDDEN or ord(sign) not in known:
        return f"〓U+{ord(sign):04X}"
    return sign


@cache
def _known() -> frozenset[int]:
    file = FONTS / _REGULAR
    if not file.is_file():
        return frozenset(range(0x20, 0x10000))  # the sheet itself will say that the font is missing
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())
