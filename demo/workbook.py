"""A workbook whose bytes depend on its cells alone: no clock, no zip times."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

_LONG_AGO = datetime(2026, 6, 30)  # noqa: DTZ001 - a workbook's times have no zone
_ZIP_TIME = (2026, 6, 30, 0, 0, 0)


@dataclass(frozen=True)
class Merged:
    """A merged range: first row and column, last row and column, counted from 1."""

    row: int
    column: int
    last_row: int
    last_column: int


def write_workbook(
    path: Path, sheet: str, rows: Iterable[Sequence[object]], merged: Iterable[Merged]
) -> None:
    """Write one sheet as .xlsx."""
    book = Workbook()
    book.properties.created = book.properties.modified = _LONG_AGO
    page = book.active
    page.title = sheet
    for cells in rows:
        page.append(list(cells))
    for one in merged:
        page.merge_cells(start_row=one.row, start_column=one.column,
                         end_row=one.last_row, end_column=one.last_column)  # fmt: skip
    raw = io.BytesIO()
    book.save(raw)
    path.write_bytes(_timeless(raw.getvalue()))


def _timeless(data: bytes) -> bytes:
    """The same archive with a fixed time on every member and in the core properties."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _fixed_core(content)
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return target.getvalue()


def _fixed_core(content: bytes) -> bytes:
    """Openpyxl stamps the time of saving; the generator may not know the time."""
    start, end = content.find(b"<dcterms:modified"), content.find(b"</dcterms:modified>")
    if start < 0:
        return content
    opening = content.index(b">", start) + 1
    return content[:opening] + b"2026-06-30T00:00:00Z" + content[end:]
