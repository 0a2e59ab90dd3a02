"""Texts of a table model: placeholders are replaced as they stand, and personal cells are masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from checks._text import Text
from layers.cleaning.privacy import kind_by_header, mask, mask_text
from layers.cleaning.text import normalise

PLACEHOLDER = re.compile(r"\{([^{}]{1,60})\}")
"""A name in braces; nothing else in braces means anything."""
EMPTY = Text("（空）", "(empty)")
_FLAGS = {True: Text("是", "yes"), False: Text("否", "no")}
_LONGEST = 200


def fill(text: Text, shown: Callable[[str], object]) -> Text:
    """The text with `{name}` replaced by what `shown` says of the name; nothing is evaluated."""
    found = {name: said(shown(name)) for name in PLACEHOLDER.findall(text.zh + text.en)}
    zh = PLACEHOLDER.sub(lambda hit: found[hit[1]].zh, text.zh)
    return Text(zh, PLACEHOLDER.sub(lambda hit: found[hit[1]].en, text.en))


def said(value: object) -> Text:
    """A value in words: a missing one is said to be empty."""
    plain = plain_cell(value)
    if isinstance(value, Text):
        return value
    if plain is None:
        return EMPTY
    if isinstance(plain, bool):
        return _FLAGS[plain]
    if isinstance(plain, float):
        text = f"{plain:.2f}".rstrip("0").rstrip(".")
        return Text(text, text)
    text = str(plain)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return Text(text, text)


def hits(text: object, words: Iterable[str], apart_from: tuple[str, ...] = ()) -> list[str]:
    """The words a text holds, whatever their width or case."""
    left = without(np.array([text], dtype=object), apart_from)[0]
    plain = normalise(left).lower() if isinstance(left, str) else ""
    return [word for word in words if normalise(word).lower() in plain]


def without(texts: np.ndarray, phrases: tuple[str, ...]) -> np.ndarray:
    """Texts with some phrases taken out, whatever their width or case; missing stays missing."""
    if not phrases:
        return texts
    pattern = re.compile("|".join(re.escape(normalise(one).lower()) for one in phrases))
    codes, distinct = pd.factorize(pd.Series(texts, dtype=object), use_na_sentinel=True)
    left = [pattern.sub("\x1f", normalise(str(text)).lower()) for text in distinct]
    found: np.ndarray = np.array([*left, None], dtype=object)[codes]
    return found


def plain_cell(value: object) -> str | float | bool | None:
    """A cell as JSON has it: dates as ISO text, missing as `None`."""
    if value is None or value is np.ma.masked:
        return None
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value.astype("datetime64[D]"))
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.integer | np.floating):
        return None if value != value else float(value)  # noqa: PLR0124 - NaN
    return str(value)


def masked(name: str, value: object) -> str | float | bool | None:
    """A cell of the column `name` fit to be written down: personal columns and numbers masked."""
    plain = plain_cell(value)
    if not isinstance(plain, str):
        return plain
    kind = kind_by_header(name)
    return mask(plain, kind) if kind else mask_text(plain)
