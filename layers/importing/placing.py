"""The rows of a file put in their places: which datum, where, how well known, which are doubtful."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.cleaning.text import clean_text
from layers.datum import Datum, parse_datum, propose_datum
from layers.errors import ColumnError, DatumError
from layers.importing.columns import ColumnMap
from layers.importing.geocodes import outside, region_of
from layers.importing.manifest import Manifest
from layers.importing.places import (
    Places,
    no_places,
    places_from_geometry,
    places_from_numbers,
    read_numbers,
)
from layers.importing.precision import (
    COARSE_ERROR_M,
    coarse,
    kind_of_source,
    position_errors,
)
from layers.importing.report import Note
from layers.layer import Layer
from layers.sources import RawTable
from layers.themes import Theme

_SURE = 0.7
_HOW = (
    "declare it with --datum (wgs84, gcj02, bd09, cgcs2000, cgcs2000-gk3 …), or with --datum-column "
    "where rows differ; if nobody knows, add --trusted FILE.parquet with schools or roads and "
    "let it be proposed"
)


@dataclass(frozen=True)
class Placed:
    """Places of the rows and what the provenance says about them.

    `label` is the datum for people ("gcj02", "per row: gcj02 12, wgs84 30"), `datum` the name of
    the one whose conversion is least exact, `extra` the columns that keep what was received.
    """

    places: Places
    errors_m: np.ndarray
    label: str
    datum: str
    transform: str
    notes: tuple[Note, ...]
    extra: pd.DataFrame


@dataclass(frozen=True)
class Request:
    """What placing needs to know: the file, its kept rows, the mapping and the settings."""

    table: RawTable
    raw: pd.DataFrame
    geometry: gpd.GeoSeries | None
    columns: ColumnMap
    manifest: Manifest
    theme: Theme
    names: pd.Series
    trusted: Layer | None = None


def place_rows(request: Request) -> Placed:
    """Put every row in its place.

    Raises `ColumnError` where a theme that needs places has no coordinates, and `DatumError`
    where the datum is not declared (with a proposal, if a trusted layer is given) or cannot be.
    """
    numbers = _has_columns(request.columns.columns)
    if request.geometry is None and not numbers:
        return _unplaced(request)
    if request.manifest.datum_column is not None:
        return _finish(request, *_row_by_row(request))
    datum, notes = _settle_datum(request)
    if request.geometry is not None and not _told(request):
        places = places_from_geometry(
            request.geometry, datum, request.theme.shapes, request.table.path
        )
    else:
        pairs, shown = read_numbers(request.raw, request.columns.columns)
        places = places_from_numbers(
            request.raw.index, pairs, shown, datum=datum, file=request.table.path
        )
    return _finish(request, places, datum.name, datum, notes)


def _has_columns(columns: Mapping[str, str]) -> bool:
    return "location" in columns or {"lon", "lat"} <= columns.keys()


def _told(request: Request) -> bool:
    """Whether the user named coordinate columns of a file that has geometries too."""
    return request.geometry is not None and _has_columns(request.manifest.columns)


def _unplaced(request: Request) -> Placed:
    if request.theme.placed:
        raise ColumnError(
            f"no coordinates were found, and theme {request.theme.name} needs places",
            remedy="name the columns with --set lon=… --set lat=… or --set location=…; columns "
            f"of the file: {', '.join(map(str, request.raw.columns[:40]))}",
            file=request.table.path, field="lon",
        )  # fmt: skip
    places = no_places(request.raw.index)
    nothing = np.full(len(request.raw), np.nan)
    extra = pd.DataFrame(index=request.raw.index)
    return Placed(places, nothing, "none", "none", "no positions", places.notes, extra)


def _settle_datum(request: Request) -> tuple[Datum, list[Note]]:
    """The datum of the whole file: as the user says, else as the file or its headers declare."""
    table, said = request.table, request.manifest.datum
    from_header = request.columns.datum if request.geometry is None or _told(request) else None
    declared = from_header or table.datum
    if said is not None:
        datum = parse_datum(said)
        return datum, [*_contradiction(datum, declared), *_doubt(request, datum)]
    if declared is None:
        raise _undeclared(request)
    try:
        datum = parse_datum(declared)
    except DatumError as error:
        raise DatumError(
            error.problem, remedy=error.remedy, file=table.path, field="datum"
        ) from None
    note = Note("datum_in_header" if from_header else "datum_declared", detail=datum.name)
    return datum, [note, *_doubt(request, datum)]


def _doubt(request: Request, datum: Datum) -> list[Note]:
    """A note when the known places of a trusted layer speak clearly for another datum."""
    if request.trusted is None:
        return []
    proposal = propose_datum(request.names, *_trial_numbers(request), request.trusted)
    agrees = proposal.best is None or _same_datum(proposal.best, datum.name)
    if agrees or proposal.confidence < _SURE:
        return []
    return [Note("datum_doubt", detail=f"{proposal.text_zh} / {proposal.text_en}")]


def _same_datum(one: str, other: str) -> bool:
    """Equal, or WGS 84 and CGCS2000, which no comparison of pins can tell apart."""
    return one == other or {one, other} == {"wgs84", "cgcs2000"}


def _contradiction(datum: Datum, declared: str | None) -> list[Note]:
    if declared is None:
        return []
    try:
        told = parse_datum(declared).name
    except DatumError:
        told = declared
    return (
        []
        if _same_datum(told, datum.name)
        else [Note("datum_contradiction", detail=f"{told} ≠ {datum.name}")]
    )


def _undeclared(request: Request) -> DatumError:
    problem, remedy = "nothing says which datum the coordinates are in", _HOW
    if request.trusted is not None:
        proposal = propose_datum(request.names, *_trial_numbers(request), request.trusted)
        problem += f". {proposal.text_en.rstrip('.')} ({proposal.text_zh.rstrip('。')})"
        if proposal.best is not None:
            remedy = f"check the proposal, then declare it: --datum {proposal.best}"
    return DatumError(problem, remedy=remedy, file=request.table.path, field="datum")


def _trial_numbers(request: Request) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates as received, for the comparison with a trusted layer."""
    if request.geometry is not None and not _told(request):
        centres = shapely.get_coordinates(shapely.centroid(request.geometry.to_numpy()))
        there = ~(request.geometry.isna() | request.geometry.is_empty).to_numpy()
        x, y = np.full(len(there), np.nan), np.full(len(there), np.nan)
        x[there], y[there] = centres.T
        return x, y
    pairs, _ = read_numbers(request.raw, request.columns.columns)
    return pairs.x, pairs.y


