"""A scene: what a file of imagery says about itself before a pixel is looked at.

These words are shared by everything in this folder. Positions are WGS 84 longitude/latitude
(degrees) unless a field says otherwise; lengths are metres on the ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

Kind = Literal["orthophoto", "satellite", "photo", "tiles", "picture"]
"""`picture` = an image that nothing places on the ground; kept, shown, never measured."""
PlacedBy = Literal["georeference", "world_file", "tile_names", "camera", "hand", "alignment"]
KnownBy = Literal["rtk", "gnss", "stated", "measured", "assumed"]
"""How the position error is known; `assumed` is printed as such."""
MaskKind = Literal["none", "nodata", "alpha", "mask"]
Level = Literal["note", "warning"]


@dataclass(frozen=True, slots=True)
class Band:
    """One band: `name` as the file or the product names it, `dtype` of numpy.

    `common` is the STAC common name (`red`, `green`, `blue`, `nir`, `swir16` …) where known;
    reflectance = value × `scale` + `offset`.
    """

    name: str
    dtype: str
    common: str | None = None
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Placement:
    """How the pixel grid lies on the ground.

    `crs` is WKT; `transform` the six numbers a, b, c, d, e, f of x = a·col + b·row + c,
    y = d·col + e·row + f (pixel corner). `u_m` is the error of a position on the ground,
    metres (95 %), with `known_by` how it is known.
    """

    crs: str
    transform: tuple[float, float, float, float, float, float]
    by: PlacedBy
    u_m: float
    known_by: KnownBy


@dataclass(frozen=True, slots=True)
class Taken:
    """When a scene was taken: ISO texts, `utc` ending in `Z`, `local` without zone.

    `zone` is the offset of `local` (`+08:00`), missing where nobody said it; `how` names the
    field or the person it comes from, `missing` where nothing tells the time.
    """

    utc: str | None = None
    local: str | None = None
    zone: str | None = None
    how: Literal["gps", "exif", "metadata", "file_name", "stated", "missing"] = "missing"

    @property
    def day(self) -> str | None:
        """The day on site, ISO (of UTC where no local time is known)."""
        told = self.local or self.utc
        return told[:10] if told else None


@dataclass(frozen=True, slots=True)
class Sensor:
    """What took the scene."""

    platform: Literal["drone", "aeroplane", "satellite", "phone", "unknown"]
    make: str | None = None
    model: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    """Where a photo's camera stood and looked: degrees, metres, millimetres.

    `yaw` clockwise from true north, `pitch` -90 = straight down, `roll` clockwise.
    `height_m` is above the ground or, as drones write it, above the take-off point
    (`height_of`); `u_horizontal_m`, `u_vertical_m` are standard deviations as the file states
    them, else missing. `flight_yaw` is the heading of the aircraft's nose; `sensor_by` says how
    the width is known: written by a calibrated camera, from the table of models, from EXIF's
    resolution of the focal plane, or only assumed from the 35-mm equivalent.
    """

    lon: float
    lat: float
    height_m: float | None
    height_of: Literal["ground", "take_off", "stated"] | None
    sea_height_m: float | None
    yaw: float | None
    pitch: float | None
    roll: float | None
    focal_mm: float | None
    sensor_width_mm: float | None
    focal_35mm: float | None
    rtk: bool | None = None
    u_horizontal_m: float | None = None
    u_vertical_m: float | None = None
    flight_yaw: float | None = None
    sensor_by: Literal["calibrated", "table", "resolution", "equivalent"] | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know about a scene; it does not stop the ingest."""

    code: str
    zh: str
    en: str
    level: Level = "warning"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the person who hands a file in says about it; a file's own word comes first.

    `crs` as WKT or EPSG code (for world files), `taken` ISO local time with or without offset,
    `zone` the offset of local times (`+08:00`), `u_m` the position error and
    `height_m` the flying height above the ground, metres.
    """

    crs: str | None = None
    taken: str | None = None
    zone: str | None = None
    u_m: float | None = None
    kind: Kind | None = None
    tile_scheme: Literal["xyz", "tms"] | None = None
    platform: Literal["drone", "aeroplane", "satellite", "phone"] | None = None
    height_m: float | None = None


@dataclass(frozen=True)
class Scene:
    """One scene as its file describes it.

    `source` opens with `imagery.formats.open_raster` (the original itself, or a file put together
    from the members of an archive in a working folder); `member` is the path inside the archive
    or folder, `members` all files it was put together from. `footprint` is the outline of
    the valid pixels' grid on the ground, missing where nothing places the scene. `gsd_m` is
    the ground size of a pixel (geodesic, the larger axis), missing likewise.
    """

    kind: Kind
    source: Path
    driver: str
    width: int
    height: int
    bands: tuple[Band, ...]
    mask: MaskKind
    placement: Placement | None
    footprint: BaseGeometry | None
    gsd_m: float | None
    taken: Taken
    sensor: Sensor | None = None
    camera: Camera | None = None
    member: str | None = None
    members: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def format(self) -> str:
        """The original's format: GDAL's driver, or `HEIF` where `source` was decoded from it."""
        return "HEIF" if "decoded" in self.facts else self.driver
