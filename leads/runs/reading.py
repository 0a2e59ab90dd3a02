"""Findings as an ingest takes them: from a file of `python -m checks run` or from a run at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from checks import RunResult, Seen, UnfitError, as_geojson, opened, seen_of
from layers.errors import LeadError
from office.canonical import canonical, sha256

RunFacts = Mapping[str, Any]
_DOUBLE = ("title", "reasons", "remedy")
"""Said again, in both languages, in `texts`."""


@dataclass(frozen=True, slots=True)
class Sighted(Seen):
    """One finding as the store takes it: `finding` is the canonical JSON of its properties with the
    drawn geometry.
    """

    finding: str

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

    @property
    def area(self) -> BaseGeometry | None:
        """The ground the run says it covered (WGS 84), where it was less than its layers."""
        told = self.run.get("area")
        return shapely.from_wkt(str(told)) if told else None


def read_findings(findings: str | Path | RunResult) -> Findings:
    """Read findings of a GeoJSON file or a run. Raises `LeadError` where it is none of ours."""
    if isinstance(findings, RunResult):
        whole = as_geojson(findings)
        return _made(whole["yicha"], iter(whole["features"]), None)
    path = Path(findings)
    try:
        with path.open(encoding="utf-8") as stream:
            run, features = opened(stream)
            if not isinstance(run, dict) or not {"checks", "on_date", "version"} <= run.keys():
                raise LeadError("the file holds no findings of a run", file=path, field="yicha",
                                remedy="give the GeoJSON that `python -m checks run … --out` wrote")  # fmt: skip
            return _made(run, features, path)
    except (OSError, ValueError, RecursionError) as error:
        raise LeadError(f"the findings cannot be read: {error}", file=path,
                        remedy="give the GeoJSON that `python -m checks run … --out` wrote") from error  # fmt: skip


def _made(run: RunFacts, features: Iterator[dict[str, Any]], path: Path | None) -> Findings:
    sighted: list[Sighted] = []
    try:
        for feature in features:
            sighted.append(_sighted(feature, str(run["on_date"])))  # noqa: PERF401 - its number is told
    except (KeyError, TypeError, AttributeError, UnfitError, shapely.errors.ShapelyError) as error:
        raise LeadError(f"a finding cannot be read: {error!r}", file=path, row=len(sighted) + 1,
                        remedy="give the GeoJSON that `python -m checks run … --out` wrote") from error  # fmt: skip
    digest = sha256(canonical(run) + "".join(sha256(one.finding) for one in sighted))
    return Findings(run, tuple(sighted), digest)


def _sighted(feature: Mapping[str, Any], on_date: str) -> Sighted:
    seen = seen_of(feature, on_date)
    properties = feature["properties"]
    kept = {key: value for key, value in properties.items()
            if not (key in _DOUBLE and properties.get("texts"))}  # fmt: skip
    told = {field.name: getattr(seen, field.name) for field in fields(seen)}
    return Sighted(**told, finding=canonical({**kept, "geometry": feature.get("geometry")}))
