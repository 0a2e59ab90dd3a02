"""A table by pages: rows in the order of their ids, found by place, by value and by day.

The place in the order is an id, not a number, so that a page neither loses nor doubles a row that
was there when the first page was read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pandas.api.types import infer_dtype

from layers.layer import same_crs

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""What web services call longitude and latitude of WGS 84, in this order."""
DATUM = "WGS 84"
"""The datum of every layer, in words."""
Box = tuple[float, float, float, float]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows of a page (their row numbers), whether more follow, and how many there are in all."""

    rows: Rows
    more: bool
    matched: int


class PagedRows:
    """Rows with an `id` of their own (text, unique) and a geometry in WGS 84 degrees, which may be missing."""

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        same_crs(frame)
        self.frame = frame.assign(id=frame["id"].astype(str)).sort_values("id", ignore_index=True)
        self.ids = self.frame["id"].to_numpy(dtype=object)

    def __len__(self) -> int:
        return len(self.frame)

    def page(
        self, limit: int, *, after: str | None = None, boxes: Sequence[Box] = (),
        equal: Mapping[str, object] | None = None, days: tuple[str, str, str] | None = None,
        allowed: npt.NDArray[np.bool_] | None = None,
    ) -> Picked:  # fmt: skip
        """At most `limit` rows after the id `after` that meet everything asked.

        `boxes`: the geometry meets one of them; `equal`: columns have these values; `days`: a column
        of ISO days, first and last day; `allowed`: one flag a row. A row without a place is in no box,
        one without a day on no day.
        """
        wanted = np.ones(len(self), dtype=bool) if allowed is None else allowed.copy()
        if boxes:
            wanted &= self._inside(boxes)
        for name, value in (equal or {}).items():
            wanted &= self._has(name, value)
        if days is not None:
            column, first, last = days
            told = self.frame[column].fillna("").astype(str).str[:10].to_numpy(dtype=object)
            wanted &= (told >= first) & (told <= last) & (told != "")
        rows = np.flatnonzero(wanted)
        start = 0 if after is None else int(np.searchsorted(self.ids[rows], after, side="right"))
        return Picked(rows[start : start + limit], len(rows) > start + limit, len(rows))

    def number(self, row_id: str) -> int | None:
        """The row of an id, or `None`."""
        at = int(np.searchsorted(self.ids, row_id))
        return at if at < len(self) and self.ids[at] == row_id else None

    def features(self, rows: Rows, more: Mapping[str, object] | None = None) -> Iterator[str]:
        """GeoJSON features of some rows as text; properties are the columns, then `more`."""
        part = self.frame.iloc[rows]
        names = [name for name in part.columns if name != "geometry"]
        columns = [plain_column(part[name]) for name in names]
        shapes = geometry_texts(part.geometry)
        for ids, shape, *values in zip(part["id"], shapes, *columns, strict=True):
            properties = {**dict(zip(names, values, strict=True)), **(more or {})}
            yield feature_text(ids, shape, properties)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.frame.geometry.to_numpy())

    def _inside(self, boxes: Iterable[Box]) -> npt.NDArray[np.bool_]:
        inside = np.zeros(len(self), dtype=bool)
        for box in boxes:
            inside[self._tree.query(shapely.box(*box), predicate="intersects")] = True
        return inside

    def _has(self, name: str, value: object) -> npt.NDArray[np.bool_]:
        column = self.frame[name]
        same = column.astype(str) == value if isinstance(value, str) else column == value
        return (same & column.notna()).to_numpy(dtype=bool)


def bounds_of(frame: gpd.GeoDataFrame) -> Box | None:
    """West, south, east, north of all rows (degrees); `None` where nothing has a place."""
    west, south, east, north = (float(one) for one in frame.geometry.total_bounds)
    return (west, south, east, north) if math.isfinite(west + south + east + north) else None


def text_columns(frame: pd.DataFrame) -> frozenset[str]:
    """The columns that hold nothing but texts: what may be asked for by value."""
    return frozenset(
        name for name in frame.columns if name != "geometry" and _only_texts(frame[name])
    )


def plain_column(column: Any) -> list[object]:  # noqa: ANN401 - a series of anything
    """The values of a column as JSON knows them; what is missing is `None`."""
    return [_plain(value) for value in column.tolist()]


def geometry_texts(series: gpd.GeoSeries) -> list[str]:
    """Each geometry as GeoJSON text (degrees), `null` where there is none."""
    shapes = series.to_numpy()
    bare = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    told = shapely.to_geojson(shapes)
    return ["null" if none else str(text) for none, text in zip(bare, told, strict=True)]


def feature_text(row_id: str, shape: str, properties: Mapping[str, object]) -> str:
    """One GeoJSON feature as text."""
    told = json.dumps(properties, ensure_ascii=False, separators=(",", ":"), default=str)
    name = json.dumps(row_id, ensure_ascii=False)
    return f'{{"type":"Feature","id":{name},"geometry":{shape},"properties":{told}}}'


def _only_texts(column: pd.Series) -> bool:
    if column.dtype == object:
        return str(infer_dtype(column, skipna=True)) in ("string", "empty")
    return isinstance(column.dtype, pd.StringDtype) or bool(column.isna().all())


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | bool | int | list | dict):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value.tolist()]
    return None if value != value else str(value)  # noqa: PLR0124 - NaT and the like
