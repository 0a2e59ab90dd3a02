"""When a photo was taken: the camera's clock, its zone and the satellites' time, compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from imagery.photos.exif import Exif, numbers, text
from imagery.photos.remarks import remark
from imagery.scene import Remark, Taken

_ORIGINAL, _OFFSETS, _SPARE = 0x9003, (0x9011, 0x9010), 0x9004
_GPS_DAY, _GPS_TIME = 0x1D, 0x07
_WRITTEN = re.compile(r"(\d{4})[:\-/](\d\d)[:\-/](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)")
_EXPOSED = "drone-dji:UTCAtExposure"
_FIRST_YEAR, _LAST_YEAR, _OLDEST_SENSIBLE = 1990, 2100, 2005
_RESET = {"01-01", "12-31"}
_QUARTER = timedelta(minutes=15)
_LOOSE = timedelta(minutes=2)
"""A camera clock is set by hand or by the phone: two minutes off is still the same zone."""
_WIDEST = timedelta(hours=14)


def taken(exif: Exif, xmp: Mapping[str, str]) -> tuple[Taken, list[Remark]]:
    """The time of the exposure, with what is doubtful about it."""
    remarks: list[Remark] = []
    local = _clock(exif, remarks)
    zone = next((z for tag in _OFFSETS if (z := _zone(text(exif.detail.get(tag))))), None)
    sky = _sky(exif, xmp, remarks)
    if local is None and sky is None:
        if not remarks:
            remarks.append(remark("time_missing"))
        return Taken(), remarks
    if local is not None and sky is not None:
        zone = _agree(local, zone, sky, remarks)
    elif local is not None and zone is None:
        remarks.append(remark("zone_unknown"))
    utc = sky
    if utc is None and local is not None and zone is not None:
        utc = local - _offset(zone)
    return Taken(
        utc=None if utc is None else f"{utc.isoformat(timespec='seconds')}Z",
        local=None if local is None else local.isoformat(timespec="seconds"),
        zone=zone if local is not None else None,
        how="exif" if sky is None else "gps",
    ), remarks


def written_later(exif: Exif) -> bool:
    """Whether the file was written more than a minute after the exposure: no camera does that."""
    original, last = (_moment(text(tags.get(tag)) or "") for tags, tag in
                      ((exif.detail, _ORIGINAL), (exif.main, 0x0132)))  # fmt: skip
    return original is not None and last is not None and abs(last - original).total_seconds() > 60


def _clock(exif: Exif, remarks: list[Remark]) -> datetime | None:
    told = text(exif.detail.get(_ORIGINAL)) or text(exif.detail.get(_SPARE))
    if told is None or not told.strip(" :0"):
        return None
    moment = _moment(told)
    if moment is None:
        remarks.append(remark("time_nonsense", time=told[:40]))
    elif moment.year < _OLDEST_SENSIBLE or (
        moment.strftime("%m-%d") in _RESET and moment.hour == 0 and moment.minute < 10
    ):
        remarks.append(remark("clock_reset", time=told[:40]))
    return moment


def _moment(told: str) -> datetime | None:
    found = _WRITTEN.match(told)
    if found is None:
        return None
    try:
        moment = datetime(*(int(part) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def _zone(told: str | None) -> str | None:
    if told == "Z":
        return "+00:00"
    found = _ZONE.fullmatch(told or "")
    if found is None or int(found[3]) > 59 or int(found[2]) > 14:
        return None
    return f"{found[1]}{found[2]}:{found[3]}"


def _offset(zone: str) -> timedelta:
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return -size if zone[0] == "-" else size


def _sky(exif: Exif, xmp: Mapping[str, str], remarks: list[Remark]) -> datetime | None:
    """UTC as the satellites told it: of the exposure, else of the last fix."""
    exposed = _moment(xmp.get(_EXPOSED, ""))
    if exposed is not None:
        return exposed
    day, time = text(exif.gps.get(_GPS_DAY)), numbers(exif.gps.get(_GPS_TIME))
    if day is None or len(time) != 3:
        return None
    midnight = _moment(f"{day} 00:00:00")
    hours, minutes, seconds = time
    if midnight is None or not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 61):
        remarks.append(remark("time_nonsense", time=f"GPS {day[:20]}"))
        return None
    return midnight + timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))


def _agree(local: datetime, zone: str | None, sky: datetime, remarks: list[Remark]) -> str | None:
    """The zone, found from the satellites where nobody wrote it; says where the clocks disagree."""
    ahead = local - sky
    expected = _offset(zone) if zone is not None else round(ahead / _QUARTER) * _QUARTER
    off = abs(ahead - expected)
    if off > _LOOSE or abs(expected) > _WIDEST:
        wrong = off if zone is not None or off > _LOOSE else abs(ahead)
        if zone is None and abs(ahead) > _WIDEST:
            wrong = abs(ahead)
        remarks.append(remark("clock_differs", hours=wrong / timedelta(hours=1)))
        return zone
    if zone is None:
        remarks.append(remark("zone_from_gps"))
    return zone or _written(expected)


def _written(offset: timedelta) -> str:
    minutes = round(offset / timedelta(minutes=1))
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
