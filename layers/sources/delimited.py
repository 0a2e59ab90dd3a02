"""CSV, TSV and their relatives: any separator, quoted line breaks, damaged quotes, all as text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from layers.errors import SourceError
from layers.sources.bounded import read_bytes
from layers.sources.cells import Cleaner
from layers.sources.decoding import decode
from layers.sources.grid import Grid, table_of
from layers.sources.header_words import header_hits
from layers.sources.raw import Limits, RawTable, Request, RowProblem

_SEPARATORS = ",\t;|"
_SAMPLE_LINES = 200
_MOST_BROKEN_QUOTES = 200
_CONTROL_SHARE = 0.02


def read_delimited(request: Request) -> RawTable:
    """Read a delimited text file; raises `SourceError` when it is not a table."""
    path = request.path
    decoded = decode(read_bytes(path, request.limits), path, request.encoding)
    _refuse_binary(decoded.text, path)
    lines = io.StringIO(decoded.text, newline="").readlines()
    separator = sniff(lines[:_SAMPLE_LINES])
    grid = _grid(lines, separator, path, request.limits)
    table = table_of(grid, path, request.limits, request.header_row)
    if table.frame.shape[1] == 0 or (len(table.frame) == 0 and table.header_hits == 0):
        raise SourceError(
            "no table was found in the file", remedy="check that it holds a header and rows",
            file=path,
        )  # fmt: skip
    return RawTable(
        table.frame, table.rows, path, request.sha256, "tsv" if separator == "\t" else "csv",
        datum=table.datum, encoding=decoded.encoding, notes=(*decoded.notes, *table.notes),
        problems=tuple(table.problems), header_row=table.header_row,
    )  # fmt: skip


def sniff(lines: list[str]) -> str:
    """The separator that cuts the sample into rows of one width, best with a known header."""

    def merit(separator: str) -> tuple[int, float]:
        rows = [row for row in _rows_of_sample(lines, separator) if any(row)]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return (0, 0.0)
        width, count = widths.most_common(1)[0]
        hits = max(header_hits(row) if len(row) > 1 else 0 for row in rows[:20])
        return (hits, count / len(rows) * min(width, 20))

    return max(_SEPARATORS, key=merit)


def _rows_of_sample(lines: list[str], separator: str) -> list[list[str]]:
    reader = csv.reader(lines, delimiter=separator)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error:
        return rows
    return rows


def _grid(lines: list[str], separator: str, path: Path, limits: Limits) -> Grid:
    """All rows as cleaned cells; a line with broken quotes is read on its own and reported."""
    grid, cleaner = Grid([], []), Cleaner()
    start, broken = 0, 0
    while start < len(lines):
        reader = csv.reader(lines[start:], delimiter=separator, strict=True)
        read = 0
        try:
            for row in reader:
                read = reader.line_num
                _append(grid, row, cleaner, path, limits)
            break
        except csv.Error:
            start += read
            broken += 1
            if broken > _MOST_BROKEN_QUOTES:
                raise _too_broken(path, len(grid.cells) + 1) from None
            _append(grid, _single_line(lines[start], separator), cleaner, path, limits)
            grid.problems.append(_broken_quote(grid.numbers[-1]))
            start += 1
    grid.notes.extend(cleaner.notes())
    return grid


def _append(grid: Grid, row: list[str], cleaner: Cleaner, path: Path, limits: Limits) -> None:
    number = len(grid.cells) + 1
    if number > limits.max_rows or len(row) > limits.max_columns:
        raise SourceError(
            f"the table has more than {limits.max_rows:,} rows or {limits.max_columns:,} columns",
            remedy="split the file, or raise the limit", file=path, row=number,
        )  # fmt: skip
    if row and len(max(row, key=len)) > limits.max_cell_chars:
        raise SourceError(
            f"a cell holds more than {limits.max_cell_chars:,} characters",
            remedy="look for a quotation mark that is never closed", file=path, row=number,
        )  # fmt: skip
    grid.cells.append(cleaner.row(row, number))
    grid.numbers.append(number)


def _single_line(line: str, separator: str) -> list[str]:
    """One line whose quotes do not pair up, cut at every separator."""
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(separator)]


def _broken_quote(number: int) -> RowProblem:
    return RowProblem(
        number, "quotation marks in this row do not pair up",
        "double the marks inside the cell, or remove them; the row was cut at every separator",
    )  # fmt: skip


def _too_broken(path: Path, row: int) -> SourceError:
    return SourceError(
        f"more than {_MOST_BROKEN_QUOTES} rows have quotation marks that do not pair up",
        remedy="export the table again with another separator or as .xlsx",
        file=path,
        row=row,
    )


def _refuse_binary(text: str, path: Path) -> None:
    sample = text[:65536]
    control = sum(1 for c in sample if c < " " and c not in "\t\r\n\f\v")
    if control > max(2, _CONTROL_SHARE * len(sample)):
        raise SourceError(
            "this is not a text table",
            remedy="give a CSV, Excel, GeoJSON, GeoPackage, Shapefile, KML or Parquet file",
            file=path,
        )
