"""GeoPackage through GDAL (pyogrio, Arrow): one layer, by name or because it is the only one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyogrio

from layers.errors import SourceError
from layers.sources.arrow_text import frame_of_arrow, geometries_of_wkb
from layers.sources.declared import datum_of_crs
from layers.sources.foreign import foreign
from layers.sources.raw import RawTable, Request, RowProblem

_HEADER = 72
_APPLICATIONS = (b"GPKG", b"GP10", b"GP11")
_GEOMETRY = "wkb_geometry"
_OPTIONS = {"IMMUTABLE": "YES"}
"""GDAL then writes no lock or journal beside the file."""


def read_geopackage(request: Request) -> RawTable:
    """Read one layer; raises `SourceError` for other SQLite files and for an open choice."""
    path = request.path
    _check_file(path)
    with foreign(path, "GeoPackage", "export it again, or open and save it in QGIS"):
        layer = _layer(request)
        _refuse_view(path, layer)
        info = pyogrio.read_info(path, layer=layer, **_OPTIONS)
        if info["driver"] != "GPKG":
            raise _not_a_geopackage(path)
        if info["features"] > request.limits.max_rows:
            raise SourceError(
                f"the layer has more than {request.limits.max_rows:,} rows", remedy="split it",
                file=path,
            )  # fmt: skip
        meta, table = pyogrio.read_arrow(path, layer=layer, **_OPTIONS)
        return _raw(meta, table, request, layer)


def _not_a_geopackage(path: Path) -> SourceError:
    return SourceError(
        "this SQLite file is no GeoPackage", remedy="export the layer as GeoPackage or CSV",
        file=path,
    )  # fmt: skip


def _check_file(path: Path) -> None:
    """Only what calls itself a GeoPackage reaches GDAL, and only when it is all there.

    A write-ahead log beside the file holds rows that the file itself lacks.
    """
    with path.open("rb") as stream:
        if stream.read(_HEADER)[-4:] not in _APPLICATIONS:
            raise _not_a_geopackage(path)
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise SourceError(
            "the GeoPackage is open in another program, which has not written all of it yet",
            remedy="close it in that program and try again", file=path,
        )  # fmt: skip


def _layer(request: Request) -> str:
    """The layer asked for, else the only one with geometries, else the only one."""
    shapes = {str(name): kind for name, kind in pyogrio.list_layers(request.path)}
    names = ", ".join(shapes)[:300]
    if request.table is not None:
        if request.table in shapes:
            return request.table
        raise SourceError(
            f"there is no layer {request.table!r}", remedy=f"name one of: {names or 'none'}",
            file=request.path, field="table",
        )  # fmt: skip
    if not shapes:
        raise SourceError(
            "the GeoPackage holds no layer", remedy="export the layer again", file=request.path
        )
    candidates = [name for name, kind in shapes.items() if kind is not None] or list(shapes)
    if len(candidates) > 1:
        raise SourceError(
            f"the GeoPackage holds several layers: {names}", remedy="name the one that is meant",
            file=request.path, field="table",
        )  # fmt: skip
    return candidates[0]


def _refuse_view(path: Path, layer: str) -> None:
    """A view is a program that runs while it is read; a hostile one never ends."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'view'"
    _, views = pyogrio.read_arrow(path, sql=sql, read_geometry=False, **_OPTIONS)
    if layer in views.column("name").to_pylist():
        raise SourceError(
            f"layer {layer!r} is a view, which is computed while it is read",
            remedy="save it as a layer of its own in QGIS (Export, Save Features As)", file=path,
        )  # fmt: skip


def _raw(meta: dict[str, Any], table: pa.Table, request: Request, layer: str) -> RawTable:
    geometry = meta["geometry_name"] or _GEOMETRY
    shapes: gpd.GeoSeries | None = None
    problems: list[RowProblem] = []
    if geometry in table.column_names:
        shapes, problems = geometries_of_wkb(table.column(geometry), request.path, request.limits)
        table = table.drop_columns([geometry])
    frame, lost = frame_of_arrow(table, request.path, request.limits)
    if not len(frame.columns):
        frame = frame.reindex(range(table.num_rows if shapes is None else len(shapes)))
    datum, note = datum_of_crs(meta["crs"])
    return RawTable(
        frame, np.arange(1, len(frame) + 1), request.path, request.sha256, "gpkg",
        geometry=shapes, datum=datum, sheet=layer, notes=(note,) if note else (),
        problems=tuple(problems + lost),
    )  # fmt: skip
