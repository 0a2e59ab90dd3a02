"""Coordinates as text: degrees, degrees and minutes, "lng,lat" in one cell, metres, micro-degrees.

What comes out are numbers as received, in the source's own datum; `layers.datum` makes WGS 84
of them. Nothing is guessed from a single row: columns are swapped or rescaled as a whole, when
the ranges of China (or of the Earth) leave no other reading, and the caller is told.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.cleaning.text import clean_text

CHINA = (73.0, 3.0, 135.5, 54.0)
"""West, south, east, north of China in degrees, islands included; wide enough for every datum."""

_TELLING_SOUTH = 18.0
"""Columns are told to be swapped by the mainland and Hainan: farther south the ranges are no proof."""

_LONGEST = 200  # characters of a cell that may still be a coordinate
_MOST = 0.9
_MICRO = 1e6
_TOO_LARGE = 1e12
_PLANE_AT_LEAST = 1000.0
_DMS = re.compile(
    r"^(?P<before>东经|西经|北纬|南纬|[NSEWnsew])?\s*(?P<d>\d{1,3}(?:\.\d+)?)\s*[°º度:]\s*"
    r"(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*['′’´分:]\s*)?"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''|′′|秒)?)?\s*"
    r"(?P<after>[NSEWnsew])?$"
)
_SUFFIXED = re.compile(
    r"^(?P<before>[NSEWnsew])?\s*(?P<d>\d{1,3}(?:\.\d+)?)\s*(?P<after>[NSEWnsew])?$"
)
_NUMBER = re.compile(r"^[+-]?\d{1,12}(?:\.\d{1,20})?$", re.ASCII)
_NEGATIVE = {"S", "W", "西经", "南纬"}
_PAIR = re.compile(r"^[\[(\s]*(?P<x>[^,;，；\s]+?)\s*[,;，；\s]\s*(?P<y>[^,;，；\s]+?)[\])\s]*$")
_POINT = re.compile(r"^POINT\s*Z?\s*\(\s*(?P<x>\S+)\s+(?P<y>[^\s)]+)[^)]*\)$", re.IGNORECASE)


@dataclass(frozen=True)
class Pairs:
    """Two columns of numbers, NaN where a value is missing or unreadable.

    `unreadable` marks rows where something was written that is no coordinate; `notes` say what
    was done to the columns as a whole: `swapped`, `micro_degrees`.
    """

    x: np.ndarray
    y: np.ndarray
    unreadable: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def given(self) -> np.ndarray:
        """Rows with two numbers."""
        return np.isfinite(self.x) & np.isfinite(self.y)


def parse_numbers(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of a coordinate column, and a mask of values that are none.

    Plain decimals first (fast); the rest as degrees, minutes, seconds, with N S E W or 东经 北纬.
    """
    numbers = np.array(pd.to_numeric(column, errors="coerce"), dtype=float)
    numbers[~(np.abs(numbers) < _TOO_LARGE)] = np.nan
    left = np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy())
    text = clean_text(column.iloc[left])
    numbers[left] = [np.nan if value is None else _degrees(value) for value in text]
    unreadable = np.zeros(len(numbers), dtype=bool)
    unreadable[left] = np.isnan(numbers[left]) & text.notna().to_numpy()
    return numbers, unreadable


def parse_pairs(column: pd.Series) -> Pairs:
    """One column that holds both, as "lng,lat", `[lng, lat]`, `{"lng": …, "lat": …}` or `POINT (x y)`."""
    text = clean_text(column)
    codes, distinct = pd.factorize(text, use_na_sentinel=True)
    split = [*(_split(str(value)) for value in distinct), (None, None)]
    halves = pd.DataFrame(split, columns=["x", "y"], dtype=object).iloc[codes]
    x, _ = parse_numbers(halves["x"])
    y, _ = parse_numbers(halves["y"])
    bad = text.notna().to_numpy() & ~(np.isfinite(x) & np.isfinite(y))
    x[bad], y[bad] = np.nan, np.nan
    return Pairs(x, y, bad)


def pair_columns(x: pd.Series, y: pd.Series) -> Pairs:
    """Two columns; a row with only one of the two readable counts as unreadable."""
    first, bad_first = parse_numbers(x)
    second, bad_second = parse_numbers(y)
    half = np.isfinite(first) != np.isfinite(second)
    bad = bad_first | bad_second | half
    first[bad], second[bad] = np.nan, np.nan
    return Pairs(first, second, bad)


def settle_degrees(pairs: Pairs) -> Pairs:
    """Columns meant as degrees: micro-degrees are rescaled, swapped columns put right, both noted."""
    x, y, notes = pairs.x, pairs.y, list(pairs.notes)
    if _most(_telling(x / _MICRO, y / _MICRO) | _telling(y / _MICRO, x / _MICRO), pairs):
        x, y = x / _MICRO, y / _MICRO
        notes.append("micro_degrees")
    beyond_poles = (np.abs(y) > 90) & (np.abs(y) <= 180) & (np.abs(x) <= 90)
    if _most(_telling(y, x), pairs) or _most(beyond_poles, pairs):
        x, y = y, x
        notes.append("swapped")
    return Pairs(x, y, pairs.unreadable, tuple(notes))


def look_plane(pairs: Pairs) -> bool:
    """Whether the numbers are metres in a plane rather than degrees (most of them are large)."""
    large = (np.abs(pairs.x) > _PLANE_AT_LEAST) & (np.abs(pairs.y) > _PLANE_AT_LEAST)
    return _most(large, pairs)


def in_china(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Which positions lie in the box around China; NaN does not."""
    west, south, east, north = CHINA
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _telling(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return in_china(lon, lat) & (lat >= _TELLING_SOUTH)


def _most(hits: np.ndarray, pairs: Pairs) -> bool:
    given = pairs.given
    return bool(given.any()) and float(hits[given].mean()) >= _MOST


def _degrees(text: str) -> float:
    match = None if len(text) > _LONGEST else _DMS.match(text) or _SUFFIXED.match(text)
    if _NUMBER.match(text):
        return float(text)
    if match is None:
        return np.nan
    parts = match.groupdict()
    minutes, seconds = float(parts.get("m") or 0), float(parts.get("s") or 0)
    if minutes >= 60 or seconds >= 60:
        return np.nan
    value = float(parts["d"]) + minutes / 60 + seconds / 3600
    signs = {str(parts[side] or "").upper() for side in ("before", "after")}
    return -value if signs & _NEGATIVE else value


def _split(text: str) -> tuple[str | None, str | None]:
    if len(text) > _LONGEST:
        return None, None
    if text.startswith("{"):
        return _split_mapping(text)
    match = _POINT.match(text) or _PAIR.match(text)
    return (match["x"], match["y"]) if match else (None, None)


def _split_mapping(text: str) -> tuple[str | None, str | None]:
    try:
        found = json.loads(text.replace("'", '"'))
    except (ValueError, RecursionError):
        return None, None
    lon = next((found[key] for key in ("lng", "lon", "longitude", "x") if key in found), None)
    lat = next((found[key] for key in ("lat", "latitude", "y") if key in found), None)
    return (str(lon), str(lat)) if lon is not None and lat is not None else (None, None)
