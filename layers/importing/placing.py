"""The rows of a file put in their places: which datum, where, how well known, which are doubtful."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.cleaning.text import clean_text
from layers.datum import Datum, parse_datum
from layers.errors import ColumnError, DatumError
from layers.importing.declared import Request, has_columns, settle_datum, told_columns
from layers.importing.geocodes import outside, region_of
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


def place_rows(request: Request) -> Placed:
    """Put every row in its place.

    Raises `ColumnError` where a theme that needs places has no coordinates, and `DatumError`
    where the datum is not declared (with a proposal, if a trusted layer is given) or cannot be.
    """
    numbers = has_columns(request.columns.columns)
    if request.geometry is None and not numbers:
        return _unplaced(request)
    if request.manifest.datum_column is not None:
        return _finish(request, *_row_by_row(request))
    datum, notes = settle_datum(request)
    if request.geometry is not None and not told_columns(request):
        places = places_from_geometry(
            request.geometry, datum, request.theme.shapes, request.table.path
        )
    else:
        pairs, shown = read_numbers(request.raw, request.columns.columns)
        places = places_from_numbers(
            request.raw.index, pairs, shown, datum=datum, file=request.table.path
        )
    return _finish(request, places, datum.name, datum, notes)


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


def _row_by_row(request: Request) -> tuple[Places, str, Datum, list[Note]]:
    """Each row in the datum its own column names."""
    header = str(request.manifest.datum_column)
    if header not in request.raw.columns or not has_columns(request.columns.columns):
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
