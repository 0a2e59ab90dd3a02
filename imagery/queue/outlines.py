"""Outlines people draw: checked, and measured as the theme measures."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from imagery.vectorise import area_error
from layers.errors import ImageryError
from layers.measures import geodesic_area, geodesic_length

LEAST_M2, MOST_M2, MOST_CORNERS = 0.05, 1e8, 20_000
"""An outline smaller or larger than this is a slip of the hand."""
DRAWN_PX, DRAWN_M = 2.0, 0.3
"""A person draws an edge to about two pixels, and no better than this many metres (95 %)."""
_REMEDY = "draw one closed outline that does not cross itself, in degrees (WGS 84, longitude first)"


def check_outline(given: Mapping[str, Any] | str | BaseGeometry) -> Polygon | MultiPolygon:
    """The polygon of a GeoJSON geometry, feature, collection of one, or text of these.

    Raises `ImageryError` saying where it crosses itself, that it is empty, too large, no polygon
    or not in degrees.
    """
    found = given if isinstance(given, BaseGeometry) else _read(given)
    if not isinstance(found, Polygon | MultiPolygon) or found.is_empty:
        raise _wrong(f"an outline is a polygon, this is {found.geom_type.lower()}")
    polygon: Polygon | MultiPolygon = shapely.force_2d(found)
    west, south, east, north = polygon.bounds
    if not (all(map(math.isfinite, polygon.bounds)) and -180 <= west <= east <= 180
            and -90 <= south <= north <= 90):  # fmt: skip
        raise _wrong("the outline is not in degrees")
    if not polygon.is_valid:
        raise _wrong(f"the outline is not simple ({shapely.is_valid_reason(polygon)[:80]})")
    if shapely.get_num_coordinates(polygon) > MOST_CORNERS:
        raise _wrong(f"the outline has more than {MOST_CORNERS} corners")
    if not LEAST_M2 <= geodesic_area(polygon) <= MOST_M2:
        raise _wrong(f"the outline measures {geodesic_area(polygon):.3g} m²")
    return polygon


@dataclass(frozen=True, slots=True)
class Size:
    """What an outline measures: geodesic area with its error (95 %) and the error of its edge."""

    area_m2: float
    u_area_m2: float
    u_edge_m: float


def size_of(outline: BaseGeometry, gsd_m: float | None) -> Size:
    """Area of an outline drawn by hand on a scene whose pixels measure `gsd_m`."""
    u_edge = max(DRAWN_M, DRAWN_PX * (gsd_m or 0.0))
    area = geodesic_area(outline)
    return Size(area, area_error(area, geodesic_length(outline), u_edge), u_edge)


def same_outline(first: BaseGeometry, second: BaseGeometry) -> bool:
    """Whether two outlines are one, to about 0.1 mm."""
    return bool(shapely.equals_exact(first.normalize(), second.normalize(), 1e-9))


def _read(given: Mapping[str, Any] | str) -> BaseGeometry:
    try:
        told = json.loads(given) if isinstance(given, str) else given
        features = told.get("features")
        if features is not None and len(features) != 1:
            raise _wrong(f"there are {len(features)} outlines")
        feature = told if features is None else features[0]
        return shape(dict(feature.get("geometry", feature)))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
            shapely.errors.ShapelyError) as error:  # fmt: skip
        raise _wrong(f"no outline can be read ({type(error).__name__})") from None


def _wrong(problem: str) -> ImageryError:
    return ImageryError(problem, field="outline", remedy=_REMEDY)
