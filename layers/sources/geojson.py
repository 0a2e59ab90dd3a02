"""GeoJSON features: collections, single features, bare geometries; null geometries are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from layers.errors import SourceError
from layers.sources.declared import datum_of_crs
from layers.sources.raw import RawTable, Request, RowProblem
from layers.sources.records import frame_of_records

GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
     "GeometryCollection")
)  # fmt: skip
_NOTE = (
    "GeoJSON without a crs member is WGS 84 by its standard (RFC 7946), but exports of Chinese "
    "map services are often gcj02 or bd09 all the same: compare with a place you know"
)
_BAD = (
    ShapelyError, ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError,
    RecursionError,
)  # fmt: skip


def is_feature(value: object) -> bool:
    """Whether a JSON value is a GeoJSON feature."""
    return isinstance(value, dict) and value.get("type") == "Feature"


def is_geojson(value: object) -> bool:
    """Whether a JSON value is a GeoJSON document."""
    return isinstance(value, dict) and (
        value.get("type") in ("FeatureCollection", "Feature") or is_geometry(value)
    )


def is_geometry(value: object) -> bool:
    """Whether a JSON value is a bare geometry."""
    return (
        isinstance(value, dict)
        and value.get("type") in GEOMETRIES
        and ("coordinates" in value or "geometries" in value)
    )


def table_of_geojson(document: dict[str, object], request: Request, encoding: str) -> RawTable:
    """The table of one GeoJSON document."""
    kind = document.get("type")
    features: object = [document]
    if kind == "FeatureCollection":
        features = document.get("features")
    elif kind != "Feature":
        features = [{"type": "Feature", "geometry": document, "properties": {}}]
    if not isinstance(features, list):
        raise SourceError(
            "the collection has no list of features", remedy="export it again", file=request.path
        )
    datum, notes = _datum(document.get("crs"))
    return table_of_features(features, request, encoding, datum=datum, notes=notes)


def table_of_features(
    features: Sequence[object], request: Request, encoding: str, *,
    datum: str | None = "wgs84", notes: Sequence[str] = (_NOTE,),
) -> RawTable:  # fmt: skip
    """The table of a list of features; a geometry that cannot be built becomes a problem."""
    records, members, problems = [], [], []
    for row, feature in enumerate(features, 1):
        if not is_feature(feature):
            problems.append(RowProblem(row, "this is not a feature", "remove or mend it"))
        found = feature if isinstance(feature, dict) else {}
        records.append(_record(found))
        members.append(found.get("geometry"))
    frame, more = frame_of_records(records, request.path, request.limits)
    geometry, bad = _geometries(members)
    _check_vertices(geometry, request)
    return RawTable(
        frame, np.arange(1, len(records) + 1), request.path, request.sha256, "geojson",
        geometry=gpd.GeoSeries(geometry, crs=None), datum=datum, encoding=encoding,
        notes=(*notes, *more), problems=tuple(problems + bad),
    )  # fmt: skip


def _datum(crs: object) -> tuple[str | None, list[str]]:
    if crs is None:
        return "wgs84", [_NOTE]
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    datum, note = datum_of_crs(name if isinstance(name, str) else str(crs)[:200])
    return datum, [note] if note else []


def _record(feature: Mapping[str, object]) -> dict[str, object]:
    """The properties; the feature's own id joins them under a free name."""
    properties = feature.get("properties")
    record = dict(properties) if isinstance(properties, dict) else {}
    if "id" in feature:
        record["feature_id" if "id" in record else "id"] = feature["id"]
    return record


def _geometries(members: list[object]) -> tuple[np.ndarray, list[RowProblem]]:
    """Geometries of all rows: points together, anything else one by one."""
    result = np.full(len(members), None, dtype=object)
    problems: list[RowProblem] = []
    points: list[tuple[int, float, float]] = []
    for n, member in enumerate(members):
        if member is None:
            continue
        lonlat = _point(member)
        if lonlat is not None:
            points.append((n, *lonlat))
        else:
            result[n], problem = _shape(member, n + 1)
            problems += [problem] if problem else []
    if points:
        table = np.array(points, dtype=float)
        result[table[:, 0].astype(int)] = shapely.points(table[:, 1:])
    return result, problems


def _point(member: object) -> tuple[float, float] | None:
    """The first two coordinates of a plain point; `None` for anything else."""
    if not isinstance(member, dict) or member.get("type") != "Point":
        return None
    pair = member.get("coordinates")
    if not isinstance(pair, list) or not 2 <= len(pair) <= 4:
        return None
    x, y = pair[0], pair[1]
    plain = type(x) in (int, float) and type(y) in (int, float)
    return (x, y) if plain and abs(x) < 1e12 and abs(y) < 1e12 else None


def _shape(member: object, row: int) -> tuple[BaseGeometry | None, RowProblem | None]:
    try:
        if not isinstance(member, dict):
            raise TypeError("it is no object")
        geometry = shapely.force_2d(shape(member))
        if not np.isfinite(shapely.get_coordinates(geometry)).all():
            raise ValueError("a coordinate is no number")
    except _BAD as error:
        reason = f"the geometry cannot be read ({type(error).__name__}: {str(error)[:80]})"
        return None, RowProblem(row, reason, "mend it in a map program", "geometry")
    return (None if geometry.is_empty else geometry), None


def _check_vertices(geometry: np.ndarray, request: Request) -> None:
    count = int(shapely.get_num_coordinates(geometry).sum())
    if count > request.limits.max_vertices:
        raise SourceError(
            f"the geometries have {count:,} vertices, more than {request.limits.max_vertices:,}",
            remedy="simplify or split the layer", file=request.path,
        )  # fmt: skip
