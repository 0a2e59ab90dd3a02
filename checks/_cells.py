"""Cells of a table as plain values: what is missing is `None`, whatever a column writes for it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing: `None`, `NA` or NaN."""
    return value is None or value is pd.NA or value != value  # noqa: PLR0124 - NaN


def known(value: Any) -> Any:  # noqa: ANN401 - a cell
    """A cell as it is; `None` where it is missing."""
    return None if is_missing(value) else value


def text(value: object) -> str | None:
    """A cell as text; `None` where it is missing."""
    return None if is_missing(value) else str(value)


def flag(value: object) -> bool | None:
    """A cell as yes, no or not known."""
    return None if is_missing(value) else bool(value)


def number(value: Any) -> float | None:  # noqa: ANN401 - a cell
    """A cell as a number; `None` where it is missing or none."""
    read = pd.to_numeric(value, errors="coerce")
    return None if is_missing(read) else float(read)


def values(column: pd.Series) -> np.ndarray:
    """(n,) the cells of a column as objects, missing ones `None`."""
    return column.astype(object).where(column.notna(), None).to_numpy()


def as_dicts(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table by column, missing cells `None`."""
    plain = table.astype(object).where(table.notna(), None)
    return cast("list[dict[str, Any]]", plain.to_dict("records"))
