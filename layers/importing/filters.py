"""`--where`: which rows of a file are wanted, said in one word per condition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from layers.cleaning.text import normalise, normalise_header
from layers.errors import ColumnError

_CONDITION = re.compile(r"^(?P<column>.+?)(?P<sign>!~|!=|~|=)(?P<value>.*)$", re.DOTALL)
_HOW = "write COLUMN~text (holds), COLUMN=text (is), COLUMN!~text or COLUMN!=text"


def rows_where(
    frame: pd.DataFrame, condition: str, columns: Mapping[str, str], file: Path | None = None
) -> pd.Series:
    """Which rows meet a condition such as `licence_type~Retail`; case and width do not matter.

    The column is a header of the file or a mapped field. Missing counts as an empty text.
    Raises `ColumnError` for a condition that cannot be read or a column that is not there.
    """
    match = _CONDITION.match(condition)
    if match is None:
        raise ColumnError(f"the condition {condition!r} has no ~ or =", remedy=_HOW, file=file)
    header = _header(frame, match["column"].strip(), columns)
    if header is None:
        raise ColumnError(
            f"the condition {condition!r} names no column of the file",
            remedy=f"use one of {', '.join(map(str, frame.columns[:40]))}",
            file=file, field=match["column"],
        )  # fmt: skip
    wanted = normalise(match["value"]).casefold()
    codes, distinct = pd.factorize(frame[header], use_na_sentinel=True)
    texts = [normalise(str(text)).casefold() for text in distinct] + [""]
    holds = [wanted in text if "~" in match["sign"] else wanted == text for text in texts]
    found = pd.Series(holds, dtype=bool).to_numpy()[codes]
    return pd.Series(found ^ match["sign"].startswith("!"), index=frame.index)


def _header(frame: pd.DataFrame, name: str, columns: Mapping[str, str]) -> str | None:
    if name in frame.columns:
        return name
    plain = {normalise_header(str(header)): str(header) for header in reversed(frame.columns)}
    return plain.get(normalise_header(name)) or columns.get(name)
