"""Does a scene lie where it can be believed to lie? Swapped axes, wrong signs, far away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from imagery.scene import Remark, Scene
from layers.errors import ImageryError
from layers.measures import geodesic_distance

FAR_M = 500_000.0
NEAR_M = 50_000.0
"""An office's scenes lie together: one this far from all others is remarked, and refused when
its mirror image lies this near to them."""
_ENOUGH = 3
_MIRRORS = (
    ("swapped", "longitude and latitude are swapped"),
    ("south", "the sign of the latitude is wrong (northern or southern hemisphere)"),
    ("west", "the sign of the longitude is wrong (eastern or western hemisphere)"),
    ("both", "the signs of longitude and latitude are wrong"),
)


@dataclass
class Neighbourhood:
    """Where the scenes of the store lie, and the `area` somebody said everything lies in."""

    area: BaseGeometry | None = None
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, scenes: gpd.GeoDataFrame, area: BaseGeometry | None = None) -> Neighbourhood:
        """The neighbourhood made of the rows of `imagery.catalogue.footprints`."""
        placed = scenes.geometry[scenes.geometry.notna()]
        bounds = placed.bounds
        return cls(area, list((bounds["minx"] + bounds["maxx"]) / 2),
                   list((bounds["miny"] + bounds["maxy"]) / 2))  # fmt: skip

    def add(self, scene: Scene) -> None:
        """Count a scene that came in."""
        if (centre := _centre(scene)) is not None:
            self.lon.append(centre[0])
            self.lat.append(centre[1])

    def check(self, scene: Scene) -> tuple[Remark, ...]:
        """Remarks about the scene's place.

        Raises `ImageryError` where it lies outside the stated area, or where exchanging its
        axes or signs would bring it to the other scenes of the store.
        """
        centre = _centre(scene)
        if centre is None:
            return ()
        if self.area is not None:
            self._check_area(scene, centre)
            return ()
        if len(self.lon) < _ENOUGH or (away := self._away(*centre)) < FAR_M:
            return ()
        for _name, words, lon, lat in _mirrored(*centre):
            if self._away(lon, lat) < NEAR_M:
                raise _elsewhere(f"it lies {away / 1000:.0f} km from all other scenes of the store; "
                                 f"probably {words}")  # fmt: skip
        return (_far(away),)

    def _check_area(self, scene: Scene, centre: tuple[float, float]) -> None:
        area = self.area
        ground = scene.footprint if scene.footprint is not None else Point(centre)
        if area is None or area.intersects(ground):
            return
        for _name, words, lon, lat in _mirrored(*centre):
            if area.intersects(Point(lon, lat)):
                raise _elsewhere(f"it lies outside the stated area; probably {words}")
        raise _elsewhere(f"it lies outside the stated area (at {centre[0]:.4f}, {centre[1]:.4f})")

    def _away(self, lon: float, lat: float) -> float:
        """Metres to the nearest other scene's middle."""
        others = np.asarray(self.lon), np.asarray(self.lat)
        same = np.ones(len(self.lon))
        return float(np.min(geodesic_distance(same * lon, same * lat, *others)))


def _centre(scene: Scene) -> tuple[float, float] | None:
    if scene.footprint is not None and not scene.footprint.is_empty:
        west, south, east, north = scene.footprint.bounds
        return (west + east) / 2, (south + north) / 2
    return None if scene.camera is None else (scene.camera.lon, scene.camera.lat)


def _mirrored(lon: float, lat: float) -> Iterator[tuple[str, str, float, float]]:
    places = ((lat, lon), (lon, -lat), (-lon, lat), (-lon, -lat))
    for (name, words), (x, y) in zip(_MIRRORS, places, strict=True):
        if abs(y) <= 90:
            yield name, words, x, y


def _elsewhere(problem: str) -> ImageryError:
    return ImageryError(
        problem, field="place",
        remedy="have the file exported again with its coordinate system right; if it does lie "
        "there, say so with --area (请以正确坐标系重新导出；若位置无误，用 --area 注明范围)",
    )  # fmt: skip


def _far(away: float) -> Remark:
    return Remark("far_from_others", f"距本库其他影像至少 {away / 1000:.0f} 公里：坐标系或半球可能有误",
                  f"at least {away / 1000:.0f} km from every other scene of the store: is the "
                  "coordinate system or the hemisphere wrong?")  # fmt: skip
