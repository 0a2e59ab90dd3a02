"""Files of findings as `python -m checks run` writes them, of invented shops and dumps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shapely.geometry import Polygon, mapping

CHECK = "tobacco-near-school"
WASTE = "waste-near-reservoir"
LON, LAT = 109.3, 27.6
EAST_M, NORTH_M = 1 / 98_700, 1 / 110_800
"""Degrees of about a metre at this latitude."""


def place(east_m: float, north_m: float) -> list[float]:
    """A point so many metres from the middle."""
    return [round(LON + east_m * EAST_M, 8), round(LAT + north_m * NORTH_M, 8)]


def shop(number: int, **more: Any) -> dict[str, Any]:
    """The finding of a shop; shops stand 200 m apart. Keys of `subject` and `facts` may be given bare."""
    at = more.pop("at", None) or place(200.0 * number, 0)
    subject = {"address": f"中心街{number}号", "admin_code": "990123", "credit_code": None,
               "licence_no": None, "u_source_m": 5.0, "point": at,
               "geometry": {"type": "Point", "coordinates": at}}  # fmt: skip
    facts = {"source_row": number, "licence_no": f"9901{number:04d}", "licence_status": "valid",
             "valid_to": "2029-01-01", "walk_m": 60.0, "school_kind": "primary"}  # fmt: skip
    subject |= {key: more.pop(key) for key in list(more) if key in subject}
    facts |= {key: more.pop(key) for key in list(more) if key in facts}
    return {
        "check": CHECK, "title": "学校周边烟草零售点", "rule": "demo:r1", "verdict": "inside",
        "measured": 60.0, "limit": 100.0, "unit": "m", "comparator": "<=", "method": "walk_shortest",
        "error_band": 10.0, "subject_id": f"B{number:05d}", "subject_name": f"福顺{number}烟酒店",
        "subject_theme": "tobacco_retailer", "object_id": "s1", "object_name": "甲小学",
        "object_theme": "school", "on_date": "2026-06-30", "licence_class": "unlicensed",
        "facts": facts, "rule_text": {"id": "demo:r1", "in_force_from": "2021-06-01"},
        "layers": [{"theme": "tobacco_retailer", "sha256": "a" * 64, "rows": 9}], "subject": subject,
        "reasons": ["…"], "texts": {"reasons": [{"zh": "…", "en": "…"}]}, **more,
    }  # fmt: skip


def dump(number: int, *corners: tuple[float, float], **more: Any) -> dict[str, Any]:
    """The finding of a dump with an outline (metres from the middle)."""
    outline = Polygon([place(*corner) for corner in corners])
    point = outline.representative_point()
    found = shop(number, at=[point.x, point.y], geometry=mapping(outline), address=None, **more)
    return {**found, "check": WASTE, "subject_theme": "waste_candidate", "subject_name": None,
            "subject_id": f"w{number}", "facts": {"area_m2": outline.area * 1e10, "u_area_m2": 20.0, "source_row": number}}  # fmt: skip


def square(east_m: float, north_m: float, side_m: float = 20.0) -> tuple[tuple[float, float], ...]:
    """Corners of a square from its south-western corner."""
    e, n, s = east_m, north_m, side_m
    return (e, n), (e + s, n), (e + s, n + s), (e, n + s)


def write_run(
    path: Path, rows: Sequence[dict[str, Any]], *, on_date: str = "2026-06-30",
    checks: Sequence[str] = (CHECK,), rules: str | None = "demo", **more: Any,
) -> Path:  # fmt: skip
    """Write them as a run's file; returns the path. `more`: `no_data`, `failures`, `undecided`."""
    run = {"version": "0.1.0", "checks": list(checks), "on_date": on_date, "rules": rules,
           "rules_sha256": "b" * 64, "no_data": [], "undecided": [], "failures": [],
           "layers": [{"theme": "tobacco_retailer", "sha256": "a" * 64, "rows": 9,
                       "sources": [{"retrieved": "2026-06-01"}]}], **more}  # fmt: skip
    features = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": row["subject"]["point"]},
                 "properties": {**row, "on_date": on_date}} for row in rows]  # fmt: skip
    content = {"type": "FeatureCollection", "yicha": run, "features": features}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
