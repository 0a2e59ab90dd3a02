"""JSON of any kind: GeoJSON (also line by line), answers of map services, plain records."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from layers.errors import SourceError
from layers.sources.bounded import read_bytes
from layers.sources.declared import datum_of_columns
from layers.sources.decoding import decode
from layers.sources.geojson import is_feature, is_geojson, table_of_features, table_of_geojson
from layers.sources.poi_exports import places_of, table_of_places
from layers.sources.raw import RawTable, Request
from layers.sources.records import frame_of_records

_RECORD_SEPARATOR = "\x1e"
_FOREIGN = {"arcs", "objects", "spatialReference", "geometryType"}
_REMEDY = "export it again; the file is cut off or was edited by hand"


def read_json(request: Request) -> RawTable:
    """Read a JSON file; raises `SourceError` when it holds neither features nor records."""
    decoded = decode(read_bytes(request.path, request.limits), request.path, request.encoding)
    values = _values(decoded.text, request)
    table = _table(values, request, decoded.encoding)
    return replace(table, notes=(*decoded.notes, *table.notes))


def _table(values: list[object], request: Request, encoding: str) -> RawTable:
    if len(values) == 1 and isinstance(values[0], dict) and is_geojson(values[0]):
        return table_of_geojson(values[0], request, encoding)
    if len(values) == 1 and isinstance(values[0], list):
        values = values[0]
    elif len(values) == 1 and isinstance(values[0], dict) and places_of(values, request) is None:
        values = _only_list(values[0])
    if values and all(map(is_feature, values)):
        return table_of_features(values, request, encoding)
    places = places_of(values, request) if values else None
    if places:
        return table_of_places(places, request, encoding)
    if places == []:
        raise SourceError(
            "the map service found no places", remedy="ask for another area or type",
            file=request.path,
        )  # fmt: skip
    return _plain(values, request, encoding)


def _plain(values: list[object], request: Request, encoding: str) -> RawTable:
    """A list of flat records, such as an open-data portal gives."""
    records = [value for value in values if isinstance(value, dict)]
    if not records or len(records) < len(values):
        raise SourceError(
            "the JSON holds neither GeoJSON features nor a list of records",
            remedy="export it as GeoJSON (from ArcGIS: f=geojson) or as CSV", file=request.path,
        )  # fmt: skip
    frame, notes = frame_of_records(records, request.path, request.limits)
    datum, note = datum_of_columns(frame.columns)
    return RawTable(
        frame, np.arange(1, len(records) + 1), request.path, request.sha256, "json",
        datum=datum, encoding=encoding, notes=tuple(notes + ([note] if note else [])),
    )  # fmt: skip


def _only_list(document: dict[str, object]) -> list[object]:
    """The one list of records inside an object; empty for the formats of other programs."""
    if _FOREIGN & document.keys():
        return []
    lists = [v for v in document.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    return lists[0] if len(lists) == 1 else []


def _values(text: str, request: Request) -> list[object]:
    """The JSON values of a text: one document, or one per line."""
    if _RECORD_SEPARATOR not in text[:1]:
        try:
            return [_loads(text)]
        except ValueError as error:
            line = getattr(error, "lineno", None)
            if not str(error).startswith("Extra data"):
                raise _broken(request, line) from None
    values = []
    for number, raw in enumerate(text.split("\n"), 1):
        line_text = raw.strip(_RECORD_SEPARATOR + " \t\r")
        if line_text:
            try:
                values.append(_loads(line_text))
            except ValueError:
                raise _broken(request, number) from None
    return values


def _loads(text: str) -> object:
    """Parse one document; NaN and Infinity, which JSON does not know, become null."""
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _broken(request: Request, line: int | None) -> SourceError:
    return SourceError("the JSON cannot be read", remedy=_REMEDY, file=request.path, row=line)
