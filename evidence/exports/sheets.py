"""CSV and Excel: no cell runs as a formula, numbers stay numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from evidence.dossier import Dossier
from evidence.exports.export import Export
from evidence.exports.rows import Cell, headings, table
from evidence.exports.zipped import settled
from evidence.words import Words
from layers.safe_csv import safe_cell

_CELL = 32_000
"""Characters of one cell; Excel takes no more than 32767."""
_FOOTER = 200
_WIDTHS = (10, 48)


def as_csv(dossiers: Sequence[Dossier], words: Words, watermark: str) -> Export:
    """UTF-8 with a mark that Excel recognises, lines ended as RFC 4180 says."""
    rows = table(dossiers, words, watermark)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe_cell(one) for one in headings(words).values()])
    writer.writerows([_safe(one) for one in row.values()] for row in rows)
    return Export(stream.getvalue().encode("utf-8-sig"))


def as_xlsx(dossiers: Sequence[Dossier], words: Words, watermark: str) -> Export:
    """A sheet of leads and a sheet that says what they are; the mark stands below every printed page."""
    rows = table(dossiers, words, watermark)
    book = Workbook()
    leads = book.worksheets[0]
    leads.title = words("table.leads")[:31]
    notes = _fill(leads, list(headings(words).values()), rows, words)
    leads.freeze_panes = "B2"
    leads.auto_filter.ref = leads.dimensions
    leads.page_setup.orientation, leads.page_setup.fitToHeight = "landscape", 0
    leads.sheet_properties.pageSetUpPr.fitToPage = True
    leads.oddFooter.center.text = watermark[:_FOOTER].replace("&", "&&") or None
    told = [*dict.fromkeys(str(row["notice"]) for row in rows), words("table.crs"), watermark]
    _texts(book.create_sheet(words("column.notice")[:31]), told)
    stream = io.BytesIO()
    book.save(stream)
    made = dossiers[0].made_at if dossiers else "1980-01-01T00:00:00"
    return Export(settled(stream.getvalue(), made), tuple(notes))


def _safe(value: Cell) -> str | float:
    return value if isinstance(value, int | float) else safe_cell(value)


def _fill(
    sheet: Worksheet, titles: Sequence[str], rows: Sequence[dict[str, Cell]], words: Words
) -> list[str]:
    notes = []
    for column, title in enumerate(titles, 1):
        _write(sheet, 1, column, title)
        sheet.cell(row=1, column=column).font = Font(bold=True)
    for at, row in enumerate(rows, 2):
        for column, (key, value) in enumerate(row.items(), 1):
            if isinstance(value, str) and len(value) > _CELL:
                notes.append(words("table.cut", number=row["number"], field=key, bytes=len(value), most=_CELL))  # fmt: skip
            _write(sheet, at, column, value)
    for column, title in enumerate(titles, 1):
        longest = max((len(str(list(row.values())[column - 1] or "")) for row in rows), default=0)
        width = min(max(_WIDTHS[0], 2 * len(title) + 2, longest + 2), _WIDTHS[1])
        sheet.column_dimensions[get_column_letter(column)].width = width
    return notes


def _texts(sheet: Worksheet, told: Sequence[str]) -> None:
    for at, text in enumerate(filter(None, told), 1):
        _write(sheet, at, 1, text)
    sheet.column_dimensions["A"].width = 100


def _write(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    """A text is a text whatever it begins with, also when the sheet is saved as CSV later."""
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        cell.value, cell.data_type = value[:_CELL], "s"
        cell.quotePrefix = safe_cell(value) != value
    else:
        cell.value = value
    cell.alignment = Alignment(vertical="top", wrap_text=True)
