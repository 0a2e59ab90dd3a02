"""The local frame: metres round a point, without a projection.

Azimuthal and built from the ellipsoid's radii at the middle latitude (Gauss). Distances
from its origin equal the geodesic to 0.01 mm at 1 km and 1 mm at 5 km, up to 66° of
latitude, and its straight lines are geodesics to the same degree. Every point gets a frame
of its own, so nothing is distorted by where it lies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

AXIS, E2 = 6378137.0, 0.0066943799901413165  # WGS 84
RADIAN = np.pi / 180.0


class Frame(NamedTuple):
    """Constants at the origins' latitudes, one each: sine, cosine, N cos φ, M, dM/dφ (metres)."""

    sine: np.ndarray
    cosine: np.ndarray
    parallel: np.ndarray
    meridian: np.ndarray
    growth: np.ndarray

    def take(self, rows: np.ndarray) -> Frame:
        """The frames of the given rows."""
        return Frame(*(constants[rows] for constants in self))


def frame_at(lat: np.ndarray) -> Frame:
    """The frames of origins at the given latitudes, degrees."""
    phi = lat * RADIAN
    sine, cosine = np.sin(phi), np.cos(phi)
    w2 = 1.0 - E2 * sine * sine
    normal = AXIS / np.sqrt(w2)
    meridian = normal * (1.0 - E2) / w2
    return Frame(sine, cosine, normal * cosine, meridian, 3.0 * meridian * E2 * sine * cosine / w2)


def to_frame(east: np.ndarray, north: np.ndarray, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """Metres x, y of places lying `east`, `north` (radians) of their origins."""
    half = 0.5 * north
    u = (frame.parallel - half * frame.meridian * (frame.sine + 0.5 * half * frame.cosine)) * east
    v = (frame.meridian + half * frame.growth) * north
    turn = 0.5 * east * (frame.sine + half * frame.cosine)  # half the meridians' convergence
    return u - turn * (v + 0.5 * turn * u), v + turn * (u - 0.5 * turn * v)


def from_frame(x: np.ndarray, y: np.ndarray, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """The inverse of `to_frame`, by fixed point: east, north in radians."""
    east, north = x / frame.parallel, y / frame.meridian
    for _ in range(4):
        fx, fy = to_frame(east, north, frame)
        east = east + (x - fx) / frame.parallel
        north = north + (y - fy) / frame.meridian
    return east, north


def wrapped(degrees: np.ndarray) -> np.ndarray:
    """Differences of longitude, the short way round; longitudes into -180…180."""
    if degrees.size and max(degrees.max(), -degrees.min()) > 180.0:
        return degrees - 360.0 * np.round(degrees / 360.0)
    return degrees
