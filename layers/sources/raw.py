"""`RawTable`: what a file says, before anything is understood; and `Limits`, what we accept.

A reader turns bytes into text cells and keeps the file's own row numbers. Nothing is
guessed about columns, types or positions here: that is the import's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a hostile or broken file from filling the machine.

    Attributes
    ----------
    max_bytes : size of the file itself.
    max_unpacked_bytes : size after decompression, of all members of an archive together.
    max_ratio : unpacked size over packed size; looked at beyond 16 MiB unpacked only.
    max_members : files inside an archive.
    max_rows, max_columns, max_cells : size of the table, and rows times columns.
    max_cell_chars : characters of one cell.
    max_vertices : coordinates of all geometries of a file together.
    """

    max_bytes: int = 1024 * MEBIBYTE
    max_unpacked_bytes: int = 2048 * MEBIBYTE
    max_ratio: float = 300.0
    max_members: int = 2_000
    max_rows: int = 5_000_000
    max_columns: int = 1_000
    max_cells: int = 100_000_000
    max_cell_chars: int = 100_000
    max_vertices: int = 50_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read and how: the one argument of every reader.

    `sheet` names a sheet of a workbook, `table` a layer of a vector file, `unit` that of a drawing;
    `header_row` is the row of the file that names the columns (0: none does), where it is not found.
    """

    path: Path
    sha256: str
    encoding: str | None = None
    sheet: str | None = None
    table: str | None = None
    limits: Limits = DEFAULT_LIMITS
    unit: str | None = None
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something wrong with one row that was kept nevertheless.

    `row` counts as the file's own reader shows it; `field` is the column, if one is meant.
    """

    row: int
    reason: str
    remedy: str
    field: str | None = None


@dataclass(frozen=True)
class RawTable:
    """A table as its file has it.

    Attributes
    ----------
    frame : all cells as `str` or `None` (dtype object), columns named as in the file; index
        0..n-1. Headers of several rows are joined with "/"; a repeated name gets " (2)".
    rows : row number of each record as the file's own reader shows it (a header in row 1
        makes the first record row 2; features of a vector file count from 1).
    geometry : geometries aligned with `frame`, in the file's own coordinates and without a
        CRS (see `datum`); `None` where the format has none.
    datum : what the file itself declares ("wgs84", "epsg:4490", "gcj02", …); `None` if nothing.
    path, sha256 : the file and the hash of its bytes.
    format : short name of the format, such as "csv", "xlsx", "gpkg".
    encoding, sheet : text encoding; sheet or layer read.
    notes : what a person should know, one sentence each.
    problems : rows kept although something is wrong with them.
    sheets : the sheets of the workbook it was read from.
    header_row : row of the file that names the columns; 0 where none does, `None` where the format
        has no such row.
    """

    frame: pd.DataFrame
    rows: np.ndarray
    path: Path
    sha256: str
    format: str
    geometry: gpd.GeoSeries | None = None
    datum: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    notes: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    sheets: tuple[str, ...] = ()
    header_row: int | None = None

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.frame):
            raise ValueError("rows and frame differ in length")
        if self.geometry is not None and len(self.geometry) != len(self.frame):
            raise ValueError("geometry and frame differ in length")

    def __len__(self) -> int:
        return len(self.frame)


def text_frame(columns: list[str], values: list[list[str | None]]) -> pd.DataFrame:
    """A frame of text cells: `values` holds one list per column, all of the same length."""
    data = {n: pd.Series(column, dtype=object) for n, column in enumerate(values)}
    frame = pd.DataFrame(data, columns=range(len(columns)))
    frame.columns = pd.Index(columns, dtype=object)
    return frame


def unique_names(names: list[str]) -> list[str]:
    """Names as in the file; the second of the same name gets " (2)", and so on."""
    taken, used = set(names), set()
    result = []
    for name in names:
        unique, count = name, 1
        while unique in used or (count > 1 and unique in taken):
            count += 1
            unique = f"{name} ({count})"
        used.add(unique)
        result.append(unique)
    return result
