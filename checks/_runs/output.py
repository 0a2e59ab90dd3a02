"""Findings as GeoJSON: one feature per subject and line, the run's facts beside them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from checks._records import Finding, Undecided
from checks._rulebook.rule import Rule
from checks._runs.runner import RunResult
from checks._subject import Subject
from layers.atomic import written_whole

_DECIMALS = 8
"""Of a degree: a millimetre."""
_dumps = partial(json.dumps, ensure_ascii=False, allow_nan=False)


def write_findings(result: RunResult, path: str | Path, lang: str = "zh") -> Path:
    """Write the run as GeoJSON (RFC 7946), atomically; returns the path.

    The file depends on the result alone: a second run of the same data gives the same bytes.
    """
    facts = _dumps(run_facts(result, lang))
    with (
        written_whole(path) as beside,
        beside.open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.write(f'{{"type": "FeatureCollection",\n"yicha": {facts},\n"features": [')
        for number, feature in enumerate(_features(result, lang)):
            stream.write((",\n" if number else "\n") + _dumps(feature))
        stream.write("\n]}\n")
    return Path(path)


def as_geojson(result: RunResult, lang: str = "zh") -> dict[str, Any]:
    """The run as a GeoJSON feature collection; the member `yicha` holds the run's facts."""
    return {
        "type": "FeatureCollection",
        "yicha": run_facts(result, lang),
        "features": list(_features(result, lang)),
    }


def run_facts(result: RunResult, lang: str = "zh") -> dict[str, Any]:
    """What was run on what, the counts, and what stayed undecided for a whole check."""
    whole = [u for u in result.undecided if u.subject_id is None]
    return {
        "version": result.version, "checks": list(result.checks), "on_date": result.on_date,
        "rules": result.place, "rules_sha256": result.rules_sha256,
        "all_subjects": result.all_subjects,
        "counts": {check: result.counts(check) for check in result.checks},
        "no_data": [check for check in result.checks if result.no_data(check)],
        "undecided": [undecided_properties(u, lang) for u in whole],
        "failures": [{"check": f.check, "message": f.message} for f in result.failures],
        "layers": _plain([ref.as_dict() for ref in result.layers]),
    } | ({"area": result.area} if result.area else {})  # fmt: skip


def finding_properties(finding: Finding, lang: str = "zh") -> dict[str, Any]:
    """The properties of one finding; lengths in metres, texts in `lang`."""
    layers = _plain([ref.brief() for ref in finding.layers])
    rule = _plain(finding.in_force.as_dict()) if finding.in_force else None
    return _properties(finding, lang, layers, rule)


def undecided_properties(undecided: Undecided, lang: str = "zh") -> dict[str, Any]:
    """The properties of something that could not be decided, with what would help."""
    return {
        "check": undecided.check, "verdict": "undecided", "code": undecided.code,
        "measured": None, "theme": undecided.theme, "subject_id": undecided.subject_id,
        "subject_name": undecided.subject_name, "subject_theme": undecided.subject_theme,
        "on_date": undecided.on_date, "reasons": [undecided.reason.of(lang)],
        "remedy": undecided.remedy.of(lang), "facts": _plain(undecided.facts),
        "subject": _subject(undecided.subject),
        "texts": {"reasons": [undecided.reason.as_dict()], "remedy": undecided.remedy.as_dict()},
    }  # fmt: skip


def finding_feature(record: Finding | Undecided, lang: str = "zh") -> dict[str, Any]:
    """One record as a GeoJSON feature, as the file of a run holds it."""
    if isinstance(record, Finding):
        return _feature(record.geometry, finding_properties(record, lang))
    return _feature(record.geometry, undecided_properties(record, lang))


def _features(result: RunResult, lang: str) -> Iterator[dict[str, Any]]:
    """Layers and rules are spelled out once per run, not once per finding: there may be many."""
    layers: dict[int, Any] = {}
    rules: dict[str, Any] = {}
    for finding in result.findings:
        key = id(finding.layers)
        if key not in layers:
            layers[key] = _plain([ref.brief() for ref in finding.layers])
        rule = _rule(finding.in_force, rules)
        yield _feature(finding.geometry, _properties(finding, lang, layers[key], rule))
    for one in result.undecided:
        if one.subject_id is not None:
            yield _feature(one.geometry, undecided_properties(one, lang))


def _rule(rule: Rule | None, seen: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON is anything
    if rule is None:
        return None
    if rule.id not in seen:
        seen[rule.id] = _plain(rule.as_dict())
    return seen[rule.id]


def _properties(
    finding: Finding, lang: str, layers: list[Any], rule: dict[str, Any] | None
) -> dict[str, Any]:
    band = finding.error_band
    return {
        "check": finding.check, "title": finding.title.of(lang), "rule": finding.rule,
        "verdict": finding.verdict, "measured": _metres(finding.measured),
        "limit": _metres(finding.limit), "unit": finding.unit, "comparator": finding.comparator,
        "method": finding.method, "error_band": _metres(band.largest) if band else None,
        "measured_low": _metres(finding.measured_low),
        "measured_high": _metres(finding.measured_high),
        "error_parts": _plain(band.parts) if band else None,
        "subject_id": finding.subject_id, "subject_name": finding.subject_name,
        "subject_theme": finding.subject_theme, "object_id": finding.object_id,
        "object_name": finding.object_name, "object_theme": finding.object_theme,
        "on_date": finding.on_date, "reasons": [text.of(lang) for text in finding.reasons],
        "licence_class": finding.licence_class, "strength": finding.strength,
        "also": [_plain(one.as_dict()) for one in finding.also], "facts": _plain(finding.facts),
        "rule_text": rule, "layers": layers, "subject": _subject(finding.subject),
        "texts": {"title": finding.title.as_dict(), "reasons": [one.as_dict() for one in finding.reasons]},
    }  # fmt: skip


def _subject(subject: Subject | None) -> dict[str, Any] | None:
    if subject is None:
        return None
    told = subject.as_dict()
    return {**told, "point": _degrees(told["point"]) if told["point"] else None,
            "geometry": _geometry(told["geometry"])}  # fmt: skip


def _feature(geometry: BaseGeometry | None, properties: dict[str, Any]) -> dict[str, Any]:
    shape = None if geometry is None or geometry.is_empty else _geometry(mapping(geometry))
    return {"type": "Feature", "geometry": shape, "properties": properties}


def _geometry(shape: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if shape is None:
        return None
    return {**shape, "coordinates": _degrees(shape["coordinates"])}


def _degrees(value: Any) -> Any:  # noqa: ANN401 - coordinates nest to any depth
    if isinstance(value, float):
        return round(value, _DECIMALS)
    return [_degrees(one) for one in value]


def _metres(value: float | None) -> float | None:
    """To a tenth of a millimetre."""
    return None if value is None else round(float(value), 4)


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """Built-in types only; lengths to a tenth of a millimetre, NaN as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value
