"""The columns of one side, each in the kind the model takes it for; cleaned once, when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from layers.cleaning.dates import parse_dates
from layers.cleaning.licences import clean_flags
from layers.cleaning.text import clean_text
from layers.importing.values import read_numbers
from layers.licence_keys import code_keys, name_keys
from layers.themes import Kind

TRUE, UNKNOWN, FALSE = np.int8(1), np.int8(0), np.int8(-1)
"""Truth as numbers: `and` is the smaller, `or` the larger, `not` the sign."""
_ENDS = ("valid_to", "inspected_to")


@dataclass
class Columns:
    """The rows of one side.

    `cells(name)` gives (n,) values: text and code as `str` or `None`, numbers as float (NaN),
    dates as datetime64[D] (NaT), flags as truth (1, 0, -1). What cannot be read is missing.
    """

    frame: pd.DataFrame
    kinds: Mapping[str, Kind]
    made: dict[str, np.ndarray] = field(default_factory=dict)
    _keys: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.frame)

    def cells(self, name: str) -> np.ndarray:
        """The values of a column, or of a value computed before."""
        if name not in self.made:
            kind = self.kinds[name]
            there = name in self.frame
            self.made[name] = (
                _read(self.frame[name], kind, name) if there else empty_cells(kind, len(self))
            )
        return self.made[name]

    def keys(self, name: str, kind: Kind) -> np.ndarray:
        """(n,) texts for comparison: one way of writing, `""` where missing."""
        if (name not in self._keys) or (name in self.made and name not in self.frame):
            self._keys[name] = text_keys(self.cells(name), kind)
        return self._keys[name]

    def with_values(self, values: Mapping[str, np.ndarray], kinds: Mapping[str, Kind]) -> Columns:
        """The same rows with further values; what was cleaned before is kept."""
        return Columns(
            self.frame, {**self.kinds, **kinds}, {**self.made, **values}, dict(self._keys)
        )


def text_keys(cells: np.ndarray, kind: Kind) -> np.ndarray:
    """Texts in one way of writing: codes in capitals without marks, others without blanks and marks."""
    series = pd.Series(cells, dtype=object)
    codes, distinct = pd.factorize(series, use_na_sentinel=True)
    plain = pd.Series(distinct, dtype=object)
    if kind == "date":
        shown = plain.astype(str).where(plain.notna(), None)
    else:
        shown = (code_keys if kind == "code" else name_keys)(plain)
    found = np.append(shown.where(shown.notna(), "").to_numpy(dtype=object), "")
    kept: np.ndarray = found[codes]
    return kept


def missing(cells: np.ndarray) -> np.ndarray:
    """(n,) mask of the cells that hold nothing."""
    if cells.dtype == np.int8:
        found: np.ndarray = cells == UNKNOWN
        return found
    return np.asarray(pd.isna(cells), dtype=bool)


def empty_cells(kind: Kind, size: int) -> np.ndarray:
    """(size,) cells of a kind, all missing."""
    if kind == "number":
        return np.full(size, np.nan)
    if kind == "date":
        return np.full(size, np.datetime64("NaT", "D"))
    if kind == "flag":
        return np.zeros(size, dtype=np.int8)
    return np.full(size, None, dtype=object)


def _read(column: pd.Series, kind: Kind, name: str) -> np.ndarray:
    if kind == "number":
        return _numbers(column)
    if kind == "date":
        return _dates(column, name)
    if kind == "flag":
        return _flags(column)
    cells: np.ndarray = clean_text(column.astype(object)).to_numpy(dtype=object)
    return cells


def _numbers(column: pd.Series) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
    else:
        values = pd.to_numeric(read_numbers(column.astype(object)).values).to_numpy(dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def _dates(column: pd.Series, name: str) -> np.ndarray:
    texts = parse_dates(column.astype(object).where(column.notna(), None), end=name in _ENDS).values
    codes, distinct = pd.factorize(texts, use_na_sentinel=True)
    days = np.array([*map(str, distinct), "NaT"], dtype="datetime64[D]")
    found: np.ndarray = days[codes]
    return found


def _flags(column: pd.Series) -> np.ndarray:
    values = clean_flags(column.astype(object).where(column.notna(), None).map(_word)).values
    truth = np.zeros(len(column), dtype=np.int8)
    truth[(values == True).to_numpy(dtype=bool)] = TRUE  # noqa: E712 - missing is not False
    truth[(values == False).to_numpy(dtype=bool)] = FALSE  # noqa: E712
    return truth


def _word(value: object) -> object:
    return None if value is None else str(value)
