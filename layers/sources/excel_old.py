"""Old Excel workbooks (.xls, BIFF) through xlrd."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator

import xlrd
import xlrd.sheet

from layers.sources.bounded import read_bytes
from layers.sources.foreign import foreign
from layers.sources.raw import RawTable, Request
from layers.sources.scalars import number_text
from layers.sources.spreadsheet import Marks, Sheet, Zeros, read_workbook

_WHAT = "Excel 97 workbook"
_REMEDY = "open it in Excel or WPS and save it as .xlsx (without a password)"


def read_excel_old(request: Request) -> RawTable:
    """Read one sheet of a BIFF workbook; raises `SourceError` for damage and passwords."""
    data = read_bytes(request.path, request.limits)
    with foreign(request.path, _WHAT, _REMEDY):
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        sheets = [_sheet(book, book.sheet_by_index(n)) for n in range(book.nsheets)]
        return read_workbook(sheets, request, "xls")


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Sheet:
    return Sheet(
        sheet.name,
        sheet.visibility != 0,
        lambda limit: _rows(book, sheet, limit),
        lambda: _marks(sheet),
    )


def _rows(book: xlrd.Book, sheet: xlrd.sheet.Sheet, limit: int) -> Iterator[list[object]]:
    for n in range(min(sheet.nrows, limit)):
        yield [_value(book, cell) for cell in sheet.row(n)]


def _value(book: xlrd.Book, cell: xlrd.sheet.Cell) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR!")
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return _number(book, cell)
    return cell.value if cell.ctype == xlrd.XL_CELL_TEXT else None


def _date(value: float, datemode: int) -> object:
    """A date, or the bare serial number where it lies outside the calendar."""
    try:
        moment = xlrd.xldate_as_datetime(value, datemode)
    except (xlrd.XLDateError, ValueError, OverflowError):
        return number_text(value)
    return moment.time() if 0 < value < 1 else moment


def _number(book: xlrd.Book, cell: xlrd.sheet.Cell) -> object:
    """The number; `Zeros` where the cell format shows leading zeros."""
    value = cell.value
    if cell.xf_index is None or not math.isfinite(value) or value < 0 or value != int(value):
        return value
    shown = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    zeros = shown.split(";")[0].strip('"')
    return Zeros(int(value), len(zeros)) if len(zeros) > 1 and not zeros.strip("0") else value


def _marks(sheet: xlrd.sheet.Sheet) -> Marks:
    """Merges and hidden parts; xlrd counts from 0 and gives half-open ranges."""
    return Marks(
        merges=[(top + 1, left + 1, bottom, right)
                for top, bottom, left, right in sheet.merged_cells],
        hidden_rows=[n + 1 for n, info in sheet.rowinfo_map.items() if info.hidden],
        hidden_columns=[n + 1 for n, info in sheet.colinfo_map.items() if info.hidden],
    )  # fmt: skip
