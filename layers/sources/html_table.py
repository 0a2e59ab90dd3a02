"""HTML tables, which many systems export under the name .xls: the best table is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from layers.errors import SourceError
from layers.sources.bounded import read_bytes
from layers.sources.decoding import decode
from layers.sources.foreign import foreign
from layers.sources.raw import RawTable, Request
from layers.sources.spreadsheet import Marks, Sheet, read_workbook

_META = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_MOST_BYTES = 256 << 20
_MOST_SPAN = 1_000
_SKIPPED = frozenset({"script", "style", "head", "title"})


def read_html(request: Request) -> RawTable:
    """Read the table with most header words; `sheet` chooses another by its number."""
    path = request.path
    data = read_bytes(path, request.limits)
    if len(data) > _MOST_BYTES:
        raise SourceError("the HTML file is too large", remedy="export it as .xlsx", file=path)
    decoded = decode(data, path, request.encoding or _declared(data))
    parser = _TableParser()
    with foreign(path, "HTML table"):
        parser.feed(decoded.text)
        parser.close()
    sheets = [
        Sheet(f"table {n}", hidden=False, rows=table.first_rows, marks=table.marks)
        for n, table in enumerate((t for t in parser.tables if t.rows), 1)
    ]
    found = read_workbook(sheets, request, "html")
    return replace(found, encoding=decoded.encoding, notes=(*decoded.notes, *found.notes))


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


@dataclass
class _Table:
    """Cells of one table as placed by row and column spans."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    reserved: dict[int, int] = field(default_factory=dict)

    def start_row(self) -> None:
        self.reserved = {column: rows - 1 for column, rows in self.reserved.items() if rows > 1}
        self.rows.append([])

    def add(self, text: str, down: int, right: int) -> None:
        """Place a cell in the next free column of the current row."""
        if not self.rows:
            self.start_row()
        row = self.rows[-1]
        while len(row) in self.reserved:
            row.append("")
        number, column = len(self.rows), len(row) + 1
        row.extend([text] + [""] * (right - 1))
        if down > 1:
            self.merges.append((number, column, number + down - 1, column + right - 1))
            self.reserved |= dict.fromkeys(range(column - 1, column - 1 + right), down)

    def first_rows(self, limit: int) -> Iterator[list[object]]:
        return (list(row) for row in self.rows[:limit])

    def marks(self) -> Marks:
        return Marks(merges=self.merges)


class _TableParser(HTMLParser):
    """Collects tables; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.cells: list[tuple[list[str], int, int] | None] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self.skipping += tag in ("script", "style")
        elif tag == "table":
            self.tables.append(_Table())
            self.open.append(self.tables[-1])
            self.cells.append(None)
        elif self.open and tag == "tr":
            self._end_cell()
            self.open[-1].start_row()
        elif self.open and tag in ("td", "th"):
            self._end_cell()
            values = dict(attrs)
            self.cells[-1] = ([], _span(values.get("rowspan")), _span(values.get("colspan")))
        elif tag in ("br", "p", "div"):
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.skipping = max(0, self.skipping - 1)
        elif self.open and tag in ("td", "th", "tr", "table"):
            self._end_cell()
            if tag == "table":
                self.open.pop()
                self.cells.pop()

    def handle_data(self, data: str) -> None:
        cell = self.cells[-1] if self.cells else None
        if cell is not None and not self.skipping:
            cell[0].append(data)

    def close(self) -> None:
        super().close()
        while self.open:
            self._end_cell()
            self.open.pop()
            self.cells.pop()

    def _end_cell(self) -> None:
        cell = self.cells[-1]
        if cell is not None:
            parts, down, right = cell
            self.open[-1].add(" ".join("".join(parts).split()), down, right)
            self.cells[-1] = None


def _span(text: str | None) -> int:
    return min(int(text), _MOST_SPAN) if text and re.fullmatch(r"[1-9]\d{0,5}", text) else 1
