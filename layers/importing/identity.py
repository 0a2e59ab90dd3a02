"""Ids that stay the same from one export to the next, and rows that stand in a file twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.cleaning.text import normalise_header
from layers.importing.report import Note

_RUNNING_NUMBERS = frozenset({"序号", "行号", "index", "rownum", "rowid", "no", "unnamed0", "xh"})
_KEYS = ("licence_no", "school_code", "project_no", "credit_code")
_HASH_CHARS = 12
_PLACE_DECIMALS = 4  # about 10 m: a pin moved within that is the same place


def exact_repeats(frame: pd.DataFrame, geometry: gpd.GeoSeries | None) -> np.ndarray:
    """Rows equal to an earlier row in every column, running numbers (序号) aside."""
    compared = [n for n, header in enumerate(frame.columns)
                if normalise_header(str(header)) not in _RUNNING_NUMBERS]  # fmt: skip
    table = frame.iloc[:, compared].copy()
    table.columns = pd.RangeIndex(table.shape[1])
    if geometry is not None:
        table["geometry"] = shapely.to_wkb(geometry.to_numpy())
    if table.shape[1] == 0:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(table.duplicated().to_numpy(), dtype=bool)


def make_ids(
    values: pd.DataFrame, geometry: gpd.GeoSeries, header: str | None
) -> tuple[pd.Series, tuple[Note, ...]]:
    """An id for every row, unique.

    The file's own id where it has one; else licence number, school code, project number or credit code; else a hash of name and
    address, or of name and place (to about 10 m) where there is no address. An id that
    repeats, or that the source masked (`51**3567`), gets a hash of the row's name, address and
    category behind `~`, so that it does not hang on the order of rows; what is still equal is
    numbered.
    """
    ids = _own_ids(values, header)
    missing = ids.isna()
    masked = ids.str.contains("*", regex=False, na=False).astype(bool)
    repeated = ids.duplicated(keep=False) & ~masked & ~missing
    marks = _marks(values, geometry, (missing | masked | repeated).to_numpy())
    notes = [Note("ids_hashed", int(missing.sum()))] * bool(missing.any())
    notes += [Note("ids_masked", int(masked.sum()))] * bool(masked.any())
    notes += [Note("ids_repeated", int(repeated.sum()))] * bool(repeated.any())
    ids = ids.where(~(masked | repeated), ids + "~" + marks.str.slice(0, 6))
    return _numbered(ids.where(~missing, marks)), tuple(notes)


def _own_ids(values: pd.DataFrame, header: str | None) -> pd.Series:
    if header is not None and "id" in values:
        return values["id"].astype(object)
    ids = pd.Series(None, index=values.index, dtype=object)
    for name in _KEYS:
        if name in values:
            ids = ids.where(ids.notna(), values[name])
    return ids


def _marks(values: pd.DataFrame, geometry: gpd.GeoSeries, wanted: np.ndarray) -> pd.Series:
    """A hash of what a row is: name, address (or place), registered name, category, kind."""
    rows = values[wanted]
    names = [n for n in ("name", "registered_name", "address", "category", "kind") if n in values]
    texts = [rows[name].where(rows[name].notna(), "") for name in names]
    places = _rounded_places(geometry[wanted])
    if "address" in values:
        places = places.where(rows["address"].isna(), "")
    return _hashes([*texts, places], rows.index).reindex(values.index)


def _rounded_places(geometry: gpd.GeoSeries) -> pd.Series:
    there = geometry.notna().to_numpy()
    centres = np.full((len(geometry), 2), np.nan)
    bounds = shapely.bounds(geometry.to_numpy()[there])
    centres[there] = np.column_stack(
        [bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)]
    )
    texts = [f"{lon:.{_PLACE_DECIMALS}f},{lat:.{_PLACE_DECIMALS}f}" if lon == lon else ""  # noqa: PLR0124
             for lon, lat in centres]  # fmt: skip
    return pd.Series(texts, index=geometry.index, dtype=object)


def _hashes(parts: Iterable[pd.Series], index: pd.Index) -> pd.Series:
    rows = zip(*parts, strict=True)
    made = [hashlib.blake2b("\x1f".join(map(str, row)).encode("utf-8", "replace"), digest_size=8).hexdigest()[:_HASH_CHARS]
            for row in rows]  # fmt: skip
    return pd.Series(made, index=index, dtype=object)


def _numbered(ids: pd.Series) -> pd.Series:
    """Ids that are still equal get `#2`, `#3` … in the order of the file."""
    result = ids
    while (again := result.duplicated(keep=False)).any():
        nth = result.groupby(result).cumcount() + 1
        numbered = result + "#" + nth.astype(str)
        result = result.where(~again | (nth == 1), numbered)
    return result
