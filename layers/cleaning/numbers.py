"""Numbers as people write them: thousands separators, units behind, units in the header.

A register says 5.79亩 where a layer keeps square metres, and 合同价（万元） over a column of bare
numbers. The unit of a cell comes before that of its header; a unit of another kind than the
column's (元 in a column of areas) is a problem, not a number.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from layers.cleaning.result import Cleaned, Outcome, clean_distinct
from layers.cleaning.text import normalise

MU_M2 = 2000.0 / 3.0
"""One 亩 in square metres."""
UNITS: dict[str, dict[str, float]] = {
    "m": {"m": 1.0, "米": 1.0, "km": 1000.0, "公里": 1000.0, "千米": 1000.0, "里": 500.0},
    "m²": {
        "m2": 1.0, "平方米": 1.0, "平米": 1.0, "平": 1.0, "亩": MU_M2, "市亩": MU_M2, "公顷": 10_000.0,
        "ha": 10_000.0, "hm2": 10_000.0, "平方公里": 1e6, "平方千米": 1e6, "km2": 1e6,
    },
    "yuan": {
        "元": 1.0, "圆": 1.0, "元人民币": 1.0, "元整": 1.0, "rmb": 1.0, "cny": 1.0, "yuan": 1.0, "千元": 1e3,
        "万": 1e4, "万元": 1e4, "万元人民币": 1e4, "亿元": 1e8, "亿": 1e8,
    },
    "": dict.fromkeys(("间", "套", "个", "台", "户", "家", "人", "张"), 1.0),
}  # fmt: skip
"""Unit of a column → how it may be written → factor; `""`: a column that counts things."""

_NUMBER = re.compile(r"^(?:约|计|共)?[¥￥$]?\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|-?\.\d+)\s*(.*)$")
_IN_HEADER = re.compile(r"[(\[/]\s*(?:单位[:：]?\s*)?([^\W\d]+2?)\s*[)\]]?$")


def parse_numbers(column: pd.Series, unit: str | None = None, header: str = "") -> Cleaned:
    """Numbers in the unit of their column; `None` for a column that counts.

    Parameters
    ----------
    column : cells as text, any index.
    unit : unit of the theme's column (`m`, `m²`, `yuan`) or `None`.
    header : the column's header, which may name the unit of bare numbers.

    Problems: `number_unreadable`, `unit_unknown`. Note: `unit_converted`.

    >>> parse_numbers(pd.Series(["5.79亩", "3,860 ㎡"]), "m²").values.round().tolist()
    [3860, 3860]
    """
    known = UNITS.get(unit or "", {})
    said = _header_unit(header, known)
    return clean_distinct(column, lambda text: _read(text, known, said))


def _read(text: str, known: dict[str, float], said: float) -> Outcome:
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", normalise(text).lower())
    hit = _NUMBER.match(plain)
    if hit is None:
        return None, "number_unreadable", None
    behind = hit[2].replace(" ", "")
    if behind and behind not in known:
        return None, "unit_unknown", None
    factor = known[behind] if behind else said
    value = float(hit[1]) * factor
    if not np.isfinite(value):
        return None, "number_unreadable", None
    return value, None, "unit_converted" if factor != 1.0 else None


def _header_unit(header: str, known: dict[str, float]) -> float:
    hit = _IN_HEADER.search(normalise(header).lower())
    return known.get(hit[1], 1.0) if hit else 1.0
