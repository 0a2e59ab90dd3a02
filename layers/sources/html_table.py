"""HTML tables, which many systems export under the name .xls: the best table is read."""

from __future__ import annotations

import re
from dataclasses import replace

from layers.errors import SourceError
from layers.sources.bounded import CellBudget, read_bytes
from layers.sources.decoding import decode
from layers.sources.html_cells import HtmlTable, tables_of
from layers.sources.raw import RawTable, Request
from layers.sources.spreadsheet import Marks, Sheet, read_workbook

_META = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_MOST_TABLES = 2_000


def read_html(request: Request) -> RawTable:
    """Read the table with most header words; `sheet` chooses another by its number."""
    path = request.path
    data = read_bytes(path, request.limits)
    decoded = decode(data, path, request.encoding or _declared(data))
    tables = [table for table in tables_of(decoded.text, CellBudget(path, request.limits))
              if table.rows]  # fmt: skip
    if len(tables) > _MOST_TABLES:
        raise SourceError(
            f"the page has {len(tables):,} tables", remedy="copy the one that is meant to Excel",
            file=path,
        )  # fmt: skip
    sheets = [_sheet(table, n) for n, table in enumerate(tables, 1)]
    found = read_workbook(sheets, request, "html")
    return replace(found, encoding=decoded.encoding, notes=(*decoded.notes, *found.notes))


def _sheet(table: HtmlTable, number: int) -> Sheet:
    return Sheet(
        f"table {number}",
        hidden=False,
        rows=lambda limit: (list(row) for row in table.rows[:limit]),
        marks=lambda: Marks(merges=table.merges),
    )


def _declared(data: bytes) -> str | None:
    """The charset of the page, where its bytes fit it; "gb2312" there always means GB18030."""
    found = _META.search(data[:4096])
    if found is None or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    name = found[1].decode("ascii").lower()
    name = "gb18030" if name in ("gb2312", "gbk", "gb18030", "x-gbk") else name
    try:
        data.decode(name)
    except (LookupError, UnicodeError):
        return None
    return name
