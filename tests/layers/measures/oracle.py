"""An independent oracle: PROJ's azimuthal equidistant plane round a place, and its geodesic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Proj

GEOD = Geod(ellps="WGS84")


def distances(lon: float, lat: float, objects: Any) -> np.ndarray:
    """Metres from one point to each geometry: exact, because the plane is centred on the point."""
    plane = Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="WGS84")
    return shapely.distance(shapely.Point(0.0, 0.0), _in(plane, objects))


def shortest(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Metres between two geometries: the plane is centred anew until the line starts in it."""
    lon, lat = shapely.get_coordinates(one)[0]
    for _ in range(4):
        plane = Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="WGS84")
        line = shapely.shortest_line(*_in(plane, np.array([one, other], dtype=object)))
        (x0, y0), (x1, y1) = shapely.get_coordinates(line)
        lon, lat = plane(x0, y0, inverse=True)
        end = plane(x1, y1, inverse=True)
    return float(GEOD.inv(lon, lat, *end)[2])


def _in(plane: Proj, objects: Any) -> np.ndarray:
    return shapely.transform(objects, lambda xy: np.column_stack(plane(xy[:, 0], xy[:, 1])))


def star(
    rng: np.random.Generator,
    place: Sequence[float],
    radius_m: float,
    vertices: int,
    *,
    holes: int = 0,
) -> shapely.Polygon:
    """A star-shaped polygon round a place, with holes that keep clear of one another."""
    lon, lat = place
    shell = _ring(rng, lon, lat, radius_m, vertices)
    rings = []
    for turn in np.linspace(0.0, 2.0 * np.pi, holes, endpoint=False):
        east, north = 0.3 * radius_m * np.cos(turn), 0.3 * radius_m * np.sin(turn)
        x, y = lon + east / (111_320.0 * np.cos(np.radians(lat))), lat + north / 111_000.0
        rings.append(_ring(rng, x, y, radius_m * 0.12, 7))
    return shapely.Polygon(shell, rings)


def _ring(rng: np.random.Generator, lon: float, lat: float, radius_m: float, n: int) -> np.ndarray:
    angle = 2.0 * np.pi * (np.arange(n) + rng.uniform(0.1, 0.9, n)) / n
    radius = radius_m * rng.uniform(0.75, 1.0, n)
    east, north = radius * np.cos(angle), radius * np.sin(angle)
    scale = 111_320.0 * np.cos(np.radians(lat))
    return np.column_stack([lon + east / scale, lat + north / 111_000.0])
