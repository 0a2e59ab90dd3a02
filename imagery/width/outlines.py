"""Lanes, gates and obstacles out of GeoJSON files, and the answer into one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from imagery.width.place import Lane
from layers.datum.ground import ground_crs
from layers.errors import ImageryError

_MOST_BYTES = 200_000_000
_NEAR_DEGREES = 3e-5
"""Three metres: a gate belongs to the lane it lies so near to."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feature of a file, in degrees (WGS 84), with its properties."""

    shape: BaseGeometry
    properties: Mapping[str, Any]
    row: int


def read_outlines(path: Path) -> list[Outline]:
    """The features of a GeoJSON file; raises `ImageryError` naming file, feature and remedy."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ImageryError("the file is too large for outlines", file=path,
                               remedy="cut it to the lanes that are looked at")  # fmt: skip
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document.get("features", [document])
        rows = list(_features(features, _system(document), path))
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise ImageryError(f"no outlines can be read ({type(error).__name__})", file=path,
                           remedy="give a GeoJSON file (UTF-8) of polygons and lines") from None  # fmt: skip
    return rows


def _features(features: list[Any], system: str | None, path: Path) -> Iterator[Outline]:
    for row, feature in enumerate(features, 1):
        geometry = feature.get("geometry", feature if "coordinates" in feature else None)
        if geometry is None:
            continue
        try:
            found = shape(geometry)
        except (shapely.errors.ShapelyError, KeyError, ValueError, TypeError, IndexError):
            raise ImageryError("this feature has no geometry that can be read", file=path, row=row,
                               remedy="draw it again, or leave it out") from None  # fmt: skip
        found = shapely.force_2d(found)
        yield Outline(_to_degrees(found, system, path, row), feature.get("properties") or {}, row)


def _system(document: Mapping[str, Any]) -> str | None:
    name = ((document.get("crs") or {}).get("properties") or {}).get("name")
    return None if name is None or "CRS84" in str(name) else str(name)


def _to_degrees(found: BaseGeometry, system: str | None, path: Path, row: int) -> BaseGeometry:
    if system is not None:
        crs = ground_crs(system)
        found = shapely.transform(found, lambda xy: np.column_stack(crs.to_wgs84(*xy.T)))
    xy = shapely.get_coordinates(found)
    if not (np.isfinite(xy).all() and (np.abs(xy) <= [180.0, 90.0]).all()):
        raise ImageryError(
            "coordinates are no degrees and the file names no reference system", file=path, row=row,
            remedy="export it in WGS 84 longitude and latitude, or with its crs",
        )  # fmt: skip
    return found


def lanes_of(outlines: list[Outline], width_m: float | None = None) -> list[Lane]:
    """The lanes among the features, each with the gates (`role=gate`) that lie on its edge."""
    gates = [one for one in outlines if _role(one) == "gate" and isinstance(one.shape, LineString)]
    lanes = [_lane(one, gates, width_m) for one in outlines if _role(one) != "gate"]
    lost = [gate.row for gate in gates if not any(_near(gate, lane) for lane in lanes)]
    if lost:
        raise ImageryError("a gate lies on no lane", row=lost[0], field="gate",
                           remedy="draw it along the edge of its lane")  # fmt: skip
    if not lanes:
        raise ImageryError(
            "the file holds no lane",
            remedy="draw lanes as polygons, or as centrelines with width_m",
        )
    return lanes


def _lane(one: Outline, gates: list[Outline], width_m: float | None) -> Lane:
    number = _number(one.properties, "width_m")
    lane = Lane(
        one.shape, width_m=width_m if number is None else number,
        u_m=_number(one.properties, "u_source_m"),
        id=str(one.properties.get("id") or one.row), name=str(one.properties.get("name") or ""),
    )  # fmt: skip
    mine = [gate for gate in gates if _near(gate, lane)]
    return Lane(
        lane.shape, tuple(gate.shape for gate in mine if isinstance(gate.shape, LineString)),
        tuple(str(gate.properties.get("name") or "") for gate in mine), lane.width_m, lane.u_m,
        id=lane.id, name=lane.name,
    )  # fmt: skip


def _near(gate: Outline, lane: Lane) -> bool:
    edge = lane.shape.boundary if "Polygon" in lane.shape.geom_type else lane.shape
    reach = _NEAR_DEGREES if "Polygon" in lane.shape.geom_type else 1e-4
    return bool(gate.shape.distance(edge) < reach)


def _role(one: Outline) -> str:
    return str(one.properties.get("role") or "").strip().lower()


def _number(properties: Mapping[str, Any], key: str) -> float | None:
    value = properties.get(key)
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        raise ImageryError(
            f"{value!r} is no number", field=key, remedy="write metres, e.g. 4.0"
        ) from None


def numbers(outlines: list[Outline], key: str) -> list[float | None]:
    """A property of every feature as a number, `None` where it has none."""
    return [_number(one.properties, key) for one in outlines]
