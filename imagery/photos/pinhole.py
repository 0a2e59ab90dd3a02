"""A pinhole camera over a ground: from pixels to metres east and north of the camera.

Pixels count from the upper left corner of the picture as stored, u to the right, v down; the
optical axis meets the middle. Angles are those of the gimbal: yaw from true north clockwise,
then pitch (-90 = straight down), then roll about the optical axis, in that order (north, east,
down): looking straight down, roll adds to yaw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imagery.scene import Camera

_STEEPEST_GRAZE = np.sin(np.radians(5.0))
"""A ray flatter than this below the horizon meets the ground nobody knows where."""


@dataclass(frozen=True, slots=True)
class Lens:
    """One photo's view: focal length and size in pixels, angles in degrees, height in metres.

    `lean` turns the camera about the picture's upright axis: no gimbal writes it, it is an error.
    """

    focal_px: float
    width: int
    height: int
    yaw: float
    pitch: float
    roll: float
    above_m: float
    lean: float = 0.0

    def changed(self, **values: float) -> Lens:
        """The same view with other numbers."""
        return replace(self, **values)  # type: ignore[arg-type]


def lens_of(camera: Camera, width: int, height: int) -> Lens | None:
    """The view of a photo of `width` × `height` pixels as stored; None where a number is missing.

    The focal length is known as a share of the longer side, so resized photos come out right.
    """
    known = (camera.focal_mm, camera.sensor_width_mm, camera.yaw, camera.pitch, camera.height_m)
    focal, sensor, yaw, pitch, above = known
    if focal is None or sensor is None or yaw is None or pitch is None or above is None:
        return None
    return Lens(focal / sensor * max(width, height), width, height, yaw, pitch,
                camera.roll or 0.0, above)  # fmt: skip


def rotation(yaw: float, pitch: float, roll: float, lean: float = 0.0) -> np.ndarray:
    """(3, 3): camera axes (right, down of the picture, forward) to east, north, up."""
    cy, cp, cr, cl = np.cos(np.radians((yaw, pitch, roll, lean)))
    sy, sp, sr, sl = np.sin(np.radians((yaw, pitch, roll, lean)))
    turn = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1.0]])
    tilt = np.array([[cp, 0, sp], [0, 1.0, 0], [-sp, 0, cp]])
    spin = np.array([[1.0, 0, 0], [0, cr, -sr], [0, sr, cr]])
    aside = np.array([[cl, 0, sl], [0, 1.0, 0], [-sl, 0, cl]])
    body = np.array([[0, 0, 1.0], [1, 0, 0], [0, 1, 0]])
    to_east_north_up = np.array([[0, 1.0, 0], [1, 0, 0], [0, 0, -1]])
    return np.asarray(to_east_north_up @ turn @ tilt @ spin @ body @ aside)


def rays(lens: Lens, pixels: np.ndarray) -> np.ndarray:
    """(n, 3) unit directions east, north, up of (n, 2) pixels."""
    middle = (lens.width / 2.0, lens.height / 2.0)
    flat = (np.asarray(pixels, dtype=float) - middle) / lens.focal_px
    turn = rotation(lens.yaw, lens.pitch, lens.roll, lens.lean)
    seen = np.column_stack([flat, np.ones(len(flat))]) @ turn.T
    return np.asarray(seen / np.linalg.norm(seen, axis=1, keepdims=True))


def on_plane(lens: Lens, pixels: np.ndarray) -> np.ndarray:
    """(n, 2) metres east and north of the camera on the level ground; NaN near the horizon."""
    seen = rays(lens, pixels)
    down = -seen[:, 2]
    reach = np.full(len(seen), np.nan)
    np.divide(lens.above_m, down, out=reach, where=down > _STEEPEST_GRAZE)
    return np.asarray(seen[:, :2] * reach[:, None])


def plane_map(lens: Lens) -> np.ndarray:
    """(3, 3) homography: pixel (u, v, 1) to metres east and north of the camera on the plane."""
    inner = np.array([[1 / lens.focal_px, 0, -lens.width / 2 / lens.focal_px],
                      [0, 1 / lens.focal_px, -lens.height / 2 / lens.focal_px],
                      [0, 0, 1.0]])  # fmt: skip
    east, north, up = rotation(lens.yaw, lens.pitch, lens.roll, lens.lean) @ inner
    return np.array([lens.above_m * east, lens.above_m * north, -up])


def outline_pixels(width: int, height: int, per_side: int = 1) -> np.ndarray:
    """(4 · per_side, 2) pixels round the picture's edge, from the upper left to the right."""
    share = np.arange(per_side) / per_side
    top = np.column_stack([share * width, np.zeros(per_side)])
    right = np.column_stack([np.full(per_side, float(width)), share * height])
    size = np.array([float(width), float(height)])
    return np.vstack([top, right, size - top, size - right])
