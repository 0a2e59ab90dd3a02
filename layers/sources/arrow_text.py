"""Arrow tables (GDAL, Parquet) as text cells and geometries."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from layers.errors import SourceError
from layers.sources.cells import lost_digits
from layers.sources.raw import Limits, RowProblem, text_frame, unique_names
from layers.sources.scalars import precision_lost, value_text

_MOST_PROBLEMS = 1_000


def frame_of_arrow(
    table: pa.Table, path: Path, limits: Limits
) -> tuple[pd.DataFrame, list[RowProblem]]:
    """All columns as text; a number whose digits were lost becomes a problem.

    Raises `SourceError` beyond the limits.
    """
    too_many = table.num_rows * table.num_columns > limits.max_cells
    if too_many or table.num_rows > limits.max_rows or table.num_columns > limits.max_columns:
        raise SourceError(
            f"the table has {table.num_rows:,} rows and {table.num_columns:,} columns",
            remedy="split it, or raise the limit", file=path,
        )  # fmt: skip
    problems: list[RowProblem] = []
    columns = [_texts(table.column(n)) for n in range(table.num_columns)]
    for n, name in enumerate(table.column_names):
        if pa.types.is_floating(table.schema.field(n).type):
            problems += _lost(table.column(n), name)
    return text_frame(unique_names(table.column_names), columns), problems


def geometries_of_wkb(
    column: pa.ChunkedArray, path: Path, limits: Limits
) -> tuple[gpd.GeoSeries, list[RowProblem]]:
    """Geometries (flat, without CRS) of a WKB column; one that cannot be read is a problem."""
    raw = np.array(column.to_pylist(), dtype=object)
    geometry = shapely.force_2d(shapely.from_wkb(raw, on_invalid="ignore"))
    bad = [n for n, (blob, shape) in enumerate(zip(raw, geometry, strict=True))
           if blob and (shape is None or (not np.isfinite(shapely.bounds(shape)).all()
                        and not shape.is_empty))]  # fmt: skip
    geometry[shapely.is_empty(geometry)] = None
    geometry[bad] = None
    if int(shapely.get_num_coordinates(geometry).sum()) > limits.max_vertices:
        raise SourceError(
            f"the geometries have more than {limits.max_vertices:,} vertices",
            remedy="simplify or split the layer", file=path,
        )  # fmt: skip
    remedy = "mend it in a map program"
    problems = [
        RowProblem(n + 1, "the geometry cannot be read", remedy, "geometry")
        for n in bad[:_MOST_PROBLEMS]
    ]
    return gpd.GeoSeries(geometry, crs=None), problems


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    """One column as text; "" becomes `None`."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = pc.cast(column, kind.value_type)
        kind = column.type
    if pa.types.is_timestamp(kind):
        texts = pc.cast(pc.cast(column, pa.timestamp(kind.unit)), pa.string()).to_pylist()
        return [_moment(text) for text in texts]
    if pa.types.is_integer(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return list(pc.cast(column, pa.string()).to_pylist())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [f"({len(value)} bytes)" if value else None for value in column.to_pylist()]
    return [value_text(value).strip() or None for value in column.to_pylist()]


def _moment(text: str | None) -> str | None:
    """A time stamp without the parts that are zero."""
    if text is None:
        return None
    bare = text.rstrip("0").rstrip(".") if "." in text else text
    return bare.removesuffix(" 00:00:00")


def _lost(column: pa.ChunkedArray, name: str) -> list[RowProblem]:
    values = column.to_pylist()
    rows = [n for n, value in enumerate(values, 1) if value is not None and precision_lost(value)]
    return [lost_digits(row, name) for row in rows[:_MOST_PROBLEMS]]
