"""Excel workbooks (.xlsx, .xlsm): checked as an archive and as XML before openpyxl opens them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from layers.errors import SourceError
from layers.sources.bounded import check_archive, read_member
from layers.sources.foreign import foreign
from layers.sources.raw import Limits, RawTable, Request
from layers.sources.spreadsheet import MOST_ROWS, Marks, Sheet, Zeros, read_workbook
from layers.sources.xml_guard import refuse_doctype

_WHAT = "Excel workbook"
_XML = (".xml", ".rels", ".vml")
_SPACE = "\x1f"
_MOST_MERGES = 200_000


def read_excel(request: Request) -> RawTable:
    """Read one sheet of a workbook; raises `SourceError` for damage, bombs and entities."""
    path, limits = request.path, request.limits
    members = check_archive(path, limits)
    with foreign(path, _WHAT), path.open("rb") as stream:
        _guard(path, [m.filename for m in members if m.filename.lower().endswith(_XML)])
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            return read_workbook(_sheets(book, path, limits), request, "xlsx")
        finally:
            book.close()


def _guard(path: Path, names: list[str]) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in names:
            with archive.open(name) as stream:
                refuse_doctype(stream, path)


def _sheets(book: Workbook, path: Path, limits: Limits) -> list[Sheet]:
    return [_sheet(sheet, path, limits) for sheet in book.worksheets]


def _sheet(sheet: ReadOnlyWorksheet, path: Path, limits: Limits) -> Sheet:
    return Sheet(
        sheet.title,
        sheet.sheet_state != "visible",
        lambda limit: _rows(sheet, limit, path, limits),
        lambda: sheet_marks(read_member(path, sheet._worksheet_path, limits), path),
    )


def _rows(
    sheet: ReadOnlyWorksheet, limit: int, path: Path, limits: Limits
) -> Iterator[list[object]]:
    """The rows of a sheet without gaps; the size that the sheet claims is not believed."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > limit:
            if limit >= min(limits.max_rows, MOST_ROWS):
                raise SourceError(
                    f"the sheet has more than {limit:,} rows", remedy="split it", file=path
                )
            return
        yield [_value(cell) for cell in row]


def _value(cell: ReadOnlyCell) -> object:
    value = cell.value
    if type(value) is int and value >= 0:
        zeros = str(cell.number_format or "").split(";")[0].strip('"')
        if len(zeros) > 1 and not zeros.strip("0"):
            return Zeros(value, len(zeros))
    return value


def sheet_marks(xml: bytes, path: Path) -> Marks:
    """Merges, hidden rows and columns, and formulas without a value, from a sheet's XML."""
    scan = _Scan(expat.ParserCreate(namespace_separator=_SPACE))
    with foreign(path, _WHAT):
        scan.parser.Parse(xml, True)
    return scan.marks


class _Scan:
    """Collects the marks while expat walks through a sheet."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        self.marks = Marks()
        self.row = 0
        self.formula = self.value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(_SPACE)[2]
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            if attributes.get("hidden") in ("1", "true"):
                self.marks.hidden_rows.append(self.row)
        elif name == "c":
            self.formula = self.value = False
        elif name == "f":
            self.formula = True
        elif name in ("v", "is") and self.formula:
            self.parser.CharacterDataHandler = self.text
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self.marks.hidden_columns.append(int(attributes.get("min", 0)))
        elif name == "mergeCell" and len(self.marks.merges) < _MOST_MERGES:
            left, top, right, bottom = range_boundaries(attributes.get("ref", ""))
            self.marks.merges.append((top, left, bottom, right))

    def text(self, data: str) -> None:
        self.value = self.value or bool(data)

    def end(self, tag: str) -> None:
        self.parser.CharacterDataHandler = None
        if tag.rpartition(_SPACE)[2] == "c" and self.formula and not self.value:
            self.marks.uncomputed.append(self.row)
