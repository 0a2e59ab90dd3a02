"""A copy of a dossier for people outside: what names a person or a door is hidden or made coarse.

The dossier itself stays as it is (and sealed, where a bundle was made); the copy says of itself
that it is one. Masking keeps what is listed here and drops the rest: a new fact is hidden until
somebody decides that it may leave.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from evidence.dossier import Dossier, Picture
from evidence.sheet.styles import STYLES
from layers.cleaning.privacy import mask_text
from layers.datum.sheet import sheet_plane
from layers.errors import YichaError
from layers.themes import THEMES

GRID_M = 200.0
"""Points of traders are told to the middle of a cell of so many metres."""
FACTS = (
    "area_m2", "u_area_m2", "area_mu", "shore_m", "water_name", "basis", "kind",
    "school_kind", "gate_name", "licence_status", "first_issued", "valid_to", "state", "width_m", "low_m", "high_m",
)  # fmt: skip
"""Facts of a finding that may leave; none of them names a person, a number or a door."""
KEPT = (
    "check", "title", "rule", "verdict", "measured", "limit", "unit", "comparator", "method", "error_band",
    "measured_low", "measured_high", "error_parts", "subject_id", "subject_name", "subject_theme", "object_id",
    "object_name", "object_theme", "on_date", "reasons", "licence_class", "strength", "texts",
)  # fmt: skip
"""Fields of a finding that may leave, their texts masked."""
_COLUMNS = ("id", "name", "kind", "geometry")
_PUBLIC_NAMES = frozenset({"gate_name", "water_name", "school_name"})
_ORGANISED = re.compile(r"^(?:1|5|91|93|A|N|Y)")
"""Credit codes of bodies and companies; 92 is a sole trader (个体工商户)."""
_BODY = re.compile(r"(?:公司|合作社|集团|事务所|委员会|管理局|有限合伙.*)$|\b(?:ltd|inc|llc|gmbh|plc)\.?$", re.IGNORECASE)  # fmt: skip
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9A-Z]*\d{6})[0-9A-Z]{9,24}(?![0-9A-Za-z]|\s*(?:元|米|yuan|m))",
    re.IGNORECASE,
)
"""Codes and numbers of licences and persons; sums and lengths are none."""
_DOOR = re.compile(r"\d+(?=\s*(?:号|弄|栋|幢|单元|室|楼|层))")
_SHORTEST = 2
_NAMED, _PLACED = (
    re.compile(r"(?:^|_)(?:names?|owners?|holders?)$"),
    re.compile(r"(?:^|_)address(?:es)?$"),
)
_OF_TRADE = frozenset({"licence_no", "registered_name"})
"""Columns of the themes whose rows are somebody's business."""


def share(dossier: Dossier, *, grid_m: float = GRID_M, pictures: Sequence[Picture] = ()) -> Dossier:
    """The masked copy. `pictures` are those somebody has redacted; the dossier's own never go along.

    Of a trader the name, the codes and the door are hidden, the point goes to the middle of its
    cell of `grid_m` metres and the measured line is left out; telephone, identity numbers and e-mail
    are masked in every text; of the history only kind and time remain. Raises `YichaError` for a grid
    that is none.
    """
    if not grid_m > 0 or not math.isfinite(grid_m):
        raise YichaError(f"a grid of {grid_m:g} m hides no place", field="grid",
                         remedy=f"give the width of a cell in metres, such as {GRID_M:g}")  # fmt: skip
    hidden, door = _hidden(dossier.finding), _is_trader(dossier.finding)
    subject = _coarse(dossier.subject, grid_m) if door else dossier.subject
    other = _of_trader(dossier.finding, "object")
    return replace(
        dossier,
        finding=_finding(dossier.finding, hidden, subject, grid_m if door else None),
        subject=subject,
        line=None if door or other else dossier.line,
        object=_coarse(dossier.object, grid_m) if other else dossier.object,
        beside=() if door or other else dossier.beside,
        context={name: _rows(rows) for name, rows in dossier.context.items() if name in STYLES},
        pictures=tuple(pictures),
        people=tuple(replace(one, identity="") for one in dossier.people),
        history=[{"at": one.get("at"), "kind": one.get("kind")} for one in dossier.history],
        deadlines=[{name: one.get(name) for name in ("kind", "started_on", "due_on", "state")}
                   for one in dossier.deadlines],
        sources=[_source(one) for one in dossier.sources],
        redacted=True,
    )  # fmt: skip


def mask_name(name: str) -> str:
    """A trader's name with all but its first sign hidden; its length is hidden too."""
    return f"{name[:1]}***" if name else name


