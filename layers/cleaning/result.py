"""What cleaning one column yields: the values, and what was wrong or mended, by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Cleaned:
    """One column after cleaning; the three Series share the index of the input.

    `values` holds the clean value or `None`; `problem` a reason code where a value was there but
    could not be used (then `values` is `None`); `note` a code where a value was mended in a way
    a person should know of (a lost zero put back, a month completed to its last day).
    """

    values: pd.Series
    problem: pd.Series
    note: pd.Series


Outcome = tuple[object, str | None, str | None]
"""Value, problem, note of one distinct value."""


def clean_distinct(column: pd.Series, read: Callable[[str], Outcome]) -> Cleaned:
    """Apply `read` to every distinct text of a column once; missing stays missing.

    Columns of dates, states and codes repeat themselves, so the work is that of the distinct
    values: a million rows of ten thousand dates cost ten thousand calls.
    """
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    outcomes: list[Outcome] = [read(str(text)) for text in distinct]
    outcomes.append((None, None, None))  # factorize says -1 for missing: the last one
    parts = []
    for position in range(3):
        answers = pd.Series([outcome[position] for outcome in outcomes], dtype=object)
        taken = answers.to_numpy(dtype=object)[codes]
        parts.append(pd.Series(taken, index=column.index, dtype=object))
    return Cleaned(*parts)
