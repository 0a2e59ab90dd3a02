"""Lengths, areas and distances of record: geodesic, on the WGS 84 ellipsoid."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from pyproj import Geod
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

GEOD = Geod(ellps="WGS84")


def geodesic_distance(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> np.ndarray:
    """Metres between points (degrees, WGS 84), elementwise; NaN where a coordinate is missing."""
    ends = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (lon1, lat1, lon2, lat2)))
    known = np.isfinite(ends).all(axis=0)
    metres = np.full(known.shape, np.nan)
    metres[known] = GEOD.inv(ends[0][known], ends[1][known], ends[2][known], ends[3][known])[2]
    return metres


def geodesic_length(line: BaseGeometry) -> float:
    """Metres along a line, or round a polygon's rings (degrees, WGS 84); 0 for points."""
    return float(GEOD.geometry_length(line))


def geodesic_area(polygon: BaseGeometry) -> float:
    """Square metres of a polygon without its holes (degrees, WGS 84), never negative."""
    parts = getattr(polygon, "geoms", [polygon])
    return float(sum(_ring_areas(part) for part in parts if isinstance(part, Polygon)))


def _ring_areas(polygon: Polygon) -> float:
    """Shell less holes, whatever way round the rings run."""
    if polygon.is_empty:
        return 0.0
    areas = [abs(GEOD.geometry_area_perimeter(ring)[0])
             for ring in (polygon.exterior, *polygon.interiors)]  # fmt: skip
    return areas[0] - sum(areas[1:])
