"""Dates: every way an export writes one becomes ISO text `YYYY-MM-DD`, or a reason why not.

Open-ended terms ("长期") become `9999-12-31`. A month or a year alone is completed to its first
day, or to its last where the column says how long something holds (`end=True`), and noted.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pandas as pd

from layers.cleaning.result import Cleaned, Outcome, clean_distinct
from layers.cleaning.text import normalise

OPEN_ENDED = "9999-12-31"
Order = Literal["mdy", "dmy"]

_FOREVER = re.compile(
    r"^(长期(有效)?|永久(有效)?|无固定期限|无限期|无期限|不限|indefinite(ly)?|permanent|no expiry|long[- ]?term)$",
    re.IGNORECASE,
)
_YMD = re.compile(r"^(\d{4})[-/.年\s](\d{1,2})[-/.月\s](\d{1,2})日?(?:[T\s].*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T\s]?(?:\d{4}|\d{6}))?$")
_YM = re.compile(r"^(\d{4})[-/.年](\d{1,2})月?$")
_YEAR = re.compile(r"^(\d{4})年?$")
_ABOUT = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T\s].*)?$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_EPOCH = re.compile(r"^(\d{10}|\d{13})(?:\.0+)?$")
_RANGE = re.compile(r"\s*(?:至|到|—+|–|~|～|\bto\b|\s-\s|(?<=[\d日])-(?=\d{4}[./年]))\s*")
_FRAME = re.compile(r"^(?:自|从|截至|截止到?|有效期限?至?|有效至)[::\s]*|(?:起|止|前)$")
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_NAMED = (
    re.compile(r"^(?P<d>\d{1,2})[-\s](?P<m>[A-Za-z]{3,9})[-\s,]+(?P<y>\d{4})$"),
    re.compile(r"^(?P<m>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})$"),
)
_LONGEST = 100
_EPOCH_LATEST = 1.9e9  # in 2030
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_RANGE = (14611, 73050)  # 1940-01-01 .. 2099-12-31: other five-digit numbers are no dates


def parse_dates(
    column: pd.Series, *, end: bool = False, order: Order | None = None, utc_offset_h: float = 8.0
) -> Cleaned:
    """Read a column of dates.

    Parameters
    ----------
    column : Series of text or missing.
    end : the column says until when something holds: of a range the end is taken, a month is
        completed to its last day, and "长期" is allowed.
    order : day and month of `3/4/2023`; without it the column itself must tell (a value above 12).
    utc_offset_h : clock of the source in hours, for dates stored as seconds since 1970.

    Returns
    -------
    Cleaned : values are ISO text; problems are `date_unreadable`, `date_ambiguous`,
        `date_impossible`, `date_open_start`; notes are `date_completed`, `date_from_serial`,
        `date_from_epoch`.
    """
    known = order or _order_of(column)

    def read(text: str) -> Outcome:
        if len(text) > _LONGEST:
            return None, "date_unreadable", None
        return _read(_translate(normalise(text)), end, known, utc_offset_h)

    return clean_distinct(column, read)


def _read(text: str, end: bool, order: Order | None, offset: float) -> Outcome:
    if _FOREVER.match(text):
        return (OPEN_ENDED, None, None) if end else (None, "date_open_start", None)
    pieces = _RANGE.split(_FRAME.sub("", text), maxsplit=1)
    chosen = _FRAME.sub("", pieces[-1] if end else pieces[0])
    if chosen != text:
        return _read(chosen, end, order, offset)
    for reader in (_whole, _partial, _named, _number):
        outcome = reader(text, end, offset)
        if outcome is not None:
            return outcome
    return _day_and_month(text, order)


def _whole(text: str, _end: bool, _offset: float) -> Outcome | None:
    match = _YMD.match(text) or _COMPACT.match(text)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    return _iso(year, month, day)


def _partial(text: str, end: bool, _offset: float) -> Outcome | None:
    if match := _YM.match(text):
        year, month = map(int, match.groups())
        if not 1 <= month <= 12:
            return None, "date_impossible", None
        day = calendar.monthrange(max(1, year), month)[1] if end else 1
        return _iso(year, month, day, "date_completed")
    if match := _YEAR.match(text):
        year = int(match[1])
        if year == 9999 and end:
            return OPEN_ENDED, None, None
        return _iso(year, 12 if end else 1, 31 if end else 1, "date_completed")
    return None


def _named(text: str, _end: bool, _offset: float) -> Outcome | None:
    for pattern in _NAMED:
        match = pattern.match(text)
        if match and match["m"][:3].lower() in _MONTHS:
            return _iso(int(match["y"]), _MONTHS[match["m"][:3].lower()], int(match["d"]))
    return None


def _number(text: str, _end: bool, offset: float) -> Outcome | None:
    if match := _SERIAL.match(text):
        days = int(match[1])
        if not _EXCEL_RANGE[0] <= days <= _EXCEL_RANGE[1]:
            return None, "date_unreadable", None
        return (_EXCEL_DAY_ZERO + timedelta(days=days)).isoformat(), None, "date_from_serial"
    if match := _EPOCH.match(text):
        seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
        if seconds > _EPOCH_LATEST:  # rather 2023050112, an hour stamped behind a date
            return None, "date_unreadable", None
        moment = datetime.fromtimestamp(seconds, UTC) + timedelta(hours=offset)
        return _iso(moment.year, moment.month, moment.day, "date_from_epoch")
    return None


def _day_and_month(text: str, order: Order | None) -> Outcome:
    match = _ABOUT.match(text)
    if match is None:
        return None, "date_unreadable", None
    first, second, year = map(int, match.groups())
    if first == second:
        return _iso(year, first, second)
    if order is None and first <= 12 and second <= 12:
        return None, "date_ambiguous", None
    month, day = (first, second) if (order or _evident(second)) == "mdy" else (second, first)
    return _iso(year, month, day)


def _evident(second: int) -> Order:
    return "mdy" if second > 12 else "dmy"


def _iso(year: int, month: int, day: int, note: str | None = None) -> Outcome:
    if year == 9999:
        return OPEN_ENDED, None, None
    try:
        read = date(year, month, day)
    except ValueError:
        return None, "date_impossible", None
    if not 1500 <= year <= 2200:
        return None, "date_impossible", None
    return read.isoformat(), None, note


def _order_of(column: pd.Series) -> Order | None:
    """Which of the first two numbers is the month, when a value above 12 gives it away."""
    found = column.dropna().astype(str).map(normalise).str.extract(_ABOUT).dropna()
    if found.empty:
        return None
    numbers = found.astype(int)
    first, second = bool((numbers[0] > 12).any()), bool((numbers[1] > 12).any())
    if first == second:  # no evidence, or evidence for both
        return None
    return "dmy" if first else "mdy"


def _translate(text: str) -> str:
    """`二〇二三年十月三十一日` in digits; texts without such numerals are left alone."""
    if not re.search("[〇零○一二三四五六七八九十]", text) or "年" not in text:
        return text

    def tens(match: re.Match[str]) -> str:
        before, after = match[1].translate(_CHINESE), match[2].translate(_CHINESE)
        return f"{before or '1'}{after or '0'}"

    return re.sub("([一二三四五六七八九]?)十([一二三四五六七八九]?)", tens, text).translate(
        _CHINESE
    )
