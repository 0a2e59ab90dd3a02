"""`read_source`: one door for every file, opened by what the file holds, then by its name."""

from __future__ import annotations

from pathlib import Path

from layers.errors import SourceError
from layers.provenance import sha256_of
from layers.sources.bounded import check_size, unreadable
from layers.sources.delimited import read_delimited
from layers.sources.raw import DEFAULT_LIMITS, Limits, RawTable


def read_source(
    path: str | Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> RawTable:
    """Read any supported file into text cells and, where it has them, geometries.

    Parameters
    ----------
    path : CSV/TSV/text (also .gz), .xlsx, .xlsm, .xls, HTML table, GeoJSON, GeoPackage,
        Shapefile (also zipped), GeoParquet, Parquet, KML, KMZ, Amap or Baidu JSON.
    encoding : the text encoding, when it shall not be detected.
    sheet : the sheet of a workbook; the one with most header words otherwise.
    table : the layer of a vector file or the member of an archive.
    limits : what is still accepted in size.

    Raises `SourceError` with the remedy for anything that cannot be read.
    """
    file = Path(path)
    check_size(file, limits)
    try:
        sha256 = sha256_of(file)
    except OSError as error:
        raise unreadable(file, error) from error
    if sheet or table:
        raise SourceError("a text table has no sheets", remedy="leave sheet out", file=file)
    return read_delimited(file, sha256, encoding=encoding, limits=limits)
