"""Tables that leave the program as CSV: no cell may run as a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula; `plain_cell` undoes it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RISKY) else text


def plain_cell(text: str | None) -> str:
    """The value behind a cell that `safe_cell` made."""
    text = text or ""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def csv_text(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV text, every cell made safe and quoted where needed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(list(header))
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return stream.getvalue()
