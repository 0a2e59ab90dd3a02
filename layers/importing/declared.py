"""Which datum a file's coordinates are in: said, declared, doubted or refused; never assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.datum import Datum, parse_datum, propose_datum
from layers.errors import DatumError
from layers.importing.columns import ColumnMap
from layers.importing.manifest import Manifest
from layers.importing.places import read_numbers
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


def has_columns(columns: Mapping[str, str]) -> bool:
    """Whether a mapping tells a place: two columns, or one that holds both (an empty header: none does)."""
    return bool(columns.get("location") or (columns.get("lon") and columns.get("lat")))


def told_columns(request: Request) -> bool:
    """Whether the user named coordinate columns of a file that has geometries too."""
    return request.geometry is not None and has_columns(request.manifest.columns)


def settle_datum(request: Request) -> tuple[Datum, list[Note]]:
    """The datum of the whole file: as the user says, else as the file or its headers declare."""
    table, said = request.table, request.manifest.datum
    from_header = (
        request.columns.datum if request.geometry is None or told_columns(request) else None
    )
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
    proposal = propose_datum(request.names, *trial_numbers(request), request.trusted)
    agrees = proposal.best is None or same_datum(proposal.best, datum.name)
    if agrees or proposal.confidence < _SURE:
        return []
    return [Note("datum_doubt", detail=f"{proposal.text_zh} / {proposal.text_en}")]


def same_datum(one: str, other: str) -> bool:
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
        if same_datum(told, datum.name)
        else [Note("datum_contradiction", detail=f"{told} ≠ {datum.name}")]
    )


def _undeclared(request: Request) -> DatumError:
    problem, remedy = "nothing says which datum the coordinates are in", _HOW
    if request.trusted is not None:
        proposal = propose_datum(request.names, *trial_numbers(request), request.trusted)
        problem += f". {proposal.text_en.rstrip('.')} ({proposal.text_zh.rstrip('。')})"
        if proposal.best is not None:
            remedy = f"check the proposal, then declare it: --datum {proposal.best}"
    return DatumError(problem, remedy=remedy, file=request.table.path, field="datum")


def trial_numbers(request: Request) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates as received, for the comparison with a trusted layer."""
    if request.geometry is not None and not told_columns(request):
        centres = shapely.get_coordinates(shapely.centroid(request.geometry.to_numpy()))
        there = ~(request.geometry.isna() | request.geometry.is_empty).to_numpy()
        x, y = np.full(len(there), np.nan), np.full(len(there), np.nan)
        x[there], y[there] = centres.T
        return x, y
    pairs, _ = read_numbers(request.raw, request.columns.columns)
    return pairs.x, pairs.y
