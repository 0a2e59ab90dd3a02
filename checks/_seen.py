"""One finding as a later run is laid beside it: read again from the GeoJSON it was written to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from checks._changes import comparable

_OURS = ('{"type": "FeatureCollection",', '"yicha": ', '"features": [', "]}")
"""How `checks.write_findings` lays out its lines."""


class UnfitError(Exception):
    """A finding lacks what it takes to know it again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding, or a subject that stayed undecided, as one run told of it.

    `facts` is what a later run is compared with. `geometry` is the subject's (else the finding's) in
    WGS 84, `lon`, `lat` a point of it in degrees, `u_m` the error of its position in metres.
    """

    check: str
    verdict: str
    theme: str
    subject_id: str
    name: str | None
    address: str | None
    credit_code: str | None
    licence_no: str | None
    admin_code: str | None
    lon: float | None
    lat: float | None
    u_m: float
    geometry: BaseGeometry | None
    facts: Mapping[str, Any]
    on_date: str


def seen_of(feature: Mapping[str, Any], on_date: str) -> Seen:
    """A GeoJSON feature of a run on `on_date`; raises `UnfitError`, `KeyError`, `TypeError`."""
    properties = feature["properties"]
    subject = properties.get("subject") or {}
    facts = properties.get("facts") or {}
    place = subject.get("geometry") or feature.get("geometry")
    geometry = shape(place) if place else None
    point = subject.get("point") or _point(geometry)
    return Seen(
        check=_text(properties["check"]), verdict=_text(properties["verdict"]),
        theme=str(properties.get("subject_theme") or ""),
        subject_id=_text(properties["subject_id"]), name=properties.get("subject_name"),
        address=subject.get("address") or facts.get("address"),
        credit_code=subject.get("credit_code"), licence_no=subject.get("licence_no"),
        admin_code=subject.get("admin_code"),
        lon=point[0] if point else None, lat=point[1] if point else None,
        u_m=float(subject.get("u_source_m") or 0.0), geometry=geometry,
        facts=comparable(properties), on_date=str(properties.get("on_date") or on_date),
    )  # fmt: skip


def opened(stream: TextIO) -> tuple[Any, Iterator[dict[str, Any]]]:
    """The run's facts and its features; our own files hold one feature a line and are read so.

    Raises `ValueError` for what is no JSON, and while it is read where it was cut off.
    """
    first, second, third = (stream.readline() for _ in range(3))
    if first.strip() == _OURS[0] and second.startswith(_OURS[1]) and third.strip() == _OURS[2]:
        return json.loads(second.removeprefix(_OURS[1]).rstrip().removesuffix(",")), _lines(stream)
    whole = json.loads(first + second + third + stream.read())
    if not isinstance(whole, dict):
        return None, iter(())
    return whole.get("yicha"), iter(whole.get("features") or ())


def _lines(stream: TextIO) -> Iterator[dict[str, Any]]:
    for line in stream:
        text = line.strip()
        if text == _OURS[3]:
            return
        if text:
            yield json.loads(text.removesuffix(","))
    raise ValueError("it ends before its end: the file was cut off")


def _text(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    if not isinstance(value, str) or not value:
        raise UnfitError(f"{value!r} stands where a text is needed")
    return value


def _point(geometry: BaseGeometry | None) -> tuple[float, float] | None:
    if geometry is None or geometry.is_empty:
        return None
    point = geometry.representative_point()
    return point.x, point.y
