"""What all spreadsheets share: rows of typed cells become a grid, the best sheet is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from layers.errors import SourceError
from layers.sources.bounded import CellBudget
from layers.sources.cells import Cleaner, listed
from layers.sources.grid import Grid, Table, table_of
from layers.sources.header import find_header
from layers.sources.raw import Limits, RawTable, Request, RowProblem
from layers.sources.scalars import precision_lost, value_text

PEEK_ROWS = 60
MOST_ROWS = 1_048_576
_MOST_PROBLEMS = 1_000


@dataclass
class Marks:
    """What a sheet says about its rows and cells beside their values; rows count from 1."""

    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    uncomputed: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, read only when asked for.

    `rows(limit)` yields the cells of each row in order, from row 1, without gaps; a cell is
    a Python value, a `Zeros` number or `None`.
    """

    name: str
    hidden: bool
    rows: Callable[[int], Iterable[list[object]]]
    marks: Callable[[], Marks]


@dataclass(frozen=True, slots=True)
class Zeros:
    """A whole number shown with leading zeros by its cell format ("000000")."""

    value: int
    width: int


def read_workbook(sheets: list[Sheet], request: Request, kind: str) -> RawTable:
    """The table of the chosen sheet; raises `SourceError` when the workbook holds none."""
    path, limits = request.path, request.limits
    chosen, notes = _choose(sheets, request.sheet, path, limits)
    grid = _grid(chosen, path, limits)
    table = table_of(grid, path, limits, request.header_row)
    if table.frame.shape[1] == 0:
        raise SourceError(
            f"sheet {chosen.name!r} is empty", remedy="name another sheet with sheet=", file=path
        )
    return RawTable(
        table.frame, table.rows, path, request.sha256, kind, datum=table.datum, sheet=chosen.name,
        notes=(*notes, *table.notes), problems=_problems(table),
        sheets=tuple(sheet.name for sheet in sheets), header_row=table.header_row,
    )  # fmt: skip


def _problems(table: Table) -> tuple[RowProblem, ...]:
    """The problems of rows that are records; those of title lines do not matter."""
    records = set(table.rows.tolist())
    return tuple(problem for problem in table.problems if problem.row in records)


def _choose(
    sheets: list[Sheet], wanted: str | None, path: Path, limits: Limits
) -> tuple[Sheet, list[str]]:
    names = ", ".join(sheet.name for sheet in sheets)[:300]
    if not sheets:
        raise SourceError("the workbook has no table sheet", remedy="export it again", file=path)
    if wanted is not None:
        for n, sheet in enumerate(sheets, 1):
            if wanted in (sheet.name, str(n)):
                return sheet, []
        raise SourceError(
            f"there is no sheet {wanted!r}",
            remedy=f"name one of: {names}",
            file=path,
            field="sheet",
        )
    chosen = sheets[0] if len(sheets) == 1 else max(sheets, key=lambda s: _merit(s, path, limits))
    notes = [f"sheet {chosen.name!r} was read, of: {names}"] if len(sheets) > 1 else []
    if chosen.hidden:
        notes.append(f"sheet {chosen.name!r} is hidden")
    return chosen, notes


def _merit(sheet: Sheet, path: Path, limits: Limits) -> tuple[int, bool, int]:
    """Header words first, then visible before hidden, then rows."""
    grid = _cells(sheet.rows(PEEK_ROWS), path, limits)
    header = find_header(grid.cells)
    filled = sum(1 for row in grid.cells if any(row))
    return (header.hits if header else -1, not sheet.hidden, filled)


def _grid(sheet: Sheet, path: Path, limits: Limits) -> Grid:
    grid = _cells(sheet.rows(min(limits.max_rows, MOST_ROWS)), path, limits)
    marks = sheet.marks()
    filled = _fill_down(grid, marks.merges)
    if filled:
        grid.notes.append(f"{filled} merged cells were filled down")
    last = len(grid.cells)
    hidden = [row for row in marks.hidden_rows if row <= last and any(grid.cells[row - 1])]
    if hidden:
        grid.notes.append(f"hidden rows were read too: rows {listed(hidden)}")
    if marks.hidden_columns:
        grid.notes.append(f"hidden columns were read too: columns {listed(marks.hidden_columns)}")
    for row in marks.uncomputed[:_MOST_PROBLEMS]:
        reason = "a formula was never computed, its cell is empty"
        grid.problems.append(RowProblem(row, reason, "open and save the workbook in Excel or WPS"))
    return grid


def _cells(rows: Iterable[list[object]], path: Path, limits: Limits) -> Grid:
    """Typed cells as cleaned text."""
    grid, cleaner = Grid([], [], ragged=False), Cleaner()
    budget = CellBudget(path, limits)
    for number, row in enumerate(rows, 1):
        texts = [_text(value) for value in row]
        grid.lost += [(number, n) for n, value in enumerate(row) if _lossy(value)]
        while texts and not texts[-1]:
            texts.pop()
        _check(texts, number, path, limits)
        budget.spend(len(texts), number)
        grid.cells.append(cleaner.row(texts, number))
        grid.numbers.append(number)
    grid.notes.extend(cleaner.notes())
    while grid.cells and not any(grid.cells[-1]):
        grid.cells.pop()
        grid.numbers.pop()
    return grid


def _text(value: object) -> str:
    return str(value.value).zfill(value.width) if isinstance(value, Zeros) else value_text(value)


def _lossy(value: object) -> bool:
    return isinstance(value, int | float) and precision_lost(value)


def _check(texts: list[str], number: int, path: Path, limits: Limits) -> None:
    if len(texts) > limits.max_columns:
        raise SourceError(
            f"the sheet has more than {limits.max_columns:,} columns",
            remedy="delete stray cells far to the right", file=path, row=number,
        )  # fmt: skip
    if texts and len(max(texts, key=len)) > limits.max_cell_chars:
        raise SourceError(
            f"a cell holds more than {limits.max_cell_chars:,} characters",
            remedy="shorten or delete it", file=path, row=number,
        )  # fmt: skip


def _fill_down(grid: Grid, merges: list[tuple[int, int, int, int]]) -> int:
    """Write the value of merges over several rows into each row; returns how many cells."""
    filled = 0
    for top, left, bottom, _ in merges:
        if not (0 < top <= len(grid.cells) and 0 < left <= len(grid.cells[top - 1])):
            continue
        value = grid.cells[top - 1][left - 1]
        for row in grid.cells[top : min(bottom, len(grid.cells))] if value else []:
            row.extend([""] * (left - len(row)))
            if not row[left - 1]:
                row[left - 1] = value
                filled += 1
    return filled