def snap(shape: BaseGeometry, grid_m: float = GRID_M) -> shapely.Point:
    """The middle of the grid cell (`grid_m` metres in the sheet's plane) the shape's centre lies in."""
    centre = shape.centroid
    plane = sheet_plane(centre.x, centre.y)
    flat = shapely.get_coordinates(plane.to_plane(centre))[0]
    middle = shapely.Point((np.floor(flat / grid_m) + 0.5) * grid_m)
    return shapely.Point(shapely.get_coordinates(plane.to_degrees(middle))[0].round(6))


def _coarse(shape: BaseGeometry | None, grid_m: float) -> BaseGeometry | None:
    return shape if shape is None or shape.is_empty else snap(shape, grid_m)


def _is_trader(finding: Mapping[str, Any]) -> bool:
    """Whether the subject may be a natural person in trade: unless something says that it is a body."""
    if not _of_trader(finding, "subject"):
        return False
    code = str((finding.get("subject") or {}).get("credit_code") or "").upper()
    if code:
        return not _ORGANISED.match(code)
    return not _BODY.search(str(finding.get("subject_name") or ""))


def _of_trader(finding: Mapping[str, Any], side: str) -> bool:
    """Whether the theme is one of shops, registers or open tables, whose rows are somebody's business."""
    name = finding.get(f"{side}_theme")
    if name is None or name in STYLES:
        return False
    theme = THEMES.get(str(name))
    return (theme is None or name == "register_difference"
            or any(column.name in _OF_TRADE for column in theme.columns))  # fmt: skip


def _hidden(finding: Mapping[str, Any]) -> dict[str, str]:
    """What to replace in every text, the longest first: names of traders, and addresses with their doors."""
    trader, other = _is_trader(finding), _of_trader(finding, "object")
    facts = finding.get("facts") or {}
    names = {finding.get("subject_name")} if trader else set()
    names |= {finding.get("object_name")} if other else set()
    names |= set(_told(facts, _NAMED)) if trader or other else set()
    names -= set() if other else {finding.get("object_name")}
    doors = {(finding.get("subject") or {}).get("address"), *_told(facts, _PLACED)}
    hidden = {str(one): _address(one) or "" for one in doors if one} if trader or other else {}
    hidden |= {
        name: mask_name(name) for name in names if isinstance(name, str) and len(name) >= _SHORTEST
    }
    return dict(sorted(hidden.items(), key=lambda pair: -len(pair[0])))


def _told(value: Any, called: re.Pattern[str], key: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON is anything
    """The texts under keys so `called`, however deep they lie."""
    if isinstance(value, str) and called.search(key) and key not in _PUBLIC_NAMES:
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _told(one, called, str(name))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _told(one, called, key)


def _finding(
    finding: Mapping[str, Any],
    hidden: Mapping[str, str],
    subject: BaseGeometry | None,
    grid_m: float | None,
) -> dict[str, Any]:
    facts = finding.get("facts") or {}
    kept = {name: finding[name] for name in KEPT if name in finding}  # fmt: skip
    masked: dict[str, Any] = _texts(kept, hidden)
    who = _texts(finding.get("subject") or {}, hidden)
    if grid_m is not None:
        masked |= {"subject_id": "***", "grid_m": grid_m}
        if len(str(finding.get("subject_name") or "")) < _SHORTEST:
            masked["subject_name"] = "***"
    where = None if subject is None or subject.is_empty else mapping(subject)
    return {
        **masked, "rule_text": finding.get("rule_text"), "layers": list(finding.get("layers", ())), "also": [],
        "facts": {name: _texts(facts[name], hidden) for name in FACTS if name in facts},
        "subject": {"address": _address(who.get("address")), "admin_code": who.get("admin_code"),
                    "u_source_m": _error(who.get("u_source_m"), grid_m), "geometry": where},
    }  # fmt: skip


def _error(u_m: float | None, grid_m: float | None) -> float | None:
    """How far off the place told may be: half a cell's diagonal more than the place known."""
    return u_m if grid_m is None else round(math.hypot(u_m or 0.0, grid_m / math.sqrt(2)), 1)


def _address(address: object) -> str | None:
    return None if not address else _DOOR.sub("*", str(address))


def _texts(value: Any, hidden: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON is anything
    """Every text in lists and tables masked."""
    if isinstance(value, str):
        for name, shown in hidden.items():
            value = value.replace(name, shown)
        return _NUMBER.sub(lambda m: f"{m[0][:2]}***", mask_text(value))
    if isinstance(value, Mapping):
        return {name: _texts(one, hidden) for name, one in value.items()}
    return [_texts(one, hidden) for one in value] if isinstance(value, list | tuple) else value


def _source(told: Mapping[str, Any]) -> dict[str, Any]:
    """A layer's own words with personal numbers masked; hashes stay what they are."""
    return {name: [_source(one) for one in value] if isinstance(value, list) else
            mask_text(value) if isinstance(value, str) and "sha256" not in name else value
            for name, value in told.items() if name not in ("file", "path")}  # fmt: skip


def _rows(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return rows[[name for name in _COLUMNS if name in rows.columns]]
