"""GeoParquet and plain Parquet tables."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from layers.errors import SourceError
from layers.sources.arrow_text import frame_of_arrow, geometries_of_wkb
from layers.sources.bounded import check_unpacked
from layers.sources.declared import datum_of_columns, datum_of_crs
from layers.sources.foreign import foreign
from layers.sources.raw import Limits, RawTable, Request, RowProblem

_WHAT = "Parquet file"
_INDEX = re.compile(r"__index_level_\d+__")


def read_parquet(request: Request) -> RawTable:
    """Read a Parquet file; its WKB column becomes the geometry where it is GeoParquet."""
    path = request.path
    with foreign(path, _WHAT, "export it again"), pq.ParquetFile(path) as file:
        _check(file, path, request.limits)
        geo = _geo(file.schema_arrow.metadata or {})
        table = file.read(use_threads=False)
        table.validate(full=True)
        return _raw(table, geo, request)


def _check(file: pq.ParquetFile, path: Path, limits: Limits) -> None:
    meta = file.metadata
    if meta.num_rows > limits.max_rows or meta.num_columns > limits.max_columns:
        raise SourceError(
            f"the table has {meta.num_rows:,} rows and {meta.num_columns:,} columns",
            remedy="split it, or raise the limit", file=path,
        )  # fmt: skip
    sizes = [meta.row_group(n).total_byte_size for n in range(meta.num_row_groups)]
    if min(sizes, default=0) < 0:
        raise SourceError("the Parquet file is damaged", remedy="export it again", file=path)
    check_unpacked(sum(sizes), path.stat().st_size, path, limits)


def _geo(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    """The GeoParquet description; empty for a plain table."""
    try:
        geo = json.loads(metadata.get(b"geo", b"{}"))
    except ValueError:
        return {}
    return geo if isinstance(geo, dict) else {}


def _raw(table: pa.Table, geo: dict[str, Any], request: Request) -> RawTable:
    column = geo.get("primary_column")
    described = geo.get("columns", {}).get(column, {}) if isinstance(column, str) else {}
    shapes: gpd.GeoSeries | None = None
    problems: list[RowProblem] = []
    datum, note = None, None
    if column in table.column_names and described.get("encoding", "WKB") == "WKB":
        shapes, problems = geometries_of_wkb(table.column(column), request.path, request.limits)
        table = table.drop_columns([column])
        datum, note = _datum(described)
    index = [name for name in table.column_names if _INDEX.fullmatch(name)]
    frame, lost = frame_of_arrow(table.drop_columns(index), request.path, request.limits)
    if shapes is None:
        datum, note = datum_of_columns(frame.columns)
    return RawTable(
        frame, np.arange(1, len(frame) + 1), request.path, request.sha256,
        "parquet" if shapes is None else "geoparquet", geometry=shapes, datum=datum,
        notes=(note,) if note else (), problems=tuple(problems + lost),
    )  # fmt: skip


def _datum(described: dict[str, Any]) -> tuple[str | None, str | None]:
    """GeoParquet without a crs key is WGS 84; with null it is unknown."""
    if "crs" not in described:
        return "wgs84", None
    crs = described["crs"]
    return datum_of_crs(json.dumps(crs)) if isinstance(crs, dict) else (None, None)
