"""`read_source`: one door for every file, opened by what the file holds, then by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from layers.errors import SourceError
from layers.provenance import sha256_of
from layers.sources.bounded import check_size, unreadable
from layers.sources.delimited import read_delimited
from layers.sources.dxf import read_dxf
from layers.sources.excel import read_excel
from layers.sources.excel_old import read_excel_old
from layers.sources.excel_xml import read_excel_xml
from layers.sources.geopackage import read_geopackage
from layers.sources.html_table import read_html
from layers.sources.json_file import read_json
from layers.sources.kml import read_kml, read_kmz
from layers.sources.parquet import read_parquet
from layers.sources.raw import DEFAULT_LIMITS, Limits, RawTable, Request
from layers.sources.shapefile import read_shapefile, read_zipped_shapefile
from layers.sources.sniff import kind_of

_READERS: dict[str, Callable[[Request], RawTable]] = {
    "text": read_delimited,
    "xlsx": read_excel,
    "xls": read_excel_old,
    "html": read_html,
    "excel-xml": read_excel_xml,
    "json": read_json,
    "kml": read_kml,
    "kmz": read_kmz,
    "gpkg": read_geopackage,
    "shp": read_shapefile,
    "shp-zip": read_zipped_shapefile,
    "parquet": read_parquet,
    "dxf": read_dxf,
}
_SHEETS = frozenset({"xlsx", "xls", "html", "excel-xml"})
_TABLES = frozenset({"gpkg", "kmz", "shp-zip", "dxf"})


def read_source(
    path: str | Path,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    table: str | None = None,
    unit: str | None = None,
    header_row: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> RawTable:
    """Read any supported file into text cells and, where it has them, geometries.

    Parameters
    ----------
    path : CSV/TSV/text (also .gz), .xlsx, .xlsm, .xls, HTML table, GeoJSON, GeoPackage,
        Shapefile (also zipped), GeoParquet, Parquet, KML, KMZ, DXF, Amap or Baidu JSON.
    encoding : the text encoding, when it shall not be detected.
    sheet : the sheet of a workbook; the one with most header words otherwise.
    table : the layer of a vector file (a pattern in a DXF) or the member of an archive.
    unit : the unit of a drawing (DXF), where it states none or a wrong one.
    header_row : the row of the file that names the columns, where the one found is not it; 0 where
        no row does.
    limits : what is still accepted in size.

    Raises `SourceError` with the remedy for anything that cannot be read.
    """
    file = Path(path)
    check_size(file, limits)
    try:
        sha256 = sha256_of(file)
    except OSError as error:
        raise unreadable(file, error) from error
    kind = kind_of(file)
    if kind == "osm":
        raise SourceError(
            "this is an OpenStreetMap extract, which holds many themes at once",
            remedy="read it with `python -m layers osm FILE --out FOLDER`", file=file,
        )  # fmt: skip
    found = _READERS[kind](Request(file, sha256, encoding, sheet, table, limits, unit, header_row))
    unused = [word for word, given, kinds in (("sheet", sheet, _SHEETS), ("table", table, _TABLES),
              ("unit", unit, frozenset({"dxf"})))
              if given and kind not in kinds]  # fmt: skip
    notes = [f"{word}= means nothing for this format ({found.format})" for word in unused]
    return replace(found, notes=(*found.notes, *notes))
