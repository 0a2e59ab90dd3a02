"""Records (JSON objects) as a text table: nested values get dotted names, `[]` means empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from layers.errors import SourceError
from layers.sources.cells import Cleaner
from layers.sources.raw import Limits, text_frame
from layers.sources.scalars import value_text

_LONGEST_NAME = 100


def frame_of_records(
    records: Sequence[Mapping[str, object]], path: Path, limits: Limits
) -> tuple[pd.DataFrame, list[str]]:
    """The records as text cells, columns in order of first appearance; and notes.

    Raises `SourceError` when there are more rows, columns or characters than allowed.
    """
    if len(records) > limits.max_rows:
        raise SourceError(
            f"the file has more than {limits.max_rows:,} records", remedy="split it", file=path
        )
    columns: dict[str, list[str | None]] = {}
    cleaner = Cleaner()
    for n, record in enumerate(records):
        cells = _flat(record)
        texts = cleaner.row(list(cells.values()), n + 1)
        for name, text in zip(cells, texts, strict=True):
            if len(text) > limits.max_cell_chars:
                raise SourceError(
                    f"a value holds more than {limits.max_cell_chars:,} characters",
                    remedy="remove it from the file", file=path, row=n + 1, field=name,
                )  # fmt: skip
            column = columns.setdefault(name, [])
            column.extend([None] * (n - len(column)))
            column.append(text or None)
        if len(columns) > limits.max_columns or len(columns) * len(records) > limits.max_cells:
            raise SourceError(
                f"the records have too many different fields ({len(columns):,})",
                remedy="export fewer fields", file=path, row=n + 1,
            )  # fmt: skip
    for column in columns.values():
        column.extend([None] * (len(records) - len(column)))
    frame = text_frame(list(columns), list(columns.values()))
    return (frame if columns else pd.DataFrame(index=range(len(records)))), cleaner.notes()


def _flat(record: Mapping[str, object]) -> dict[str, str]:
    """One level of nesting becomes dotted names; lists of texts are joined with ";"."""
    cells: dict[str, str] = {}
    for key, value in record.items():
        name = str(key).strip()[:_LONGEST_NAME] or "column"
        if isinstance(value, Mapping) and value:
            for inner, nested in value.items():
                cells.setdefault(f"{name}.{inner}"[:_LONGEST_NAME], _cell(nested))
        else:
            cells.setdefault(name, _cell(value))
    return cells


def _cell(value: object) -> str:
    if isinstance(value, list | dict) and not value:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(item for item in value if item)
    return value_text(value)
