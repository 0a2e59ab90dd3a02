"""The plane of web map tiles: x east, y north in its own metres, tiles counted from the north-west.

Its metres are longer than the ground's by 1 / cos(latitude); nothing here measures the ground.
"""

from __future__ import annotations

import math

import numpy as np

RADIUS = 6378137.0
HALF = math.pi * RADIUS
"""Half the width of the plane: x and y run from -HALF to HALF."""
TILE = 256
MAX_ZOOM = 24
_MAX_LATITUDE = 85.0511287798066


def pixel_size(zoom: int) -> float:
    """Plane metres per pixel of a zoom with 256-pixel tiles."""
    return 2.0 * HALF / TILE / 2.0**zoom


def zoom_for(size: float) -> int:
    """The zoom whose pixels are nearest in size (ratio) to `size` plane metres."""
    return max(0, min(MAX_ZOOM, round(math.log2(2.0 * HALF / TILE / size))))


def to_plane(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Plane x, y of WGS 84 degrees; latitudes are cut at the edge of the plane."""
    phi = np.radians(np.clip(lat, -_MAX_LATITUDE, _MAX_LATITUDE))
    return RADIUS * np.radians(lon), RADIUS * np.arctanh(np.sin(phi))


def to_degrees(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """WGS 84 longitude and latitude (degrees) of plane x, y."""
    lat = np.degrees(np.arcsin(np.tanh(np.asarray(y) / RADIUS)))
    return np.degrees(np.asarray(x) / RADIUS), lat


def tile_bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a tile in plane metres."""
    size = 2.0 * HALF / 2.0**z
    return x * size - HALF, HALF - (y + 1) * size, (x + 1) * size - HALF, HALF - y * size


def is_tile(z: int, x: int, y: int) -> bool:
    """Whether there is such a tile at all."""
    return 0 <= z <= MAX_ZOOM + 2 and 0 <= x < 2**z and 0 <= y < 2**z
