"""A photo file's own words: EXIF and XMP, bounded and never trusted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from imagery.photos.cameras import rewrites, sensor_of
from imagery.photos.exif import Exif, number, read_exif, text
from imagery.photos.optics import Optics, optics
from imagery.photos.position import position, spread
from imagery.photos.remarks import remark
from imagery.photos.segments import Header, header_of, read_header
from imagery.photos.when import taken, written_later
from imagery.photos.words import PhotoFacts
from imagery.photos.xmp import read_xmp
from imagery.scene import Camera, Remark, Sensor

Above = Literal["take_off", "ground"]
_HIGHEST_M = 10_000.0
_DJI = ("drone-dji:GimbalYawDegree", "drone-dji:GimbalPitchDegree", "drone-dji:GimbalRollDegree")
_PIX4D = ("Camera:Yaw", "Camera:Pitch", "Camera:Roll")


def read_photo(path: str | Path) -> PhotoFacts:
    """Time, sensor and camera of a JPEG or HEIC as its EXIF and XMP write them; no pixel is decoded.

    Hostile or damaged metadata is never an error: what cannot be read is a remark. Raises
    `ImageryError` only where the file itself cannot be opened.
    """
    return _facts(read_header(path))


def photo_facts(data: bytes) -> PhotoFacts:
    """The same for a photo in memory."""
    return _facts(header_of(data))


def _facts(header: Header) -> PhotoFacts:
    exif, words = read_exif(header.exif), read_xmp(header.xmp)
    xmp: Mapping[str, str] = words or {}
    remarks: list[Remark] = []
    if not header.exif and not header.xmp:
        remarks.append(remark("metadata_missing"))
    if exif.damaged:
        remarks.append(remark("exif_damaged"))
    if words is None:
        remarks.append(remark("xmp_damaged"))
    make, model = text(exif.main.get(0x010F)), text(exif.main.get(0x0110))
    sensor = sensor_of(make, model, _serial(exif, xmp), any(w in xmp for w in _DJI))
    moment, doubts = taken(exif, xmp)
    remarks += doubts
    camera = _camera(exif, xmp, header, sensor, remarks)
    remarks += _whole(exif, xmp, header)
    kept = {item.code: item for item in remarks}
    return PhotoFacts(moment, sensor, camera, tuple(kept.values()), _more(exif, xmp, header))


def _camera(
    exif: Exif, xmp: Mapping[str, str], header: Header, sensor: Sensor, remarks: list[Remark]
) -> Camera | None:
    place, doubts = position(exif, xmp, phone=sensor.platform == "phone")
    remarks += doubts
    if place is None:
        return None
    rtk, level, up = spread(exif, xmp, remarks)
    glass = optics(exif, xmp, header, sensor.model)
    if sensor.platform == "drone":
        remarks += _lacking(glass)
    height, above = _height(xmp, sensor, remarks)
    yaw, pitch, roll = _angles(xmp, sensor, remarks)
    yaw = _heading(exif) if yaw is None else yaw
    return Camera(
        lon=place[0],
        lat=place[1],
        height_m=height,
        height_of=above,
        sea_height_m=_sea_height(exif, xmp),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        focal_mm=glass.focal_mm,
        sensor_width_mm=glass.width_mm,
        focal_35mm=glass.focal_35mm,
        rtk=rtk,
        u_horizontal_m=level,
        u_vertical_m=up,
        flight_yaw=_degrees(xmp.get("drone-dji:FlightYawDegree")),
        sensor_by=glass.by,
    )


def _lacking(glass: Optics) -> list[Remark]:
    if glass.focal_mm is None or glass.width_mm is None:
        return [remark("focal_missing")]
    return [remark("sensor_assumed")] if glass.by == "equivalent" else []


def _height(
    xmp: Mapping[str, str], sensor: Sensor, remarks: list[Remark]
) -> tuple[float | None, Above | None]:
    written: tuple[tuple[str, Above], ...] = (
        ("drone-dji:RelativeAltitude", "take_off"),
        ("Camera:AboveGroundAltitude", "ground"),
    )
    for name, above in written:
        height = number(xmp.get(name))
        if height is None:
            continue
        if 0 < height <= _HIGHEST_M:
            return height, above
        remarks.append(remark("height_nonsense", height=height))
        return None, None
    if sensor.platform == "drone":
        remarks.append(remark("height_missing"))
    return None, None


def _angles(
    xmp: Mapping[str, str], sensor: Sensor, remarks: list[Remark]
) -> tuple[float | None, float | None, float | None]:
    """Gimbal yaw, pitch (-90 = straight down) and roll, degrees."""
    yaw, pitch, roll = (_degrees(xmp.get(name)) for name in _DJI)
    if yaw is None and pitch is None:
        yaw, pitch, roll = (_degrees(xmp.get(name)) for name in _PIX4D)
        if pitch is not None:
            pitch -= 90.0
            remarks.append(remark("pitch_from_nadir"))
    if sensor.platform == "drone" and (yaw is None or pitch is None):
        remarks.append(remark("angles_missing"))
    return yaw, pitch, roll


def _heading(exif: Exif) -> float | None:
    """Where the phone looked, clockwise from true north; a direction by the compass needle is left out."""
    found = _degrees(exif.gps.get(0x11))
    return found if (text(exif.gps.get(0x10)) or "T").upper() == "T" else None


def _degrees(value: object) -> float | None:
    found = number(value)
    return found if found is not None and abs(found) <= 360 else None


def _sea_height(exif: Exif, xmp: Mapping[str, str]) -> float | None:
    drone = number(xmp.get("drone-dji:AbsoluteAltitude"))
    if drone is not None:
        return drone
    height, below = number(exif.gps.get(0x06)), number(exif.gps.get(0x05))
    return height if height is None or below != 1 else -abs(height)


def _serial(exif: Exif, xmp: Mapping[str, str]) -> str | None:
    told = (xmp.get("drone-dji:CameraSerialNumber"), text(exif.detail.get(0xA431)),
            xmp.get("drone-dji:DroneSerialNumber"))  # fmt: skip
    return next((text(value) for value in told if value), None)


def _whole(exif: Exif, xmp: Mapping[str, str], header: Header) -> list[Remark]:
    """Signs that the file is not as the camera wrote it, or is stored turned."""
    found: list[Remark] = []
    tool, software = xmp.get("xmp:CreatorTool"), text(exif.main.get(0x0131))
    other = next((name for name in (tool, software) if rewrites(name)), None)
    if other is not None or written_later(exif):
        found.append(remark("rewritten", software=text(other) or "?"))
    sizes = (number(exif.detail.get(0xA002)), number(exif.detail.get(0xA003)))
    if all(sizes) and header.width and {header.width, header.height} != set(sizes):
        found.append(remark("size_differs"))
    turned = number(exif.main.get(0x0112))
    if turned is not None and turned != 1 and not header.upright:
        found.append(remark("orientation_tag", orientation=int(turned)))
    return found


def _more(exif: Exif, xmp: Mapping[str, str], header: Header) -> dict[str, str | int | float]:
    told: dict[str, str | int | float | None] = {
        "orientation": None if header.upright else number(exif.main.get(0x0112)),
        "software": text(exif.main.get(0x0131)),
        "map_datum": text(exif.gps.get(0x12)),
        "altitude_type": xmp.get("drone-dji:AltitudeType"),
        "gps_status": xmp.get("drone-dji:GpsStatus"),
        "flight_yaw": _degrees(xmp.get("drone-dji:FlightYawDegree")),
        "width": header.width,
        "height": header.height,
    }
    return {name: value for name, value in told.items() if value is not None}