def _row_by_row(request: Request) -> tuple[Places, str, Datum, list[Note]]:
    """Each row in the datum its own column names."""
    header = str(request.manifest.datum_column)
    if header not in request.raw.columns or not _has_columns(request.columns.columns):
        raise ColumnError(
            f"the datum column {header!r} needs to be a column beside columns of coordinates",
            remedy=f"use one of {', '.join(map(str, request.raw.columns[:40]))}",
            file=request.table.path, field="datum",
        )  # fmt: skip
    named = clean_text(request.raw[header])
    pairs, shown = read_numbers(request.raw, request.columns.columns)
    places = places_from_numbers(
        request.raw.index, pairs, shown, datum=None, row_datums=list(named), file=request.table.path
    )
    known: dict[str, Datum] = {}
    for text in named.dropna().unique():
        try:
            known[text] = parse_datum(text)
        except DatumError:  # its rows are already marked with `datum_unknown`
            continue
    counts = named.map(lambda text: known[text].name if text in known else None).value_counts()
    label = "per row: " + ", ".join(f"{name} {count}" for name, count in counts.items())
    worst = max(known.values(), key=lambda datum: datum.u_datum_m, default=parse_datum("wgs84"))
    return places, label, worst, []


def _finish(
    request: Request, places: Places, label: str, datum: Datum, notes: list[Note]
) -> Placed:
    """Errors, doubtful positions and the numbers as received."""
    if request.manifest.far == "unplace":
        places, doubted = _without_far(places)
        notes = [*notes, *doubted]
    errors, how = _errors(request, places)
    extra = pd.DataFrame(index=request.raw.index)
    if places.source_x is not None:
        extra["source_x"], extra["source_y"] = places.source_x, places.source_y
        if request.manifest.datum_column is not None:
            extra["source_datum"] = clean_text(request.raw[request.manifest.datum_column])
    notes = [*notes, *places.notes, *how, *_shared(places.geometry)]
    transform = f"{label} → WGS 84" + "".join(f"; {note.code}" for note in places.notes)
    return Placed(places, errors, label, datum.name, transform, tuple(notes), extra)


def _errors(request: Request, places: Places) -> tuple[np.ndarray, list[Note]]:
    columns, manifest = request.columns.columns, request.manifest
    outlines = bool(places.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).any())
    kind = manifest.position_kind or kind_of_source(columns, outlines)
    levels = request.raw[columns["geocode_level"]] if "geocode_level" in columns else None
    errors = position_errors(request.raw.index, kind, manifest.position_error, levels)
    if manifest.position_error is not None:
        return errors, [Note("position_said", detail=f"{manifest.position_error:g}")]
    notes = [Note("position_kind", detail=kind)]
    x, y = places.source_x, places.source_y
    if x is not None and y is not None and coarse(x, y):
        errors = np.maximum(errors, COARSE_ERROR_M)
        notes.append(Note("coarse", round(float(COARSE_ERROR_M))))
    return errors, notes


def _shared(geometry: gpd.GeoSeries) -> list[Note]:
    points = geometry[geometry.geom_type == "Point"]
    count = int(points.to_wkb().duplicated(keep=False).sum()) if len(points) else 0
    return [Note("shared_points", count)] * bool(count)


def _without_far(places: Places) -> tuple[Places, list[Note]]:
    """Points far from all others lose their place; outlines and lines are drawn, not geocoded."""
    points = (places.geometry.geom_type == "Point").to_numpy()
    lon, lat = np.full(len(points), np.nan), np.full(len(points), np.nan)
    lon[points], lat[points] = shapely.get_coordinates(places.geometry.to_numpy()[points]).T
    region = region_of(lon, lat)
    if region is None or not outside(region, lon, lat).any():
        return places, []
    doubted = places.without(outside(region, lon, lat), "far_from_rest")
    return doubted, [Note("region", detail=region.text())]
