"""A sketch of the surroundings, small enough for a phone: outlines in metres round the lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers import Layer
from layers.measures.frame import RADIAN, Frame, frame_at, to_frame

REACH_M = 220.0
"""How far the sketch reaches from the lead to each side."""
THEMES = (
    "green",
    "water",
    "building",
    "road",
    "protection_zone",
    "fire_lane",
    "school",
    "school_gate",
)
_MOST = {"building": 160, "green": 20}
_USUAL_MOST = 60
_TOLERANCE_M = 0.8
_DEGREE_M = 110_500.0


def sketch(
    layers: Mapping[str, Layer], lon: float, lat: float, drawn: BaseGeometry | None = None,
    reach_m: float = REACH_M,
) -> list[dict[str, Any]]:  # fmt: skip
    """What lies within `reach_m` metres east, west, north and south of a place (degrees, WGS 84).

    A list in the order of drawing: `theme`, `kind` (area, line, point), `name`, and `xy`, lists of
    [east, north] in whole metres from the place. `drawn` is the lead's own shape and comes last.
    """
    tall = reach_m / _DEGREE_M
    wide = tall / max(float(np.cos(np.radians(lat))), 1e-6)
    window = (lon - wide, lat - tall, lon + wide, lat + tall)
    frame = frame_at(np.array([lat]))
    shapes: list[dict[str, Any]] = []
    for theme in THEMES:
        if theme in layers:
            shapes += _of_layer(theme, layers[theme], window, (lon, lat, frame))
    if drawn is not None and not drawn.is_empty:
        shapes += _drawn("finding", None, [drawn], (lon, lat, frame))
    return shapes


def _of_layer(
    theme: str,
    layer: Layer,
    window: tuple[float, float, float, float],
    at: tuple[float, float, Frame],
) -> list[dict[str, Any]]:
    placed = layer.placed
    rows = placed.iloc[np.sort(placed.sindex.query(shapely.box(*window)))]
    most = _MOST.get(theme, _USUAL_MOST)
    if len(rows) > most:  # the nearest are kept
        near = shapely.distance(rows.geometry.to_numpy(), shapely.Point(at[0], at[1]))
        rows = rows.iloc[np.sort(np.argsort(near, kind="stable")[:most])]
    names = rows["name"].tolist()
    parts = shapely.clip_by_rect(rows.geometry.to_numpy(), *window)
    return [one for name, part in zip(names, parts, strict=True)
            for one in _drawn(theme, name, [part], at)]  # fmt: skip


def _drawn(
    theme: str, name: str | None, shapes: Sequence[BaseGeometry], at: tuple[float, float, Frame]
) -> list[dict[str, Any]]:
    found = []
    for part in shapely.get_parts(shapely.simplify(shapes, _TOLERANCE_M / _DEGREE_M)):
        kind = {"Polygon": "area", "LineString": "line", "Point": "point"}.get(part.geom_type)
        if kind is None or part.is_empty:
            continue
        outline = part.exterior if kind == "area" else part
        found.append({"theme": theme, "kind": kind, "name": name if isinstance(name, str) else None,
                      "xy": _metres(shapely.get_coordinates(outline), at)})  # fmt: skip
    return found


def _metres(lonlat: np.ndarray, at: tuple[float, float, Frame]) -> list[list[int]]:
    lon, lat, frame = at
    x, y = to_frame((lonlat[:, 0] - lon) * RADIAN, (lonlat[:, 1] - lat) * RADIAN, frame)
    return np.round(np.column_stack([x, y])).astype(int).tolist()
