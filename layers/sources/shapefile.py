"""Shapefiles, also zipped: geometry, table, projection and code page put together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from layers.errors import SourceError
from layers.sources.bounded import check_archive, check_size, read_bytes, read_member
from layers.sources.dbf import read_dbf
from layers.sources.declared import datum_of_crs
from layers.sources.raw import RawTable, Request
from layers.sources.shp_geometry import read_shapes

_NEEDED = (".shp", ".dbf")
_PARTS = (*_NEEDED, ".prj", ".cpg")


def read_shapefile(request: Request) -> RawTable:
    """Read a shapefile from the files beside the .shp."""
    path = request.path
    parts = {
        sibling.suffix.lower(): sibling
        for sibling in sorted(path.parent.iterdir())
        if sibling.stem == path.stem and sibling.suffix.lower() in _PARTS
    }
    for part in parts.values():
        check_size(part, request.limits)
    data = {suffix: read_bytes(part, request.limits) for suffix, part in parts.items()}
    return _read(data | {".shp": read_bytes(path, request.limits)}, request, "shp")


def read_zipped_shapefile(request: Request) -> RawTable:
    """Read a shapefile out of a zip; `table` names it where the archive holds several."""
    members = [m.filename for m in check_archive(request.path, request.limits)]
    chosen = _chosen([name for name in members if name.lower().endswith(".shp")], request)
    stem = chosen[:-4]
    parts = {
        name[len(stem) :].lower(): name
        for name in members
        if name.startswith(stem) and name[len(stem) :].lower() in _PARTS
    }
    data = {
        suffix: read_member(request.path, name, request.limits) for suffix, name in parts.items()
    }
    return replace(_read(data, request, "shp-zip"), sheet=Path(stem).name)


def _chosen(shapes: list[str], request: Request) -> str:
    wanted = [name for name in shapes if request.table in (None, name, Path(name).stem)]
    if len(wanted) == 1:
        return wanted[0]
    names = ", ".join(Path(name).stem for name in shapes)[:300]
    raise SourceError(
        "the archive holds several shapefiles" if wanted else f"the archive holds no shapefile {request.table!r}",
        remedy=f"name one of: {names}", file=request.path, field="table",
    )  # fmt: skip


def _read(parts: dict[str, bytes], request: Request, kind: str) -> RawTable:
    missing = [suffix for suffix in _NEEDED if suffix not in parts]
    if missing:
        raise SourceError(
            f"the shapefile lacks its {' and '.join(missing)} file",
            remedy="copy all files of the same name together: .shp, .shx, .dbf, .prj, .cpg",
            file=request.path,
        )
    shapes, bad = read_shapes(parts[".shp"], request.path)
    table = read_dbf(
        parts[".dbf"], parts.get(".cpg", b""), request.path, request.limits, request.encoding
    )
    _check(shapes, len(table.frame), request)
    datum, notes = _datum(parts.get(".prj"))
    keep = np.flatnonzero(~table.deleted)
    problems = [p for p in (*bad, *table.problems) if not table.deleted[p.row - 1]]
    if len(keep) < len(shapes):
        notes.append(f"{len(shapes) - len(keep)} rows that are marked as deleted were left out")
    return RawTable(
        table.frame.iloc[keep].reset_index(drop=True), keep + 1, request.path, request.sha256,
        kind, geometry=gpd.GeoSeries(shapes[keep], crs=None), datum=datum,
        encoding=table.encoding, notes=tuple(notes), problems=tuple(problems),
    )  # fmt: skip


def _check(shapes: np.ndarray, rows: int, request: Request) -> None:
    if len(shapes) != rows:
        raise SourceError(
            f"the shapefile has {len(shapes)} geometries and {rows} table rows",
            remedy="copy or export all of its files again, together", file=request.path,
        )  # fmt: skip
    if int(shapely.get_num_coordinates(shapes).sum()) > request.limits.max_vertices:
        raise SourceError(
            f"the geometries have more than {request.limits.max_vertices:,} vertices",
            remedy="simplify or split the layer", file=request.path,
        )  # fmt: skip


def _datum(prj: bytes | None) -> tuple[str | None, list[str]]:
    if not prj:
        return None, ["there is no .prj file: the shapefile does not say its datum"]
    datum, note = datum_of_crs(prj.decode("utf-8", errors="replace").strip("\ufeff\0 \r\n"))
    return datum, [note] if note else []
