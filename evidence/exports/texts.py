"""Text as it may stand in a file that others open: no control, no direction mark steers the reader.

Emoji and rare characters stay as they are: the reader's program has its own fonts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\n\r\t\u2028\u2029")


def visible(text: str) -> str:
    """The text on one line, every hidden sign shown by its code point."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, unicodedata.normalize("NFC", text)))


def visible_all(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """The same for every text in lists and tables, names of keys included."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {visible(str(name)): visible_all(one) for name, one in value.items()}
    return [visible_all(one) for one in value] if isinstance(value, list | tuple) else value


def cut(text: str, most: int, encoding: str = "utf-8") -> str:
    """As much of the text as `most` bytes hold, cut between two signs."""
    raw = text.encode(encoding, "replace")
    return text if len(raw) <= most else raw[:most].decode(encoding, "ignore")


def _shown(sign: str) -> str:
    if sign in _BLANK:
        return " "
    return f"〓U+{ord(sign):04X}" if unicodedata.category(sign) in _HIDDEN else sign
