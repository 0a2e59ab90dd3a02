"""Findings as an ingest takes them: from a file of `python -m checks run` or from a run at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from checks import RunResult, as_geojson
from layers.errors import LeadError
from leads.changes import comparable
from office.canonical import canonical, sha256

RunFacts = Mapping[str, Any]
_OURS = ('{"type": "FeatureCollection",', '"yicha": ', '"features": [', "]}")
"""How `checks.write_findings` lays out its lines."""
_DOUBLE = ("title", "reasons", "remedy")
"""Said again, in both languages, in `texts`."""


class _UnfitError(Exception):
    """A finding lacks what a lead needs."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """One finding as the store takes it.

    `finding` is the canonical JSON of its properties with the drawn geometry; `facts` what a
    later run is compared with. `geometry` is the subject's (else the finding's) in WGS 84,
    `lon`, `lat` a point of it in degrees, `u_m` the error of its position in metres.
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
    finding: str
    on_date: str

    @property
    def facts_hash(self) -> str:
        """SHA-256 of the facts, the day aside: equal where nothing at all differs."""
        return sha256(canonical({k: v for k, v in self.facts.items() if k != "on_date"}))

    @property
    def properties(self) -> dict[str, Any]:
        """The finding's properties, read again."""
        read: dict[str, Any] = json.loads(self.finding)
        return read


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one run said: the run's facts and every record about a subject."""

    run: RunFacts
    sighted: tuple[Sighted, ...]
    sha256: str


def read_findings(findings: str | Path | RunResult) -> Findings:
    """Read findings of a GeoJSON file or a run. Raises `LeadError` where it is none of ours."""
    if isinstance(findings, RunResult):
        whole = as_geojson(findings)
        return _made(whole["yicha"], iter(whole["features"]), None)
    path = Path(findings)
    try:
        with path.open(encoding="utf-8") as stream:
            run, features = _opened(stream)
            if not isinstance(run, dict) or not {"checks", "on_date", "version"} <= run.keys():
                raise LeadError("the file holds no findings of a run", file=path, field="yicha",
                                remedy="give the GeoJSON that `python -m checks run … --out` wrote")  # fmt: skip
            return _made(run, features, path)
    except (OSError, ValueError, RecursionError) as error:
        raise LeadError(f"the findings cannot be read: {error}", file=path,
                        remedy="give the GeoJSON that `python -m checks run … --out` wrote") from error  # fmt: skip


def _opened(stream: TextIO) -> tuple[Any, Iterator[dict[str, Any]]]:
    """The run's facts and its features; our own files hold one feature a line and are read so."""
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


def _made(run: RunFacts, features: Iterator[dict[str, Any]], path: Path | None) -> Findings:
    sighted: list[Sighted] = []
    try:
        for feature in features:
            sighted.append(_sighted(feature, str(run["on_date"])))  # noqa: PERF401 - its number is told
    except (KeyError, TypeError, AttributeError, _UnfitError, shapely.errors.ShapelyError) as error:
        raise LeadError(f"a finding cannot be read: {error!r}", file=path, row=len(sighted) + 1,
                        remedy="give the GeoJSON that `python -m checks run … --out` wrote") from error  # fmt: skip
    digest = sha256(canonical(run) + "".join(sha256(one.finding) for one in sighted))
    return Findings(run, tuple(sighted), digest)


def _sighted(feature: Mapping[str, Any], on_date: str) -> Sighted:
    properties = feature["properties"]
    subject = properties.get("subject") or {}
    facts = properties.get("facts") or {}
    drawn = feature.get("geometry")
    place = subject.get("geometry") or drawn
    geometry = shape(place) if place else None
    point = subject.get("point") or _point(geometry)
    kept = {key: value for key, value in properties.items()
            if not (key in _DOUBLE and properties.get("texts"))}  # fmt: skip
    return Sighted(
        check=_text(properties["check"]), verdict=_text(properties["verdict"]),
        theme=str(properties.get("subject_theme") or ""),
        subject_id=_text(properties["subject_id"]), name=properties.get("subject_name"),
        address=subject.get("address") or facts.get("address"),
        credit_code=subject.get("credit_code"), licence_no=subject.get("licence_no"),
        admin_code=subject.get("admin_code"),
        lon=point[0] if point else None, lat=point[1] if point else None,
        u_m=float(subject.get("u_source_m") or 0.0), geometry=geometry,
        facts=comparable(properties), finding=canonical({**kept, "geometry": drawn}),
        on_date=str(properties.get("on_date") or on_date),
    )  # fmt: skip


def _text(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    if not isinstance(value, str) or not value:
        raise _UnfitError(f"{value!r} stands where a text is needed")
    return value


def _point(geometry: BaseGeometry | None) -> tuple[float, float] | None:
    if geometry is None or geometry.is_empty:
        return None
    point = geometry.representative_point()
    return point.x, point.y
