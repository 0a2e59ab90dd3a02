"""GCJ-02 and BD-09: the public formulas, vectorised, with inverses that iterate.

Longitude and latitude in degrees. The formulas are a public reconstruction of unpublished
ones: against a provider's own values they leave about 0.7 m (median), which belongs into
the error band, not into the inverse. The inverses here are exact to below a micrometre.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]

RECTANGLE = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north. Outside the public formulas shift nothing. It is a rectangle:
it covers neighbouring countries too, where providers do not shift."""

_AXIS, _E2 = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, as the public formula has it
_BD = np.pi * 3000.0 / 180.0
_MARGIN = 0.05  # degrees; no shift is larger than 0.02
_STEPS, _ENOUGH = 30, 1e-13  # degrees: 1e-13 is 1e-8 m
_ROUNDING = 1e-9  # degrees; a point on the border must not fall out by rounding


def inside_rectangle(lon: np.ndarray, lat: np.ndarray, margin: float = 0.0) -> np.ndarray:
    """True where the public formulas shift a WGS 84 point (degrees)."""
    west, south, east, north = RECTANGLE
    return np.asarray(
        (lon >= west - margin) & (lon <= east + margin)
        & (lat >= south - margin) & (lat <= north + margin)
    )  # fmt: skip


def wgs84_to_gcj02(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """GCJ-02 of WGS 84 points; unchanged outside the rectangle."""
    return _forward(_gcj_shift, lon, lat)


def gcj02_to_wgs84(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """WGS 84 of GCJ-02 points, iterated; unchanged outside the rectangle."""
    return _inverse((_gcj_shift,), lon, lat)


def wgs84_to_bd09(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """BD-09 of WGS 84 points; unchanged outside the rectangle."""
    return _forward(lambda x, y: _bd_shift(*_gcj_shift(x, y)), lon, lat)


def bd09_to_wgs84(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """WGS 84 of BD-09 points, both steps iterated; unchanged outside the rectangle."""
    return _inverse((_bd_shift, _gcj_shift), lon, lat)


def _forward(shift: Callable[..., Pair], lon: np.ndarray, lat: np.ndarray) -> Pair:
    here = inside_rectangle(lon, lat)
    out = lon.copy(), lat.copy()
    out[0][here], out[1][here] = shift(lon[here], lat[here])
    return out


def _inverse(shifts: tuple[Callable[..., Pair], ...], lon: np.ndarray, lat: np.ndarray) -> Pair:
    """The WGS 84 points whose image is (lon, lat).

    A point just outside the rectangle may be the image of one just inside; it is
    converted then, so that every point of the rectangle survives a round trip.
    """
    near = inside_rectangle(lon, lat, _MARGIN)
    x, y = lon[near], lat[near]
    for shift in shifts:
        x, y = _undo(shift, x, y)
    taken = inside_rectangle(lon[near], lat[near]) | inside_rectangle(x, y, _ROUNDING)
    out = lon.copy(), lat.copy()
    out[0][near] = np.where(taken, x, lon[near])
    out[1][near] = np.where(taken, y, lat[near])
    return out


def _undo(shift: Callable[..., Pair], x: np.ndarray, y: np.ndarray) -> Pair:
    """Fixed point of p = target - (shift(p) - p): each step gains two to four digits."""
    px, py = x.copy(), y.copy()
    for _ in range(_STEPS):
        fx, fy = shift(px, py)
        dx, dy = x - fx, y - fy
        px, py = px + dx, py + dy
        if not px.size or max(np.abs(dx).max(), np.abs(dy).max()) < _ENOUGH:
            break
    return px, py


def _gcj_shift(lon: np.ndarray, lat: np.ndarray) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    root, cross = np.sqrt(np.abs(x)), x * y
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * cross + 0.2 * root
    north += (ripple + _waves(y, 20.0, 40.0, 160.0, 320.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * cross + 0.1 * root
    east += (ripple + _waves(x, 20.0, 40.0, 150.0, 300.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    w2 = 1.0 - _E2 * np.sin(phi) ** 2
    meridian = _AXIS * (1.0 - _E2) / w2**1.5
    parallel = _AXIS / np.sqrt(w2) * np.cos(phi)
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def _waves(v: np.ndarray, one: float, three: float, twelve: float, thirty: float) -> np.ndarray:
    short = one * np.sin(np.pi * v) + three * np.sin(np.pi * v / 3.0)
    return short + twelve * np.sin(np.pi * v / 12.0) + thirty * np.sin(np.pi * v / 30.0)


def _bd_shift(lon: np.ndarray, lat: np.ndarray) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
