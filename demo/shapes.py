"""Geometry in the kinds that are meant, and the one source of chance."""

from __future__ import annotations

from random import Random

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

Array = np.ndarray


def chance(seed: int | str, part: str) -> Random:
    """The random numbers of one part: the same seed and part give the same numbers."""
    return Random(f"{seed}:{part}")  # noqa: S311 - a drawing, not a secret


def at(point: Point) -> tuple[float, float]:
    """Coordinates of a point as two floats."""
    return float(point.x), float(point.y)


def points(places: Array) -> Array:
    """(n, 2) places as an array of n points."""
    return np.asarray(shapely.points(np.asarray(places, dtype=float).reshape(-1, 2)))


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons in a geometry."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]


def biggest(geometry: BaseGeometry) -> Polygon:
    """The largest polygon in a geometry; an empty polygon where there is none."""
    return max(polygons(geometry), key=lambda part: part.area, default=Polygon())


def longest(geometry: BaseGeometry) -> LineString:
    """The longest line in a geometry; an empty line where there is none."""
    lines = [part for part in shapely.get_parts(geometry) if isinstance(part, LineString)]
    return max(lines, key=lambda part: part.length, default=LineString())
