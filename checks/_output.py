"""Findings as GeoJSON: one feature per subject, the run's facts beside them."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from checks._records import Finding, Undecided
from checks._runner import RunResult

_DECIMALS = 8
"""Of a degree: a millimetre."""


def write_findings(result: RunResult, path: str | Path, lang: str = "zh") -> Path:
    """Write the run as GeoJSON (RFC 7946), atomically; returns the path.

    The file depends on the result alone: a second run of the same data gives the same bytes.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_geojson(result, lang), ensure_ascii=False, indent=1, allow_nan=False)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text + "\n", encoding="utf-8", newline="\n")
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def as_geojson(result: RunResult, lang: str = "zh") -> dict[str, Any]:
    """The run as a GeoJSON feature collection; the member `yicha` holds the run's facts."""
    placed = [one for one in result.undecided if one.subject_id is not None]
    features = [_feature(f.geometry, finding_properties(f, lang)) for f in result.findings]
    features += [_feature(u.geometry, undecided_properties(u, lang)) for u in placed]
    return {"type": "FeatureCollection", "yicha": run_facts(result, lang), "features": features}


def run_facts(result: RunResult, lang: str = "zh") -> dict[str, Any]:
    """What was run on what, the counts, and what stayed undecided for a whole check."""
    whole = [u for u in result.undecided if u.subject_id is None]
    return _plain(
        {
            "version": result.version, "checks": list(result.checks), "on_date": result.on_date,
            "rules": result.place, "rules_sha256": result.rules_sha256,
            "all_subjects": result.all_subjects,
            "counts": {check: result.counts(check) for check in result.checks},
            "no_data": [check for check in result.checks if result.no_data(check)],
            "undecided": [undecided_properties(u, lang) for u in whole],
            "failures": [{"check": f.check, "message": f.message} for f in result.failures],
            "layers": [ref.as_dict() for ref in result.layers],
        }
    )  # fmt: skip


def finding_properties(finding: Finding, lang: str = "zh") -> dict[str, Any]:
    """The properties of one finding; lengths in metres, texts in `lang`."""
    band, rule = finding.error_band, finding.in_force
    return _plain(
        {
            "check": finding.check, "title": finding.title.of(lang), "rule": finding.rule,
            "verdict": finding.verdict, "measured": finding.measured, "limit": finding.limit,
            "unit": finding.unit, "comparator": finding.comparator, "method": finding.method,
            "error_band": band.largest if band else None,
            "measured_low": finding.measured_low, "measured_high": finding.measured_high,
            "error_parts": dict(band.parts) if band else None,
            "subject_id": finding.subject_id, "subject_name": finding.subject_name,
            "subject_theme": finding.subject_theme, "object_id": finding.object_id,
            "object_name": finding.object_name, "object_theme": finding.object_theme,
            "on_date": finding.on_date, "reasons": [text.of(lang) for text in finding.reasons],
            "licence_class": finding.licence_class, "strength": finding.strength,
            "also": [one.as_dict() for one in finding.also], "facts": dict(finding.facts),
            "rule_text": rule.as_dict() if rule else None,
            "layers": [ref.brief() for ref in finding.layers],
        }
    )  # fmt: skip


def undecided_properties(undecided: Undecided, lang: str = "zh") -> dict[str, Any]:
    """The properties of something that could not be decided, with what would help."""
    return _plain(
        {
            "check": undecided.check, "verdict": "undecided", "code": undecided.code,
            "measured": None, "theme": undecided.theme, "subject_id": undecided.subject_id,
            "subject_name": undecided.subject_name, "subject_theme": undecided.subject_theme,
            "on_date": undecided.on_date, "reasons": [undecided.reason.of(lang)],
            "remedy": undecided.remedy.of(lang), "facts": dict(undecided.facts),
        }
    )  # fmt: skip


def _feature(geometry: BaseGeometry | None, properties: dict[str, Any]) -> dict[str, Any]:
    shape = None
    if geometry is not None and not geometry.is_empty:
        shape = mapping(shapely.transform(geometry, lambda xy: np.round(xy, _DECIMALS)))
    return {"type": "Feature", "geometry": shape, "properties": properties}


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
