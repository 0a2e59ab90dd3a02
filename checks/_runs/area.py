"""The ground a run is asked for: a window, a polygon of a file, a township; and what of it lies there."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from checks._records import Finding, Undecided
from layers import LayerSet
from layers.errors import RuleError

if TYPE_CHECKING:
    from checks._runs.runner import RunResult

TOWNSHIPS = "township"
_CORNERS = 200
_Record = TypeVar("_Record", Finding, Undecided)


def area_of(text: str) -> BaseGeometry:
    """A polygon (WGS 84) out of `W,S,E,N`, of `lon,lat;lon,lat;…` or of a GeoJSON file; raises `RuleError`."""
    try:
        if ";" in text:
            found: BaseGeometry = _ring(text)
        elif text.count(",") == 3:
            west, south, east, north = (float(side) for side in text.split(","))
            found = box(west, south, east, north)
        else:
            content = json.loads(Path(text).read_text(encoding="utf-8"))
            found = shape(_geometry(content))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RuleError(f"the area cannot be read: {error}", field="--area",
                        remedy="give west,south,east,north or lon,lat;lon,lat;… in degrees, or a GeoJSON file") from error  # fmt: skip
    if found.is_empty or found.area == 0 or not found.geom_type.endswith("Polygon"):
        raise RuleError("the area is no polygon", field="--area", remedy="draw it as a polygon")
    return found


def _ring(text: str) -> BaseGeometry:
    """The polygon of corners as an address holds them: degrees to six places, 200 corners at most."""
    corners = [
        tuple(float(one) for one in pair.split(",")) for pair in text.split(";") if pair.strip()
    ]
    if len(corners) > _CORNERS or any(
        len(one) != 2 or not all(map(math.isfinite, one)) for one in corners
    ):
        raise ValueError("a corner is no longitude and latitude")
    ring = shapely.Polygon(corners)
    if not ring.is_valid:
        raise ValueError("the line of the area crosses itself")
    return ring


def _geometry(content: dict[str, object]) -> dict[str, object]:
    """The geometry of a GeoJSON text: bare, of a feature, or of the first feature."""
    if "features" in content:
        content = content["features"][0]  # type: ignore[index]
    found = content.get("geometry", content)
    return found if isinstance(found, dict) else {}


def townships(layers: LayerSet) -> dict[str, str]:
    """Id → name of the townships there are, by name."""
    if TOWNSHIPS not in layers:
        return {}
    frame = layers[TOWNSHIPS].placed
    names = {
        str(row.id): str(row.name or row.id)
        for row in frame[["id", "name"]].itertuples(index=False)
    }
    return dict(sorted(names.items(), key=lambda one: one[1]))


def township_area(layers: LayerSet, name: str) -> BaseGeometry:
    """The outline (WGS 84) of a township by id or name; raises `RuleError` where there is none."""
    if TOWNSHIPS in layers:
        frame = layers[TOWNSHIPS].placed
        mine = frame[(frame["id"].astype(str) == name) | (frame["name"].astype(str) == name)]
        if len(mine):
            return mine.geometry.union_all()
    raise RuleError(f"there is no township {name!r}", field="area",
                    remedy=f"use one of {', '.join(townships(layers).values()) or 'none: import the townships'}")  # fmt: skip


def within(result: RunResult, area: BaseGeometry | None) -> RunResult:
    """Only what lies in an area (WGS 84), by the point of each subject; what has no place stays."""
    if area is None:
        return result
    shapely.prepare(area)
    return replace(result, findings=inside_area(result.findings, area), area=area.wkt,
                   undecided=inside_area(result.undecided, area))  # fmt: skip


def within_points(lonlat: np.ndarray, area: BaseGeometry | None) -> np.ndarray:
    """Which of the points (n, 2; degrees) lie in the area; all without one."""
    if area is None:
        return np.ones(len(lonlat), dtype=bool)
    shapely.prepare(area)
    return np.asarray(shapely.intersects_xy(area, lonlat[:, 0], lonlat[:, 1]), dtype=bool)


def inside_area(records: Sequence[_Record], area: BaseGeometry | None) -> tuple[_Record, ...]:
    """The records whose subject lies in the area or has no place; all without one."""
    return tuple(one for one in records if area is None or _is_inside(one, area))


def _is_inside(one: Finding | Undecided, area: BaseGeometry) -> bool:
    point = one.subject.point if one.subject is not None else None
    return point is None or bool(shapely.intersects_xy(area, *point))
