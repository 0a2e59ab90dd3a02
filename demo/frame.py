"""The county's own plane: metres east and north of a centre, and the way to degrees.

The plane is azimuthal equidistant about the centre, so a length in it is true to a
millimetre per kilometre anywhere in the county. The town is drawn on a right-angled
drawing board (u, v) and laid on the plane by a conformal map: streets bend, corners stay
nearly square, buildings nearly rectangles.
"""

from __future__ import annotations

import numpy as np
from pyproj import Geod

from demo.shapes import Array

GEOD = Geod(ellps="WGS84")
CENTRE = (109.3, 27.6)
"""Longitude and latitude of the centre, degrees: an invented place."""
DIGITS = 7
"""Decimals of a degree that an OSM file keeps (about a centimetre)."""

_SIZE = 3000.0
_TURN = np.exp(1j * np.radians(-6.0))
_BEND = (0.035 + 0.075j) / _SIZE
_TWIST = (0.012 - 0.035j) / _SIZE**2
_WAVES = ((11.0, 640.0, 0.4), (7.0, 410.0, 1.9))
"""Old streets are never quite straight: (metres aside, metres along, phase) of two gentle waves."""


def lay(uv: Array) -> Array:
    """Drawing board (n, 2) → plane (n, 2), metres; conformal but for the gentle waves."""
    board = np.array(uv, dtype=float)
    for aside, along, phase in _WAVES:
        turn = board[:, ::-1] * 2 * np.pi / along + phase
        board = board + aside * np.sin(turn)
    z = board[:, 0] + 1j * board[:, 1]
    w = _TURN * (z + _BEND * z**2 + _TWIST * z**3)
    return np.column_stack([w.real, w.imag])


def to_lonlat(xy: Array) -> Array:
    """Plane (n, 2), metres → longitude and latitude (n, 2), degrees as an OSM file keeps them."""
    plane = np.asarray(xy, dtype=float).reshape(-1, 2)
    azimuth = np.degrees(np.arctan2(plane[:, 0], plane[:, 1]))
    metres = np.hypot(plane[:, 0], plane[:, 1])
    start = np.tile(CENTRE, (len(plane), 1))
    lon, lat, _ = GEOD.fwd(start[:, 0], start[:, 1], azimuth, metres)
    return np.round(np.column_stack([lon, lat]), DIGITS)


def to_plane(lonlat: Array) -> Array:
    """Longitude and latitude (n, 2), degrees → plane (n, 2), metres."""
    place = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    start = np.tile(CENTRE, (len(place), 1))
    azimuth, _, metres = GEOD.inv(start[:, 0], start[:, 1], place[:, 0], place[:, 1])
    turn = np.radians(azimuth)
    return np.column_stack([np.sin(turn) * metres, np.cos(turn) * metres])


def metres_between(start: Array, end: Array) -> Array:
    """Geodesic metres between two (n, 2) arrays of longitude and latitude."""
    a, b = np.atleast_2d(start), np.atleast_2d(end)
    _, _, metres = GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    return np.asarray(metres)
