"""XML spreadsheets of Excel 2003 ("SpreadsheetML"), another thing that is called .xls."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from layers.errors import SourceError
from layers.sources.bounded import CellBudget, read_bytes
from layers.sources.raw import Limits, RawTable, Request
from layers.sources.spreadsheet import MOST_ROWS, Marks, Sheet, read_workbook
from layers.sources.xml_guard import damaged_xml, refuse_doctype

NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
_SS = NAMESPACE.decode()
_MOST_GAP = 10_000


def read_excel_xml(request: Request) -> RawTable:
    """Read one sheet of an XML spreadsheet; raises `SourceError` for damage and entities."""
    path, limits = request.path, request.limits
    data = read_bytes(path, limits)
    refuse_doctype(io.BytesIO(data), path)
    book = _Book(path, limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = book.start
    parser.EndElementHandler = book.end
    parser.CharacterDataHandler = book.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged_xml(path, getattr(error, "lineno", None)) from error
    sheets = [Sheet(s.name, s.hidden, s.first_rows, s.marks) for s in book.sheets]
    return read_workbook(sheets, request, "excel-xml")


@dataclass
class _Sheet:
    name: str
    hidden: bool = False
    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)

    def first_rows(self, limit: int) -> Iterator[list[object]]:
        return (list(row) for row in self.rows[:limit])

    def marks(self) -> Marks:
        return Marks(merges=self.merges, hidden_rows=self.hidden_rows)


class _Book:
    """Collects the sheets while expat walks through the document."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.budget = CellBudget(path, limits)
        self.sheets: list[_Sheet] = []
        self.parts: list[str] | None = None
        self.cell: dict[str, str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        values = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        name = tag.removeprefix(_SS + " ")
        if name == "Worksheet":
            self.sheets.append(_Sheet(values.get("Name", f"sheet {len(self.sheets) + 1}")))
        elif name == "Row" and self.sheets:
            self._start_row(values)
        elif name == "Cell" and self.sheets and self.sheets[-1].rows:
            self._start_cell(values)
        elif name == "Data" and self.cell is not None:
            self.parts = []

    def end(self, tag: str) -> None:
        name = tag.removeprefix(_SS + " ")
        if name == "Data" and self.parts is not None:
            row = self.sheets[-1].rows[-1]
            row[-1] = _iso("".join(self.parts))
            self.parts = None
        elif name == "Cell" and self.cell is not None:
            across = self._number(self.cell, "MergeAcross", 0, self.limits.max_columns)
            self.budget.spend(across, len(self.sheets[-1].rows))
            self.sheets[-1].rows[-1].extend([""] * across)
            self.cell = None

    def text(self, data: str) -> None:
        if self.parts is not None:
            self.parts.append(data)

    def _start_row(self, values: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        following = len(sheet.rows) + 1
        number = self._number(values, "Index", following, MOST_ROWS)
        if number - following > _MOST_GAP or number > self.limits.max_rows:
            raise self._wrong("Index", number)
        self.budget.spend(number - len(sheet.rows), number)
        sheet.rows.extend([] for _ in range(number - len(sheet.rows)))
        if values.get("Hidden") == "1":
            sheet.hidden_rows.append(len(sheet.rows))

    def _start_cell(self, values: dict[str, str]) -> None:
        sheet = self.sheets[-1]
        row = sheet.rows[-1]
        column = self._number(values, "Index", len(row) + 1, self.limits.max_columns)
        self.budget.spend(column - len(row), len(sheet.rows))
        row.extend([""] * (column - len(row)))
        down = self._number(values, "MergeDown", 0, MOST_ROWS)
        if down:
            top = len(sheet.rows)
            sheet.merges.append((top, len(row), top + down, len(row)))
        self.cell = values

    def _number(self, values: dict[str, str], name: str, default: int, most: int) -> int:
        text = values.get(name)
        if text is None:
            return default
        if not text.isdecimal() or len(text) > 8 or int(text) > most:
            raise self._wrong(name, text)
        return int(text)

    def _wrong(self, name: str, value: object) -> SourceError:
        return SourceError(
            f"the sheet gives {str(value)[:20]!r} as {name}", remedy="export it again as .xlsx",
            file=self.path, row=len(self.sheets[-1].rows) + 1,
        )  # fmt: skip


def _iso(text: str) -> str:
    """Dates stand as 2023-05-01T00:00:00.000: midnight is left out."""
    return text.removesuffix("T00:00:00.000") if text[4:5] == "-" else text
