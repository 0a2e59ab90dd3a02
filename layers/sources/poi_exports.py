"""Answers of map services about places: Amap (GCJ-02) and Baidu (BD-09), raw JSON as saved.

Shapes: one answer, a list of answers, answers line by line, or a bare list of places. Flat
CSV exports of the same services come through the text reader; `layers.sources.declared`
recognises them by their columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from layers.errors import SourceError
from layers.sources.declared import BAIDU_NOTE
from layers.sources.raw import RawTable, Request
from layers.sources.records import frame_of_records

_PLACES = ("pois", "results", "result", "content", "data")


def places_of(answers: Sequence[object], request: Request) -> list[dict[str, object]] | None:
    """The places inside service answers, in order; `None` when these are no such answers.

    Raises `SourceError` when a service answered with an error instead of places.
    """
    if all(_is_place(answer) for answer in answers):
        return [answer for answer in answers if isinstance(answer, dict)]
    places: list[dict[str, object]] = []
    for answer in answers:
        found = _inside(answer)
        if found is None:
            _refuse_error(answer, request)
            return None
        places += found
    return places


def table_of_places(
    places: Sequence[dict[str, object]], request: Request, encoding: str
) -> RawTable:
    """The table of Amap or Baidu places with the datum the service uses."""
    baidu = any(isinstance(place.get("location"), dict) for place in places)
    frame, notes = frame_of_records(places, request.path, request.limits)
    if baidu:
        frame = frame.rename(columns={"location.lng": "lng", "location.lat": "lat"})
    note = BAIDU_NOTE if baidu else "an Amap answer: coordinates are gcj02, [] means empty"
    return RawTable(
        frame, np.arange(1, len(places) + 1), request.path, request.sha256,
        "baidu" if baidu else "amap", datum="bd09" if baidu else "gcj02", encoding=encoding,
        notes=(note, *notes),
    )  # fmt: skip


def _is_place(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    location = value.get("location")
    if isinstance(location, dict):
        return {"lat", "lng"} <= location.keys()
    amap = "typecode" in value or "adname" in value or "pname" in value
    return "name" in value and "location" in value and amap


def _inside(answer: object) -> list[dict[str, object]] | None:
    """The places of one answer; an empty list where it says that there are none."""
    if not isinstance(answer, dict):
        return None
    for key in _PLACES:
        value = answer.get(key)
        if isinstance(value, list) and (value or "status" in answer):
            return [v for v in value if isinstance(v, dict)] if _mostly_places(value) else None
    return None


def _mostly_places(values: Iterable[object]) -> bool:
    return all(
        _is_place(value) or (isinstance(value, dict) and "name" in value) for value in values
    )


def _refuse_error(answer: object, request: Request) -> None:
    """Amap says status "0" with info, Baidu a status above 0 with a message."""
    if not isinstance(answer, dict) or "status" not in answer:
        return
    text = answer.get("info") or answer.get("message") or answer.get("msg")
    if isinstance(text, str) and text.upper() != "OK":
        raise SourceError(
            f"the map service answered with an error: {text[:80]!r}",
            remedy="ask the service again with a valid key and save the new answer",
            file=request.path,
        )
