"""From camera to ground: outline or view cone of a photo, and its approximate placement."""

from __future__ import annotations

from pathlib import Path

from imagery.photos.words import Footprint
from imagery.scene import Camera, Placement


def footprint(camera: Camera, width: int, height: int, dem: str | Path | None = None) -> Footprint:
    """Where a photo of `width` × `height` pixels (as stored, orientation ignored) looks.

    The ground is a plane `camera.height_m` below the camera, or the relief of `dem` (a GeoTIFF
    of heights in metres) anchored at the ground below the camera.
    """
    del camera, width, height, dem
    return Footprint(None, None, None, None)


def photo_placement(
    camera: Camera, width: int, height: int, dem: str | Path | None = None
) -> Placement | None:
    """The affine that shows the photo approximately placed in a local plane (metres).

    None where `footprint` has no outline: an oblique photo is never laid on the map.
    """
    del camera, width, height, dem
    return None
