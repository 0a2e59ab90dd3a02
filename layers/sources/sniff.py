"""What a file is: told by its first bytes, then, for text, by what it begins with."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from layers.errors import SourceError
from layers.sources.bounded import GZIP, damaged_archive, unreadable
from layers.sources.excel_xml import NAMESPACE as EXCEL_XML

_HEAD = 1 << 16
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_SQLITE = b"SQLite format 3\0"
_PARQUET = b"PAR1"
_SHAPE = b"\x00\x00\x27\x0a"
_DWG = re.compile(rb"AC10\d\d|AC1\.\d|AC2\.\d")
_DXF = re.compile(rb"(?:[ \t]*999\r?\n[^\n]*\n)*[ \t]*0[ \t]*\r?\n[ \t]*SECTION[ \t]*\r?\n")
_BINARY_DXF = b"AutoCAD Binary DXF"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_KNOWN_BUT_NOT_READ = (
    (b"%PDF", "a PDF", "export the table as .xlsx or .csv; a PDF keeps no cells"),
    (b"\xff\xd8\xff", "a JPEG picture", "give a table or a map file"),
    (b"\x89PNG", "a PNG picture", "give a table or a map file"),
    (b"{\\rtf", "a Word document", "copy the table into Excel and save it as .xlsx"),
    (b"Rar!", "a RAR archive", "unpack it and give the file inside"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and give the file inside"),
    (b"II*\0", "a TIFF picture", "rasters belong to `python -m imagery`"),
    (b"MM\0*", "a TIFF picture", "rasters belong to `python -m imagery`"),
    (b"MIME-Version:", "a web archive (MHTML)", "open it in Excel or WPS and save it as .xlsx"),
)


def kind_of(path: Path) -> str:
    """The format: "xlsx", "xls", "html", "excel-xml", "kml", "kmz", "shp", "shp-zip", "gpkg",
    "parquet", "json", "dxf", "osm" or "text". Raises `SourceError` for a known format we do not read.
    """
    head = _head(path)
    for start, what, remedy in _KNOWN_BUT_NOT_READ:
        if head.startswith(start):
            raise SourceError(f"this is {what}", remedy=remedy, file=path)
    if head.startswith(_ZIP):
        return _zip_kind(path)
    if _DWG.match(head) or head.startswith(_BINARY_DXF):
        raise SourceError(
            "this is a binary drawing (DWG or binary DXF)",
            remedy="save it as DXF in text form (ASCII), version 2010 or later", file=path,
        )  # fmt: skip
    if _DXF.match(head.removeprefix(_MARKS[0])):
        return "dxf"
    for start, kind in ((_SQLITE, "gpkg"), (_PARQUET, "parquet"), (_SHAPE, "shp")):
        if head.startswith(start):
            return kind
    if head.startswith((_OLE, *_BIFF)):
        return "xls"
    if path.suffix.lower() in (".dbf", ".shx", ".prj", ".cpg"):
        raise SourceError(
            "this is one part of a shapefile", remedy="give the .shp file beside it", file=path
        )
    return "osm" if b"OSMHeader" in head[:64] else _text_kind(head, path)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise unreadable(path, error) from error
    return head


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise damaged_archive(path) from error
    if any(name.startswith("xl/") for name in names):
        return _workbook_kind(names, path)
    for suffix, kind in ((".kml", "kmz"), (".shp", "shp-zip")):
        if any(name.endswith(suffix) for name in names):
            return kind
    remedy = "give a workbook, a KMZ or a zipped shapefile; unpack anything else first"
    raise SourceError("the archive holds no table or map that is known", remedy=remedy, file=path)


def _workbook_kind(names: list[str], path: Path) -> str:
    if "xl/workbook.bin" in names:
        raise SourceError("this is a binary workbook (.xlsb)", remedy="save it as .xlsx", file=path)
    return "xlsx"


def _text_kind(head: bytes, path: Path) -> str:
    if head.startswith(GZIP):
        return "text"
    start = _as_ascii(head).lstrip()[:4096].lower()
    if start.startswith(b"<"):
        if EXCEL_XML in start:
            return "excel-xml"
        if b"<kml" in start:
            return "kml"
        if b"<osm" in start:
            return "osm"
        if any(tag in _as_ascii(head).lower() for tag in (b"<table", b"<html", b"<tr")):
            return "html"
        raise SourceError(
            "this is XML of a kind that is not read", remedy="export it as KML, GeoJSON or .xlsx",
            file=path,
        )  # fmt: skip
    return "json" if start[:1] in (b"{", b"[", b"\x1e") else "text"


def _as_ascii(head: bytes) -> bytes:
    """The head without byte order mark and without the zero bytes of UTF-16."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"") if b"\0" in head[:4] else head
