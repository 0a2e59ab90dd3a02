"""The shape of one entity of a drawing: curves stroked, closed lines as outlines, holes kept."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from ezdxf import path as paths
from ezdxf.entities import Circle, DXFGraphic, Ellipse, Hatch, LWPolyline, Polyline, Spline
from ezdxf.math import Vec3
from shapely.geometry.base import BaseGeometry

_CLOSE = 1e-6
"""Ends so near (share of the line's length) meet."""
_FAR = 1e12


def shape_of(entity: DXFGraphic, stroke: float) -> BaseGeometry | None:
    """The entity's shape in the drawing's unit, curves stroked to within `stroke` of it.

    Raises `ValueError` where its coordinates are no numbers or too few; `None` for an empty fill.
    """
    rings = _rings(entity, stroke)
    if any(not np.isfinite(xy).all() or np.abs(xy).max() > _FAR for xy in rings):
        raise ValueError("a coordinate is no number")
    if isinstance(entity, Hatch):
        return _filled(rings)
    if not rings:
        raise ValueError("it has fewer than two points")
    xy = rings[0]
    if len(xy) >= 4 and _closes(xy):
        return shapely.Polygon(np.vstack([xy[:-1], xy[:1]]))
    return shapely.LineString(xy)


def _rings(entity: DXFGraphic, stroke: float) -> list[np.ndarray]:
    """The lines an entity consists of, (n, 2) each: one, of a filled area several."""
    lines: list[Iterable[Vec3]]
    if isinstance(entity, Hatch):
        lines = [path.flattening(stroke) for path in paths.from_hatch(entity)]
    elif isinstance(entity, Circle | Ellipse):  # an arc is a kind of circle
        small = entity.dxf.radius if isinstance(entity, Circle) else entity.minor_axis.magnitude
        lines = [entity.flattening(max(min(stroke, small / 2), 1e-9))]
    elif isinstance(entity, Spline):
        lines = [entity.flattening(stroke)]
    elif isinstance(entity, LWPolyline | Polyline) and entity.has_arc:
        lines = [_chained(entity, stroke)]
    else:
        lines = [paths.make_path(entity).flattening(stroke)]
    found = [np.array([(point[0], point[1]) for point in line]) for line in lines]
    return [xy for xy in found if len(xy) > 1]


def _chained(entity: LWPolyline | Polyline, stroke: float) -> list[Vec3]:
    """The points of a line with arcs in it, each part turned so that it goes on from the last."""
    parts = [_part(part, stroke) for part in entity.virtual_entities()]
    if len(parts) > 1 and min(map(parts[0][0].distance, (parts[1][0], parts[1][-1]))) < min(
        map(parts[0][-1].distance, (parts[1][0], parts[1][-1]))
    ):
        parts[0].reverse()
    chain = list(parts[0]) if parts else []
    for part in parts[1:]:
        if chain[-1].distance(part[-1]) < chain[-1].distance(part[0]):
            part.reverse()
        chain += part[1:]
    return chain


def _part(entity: DXFGraphic, stroke: float) -> list[Vec3]:
    if isinstance(entity, Circle):
        return list(entity.flattening(min(stroke, entity.dxf.radius / 2)))
    return [entity.dxf.start, entity.dxf.end]


def _closes(xy: np.ndarray) -> bool:
    gap = float(np.hypot(*(xy[0] - xy[-1])))
    return gap <= _CLOSE * max(float(np.hypot(*np.diff(xy, axis=0).T).sum()), 1.0)


def _filled(rings: list[np.ndarray]) -> BaseGeometry | None:
    """The area of a hatch: rings within rings are holes, and what is in those is filled again."""
    filled: BaseGeometry | None = None
    for xy in rings:
        if len(xy) < 3:
            continue
        ring = shapely.make_valid(shapely.Polygon(xy))
        filled = ring if filled is None else shapely.symmetric_difference(filled, ring)
    return filled
