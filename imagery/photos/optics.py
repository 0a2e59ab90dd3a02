"""The lens and the sensor: focal length and sensor width, and how the width is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from imagery.photos.cameras import camera_model
from imagery.photos.exif import Exif, number
from imagery.photos.segments import Header

_FULL_FRAME_MM = 36.0
_UNITS_MM = {2.0: 25.4, 3.0: 10.0, 4.0: 1.0, 5.0: 0.001}
"""EXIF units of the focal plane's resolution: inch, centimetre, millimetre, micrometre."""
_FOCAL, _FOCAL_35, _ZOOM = 0x920A, 0xA405, 0xA404
_PLANE_X, _PLANE_UNIT, _WIDTH = 0xA20E, 0xA210, 0xA002
_CALIBRATED = "drone-dji:CalibratedFocalLength"


@dataclass(frozen=True, slots=True)
class Optics:
    """`focal_mm / width_mm` is the focal length as a share of the longer side of the picture."""

    focal_mm: float | None
    width_mm: float | None
    focal_35mm: float | None
    by: Literal["calibrated", "table", "resolution", "equivalent"] | None


def optics(exif: Exif, xmp: Mapping[str, str], header: Header, model: str | None) -> Optics:
    """The best that is known: a calibration, the table, EXIF's own, else the 35-mm equivalent.

    A digital zoom counts as a narrower sensor.
    """
    focal, equal = _size(exif.detail.get(_FOCAL)), _size(exif.detail.get(_FOCAL_35), 5_000)
    zoom = max(1.0, _size(exif.detail.get(_ZOOM), 200) or 1.0)
    row, side = camera_model(model), max(header.width or 0, header.height or 0)
    pixels = _size(xmp.get(_CALIBRATED), 200_000)
    if pixels and side and focal and 0.1 < pixels / side < 50:
        return Optics(focal, focal * side / pixels, equal, "calibrated")
    if row is not None and row.calibrated and focal:
        return Optics(focal, focal / row.calibrated / zoom, equal, "calibrated")
    if row is not None and focal:
        return Optics(focal, row.width_mm / zoom, equal, "table")
    plane = _plane_width(exif)
    if plane and focal:
        return Optics(focal, plane / zoom, equal, "resolution")
    if equal:
        # the equivalent of these cameras is told for the width of the picture, not its diagonal
        focal = focal or equal
        return Optics(focal, focal * _FULL_FRAME_MM / equal, equal, "equivalent")
    return Optics(focal, None, None, None)


def _plane_width(exif: Exif) -> float | None:
    density, unit = _size(exif.detail.get(_PLANE_X), 1e7), number(exif.detail.get(_PLANE_UNIT))
    pixels = _size(exif.detail.get(_WIDTH), 1e6)
    if density is None or pixels is None:
        return None
    width = pixels / density * _UNITS_MM.get(unit or 2.0, 25.4)
    return width if 1.0 <= width <= 100.0 else None


def _size(value: object, largest: float = 2_000.0) -> float | None:
    found = number(value)
    return found if found is not None and 0 < found <= largest else None
