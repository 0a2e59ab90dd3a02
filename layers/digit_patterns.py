"""Reading many texts that differ in their digits only: each way of writing is read once.

人民路26号 and 人民路31号 have one pattern (人民路00号). A reader that copies digits and never asks
which they are gives the same answer for both but for the digits; they are put back afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

Reader = Callable[[str], Sequence[str | None]]
_Recipe = tuple[str, tuple[tuple[int, int, str], ...]]

_BLOCKS = (0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66,
           0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810)  # fmt: skip
_MARKED = "".join(chr(start + n) for start in _BLOCKS for n in range(10))
"""Decimal digits of other scripts: `\\d` reads them, and each tells its place in the text."""
_PLACE = {sign: n for n, sign in enumerate(_MARKED)}
_MARK = re.compile(f"[{_MARKED}]")
_RUN = re.compile(f"[{_MARKED}]+")
_ZERO = str.maketrans("123456789", "000000000")
_SEPARATOR = "\ue001"
_NO_DIGIT = re.compile(f"[^0-9{_SEPARATOR}]+")


def by_pattern(texts: Sequence[str], read: Reader, width: int) -> list[np.ndarray]:
    """`width` columns (n,) of what `read` says of every text, each pattern of digits read once.

    Parameters
    ----------
    texts : any texts, none missing.
    read : gives `width` texts or `None`; it must treat all digits alike and copy them in order.
    """
    if not len(texts):
        return [np.empty(0, dtype=object) for _ in range(width)]
    joined = _SEPARATOR.join(texts)
    if joined.count(_SEPARATOR) >= len(texts) or _MARK.search(joined):
        return _columns([read(text) for text in texts], width)
    patterns = np.array(joined.translate(_ZERO).split(_SEPARATOR), dtype=object)
    digits = _NO_DIGIT.sub("", joined).split(_SEPARATOR)
    if max(map(len, digits)) > len(_MARKED):
        return _columns([read(text) for text in texts], width)
    codes, distinct = pd.factorize(patterns)
    read_once = _columns([read(_marked(pattern)) for pattern in distinct], width)
    return [_filled(values, codes, digits) for values in read_once]


def _columns(rows: Sequence[Sequence[str | None]], width: int) -> list[np.ndarray]:
    table = np.empty((len(rows), width), dtype=object)
    for n, row in enumerate(rows):
        table[n] = row
    return list(table.T)


def _marked(pattern: str) -> str:
    first, *rest = pattern.split("0")
    return first + "".join(map(str.__add__, _MARKED, rest))


def _filled(values: np.ndarray, codes: np.ndarray, digits: Sequence[str]) -> np.ndarray:
    """What was read of the patterns, for every text, with the digits it has."""
    recipes = [None if value is None or value.isascii() else _recipe(value) for value in values]
    varies = np.array([recipe is not None for recipe in recipes], dtype=bool)
    found: np.ndarray = values[codes]
    rows = np.flatnonzero(varies[codes])
    for row, code in zip(rows.tolist(), codes[rows].tolist(), strict=True):
        text, runs = recipes[code]
        own = digits[row]
        for start, end, after in runs:
            text += own[start:end] + after
        found[row] = text
    return found


def _recipe(value: str) -> _Recipe | None:
    """The text before the first digit; then first and last digit of each run and what follows."""
    literals = _RUN.split(value)
    if len(literals) == 1:
        return None
    runs = []
    for hit, after in zip(_RUN.findall(value), literals[1:], strict=True):
        first = _PLACE[hit[0]]
        if _PLACE[hit[-1]] != first + len(hit) - 1:
            return _sign_by_sign(value)
        runs.append((first, first + len(hit), after))
    return literals[0], tuple(runs)


def _sign_by_sign(value: str) -> _Recipe:
    """For a reader that drew digits together which were apart."""
    places = [(_PLACE.get(sign), sign) for sign in value]
    return "", tuple((0, 0, sign) if n is None else (n, n + 1, "") for n, sign in places)
