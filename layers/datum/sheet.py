"""The plane a printed map is drawn in: the national 3° zone in China, UTM elsewhere.

Lengths of record are never taken from it: they are geodesic. `factors` says how far grid
north lies from true north and how much longer the grid is than the ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer
from shapely.geometry.base import BaseGeometry

from layers.datum.gcj import inside_rectangle
from layers.datum.ground import DEGREES
from layers.datum.systems import zone_system


@dataclass(frozen=True, slots=True)
class SheetPlane:
    """A plane in metres, x east and y north, by its names, code and central meridian (degrees)."""

    text: str
    zh: str
    en: str
    meridian: float

    @property
    def epsg(self) -> int:
        """Its code in the EPSG register."""
        return int(self.text.split(":")[1])

    def to_plane(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in WGS 84 degrees, in metres of the plane."""
        return _moved(geometry, _transformer(self.text), "FORWARD")

    def to_degrees(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in metres of the plane, in WGS 84 degrees."""
        return _moved(geometry, _transformer(self.text), "INVERSE")

    def factors(self, lon: float, lat: float) -> tuple[float, float]:
        """(degrees from grid north to true north, clockwise positive; grid metres per ground metre)."""
        found = Proj(_crs(self.text)).get_factors(lon, lat)
        return -float(found.meridian_convergence), float(found.meridional_scale)


def sheet_plane(lon: float, lat: float) -> SheetPlane:
    """The plane for a map around a place (degrees)."""
    if bool(inside_rectangle(np.array([lon]), np.array([lat]))[0]):
        system = zone_system(lon)
        return SheetPlane(system.text, system.zh, system.en, _meridian(system.text))
    zone = int((lon + 180) // 6) % 60 + 1
    half_zh, half_en, first = ("北", "N", 32600) if lat >= 0 else ("南", "S", 32700)
    text = f"EPSG:{first + zone}"
    return SheetPlane(text, f"WGS 84 / UTM {zone}{half_zh}带", f"WGS 84 / UTM zone {zone}{half_en}",
                      zone * 6 - 183.0)  # fmt: skip


def _meridian(text: str) -> float:
    operation = _crs(text).coordinate_operation
    values = {one.name: one.value for one in operation.params} if operation else {}
    return float(values["Longitude of natural origin"])


def _moved(geometry: BaseGeometry, transformer: Transformer, direction: str) -> BaseGeometry:
    def change(xy: np.ndarray) -> np.ndarray:
        x, y = transformer.transform(xy[:, 0], xy[:, 1], direction=direction)
        return np.column_stack([x, y])

    return shapely.transform(geometry, change)


@lru_cache(maxsize=64)
def _crs(text: str) -> CRS:
    return CRS.from_user_input(text)


@lru_cache(maxsize=64)
def _transformer(text: str) -> Transformer:
    return Transformer.from_crs(CRS.from_user_input(DEGREES), _crs(text), always_xy=True)
