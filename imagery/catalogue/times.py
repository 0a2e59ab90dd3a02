"""When a scene was taken, as STAC wants it: an instant, or the span that surely holds it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from imagery.scene import Taken

UNKNOWN_SINCE = "1900-01-01T00:00:00Z"
"""Begin of the span of a scene whose time nobody knows; `yicha:taken_how` says `missing`."""
EASTMOST, WESTMOST = timedelta(hours=14), timedelta(hours=12)
"""Clocks are at most so far ahead of, and behind, UTC."""
_FORMATS = ((4, "%Y"), (7, "%Y-%m"), (10, "%Y-%m-%d"))


def time_span(taken: Taken, received: str) -> dict[str, Any]:
    """`datetime`, or `datetime` null with `start_datetime` and `end_datetime`, all UTC.

    A local time without zone spans every zone there is; a day or a year spans all of it.
    """
    if taken.utc is not None and len(taken.utc) > 10:
        return {"datetime": text_of(parse(taken.utc)[0])}
    told = taken.utc or taken.local
    if told is None:
        until = text_of(parse(received)[0]) if received else UNKNOWN_SINCE
        return {"datetime": None, "start_datetime": UNKNOWN_SINCE, "end_datetime": until}
    first, last = parse(told)
    zone = offset(taken.zone) if taken.utc is None else timedelta()
    start = first - (EASTMOST if zone is None else zone)
    end = last + (WESTMOST if zone is None else -zone)
    if start == end:
        return {"datetime": text_of(start)}
    return {"datetime": None, "start_datetime": text_of(start), "end_datetime": text_of(end)}


def parse(text: str) -> tuple[datetime, datetime]:
    """First and last second of an ISO time, day, month or year; UTC where no offset is given."""
    for length, pattern in _FORMATS:
        if len(text) == length:
            first = datetime.strptime(text, pattern).replace(tzinfo=UTC)
            return first, _end(first, length)
    found = datetime.fromisoformat(text)
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found, found


def offset(zone: str | None) -> timedelta | None:
    """`+08:00` as a difference to UTC; missing where no zone is known."""
    if zone is None:
        return None
    return datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").utcoffset()


def text_of(moment: datetime) -> str:
    """RFC 3339 in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def utc_of(text: str) -> str | None:
    """An ISO time with offset as RFC 3339 in UTC; missing where there is none."""
    return text_of(parse(text)[0]) if text else None


def _end(first: datetime, length: int) -> datetime:
    if length == 4:
        after = first.replace(year=first.year + 1)
    elif length == 7:
        after = (first + timedelta(days=31)).replace(day=1)
    else:
        after = first + timedelta(days=1)
    return after - timedelta(seconds=1)
