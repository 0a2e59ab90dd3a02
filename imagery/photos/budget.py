"""How wrong a ground position from one photo can be: every part stated, in metres.

A part is what a radial standard deviation does to a ground position; the whole is twice the
root of the sum of squares (the "2 DRMS" of navigation, 95 to 98 % of positions).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagery.photos.pinhole import Lens, on_plane
from imagery.scene import Camera, KnownBy

POSITION_M = 5.0
"""A satellite fix without corrections, outdoors, with the lag between shutter and fix."""
POSITION_IN_FLIGHT_M = 2.0
"""The same against the other photos of a flight: what is common to all of them cancels."""
RTK_M = 0.05
"""A fixed RTK solution whose file states no deviation."""
TAKE_OFF_M = 5.0
"""Ground against take-off point, and the barometer's drift: the ground is not level."""
GROUND_M = 1.0
"""A height above ground that somebody measured or stated."""
BAROMETER_M = 2.0
"""A height above take-off where a model knows the ground at both ends: what drifts remains."""
YAW_DEG, TILT_DEG = 3.0, 1.0
FOCAL = {"calibrated": 0.01, "table": 0.03, "resolution": 0.03, "equivalent": 0.10, None: 0.10}
COVERAGE = 2.0


@dataclass(frozen=True, slots=True)
class Sigmas:
    """Standard deviations: metres, degrees, and a share for the focal length."""

    position_m: float
    height_m: float
    yaw_deg: float
    tilt_deg: float
    focal: float


def sigmas_of(camera: Camera, *, in_flight: bool = False, level_known: bool = False) -> Sigmas:
    """What one camera's words are worth; `in_flight` = against another photo of the flight."""
    position = camera.u_horizontal_m or (RTK_M if camera.rtk else POSITION_M)
    if in_flight and camera.u_horizontal_m is None and not camera.rtk:
        position = POSITION_IN_FLIGHT_M
    measured = camera.height_of in {"ground", "stated"}
    height = GROUND_M if measured else BAROMETER_M if level_known else TAKE_OFF_M
    return Sigmas(position, height, YAW_DEG, TILT_DEG, FOCAL[camera.sensor_by])


def known_by(camera: Camera) -> KnownBy:
    """How the error of a photo's position is known: what the receiver says comes first."""
    return "rtk" if camera.rtk else "gnss" if camera.u_horizontal_m is not None else "assumed"


def parts_at(lens: Lens, sigmas: Sigmas, pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Metres (95 %) that each part moves the ground under (n, 2) pixels."""
    here = on_plane(lens, pixels)
    changes = {
        "height": [lens.changed(above_m=lens.above_m + sigmas.height_m)],
        "heading": [lens.changed(yaw=lens.yaw + sigmas.yaw_deg)],
        "tilt": [lens.changed(pitch=lens.pitch + sigmas.tilt_deg),
                 lens.changed(lean=sigmas.tilt_deg)],
        "focal": [lens.changed(focal_px=lens.focal_px * (1 - sigmas.focal))],
    }  # fmt: skip
    moved = {name: np.sqrt(sum(_moved(here, other, pixels) ** 2 for other in lenses))
             for name, lenses in changes.items()}  # fmt: skip
    parts = {"position": np.full(len(here), sigmas.position_m), **moved}
    return {name: COVERAGE * part for name, part in parts.items()}


def whole(parts: dict[str, np.ndarray]) -> np.ndarray:
    """(n,) the parts together, metres (95 %)."""
    return np.sqrt(np.sum(np.square(list(parts.values())), axis=0))


def _moved(here: np.ndarray, lens: Lens, pixels: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(on_plane(lens, pixels) - here, axis=1))
