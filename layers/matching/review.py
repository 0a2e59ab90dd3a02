"""The pairs a person decides, as a table for a spreadsheet: both rows side by side, and back.

`.xlsx` keeps long numbers as text and offers the answers in a list; `.csv` is for everything
else. Headers say the column in Chinese and English; the first word is its name.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from layers.atomic import write_text, written_whole
from layers.errors import SourceError
from layers.matching.reasons import reason_text
from layers.safe_csv import csv_text, plain_cell, safe_cell

COLUMNS: dict[str, tuple[str, int]] = {
    "register_name": ("登记名称", 32), "site_name": ("现场名称", 32),
    "register_address": ("登记地址", 32), "site_address": ("现场地址", 32),
    "metres": ("相距（米）", 10), "score": ("相符概率", 10),
    "reasons_zh": ("理由", 44), "reasons_en": ("", 44),
    "decision": ("判断（同/否）", 14), "why": ("说明", 30),
    "register_id": ("登记编号", 18), "site_id": ("现场编号", 18), "fingerprint": ("核对码", 18),
}  # fmt: skip
"""Column → Chinese name and width in the spreadsheet."""
_NEEDED = frozenset({"register_id", "site_id", "fingerprint", "decision"})
_ANSWERS = '"同,否"'
_SEEN = PatternFill("solid", fgColor="FFF2CC")


def review_table(links: pd.DataFrame) -> pd.DataFrame:
    """The links as text in the columns `COLUMNS`, the surest first."""
    ordered = links.sort_values(["score", "register_id", "site_id"], ascending=[False, True, True])
    table = ordered.assign(
        metres=ordered["metres"].map(lambda m: "" if pd.isna(m) else str(round(m))),
        score=ordered["score"].map(lambda share: f"{min(share, 0.999):.1%}"),
        reasons_zh=ordered["reasons"].map(reason_text),
        reasons_en=ordered["reasons"].map(lambda codes: reason_text(codes, "en")),
        decision="",
        why="",
    ).reindex(columns=list(COLUMNS))
    return table.astype(object).where(table.notna(), "")


def write_review(links: pd.DataFrame, path: Path) -> Path:
    """Write the table; `.xlsx` as a workbook, anything else as CSV with a byte order mark."""
    table = review_table(links)
    if path.suffix.lower() == ".xlsx":
        with written_whole(path) as partial:
            _workbook(table).save(partial)
        return path
    rows = (map(_as_text, row) for row in table.itertuples(index=False))
    write_text(path, "\ufeff" + csv_text(_headers(), rows))
    return path


def read_review(path: Path) -> list[dict[str, str]]:
    """The rows of a filled-in table by column name; raises `SourceError` for any other file."""
    try:
        rows = _sheet(path) if path.suffix.lower() == ".xlsx" else _lines(path)
    except FileNotFoundError:
        raise SourceError("the file does not exist", remedy="check the path", file=path) from None
    except (BadZipFile, KeyError, ValueError) as error:
        raise SourceError(f"this is no workbook ({type(error).__name__})",
                          remedy="save the table as .xlsx or .csv", file=path) from error  # fmt: skip
    header, *others = rows or [[]]
    names = [(cell.split() or [""])[0] for cell in header]
    if missing := sorted(_NEEDED - set(names)):
        raise SourceError(f"columns are missing: {', '.join(missing)}",
                          remedy="keep the columns of the table as they were written", file=path)  # fmt: skip
    return [dict(zip(names, map(plain_cell, row), strict=False)) for row in others]


def _headers() -> list[str]:
    return [f"{name} {chinese}".strip() for name, (chinese, _) in COLUMNS.items()]


def _as_text(cell: object) -> str:
    """Long numbers with a blank behind, or a spreadsheet would round them to fifteen digits."""
    text = str(cell)
    return f"{text}\t" if text[:1].isdigit() and len(text) > 11 else text


def _workbook(table: pd.DataFrame) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "review"
    sheet.append(_headers())
    for row in table.itertuples(index=False):
        sheet.append([safe_cell(cell) for cell in row])
    for letter, (_, width) in zip(_letters(), COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
        for cell in sheet[letter]:
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    answers = DataValidation(type="list", formula1=_ANSWERS, allow_blank=True)
    sheet.add_data_validation(answers)
    decided = _letters()[list(COLUMNS).index("decision")]
    answers.add(f"{decided}2:{decided}{max(2, len(table) + 1)}")
    for cell in sheet[decided][1:]:
        cell.fill = _SEEN
    sheet.freeze_panes = "A2"
    return book


def _letters() -> list[str]:
    return [chr(ord("A") + n) for n in range(len(COLUMNS))]


def _sheet(path: Path) -> list[list[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    finally:
        book.close()


def _lines(path: Path) -> list[list[str]]:
    """Rows of CSV; Excel in China saves it in GBK unless told otherwise, or with tabs."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [[cell.rstrip("\t") for cell in row] for row in rows if row]
