"""Where the camera stood: EXIF's position, checked against XMP and against sense."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from imagery.photos.exif import Exif, number, numbers, text
from imagery.photos.remarks import remark
from imagery.scene import Remark
from layers.datum.gcj import inside_rectangle
from layers.measures import geodesic_distance

_WGS84 = {"", "wgs84", "wgs1984", "cgcs2000", "worldgeodeticsystem1984"}
_APART_M = 20.0
"""EXIF rounds to less than this; a larger difference means that one of the two is wrong."""
_LAT, _LON = (0x02, 0x01, "N", "S", 90.0), (0x04, 0x03, "E", "W", 180.0)
_XMP_LAT = ("drone-dji:GpsLatitude",)
_XMP_LON = ("drone-dji:GpsLongitude", "drone-dji:GpsLongtitude")


def position(
    exif: Exif, xmp: Mapping[str, str], phone: bool
) -> tuple[tuple[float, float] | None, list[Remark]]:
    """Longitude and latitude (degrees, WGS 84), or None, with what is doubtful about it."""
    remarks: list[Remark] = []
    written, drone = _exif_place(exif, remarks), _xmp_place(xmp)
    place = written or drone
    if place is None:
        return None, remarks or [remark("position_missing")]
    if not (abs(place[0]) <= 180 and abs(place[1]) <= 90):
        return None, [*remarks, remark("position_nonsense")]
    if abs(place[0]) < 1e-6 and abs(place[1]) < 1e-6:
        return None, [*remarks, remark("position_zero")]
    datum = text(exif.gps.get(0x12)) or ""
    if _plain(datum) not in _WGS84:
        return None, [*remarks, remark("position_datum", datum=datum[:40])]
    if written and drone and (apart := _apart(written, drone)) > _APART_M:
        remarks.append(remark("position_differs", metres=apart))
    if phone and bool(inside_rectangle(np.array([place[0]]), np.array([place[1]]))[0]):
        remarks.append(remark("position_maybe_shifted"))
    return place, remarks


def spread(
    exif: Exif, xmp: Mapping[str, str], remarks: list[Remark]
) -> tuple[bool | None, float | None, float | None]:
    """RTK fixed or not, standard deviation of the position and of the height (metres)."""
    flag = number(xmp.get("drone-dji:RtkFlag"))
    if flag is not None and flag != 50:
        if flag > 0:
            remarks.append(remark("rtk_not_fixed", flag=int(flag)))
        return False, None, None
    if flag == 50:
        east, north, up = (_sigma(xmp.get(f"drone-dji:RtkStd{axis}"))
                           for axis in ("Lon", "Lat", "Hgt"))  # fmt: skip
        level = None if east is None or north is None else float(np.hypot(east, north))
        if level is None:
            remarks.append(remark("rtk_std_missing"))
        return True, level, up
    stated = _sigma(xmp.get("Camera:GPSXYAccuracy")) or _sigma(exif.gps.get(0x1F))
    return None, stated, _sigma(xmp.get("Camera:GPSZAccuracy"))


def _exif_place(exif: Exif, remarks: list[Remark]) -> tuple[float, float] | None:
    lon, lat = _angle(exif, _LON), _angle(exif, _LAT)
    if lon is None or lat is None:
        if 0x02 in exif.gps or 0x04 in exif.gps:
            remarks.append(remark("position_nonsense"))
        return None
    if not (lon[1] and lat[1]):
        remarks.append(remark("position_ref_missing"))
    return lon[0], lat[0]


def _angle(exif: Exif, axis: tuple[int, int, str, str, float]) -> tuple[float, bool] | None:
    """Signed degrees and whether the hemisphere was written."""
    tag, ref, positive, negative, largest = axis
    parts = numbers(exif.gps.get(tag))
    if not 1 <= len(parts) <= 3 or parts[0] < 0 or any(not 0 <= p <= 60 for p in parts[1:]):
        return None
    size = sum(part / 60**power for power, part in enumerate(parts))
    side = (text(exif.gps.get(ref)) or "").upper()[:1]
    if size > largest:
        return None
    return (-size if side == negative else size), side in {positive, negative}


def _xmp_place(xmp: Mapping[str, str]) -> tuple[float, float] | None:
    lon, lat = (next((v for name in names if (v := number(xmp.get(name))) is not None), None)
                for names in (_XMP_LON, _XMP_LAT))  # fmt: skip
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) <= 90):
        return None
    return None if lon == lat == 0 else (lon, lat)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(geodesic_distance(one[0], one[1], other[0], other[1]))


def _plain(datum: str) -> str:
    return "".join(sign for sign in datum.lower() if sign.isalnum())


def _sigma(value: object) -> float | None:
    found = number(value)
    return found if found is not None and 0 < found < 10_000 else None
