"""What a single photo says and where it looks: the words of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely import Polygon

from imagery.scene import Camera, Remark, Sensor, Taken


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photo's EXIF and XMP say; `camera` is missing where no position is written.

    `facts` are further values worth keeping (ISO texts, numbers, short texts only): position
    datum, pixel size in EXIF, orientation tag, the software that wrote the file.
    """

    taken: Taken
    sensor: Sensor
    camera: Camera | None
    remarks: tuple[Remark, ...] = ()
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Where a photo looks, WGS 84 degrees.

    `outline` is the ground the photo shows, missing where the camera looks flatter than 60
    degrees below the horizon (then `cone` says in which direction and how far at most) or
    where something is not known. `u_m` is the error of a ground position in it, 95 %, at its
    worst corner; `parts` its parts, metres (95 % each). `gsd_m` is the ground size of a pixel
    in the middle, the larger axis.
    """

    outline: Polygon | None
    cone: Polygon | None
    u_m: float | None
    gsd_m: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
