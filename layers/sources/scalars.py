"""Typed values as the text a person would have read in the file."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal

_EXACT = 2**53
_SIGNIFICANT = 15


def number_text(value: float) -> str:
    """A number without exponent and without float noise: 9.1e17 → "910000000000000000".

    Fractions are shown with the 15 significant digits that spreadsheets show.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if value == int(value):
        return str(int(value))
    return format(Decimal(format(value, f".{_SIGNIFICANT}g")), "f")


def precision_lost(value: float) -> bool:
    """Whether a whole number is too long for what a spreadsheet keeps (15 digits).

    An integer written digit by digit is exact even beyond that, unless its tail is zeros.
    """
    if not math.isfinite(value) or abs(value) < _EXACT:
        return False
    return type(value) is float or not str(abs(value))[_SIGNIFICANT:].strip("0")


def date_text(value: dt.date | dt.datetime | dt.time | dt.timedelta) -> str:
    """ISO text; midnight is left out: 2023-05-01, 2023-05-01 08:30:00, 08:30:00."""
    if isinstance(value, dt.datetime):
        bare = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if bare else value.isoformat(" ", "seconds")
    if isinstance(value, dt.timedelta):
        return str(value)
    return value.isoformat()


def value_text(value: object) -> str:
    """Any value as text: numbers, flags, dates, nested values as JSON; "" for nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return date_text(value)
    return json.dumps(value, ensure_ascii=False, default=str)
