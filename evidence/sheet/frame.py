"""How a place comes onto paper: a plane, a centre and a ratio from the list of map scales."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from layers.datum.sheet import SheetPlane, sheet_plane

RATIOS = (200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 25_000, 50_000, 100_000)
"""The ratios a map is drawn at: a reader's ruler works on them."""
_MARGIN = 1.7
"""Room around what is measured, so that the surroundings can be recognised."""
_LEAST_M = 90.0
"""A map shows at least so much ground, however small the thing is."""


@dataclass(frozen=True)
class MapFrame:
    """A map of `width_mm` x `height_mm` on paper at 1 : `ratio` around `centre` (grid metres)."""

    plane: SheetPlane
    centre: tuple[float, float]
    ratio: int
    width_mm: float
    height_mm: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in grid metres."""
        half_x, half_y = self.width_mm * self.ratio / 2000, self.height_mm * self.ratio / 2000
        x, y = self.centre
        return x - half_x, y - half_y, x + half_x, y + half_y

    @cached_property
    def box(self) -> BaseGeometry:
        """The frame as a polygon in WGS 84 degrees."""
        return self.plane.to_degrees(shapely.segmentize(shapely.box(*self.bounds), 500.0))

    @cached_property
    def middle(self) -> tuple[float, float]:
        """(longitude, latitude) in degrees of the centre."""
        lon, lat = shapely.get_coordinates(self.plane.to_degrees(shapely.Point(self.centre)))[0]
        return float(lon), float(lat)

    def metres(self, millimetres: float) -> float:
        """Grid metres of a length on paper."""
        return millimetres * self.ratio / 1000


def frame_for(
    shapes: list[BaseGeometry], width_mm: float, height_mm: float, *, zoom_out: int = 0
) -> MapFrame:
    """The largest ratio at which all shapes (WGS 84) fit with a margin; `zoom_out` goes that many steps on.

    Raises `ValueError` where no shape has a place.
    """
    there = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not there:
        raise ValueError("nothing of it has a place")
    middle = shapely.union_all(there).envelope.centroid
    plane = sheet_plane(middle.x, middle.y)
    west, south, east, north = shapely.union_all([plane.to_plane(one) for one in there]).bounds
    wide = max((east - west) * _MARGIN, _LEAST_M) * 1000 / width_mm
    high = max((north - south) * _MARGIN, _LEAST_M * height_mm / width_mm) * 1000 / height_mm
    fits = [at for at, ratio in enumerate(RATIOS) if ratio >= max(wide, high)]
    at = min((fits[0] if fits else len(RATIOS) - 1) + zoom_out, len(RATIOS) - 1)
    return MapFrame(
        plane, ((west + east) / 2, (south + north) / 2), RATIOS[at], width_mm, height_mm
    )
