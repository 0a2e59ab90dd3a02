"""CGCS2000 Gauss-Krüger planes: 3° and 6° zones, zone numbers, and the X = north trap.

Chinese survey files call the northing X and the easting Y. Here x is always the easting
and y the northing, in metres; which column is which is told by magnitude.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from pyproj import Proj

from layers.datum.catalogue import ZONES, Datum

_MILLION = 1_000_000.0
_EASTING = (100_000.0, 900_000.0)  # without the zone number; ±3.6° at 25° N
_NORTHING = (0.0, 6_500_000.0)  # China ends at 5.95 million


def zone_in_easting(x: np.ndarray) -> np.ndarray:
    """The zone number in front of the easting; 0 where there is none, -1 for NaN."""
    return np.where(np.isfinite(x), np.floor(np.nan_to_num(x) / _MILLION), -1).astype(int)


def zones_of(x: np.ndarray, y: np.ndarray, datum: Datum) -> np.ndarray:
    """The zone of each row, or 0 where easting, northing and declared zone do not go together."""
    prefix = zone_in_easting(x)
    zone = prefix if datum.zone is None else np.where(prefix == 0, datum.zone, prefix)
    known = list(ZONES[datum.width or 3]) if datum.zone is None else [datum.zone]
    rest = np.nan_to_num(x) - np.maximum(prefix, 0) * _MILLION
    with np.errstate(invalid="ignore"):
        good = (rest >= _EASTING[0]) & (rest <= _EASTING[1])
        good &= (y >= _NORTHING[0]) & (y <= _NORTHING[1])
    return np.where(good & np.isin(zone, known), zone, 0)


def to_degrees(
    x: np.ndarray, y: np.ndarray, zones: np.ndarray, datum: Datum
) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (degrees, CGCS2000); NaN where `zones` is 0."""
    lon, lat = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    for zone in np.unique(zones[zones > 0]):
        here = zones == zone
        easting = np.mod(x[here], _MILLION)
        lon[here], lat[here] = _plane(datum.width or 3, int(zone))(easting, y[here], inverse=True)
    return lon, lat


def from_degrees(lon: np.ndarray, lat: np.ndarray, datum: Datum) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing, metres; NaN where no zone of China holds the longitude.

    Without a declared zone each row goes to its own, with the zone number in front; with
    a zone declared by number it stands in front too, with a central meridian it does not.
    """
    width = datum.width or 3
    zones = _zone_at(lon, width) if datum.zone is None else np.full(lon.shape, datum.zone)
    prefixed = datum.zone is None or "zone" in datum.name
    x, y = np.full(lon.shape, np.nan), np.full(lon.shape, np.nan)
    for zone in np.intersect1d(zones, list(ZONES[width])):
        here = (zones == zone) & np.isfinite(lon) & np.isfinite(lat)
        x[here], y[here] = _plane(width, int(zone))(lon[here], lat[here])
        x[here] += zone * _MILLION * prefixed
    bad = ~(np.isfinite(x) & np.isfinite(y))
    x[bad], y[bad] = np.nan, np.nan
    return x, y


def _zone_at(lon: np.ndarray, width: int) -> np.ndarray:
    safe = np.nan_to_num(lon)
    zone = np.floor(safe / 3.0 + 0.5) if width == 3 else np.floor(safe / 6.0) + 1.0
    return zone.astype(int)


@lru_cache(maxsize=64)
def _plane(width: int, zone: int) -> Proj:
    meridian = 3 * zone if width == 3 else 6 * zone - 3
    return Proj(proj="tmerc", lon_0=meridian, x_0=500_000, ellps="GRS80", units="m")
