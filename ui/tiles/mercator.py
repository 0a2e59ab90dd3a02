"""Web-mercator tile arithmetic, for drawing only (nothing is measured on this plane).

`unit` coordinates run from 0 to 1 over the world, x to the east and y to the south; a tile
of zoom z is 1/2**z of them wide.
"""

from __future__ import annotations

import numpy as np

MAX_LATITUDE = 85.0511287798066
TILE = 256
"""Width of a tile in CSS pixels."""


def to_unit(lonlat: np.ndarray) -> np.ndarray:
    """WGS 84 degrees (n, 2) to unit coordinates (n, 2)."""
    lon = lonlat[:, 0]
    lat = np.clip(lonlat[:, 1], -MAX_LATITUDE, MAX_LATITUDE)
    sine = np.sin(np.radians(lat))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return np.column_stack([lon / 360 + 0.5, y])


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Unit coordinates to (lon, lat) in degrees."""
    lat = np.degrees(2 * np.arctan(np.exp((0.5 - y) * 2 * np.pi)) - np.pi / 2)
    return (x - 0.5) * 360, float(lat)


def tile_degrees(z: int, x: int, y: int, margin: float = 0.0) -> tuple[float, float, float, float]:
    """(west, south, east, north) of a tile in degrees, widened by `margin` tiles on all sides."""
    size = 1 / 2**z
    west, north = to_degrees((x - margin) * size, max(0.0, (y - margin) * size))
    east, south = to_degrees((x + 1 + margin) * size, min(1.0, (y + 1 + margin) * size))
    return west, south, east, north


def world_pixels(z: float) -> float:
    """Width of the world in CSS pixels at zoom `z`."""
    return float(TILE * 2**z)
