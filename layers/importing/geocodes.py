"""Bad geocodes: positions far from where nearly all others lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

AT_LEAST = 50
"""Fewer positions than this say nothing about a region."""

_TRIM, _WIDEN = 0.01, 0.25
_ROOM_DEGREES = 0.08
"""About eight kilometres: the villages of a county lie so far from a town that holds 99 % of its
shops, while an address geocoded into another city is off by more."""


@dataclass(frozen=True, slots=True)
class Region:
    """West, south, east, north in degrees of WGS 84."""

    west: float
    south: float
    east: float
    north: float

    def text(self) -> str:
        """The four bounds with four decimals."""
        return f"{self.west:.4f} {self.south:.4f} {self.east:.4f} {self.north:.4f}"


def region_of(lon: np.ndarray, lat: np.ndarray) -> Region | None:
    """The box between the 1st and 99th percentile of each axis, widened.

    Each side moves out by a quarter of the box's size, at least by `_ROOM_DEGREES`. `None` for fewer than `AT_LEAST` positions. NaN is left out. A table of one city whose
    addresses were geocoded into another shows up; one of a whole province does not, because
    its box is as wide as the province.
    """
    there = np.isfinite(lon) & np.isfinite(lat)
    if there.sum() < AT_LEAST:
        return None
    west, east = np.quantile(lon[there], [_TRIM, 1 - _TRIM])
    south, north = np.quantile(lat[there], [_TRIM, 1 - _TRIM])
    wide = max(_WIDEN * (east - west), _ROOM_DEGREES)
    high = max(_WIDEN * (north - south), _ROOM_DEGREES)
    return Region(float(west - wide), float(south - high), float(east + wide), float(north + high))


def outside(region: Region, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Which positions lie outside the region; NaN does not."""
    with np.errstate(invalid="ignore"):
        return (
            (lon < region.west) | (lon > region.east) | (lat < region.south) | (lat > region.north)
        )
