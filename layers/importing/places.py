"""Where the rows are: coordinates or geometries as received become WGS 84, or a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.cleaning.coordinates import (
    Pairs,
    in_china,
    look_plane,
    pair_columns,
    parse_pairs,
    settle_degrees,
)
from layers.datum import Datum, convert, rows_to_wgs84
from layers.errors import DatumError
from layers.importing.report import Note
from layers.importing.shapes import tidy_shapes
from layers.layer import WGS84

_CHINESE = frozenset({"gcj02", "bd09", "bd09mc", "gk"})
_TOO_MANY_BAD = 0.5


@dataclass(frozen=True)
class Places:
    """Positions of rows, aligned with the index they were read from.

    `geometry` is WGS 84 (EPSG:4326), missing where `problem` says why; `shown` is the text of
    the coordinate for a rejection; `source_x`, `source_y` are the numbers as received.
    """

    geometry: gpd.GeoSeries
    problem: pd.Series
    shown: pd.Series
    notes: tuple[Note, ...] = ()
    source_x: np.ndarray | None = None
    source_y: np.ndarray | None = None
    errors: Mapping[int, DatumError] = field(default_factory=dict)

    def without(self, mask: np.ndarray, code: str) -> Places:
        """The same places, those under `mask` taken away for the reason `code`."""
        geometry = self.geometry.mask(mask, None)
        problem = self.problem.mask(mask, code)
        return Places(geometry, problem, self.shown, self.notes, self.source_x, self.source_y)


def no_places(index: pd.Index) -> Places:
    """No row has a position: the file has no column that could tell one."""
    empty = pd.Series(None, index=index, dtype=object)
    geometry = gpd.GeoSeries([None] * len(index), index=index, crs=WGS84)
    return Places(geometry, empty.fillna("no_coordinate"), empty, (Note("no_places"),))


def read_numbers(frame: pd.DataFrame, columns: Mapping[str, str]) -> tuple[Pairs, pd.Series]:
    """The numbers of the coordinate columns, and their text as it stands in the file."""
    if "location" in columns:
        text = frame[columns["location"]]
        return parse_pairs(text), text
    x, y = frame[columns["lon"]], frame[columns["lat"]]
    shown = x.fillna("").astype(object) + ", " + y.fillna("").astype(object)
    return pair_columns(x, y), shown


def places_from_numbers(
    index: pd.Index,
    pairs: Pairs,
    shown: pd.Series,
    *,
    datum: Datum | None,
    row_datums: Sequence[str | None] | None = None,
    file: Path | None = None,
) -> Places:
    """Points from two numbers a row, all in `datum`, or each in its own of `row_datums`.

    Raises `DatumError` when most of the numbers cannot be positions of the datum: then the
    datum or the columns are wrong, and no row can be trusted.
    """
    if datum is not None and not datum.planar and look_plane(settle_degrees(pairs)):
        raise _metres(datum, file)
    settled = pairs if datum is None or datum.planar else settle_degrees(pairs)
    notes = [Note(note) for note in settled.notes]
    if datum is None:
        lon, lat, errors = rows_to_wgs84(settled.x, settled.y, list(row_datums or ()))
        chinese = False
    else:
        done = convert(settled.x, settled.y, datum)
        lon, lat, errors = done.lon, done.lat, done.problems
        notes += [Note("plane_swapped")] * done.swapped
        chinese = _is_chinese(datum)
    problem = _problems(pairs, lon, lat, errors, chinese)
    problem[list(_bad_rows(errors, row_datums))] = "datum_unknown"
    _refuse_if_hopeless(problem, errors, datum, file)
    fine = pd.isna(problem)
    points = np.full(len(index), None, dtype=object)
    points[fine] = shapely.points(lon[fine], lat[fine])
    geometry = gpd.GeoSeries(points, index=index, crs=WGS84)
    return Places(
        geometry, pd.Series(problem, index=index, dtype=object), shown, tuple(notes),
        settled.x, settled.y, errors,
    )  # fmt: skip


def places_from_geometry(
    geometry: gpd.GeoSeries, datum: Datum, shapes: Sequence[str], file: Path | None = None
) -> Places:
    """Geometries in `datum` as WGS 84, heights dropped, self-crossing polygons mended.

    `shapes` lists the families the theme takes (`point`, `line`, `polygon`).
    """
    array = shapely.force_2d(geometry.to_numpy())
    problem = np.full(len(array), None, dtype=object)
    problem[shapely.is_missing(array) | shapely.is_empty(array)] = "geometry_missing"
    vertices, owner = shapely.get_coordinates(array, return_index=True)
    done = convert(vertices[:, 0], vertices[:, 1], datum)
    settled = np.column_stack([done.lon, done.lat])
    broken = np.unique(owner[~np.isfinite(settled).all(axis=1)])
    errors = {int(owner[row]): error for row, error in done.problems.items()}
    centre = _centres(len(array), owner, settled)
    if _is_chinese(datum):
        outside = ~in_china(*centre.T) & np.isfinite(centre).all(axis=1)
        problem[pd.isna(problem) & outside] = "outside_china"
    problem[broken] = "not_in_datum"
    _refuse_if_hopeless(problem, errors, datum, file)
    moved = shapely.set_coordinates(array.copy(), np.where(np.isfinite(settled), settled, 0.0))
    moved[pd.notna(problem)] = None
    moved, wrong, mended = tidy_shapes(moved, shapes)
    problem[wrong] = "wrong_shape"
    notes = [Note("plane_swapped")] * done.swapped + [Note("mended_shapes", mended)] * bool(mended)
    shown = pd.Series(shapely.to_wkt(array, rounding_precision=6), index=geometry.index)
    return Places(
        gpd.GeoSeries(moved, index=geometry.index, crs=WGS84),
        pd.Series(problem, index=geometry.index, dtype=object),
        shown.str.slice(0, 60).astype(object), tuple(notes), errors=errors,
    )  # fmt: skip


def _problems(
    pairs: Pairs, lon: np.ndarray, lat: np.ndarray, errors: Mapping[int, DatumError], chinese: bool
) -> np.ndarray:
    problem = np.full(len(lon), None, dtype=object)
    if chinese:
        problem[~in_china(lon, lat)] = "outside_china"
    problem[list(errors)] = "not_in_datum"
    problem[(np.abs(pairs.x) < 1e-6) & (np.abs(pairs.y) < 1e-6)] = "null_island"
    problem[~pairs.given] = "no_coordinate"
    problem[pairs.unreadable] = "coordinate_unreadable"
    return problem


def _bad_rows(
    errors: Mapping[int, DatumError], row_datums: Sequence[str | None] | None
) -> set[int]:
    """Rows whose own datum is missing, unknown or refused."""
    return set() if row_datums is None else {r for r, e in errors.items() if e.field == "datum"}


def _refuse_if_hopeless(
    problem: np.ndarray, errors: Mapping[int, DatumError], datum: Datum | None, file: Path | None
) -> None:
    tried = (
        ~pd.Series(problem).isin(["no_coordinate", "null_island", "geometry_missing"]).to_numpy()
    )
    bad = tried & pd.notna(problem)
    if not tried.any() or bad.sum() <= _TOO_MANY_BAD * tried.sum():
        return
    first = next(iter(errors.values()), None)
    name = "the datums of the rows" if datum is None else datum.en
    told = f"{int(bad.sum())} of {int(tried.sum())} coordinates are no positions in {name}"
    remedy = first.remedy if first else (
        "check that lon is the longitude and lat the latitude (--set), and declare the datum "
        "the coordinates are in (--datum)"
    )  # fmt: skip
    raise DatumError(f"{told} ({first.problem})" if first else told, remedy=remedy, file=file)


def _metres(datum: Datum, file: Path | None) -> DatumError:
    return DatumError(
        f"the coordinates are metres in a plane, declared are degrees ({datum.en})",
        remedy="declare the plane: --datum cgcs2000-gk3 where the easting carries the zone number "
        "(8 digits), cgcs2000-gk3-105 with its central meridian otherwise, or bd09mc",
        file=file, field="datum",
    )  # fmt: skip


def _is_chinese(datum: Datum) -> bool:
    """Datums used in China only: a position outside it is a mistake."""
    return datum.family in _CHINESE or datum.name == "cgcs2000"


def _centres(count: int, owner: np.ndarray, vertices: np.ndarray) -> np.ndarray:
    """Mean vertex of every geometry, (count, 2) degrees; NaN where there is none."""
    total = np.bincount(owner, minlength=count).astype(float)
    total[total == 0] = np.nan
    sums = [np.bincount(owner, weights=vertices[:, axis], minlength=count) for axis in (0, 1)]
    return np.column_stack(sums) / total[:, None]
