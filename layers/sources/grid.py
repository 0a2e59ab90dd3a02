"""A grid of text cells becomes a table: title lines, header, footers, ragged rows.

CSV, Excel and HTML all end here, so that a printed register reads the same in each of them.
Nothing disappears silently: what is left out is named in the notes with its row number, what
is kept although odd stands in the problems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from layers.errors import SourceError
from layers.sources.bounded import CellBudget
from layers.sources.cells import damaged_text, listed, lost_digits
from layers.sources.declared import datum_of_table
from layers.sources.decoding import REPLACEMENT
from layers.sources.header import Header, column_names, find_header, header_at
from layers.sources.raw import Limits, RowProblem, text_frame

_FOOTER = re.compile(
    r"(制表|填表|填报|审核|复核|审批|批准|经办|统计(人|员|单位|时间|日期|[:：])|合计|总计|小计|共计|本页|"
    r"(注|备注|说明|附注|日期|时间|负责人|联系人|联系电话|单位|盖章|签章|签字)\s*[:：]|\(?盖章|"
    r"数据来源|资料来源|来源[:：]|导出|打印|单位负责人|截至|截止|第\s*\d+\s*页|共\s*\d+\s*[页条户家]|"
    r"以上|以下空白|"
    r"(total|sum|source|sources|note|notes|generated|exported|printed|page \d+)\b)",
    re.IGNORECASE,
)
_SUM_WORDS = frozenset({"合计", "总计", "小计", "共计", "本页小计", "本页合计", "累计"})
_ROUNDED = re.compile(r"\d(\.\d+)?E\+\d\d")
_MANY = 0.5
_MOST_PROBLEMS = 1_000


@dataclass
class Grid:
    """Rows of cleaned text cells ("" = empty) with the row numbers of the file.

    `ragged` says that rows of another width are odd (not so in sheets, which have no fixed
    width); `lost` lists the cells (row number, column from 0) whose digits were lost.
    """

    cells: list[list[str]]
    numbers: list[int]
    ragged: bool = True
    lost: list[tuple[int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """The records below the header: text columns, row numbers, notes and problems."""

    frame: pd.DataFrame
    rows: np.ndarray
    notes: list[str]
    problems: list[RowProblem]
    header_hits: int = 0
    datum: str | None = None
    header_row: int | None = None


def table_of(grid: Grid, path: Path, limits: Limits, header_row: int | None = None) -> Table:
    """The table inside a grid; an empty frame when the grid holds no text.

    `header_row` is the file's row that names the columns (0: none does); it is looked for
    otherwise. Raises `SourceError` when rows times columns exceed the limit.
    """
    CellBudget(path, limits).spend(len(grid.cells) * max(map(len, grid.cells), default=0))
    notes = list(grid.notes)
    header = find_header(grid.cells) if header_row is None else _header_told(grid, header_row, path)
    if header is None:
        frame = text_frame([], [])
        return Table(frame, np.empty(0, dtype=np.int64), notes, list(grid.problems))
    titles = _titles(grid, header, notes)
    last = _body_end(grid, header, notes)
    beside = [*titles, *grid.cells[last:]]
    body = _body(grid, header, titles, last, notes)
    names, problems = _widths(grid, header, body, notes)
    columns = _columns(grid, body, len(names))
    keep = [n for n, name in enumerate(names) if name or any(columns[n])]
    named = column_names([names[n] for n in keep], keep, notes)
    problems += _damaged(grid, body, named, [columns[n] for n in keep])
    problems += _lost(grid, body, dict(zip(keep, named, strict=True)))
    frame = text_frame(named, [columns[n] for n in keep])
    rows = np.array([grid.numbers[n] for n in body], dtype=np.int64)
    datum, note = datum_of_table(named, [" ".join(row) for row in beside])
    notes += [note] if note else []
    named_in = 0 if header.generated else grid.numbers[header.last]
    return Table(frame, rows, notes, grid.problems + problems, header.hits, datum, named_in)


def _header_told(grid: Grid, row: int, path: Path) -> Header | None:
    """The header in the row of the file that the user names; `SourceError` where it is empty."""
    at = grid.numbers.index(row) if row in grid.numbers else -1
    if row and (at < 0 or not any(grid.cells[at])):
        raise SourceError(
            f"row {row} is empty or not there, it cannot name the columns", file=path, row=row,
            remedy="name the row that holds the headers, 0 for a table without any", field="header_row",
        )  # fmt: skip
    return header_at(grid.cells, at)


def _titles(grid: Grid, header: Header, notes: list[str]) -> list[list[str]]:
    """The rows above the header, told in the notes: they often name the datum and the date."""
    rows = [n for n in range(header.first) if any(grid.cells[n])]
    for n in rows[:5]:
        text = " ".join(dict.fromkeys(cell for cell in grid.cells[n] if cell))
        notes.append(f"row {grid.numbers[n]} above the header: {text[:200]}")
    if header.generated:
        notes.append("no header row was found; the columns are called column 1, column 2, …")
    elif rows or header.first:
        notes.append(f"the header is row {grid.numbers[header.first]}")
    return [grid.cells[n] for n in rows]


def _body_end(grid: Grid, header: Header, notes: list[str]) -> int:
    """One past the last record: footers at the bottom are left out and named."""
    last, found = len(grid.cells), []
    width = max(2, len(header.names) // 2)
    for n in range(len(grid.cells) - 1, header.last, -1):
        filled = [cell for cell in grid.cells[n] if cell]
        if not filled:
            continue
        distinct = list(dict.fromkeys(filled))
        if not (_FOOTER.match(distinct[0]) and (len(distinct) <= width or _is_sum(filled))):
            break
        if len(header.names) <= 2 and not (_is_sum(filled) or re.search("[:：]", distinct[0])):
            break
        last = n
        found.append(f"row {grid.numbers[n]} left out as a footer: {' '.join(distinct)[:120]}")
    notes.extend(reversed(found))
    return last


def _is_sum(filled: list[str]) -> bool:
    return re.sub(r"[\s:：]", "", filled[0]) in _SUM_WORDS or (
        len(filled) > 1 and re.sub(r"[\s:：]", "", filled[1]) in _SUM_WORDS
    )


def _body(
    grid: Grid, header: Header, titles: list[list[str]], last: int, notes: list[str]
) -> list[int]:
    """Indices of the records: no blank rows, no repeated headers or titles, no subtotals."""
    heads = [] if header.generated else grid.cells[header.first : header.last + 1]
    repeated, sums, body = [], [], []
    single = len(header.names) == 1
    for n in range(header.last + 1, last):
        row = grid.cells[n]
        if not any(row):
            continue
        if (row in heads and not single) or row in titles:
            repeated.append(grid.numbers[n])
        elif _subtotal(row):
            sums.append(grid.numbers[n])
        else:
            body.append(n)
    if repeated:
        notes.append(f"repeated header or title lines left out: rows {listed(repeated)}")
    if sums:
        notes.append(f"subtotals left out: rows {listed(sums)}")
    return body


def _subtotal(row: list[str]) -> bool:
    if not (row[0] in _SUM_WORDS or (len(row) > 1 and row[1] in _SUM_WORDS)):
        return False
    rest = [cell for cell in row if cell and cell not in _SUM_WORDS]
    return len(row) > 1 and all(re.fullmatch(r"[\d.,\s%户家个元]+", cell) for cell in rest)


def _widths(
    grid: Grid, header: Header, body: list[int], notes: list[str]
) -> tuple[list[str], list[RowProblem]]:
    """Column names for the widest row, and a problem for each row of another width."""
    names = list(header.names)
    width = len(names)
    filled = [_filled_width(grid.cells[n]) for n in body]
    longer = [n for n, w in zip(body, filled, strict=True) if w > width]
    shorter = [n for n in body if len(grid.cells[n]) < width] if grid.ragged else []
    names += [""] * (max([width, *filled]) - width)
    problems = []
    if longer and len(longer) < _MANY * len(body) + 1:
        remedy = "look for an unquoted separator inside a cell; the surplus is kept at the end"
        problems += _ragged(grid, longer, width, remedy)
    elif longer:
        notes.append(f"the header has {width} columns, most rows have more")
    if shorter and len(shorter) < _MANY * len(body) + 1:
        remedy = "look for a missing separator or a broken line; missing cells are left empty"
        problems += _ragged(grid, shorter, width, remedy)
    elif shorter:
        notes.append(f"{len(shorter)} rows are shorter than the header; missing cells are empty")
    return names, problems


def _ragged(grid: Grid, body: list[int], width: int, remedy: str) -> list[RowProblem]:
    return [
        RowProblem(grid.numbers[n], f"{len(grid.cells[n])} cells instead of {width}", remedy)
        for n in body[:_MOST_PROBLEMS]
    ]


def _filled_width(row: list[str]) -> int:
    width = len(row)
    while width and not row[width - 1]:
        width -= 1
    return width


def _columns(grid: Grid, body: list[int], width: int) -> list[list[str | None]]:
    """The body by column; "" becomes None."""
    padding = [""] * width
    rows = ((grid.cells[n] + padding)[:width] for n in body)
    columns = [[cell or None for cell in column] for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


def _damaged(
    grid: Grid, body: list[int], names: list[str], columns: list[list[str | None]]
) -> list[RowProblem]:
    """A problem for every cell that holds U+FFFD or a code that a spreadsheet rounded."""
    found: list[RowProblem] = []
    for name, column in zip(names, columns, strict=True):
        for n, cell in zip(body, column, strict=True):
            if cell and REPLACEMENT in cell:
                found.append(damaged_text(grid.numbers[n], name))
            elif cell and "E+" in cell and _ROUNDED.fullmatch(cell):
                found.append(lost_digits(grid.numbers[n], name))
    return found[:_MOST_PROBLEMS]


def _lost(grid: Grid, body: list[int], names: dict[int, str]) -> list[RowProblem]:
    """A problem for every record with a number whose digits the spreadsheet did not keep."""
    records = {grid.numbers[n] for n in body} if grid.lost else set()
    return [lost_digits(row, names[column]) for row, column in grid.lost if row in records][
        :_MOST_PROBLEMS
    ]
