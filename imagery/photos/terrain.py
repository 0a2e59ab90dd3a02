"""The ground under one photo: a level plane, or a relief relative to the point below the camera."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imagery.photos.pinhole import Lens, on_plane, rays
from imagery.photos.relief import Relief, meet, read_relief
from imagery.scene import Camera
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError

_REACH, _LOWEST_M = 6.0, 1.0


@dataclass(frozen=True)
class Terrain:
    """`lens` with its height above the ground below the camera, which lies at `level` (metres).

    `level_known` = the height counts from a point whose ground the model knows.
    """

    camera: Camera
    lens: Lens
    relief: Relief | None = None
    level: float = 0.0
    level_known: bool = False

    def met(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(n, 2) metres east and north of the camera, and where the ground's height was known."""
        if self.relief is None:
            return on_plane(self.lens, pixels), np.ones(len(pixels), dtype=bool)
        relief, level = self.relief, self.level
        plane = ground_crs(local_plane(self.camera.lon, self.camera.lat))

        def height_at(points: np.ndarray) -> np.ndarray:
            return relief.at(*plane.to_wgs84(points[:, 0], points[:, 1])) - level

        return meet(rays(self.lens, pixels), self.lens.above_m, height_at)


def terrain_of(
    camera: Camera, lens: Lens, dem: str | Path | None, take_off: tuple[float, float] | None
) -> Terrain:
    """The ground under a photo; `take_off` counts only with a model and a height above it.

    Raises `ImageryError` where the model does not reach, or puts the camera under the ground.
    """
    if dem is None:
        return Terrain(camera, lens)
    relief = read_relief(dem, camera.lon, camera.lat, _REACH * lens.above_m)
    below = relief.height(camera.lon, camera.lat)
    if take_off is None or camera.height_of != "take_off":
        return Terrain(camera, lens, relief, below if np.isfinite(below) else 0.0)
    start = read_relief(dem, *take_off, 1.0).height(*take_off)
    above = lens.above_m + start - below
    if not (np.isfinite(above) and above > _LOWEST_M):
        raise ImageryError(
            "from this take-off the camera would stand under the ground, or the height model "
            "does not know the ground there",
            remedy="check the take-off (longitude, latitude) and the height model",
            file=dem,
        )
    return Terrain(camera, lens.changed(above_m=above), relief, below, level_known=True)
