"""A file's header held against the limits, whatever its format; no library has touched it yet."""

from __future__ import annotations

from pathlib import Path

from imagery.guard.heif import scan_heif
from imagery.guard.limits import Limits
from imagery.guard.magic import FileKind, identify
from imagery.guard.pictures import scan_jp2, scan_jpeg, scan_png
from imagery.guard.raster import damaged
from imagery.guard.shape import Shape, check_shape
from imagery.guard.tiff import scan_tiff
from layers.errors import ImageryError

DRIVER_OF = {"tiff": "GTiff", "jpeg": "JPEG", "png": "PNG", "jp2": "JP2OpenJPEG",
             "mbtiles": "MBTiles"}  # fmt: skip
"""GDAL's driver for each format of `imagery.guard.magic`."""


def check_file(path: Path, limits: Limits) -> tuple[FileKind, Shape | None]:
    """What the file is and what its header promises (missing for archives and MBTiles).

    Raises `ImageryError` for anything empty, unread, damaged, cut off or too large.
    """
    kind = identify(path, limits)
    try:
        if kind.format == "tiff":
            return kind, check_shape(scan_tiff(path, limits), path, limits)
        if kind.format == "mbtiles":
            _check_sqlite(path, kind.size)
            return kind, None
        scans = {"jpeg": scan_jpeg, "png": scan_png, "jp2": scan_jp2, "heif": scan_heif}
        scan = scans.get(kind.format)
        return kind, None if scan is None else check_shape(scan(path), path, limits)
    except (OSError, ValueError, OverflowError) as error:
        raise damaged(path, error) from error


def _check_sqlite(path: Path, size: int) -> None:
    """The size a database's header states must be there; its name must say what it is."""
    with path.open("rb") as stream:
        head = stream.read(100)
    if len(head) < 100:
        raise damaged(path, what="it ends too early")
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    valid = head[24:28] == head[92:96]
    if page != 1 and (page < 512 or page & (page - 1)):
        raise damaged(path, what="an impossible page size")
    if valid and pages * (65536 if page == 1 else page) > size:
        raise damaged(path, what="the end of the database is missing")
    if path.suffix.lower() != ".mbtiles":
        raise ImageryError(
            "this is a database; only MBTiles are read", file=path,
            remedy="rename it to end in .mbtiles if it is one (若为MBTiles请将扩展名改为.mbtiles)",
        )  # fmt: skip
