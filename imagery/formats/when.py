"""When a scene was taken: the file's own word first, then the person's, then the name's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from imagery.formats.remarks import remark
from imagery.scene import Remark, Stated, Taken
from layers.errors import ImageryError

_OF_EXPOSURE = ("acquisitiondatetime", "acquisition_datetime", "acquisition_date", "date_acquired",
                "acquisition_start", "sensing_time", "exif_datetimeoriginal", "datetime_original",
                "datetime")  # fmt: skip
_OF_FILE = "tifftag_datetime"
_FIRST_YEAR, _LAST_YEAR = 1930, 2100
_WRITTEN = re.compile(
    r"(\d{4})[:/.\-](\d{1,2})[:/.\-](\d{1,2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?"
)
_OFFSET = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$")
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})$")
_SOLID = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    r"(?:[T_\-]?([01]\d|2[0-3])([0-5]\d)([0-5]\d))?(?!\d)"
)
_PARTED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_.年](0?[1-9]|1[0-2])[-_.月](0?[1-9]|[12]\d|3[01])(?!\d)"
)
How = Literal["exif", "metadata", "file_name", "stated"]


def taken_of(
    tags: Mapping[str, str], name: str, stated: Stated, path: Path
) -> tuple[Taken, list[Remark]]:
    """The time by the file's tags, by `stated`, or by a date in `name`, in this order.

    Times without an offset are local; `stated.zone` places them. Raises `ImageryError` for a
    stated time that is none.
    """
    remarks: list[Remark] = []
    told = stated_time(stated, path)
    own = _from_tags(tags, stated.zone, path, remarks)
    if own is not None:
        if told is not None and own.day != told.day:
            remarks.append(remark("time_differs", own=own.day, stated=told.day))
        return own, remarks
    found = told or _from_name(name, stated.zone, path)
    if found is None:
        return Taken(), [*remarks, remark("time_missing")]
    return found, remarks


def stated_time(stated: Stated, path: Path) -> Taken | None:
    """What the person says, missing where nothing; raises `ImageryError` for nonsense."""
    if stated.taken is None:
        return None
    made = parse(stated.taken, stated.zone, "stated", path)
    if made is None:
        raise ImageryError(f"the stated time {stated.taken[:40]!r} is none", file=path, field="taken",
                           remedy="write it as 2024-06-12T10:30 or 2024-06-12")  # fmt: skip
    return made


def parse(text: str, zone: str | None, how: How, path: Path) -> Taken | None:
    """A written time (`2024:06:12 10:30:00`, ISO, with or without offset), or None."""
    match = _WRITTEN.match(text.strip())
    if match is None:
        return None
    own = _OFFSET.search(text.strip())
    if own is not None:
        zone = "+00:00" if own[1] == "Z" else own[1]
    return made(match.groups(), zone, how, path)


def made(
    parts: tuple[str | None, ...], zone: str | None, how: How, path: Path
) -> Taken | None:  # fmt: skip
    """A time from year, month, day and perhaps hour, minute, second; None where it is none."""
    numbers = [int(part) for part in parts if part is not None]
    try:
        moment = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - local, zone apart
    except (ValueError, TypeError):
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR or moment == datetime(1970, 1, 1):  # noqa: DTZ001
        return None
    local = moment.isoformat(timespec="seconds") if len(numbers) > 3 else moment.date().isoformat()
    if zone is None or len(numbers) <= 3:
        return Taken(local=local, how=how)
    sign = _ZONE.match(zone.strip())
    if sign is None:
        raise ImageryError(f"the zone {zone[:20]!r} is none", file=path, field="zone",
                           remedy="write it as +08:00")  # fmt: skip
    away = timedelta(hours=int(sign[2]), minutes=int(sign[3])) * (-1 if sign[1] == "-" else 1)
    utc = f"{(moment - away).isoformat(timespec='seconds')}Z"
    return Taken(utc=utc, local=local, zone=f"{sign[1]}{sign[2]}:{sign[3]}", how=how)


def _from_tags(
    tags: Mapping[str, str], zone: str | None, path: Path, remarks: list[Remark]
) -> Taken | None:
    lower = {key.lower(): value for key, value in tags.items()}
    for key in (*_OF_EXPOSURE, _OF_FILE):
        text = lower.get(key, "").strip()
        if not text:
            continue
        found = parse(text, zone, "metadata", path)
        if found is None:
            remarks.append(remark("time_nonsense", text=text[:40]))
            continue
        if key == _OF_FILE:
            remarks.append(remark("time_of_file"))
        return found
    return None


def _from_name(name: str, zone: str | None, path: Path) -> Taken | None:
    """A date in a file's or folder's name; with a time of day where fourteen digits stand."""
    for pattern in (_SOLID, _PARTED):
        for match in pattern.finditer(name):
            found = made(match.groups(), zone, "file_name", path)
            if found is not None:
                return found
    return None
