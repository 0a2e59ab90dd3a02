"""Photos that can be laid side by side: camera, size and direction known, looking down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imagery.photos.ground import OBLIQUE_DEG
from imagery.photos.pinhole import Lens, lens_of, plane_map
from imagery.photos.pixels import photo_size
from imagery.photos.read import read_photo
from imagery.scene import Camera
from layers.datum.ground import ground_crs, local_plane
from layers.errors import ImageryError

MOST_PHOTOS, MOST_PIXELS = 300, 250_000_000
"""Matching grows with the photos, memory with the pixels of one."""


@dataclass(frozen=True)
class View:
    """One photo over a common plane: `here` = metres east and north of its camera in it."""

    path: Path
    camera: Camera
    lens: Lens
    here: complex

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def level(self, pixels: np.ndarray) -> np.ndarray:
        """(n,) ground under (n, 2) pixels as if yaw were 0: east + i·north of the camera."""
        flat = np.column_stack([pixels, np.ones(len(pixels))]) @ self.level_map().T
        return np.asarray((flat[:, 0] + 1j * flat[:, 1]) / flat[:, 2])

    def level_map(self) -> np.ndarray:
        """(3, 3) homography of `level`."""
        return plane_map(self.lens.changed(yaw=0.0))

    @property
    def reach_m(self) -> float:
        """How far from the camera its farthest corner lies."""
        width, height = self.lens.width, self.lens.height
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)
        return float(np.abs(self.level(corners)).max())


def open_views(paths: Sequence[str | Path]) -> tuple[str, tuple[View, ...]]:
    """The common plane (WKT) and the photos over it.

    Raises `ImageryError` naming the first photo that cannot take part, and why.
    """
    if len(paths) < 2:
        raise ImageryError(
            "a mosaic needs at least two photos",
            remedy="give all photos of the flight that show the place",
        )
    if len(paths) > MOST_PHOTOS:
        raise ImageryError(
            f"a preview of {len(paths)} photos would take hours",
            remedy=f"give at most {MOST_PHOTOS}, or let a photogrammetry engine make an orthophoto",
        )
    found = [_opened(Path(path)) for path in paths]
    plane = local_plane(*np.mean([(camera.lon, camera.lat) for _, camera, _ in found], axis=0))
    lon, lat = (np.array([getattr(camera, axis) for _, camera, _ in found])
                for axis in ("lon", "lat"))  # fmt: skip
    east, north = ground_crs(plane).from_wgs84(lon, lat)
    return plane, tuple(View(path, camera, lens, complex(x, y)) for (path, camera, lens), x, y
                        in zip(found, east, north, strict=True))  # fmt: skip


def _opened(path: Path) -> tuple[Path, Camera, Lens]:
    facts = read_photo(path)
    if facts.camera is None:
        raise _unfit(path, "carries no usable position")
    size = photo_size(path)
    if size[0] * size[1] > MOST_PIXELS:
        raise _unfit(path, f"has {size[0]} × {size[1]} pixels, more than any drone takes")
    lens = lens_of(facts.camera, *size)
    if lens is None:
        raise _unfit(path, "lacks height, angles or focal length")
    if lens.pitch > OBLIQUE_DEG:
        raise _unfit(path, f"looks to the side (pitch {lens.pitch:.0f})")
    return path, facts.camera, lens


def _unfit(path: Path, why: str) -> ImageryError:
    return ImageryError(
        f"the photo {why}",
        remedy="leave it out, or give an orthophoto made by a photogrammetry program",
        file=path,
    )
