"""Campus outlines: their length in metres and points along them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from layers.measures import geodesic_distance


@dataclass(frozen=True, eq=False)
class Outlines:
    """Outer rings of campuses as segments; s segments, n schools.

    school (s,) int : position of the school; start, end (s, 2) float : WGS 84 degrees;
    metres (s,) float : geodesic length; half_m (n,) float : half of the school's outline, which
    is the farthest a gate can lie from any point of it along the wall; 0 for schools that are
    points.
    """

    school: np.ndarray
    start: np.ndarray
    end: np.ndarray
    metres: np.ndarray
    half_m: np.ndarray

    @property
    def has(self) -> np.ndarray:
        """(n,) bool: which schools have an outline."""
        return self.half_m > 0

    def sampled(self, schools: np.ndarray, step_m: float) -> tuple[np.ndarray, np.ndarray]:
        """Points at most `step_m` metres apart on the outlines of some schools.

        Returns the school of each point (n,) and its longitude and latitude (n, 2).
        """
        mine = np.isin(self.school, schools)
        count = np.maximum(1, np.ceil(self.metres[mine] / step_m)).astype(np.int64)
        part = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        share = (part / np.repeat(count, count))[:, None]
        start, end = np.repeat(self.start[mine], count, 0), np.repeat(self.end[mine], count, 0)
        return np.repeat(self.school[mine], count), start + share * (end - start)


def outlines(geometry: gpd.GeoSeries) -> Outlines:
    """The outer rings of the polygons of a series; points have none, holes are no outline."""
    parts, school = shapely.get_parts(geometry.to_numpy(), return_index=True)
    polygon = shapely.get_type_id(parts) == 3
    lonlat, ring = shapely.get_coordinates(
        shapely.get_exterior_ring(parts[polygon]), return_index=True
    )
    same = ring[1:] == ring[:-1]
    start, end, owner = lonlat[:-1][same], lonlat[1:][same], school[polygon][ring[:-1][same]]
    metres = geodesic_distance(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    half = np.bincount(owner, weights=metres, minlength=len(geometry)) / 2
    return Outlines(owner, start, end, metres, half)
