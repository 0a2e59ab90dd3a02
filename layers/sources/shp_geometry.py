"""Geometries of a .shp file: read record by record, its index (.shx) is not needed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from layers.errors import SourceError
from layers.sources.raw import RowProblem

_HEADER = 100
_NULL, _POINT, _LINE, _POLYGON, _MULTIPOINT = 0, 1, 3, 5, 8
_BAD = (ShapelyError, ValueError, struct.error, IndexError)


def read_shapes(data: bytes, path: Path) -> tuple[np.ndarray, list[RowProblem]]:
    """The geometries (2-D; Z and M are left out) and a problem for each one that is damaged.

    Raises `SourceError` when the file is cut off.
    """
    shapes: list[BaseGeometry | None] = []
    problems: list[RowProblem] = []
    for row, record in enumerate(_records(data, path), 1):
        try:
            shapes.append(_shape(record))
        except _BAD as error:
            shapes.append(None)
            reason = f"the geometry is damaged ({str(error)[:80]})"
            problems.append(RowProblem(row, reason, "mend it in a map program", "geometry"))
    result = np.full(len(shapes), None, dtype=object)
    result[:] = shapes
    return result, problems


def _records(data: bytes, path: Path) -> Iterator[memoryview]:
    """The content of each record, without its header."""
    size = 2 * int.from_bytes(data[24:28], "big")
    if not _HEADER <= size <= len(data):
        raise SourceError("the .shp file is cut off", remedy="copy it again", file=path)
    view, at = memoryview(data)[:size], _HEADER
    while at + 8 <= size:
        length = 2 * int.from_bytes(view[at + 4 : at + 8], "big")
        if at + 8 + length > size:
            raise SourceError("the .shp file is damaged", remedy="copy it again", file=path)
        yield view[at + 8 : at + 8 + length]
        at += 8 + length


def _shape(record: memoryview) -> BaseGeometry | None:
    """One geometry; Z and M kinds (11…18, 21…28) begin like the plain ones."""
    (code,) = struct.unpack_from("<i", record)
    kind = code % 10 if 0 < code < 30 else code
    if kind == _NULL:
        return None
    if kind == _POINT:
        x, y = struct.unpack_from("<dd", record, 4)
        return shapely.Point(*_finite(np.array([[x, y]]))[0])
    if kind == _MULTIPOINT:
        (count,) = struct.unpack_from("<i", record, 36)
        return shapely.MultiPoint(_xy(record, 40, count))
    if kind not in (_LINE, _POLYGON):
        raise ValueError(f"shapes of kind {code} are not read")
    parts = _parts(record)
    if kind == _LINE:
        lines = [shapely.LineString(part) for part in parts if len(part) > 1]
        return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    return _polygon([part for part in parts if len(part) >= 4])


def _parts(record: memoryview) -> list[np.ndarray]:
    parts, points = struct.unpack_from("<ii", record, 36)
    if not 0 < parts <= points:
        raise ValueError("the parts do not fit the points")
    starts = np.frombuffer(record, dtype="<i4", count=parts, offset=44)
    xy = _xy(record, 44 + 4 * parts, points)
    if starts[0] != 0 or (np.diff(starts) <= 0).any() or starts[-1] >= points:
        raise ValueError("the parts do not fit the points")
    return np.split(xy, starts[1:])


def _xy(record: memoryview, at: int, count: int) -> np.ndarray:
    if count <= 0 or at + 16 * count > len(record):
        raise ValueError("the points do not fit the record")
    return _finite(np.frombuffer(record, dtype="<f8", count=2 * count, offset=at).reshape(-1, 2))


def _finite(xy: np.ndarray) -> np.ndarray:
    if not (np.abs(xy) < 1e12).all():
        raise ValueError("a coordinate is no number")
    return xy


def _polygon(rings: list[np.ndarray]) -> BaseGeometry | None:
    """Polygons of clockwise outer rings, each with the holes that begin inside it."""
    if not rings:
        return None
    outer = [ring for ring in rings if _clockwise(ring)] or rings
    holes = [ring for ring in rings if not _clockwise(ring)] if len(outer) < len(rings) else []
    shells = [shapely.Polygon(ring) for ring in outer]
    owned: list[list[np.ndarray]] = [[] for _ in shells]
    for hole in holes:
        owned[_owner(hole, shells)].append(hole)
    polygons = [shapely.Polygon(ring, inner) for ring, inner in zip(outer, owned, strict=True)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _owner(hole: np.ndarray, shells: list[shapely.Polygon]) -> int:
    """Index of the smallest shell around the hole; the first shell if none is."""
    if len(shells) == 1:
        return 0
    point = shapely.Point(hole[0])
    around = [n for n, shell in enumerate(shells) if shapely.intersects(shell, point)]
    return min(around, key=lambda n: shells[n].area, default=0)


def _clockwise(ring: np.ndarray) -> bool:
    x, y = (ring - ring[0]).T
    return bool(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) <= 0)
