"""What changed between two findings of one lead: facts of weight, never the look of them.

A distance that moved within its error band, a new pin three metres off, another row number or a
later picture with the same content are no changes. The comparison is always with the last
finding that was recorded as changed, so many small steps cannot creep past it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from layers.addresses import normalise_address
from layers.cleaning.text import normalise
from layers.measures import geodesic_distance

MOVED_M = 30.0
"""A place that moves by less is the same place: pins of one shop differ by that much."""
_FACTS = (
    "licence_no", "licence_status", "first_issued", "last_renewed", "valid_to", "licence_interrupted",
    "trading", "state", "confirmed", "screening", "material", "codes", "closed", "too_narrow",
    "narrowed", "no_turnaround", "licences_at_door",
)  # fmt: skip
_BANDED = (("area_m2", "u_area_m2"), ("width_m", None), ("remains_m2", None))
"""Figures beside the measured one, with the name of their error."""
_NOT_OF_RECORDS = frozenset({"source_row", "register_rows", "register_rows_found"})
_BY_RECORDS = "register_rows"
"""Checks that compare tables say everything in their facts: there all of them count."""
MATERIAL = frozenset({"verdict", "measured", "rule", "limit", "comparator", "method", "licence_class",
                      "object", "zones"})  # fmt: skip
"""Changes after which a lead that was laid aside is asked about again; facts (`facts.…`) too."""


def comparable(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of one finding that a later one is compared with, by name."""
    facts = properties.get("facts") or {}
    subject = properties.get("subject") or {}
    rule = properties.get("rule_text") or {}
    banded = [name for pair in _BANDED for name in pair if name]
    found = {
        f"facts.{name}": facts[name] for name in (*_FACTS, *banded) if facts.get(name) is not None
    }
    if _BY_RECORDS in facts:
        found |= {f"facts.{name}": value for name, value in facts.items()
                  if name not in _NOT_OF_RECORDS and not isinstance(value, dict | list)}  # fmt: skip
    if facts.get("zones"):
        found["zones"] = sorted({str(zone.get("id")) for zone in facts["zones"]})
    if facts.get("shops"):
        found["facts.shops"] = sorted(str(shop.get("id")) for shop in facts["shops"])
    return found | {
        "verdict": properties.get("verdict"), "measured": properties.get("measured"),
        "band": properties.get("error_band"), "limit": properties.get("limit"),
        "unit": properties.get("unit"), "comparator": properties.get("comparator"),
        "method": properties.get("method"), "rule": properties.get("rule"),
        "rule_from": rule.get("in_force_from"), "rule_to": rule.get("in_force_to"),
        "licence_class": properties.get("licence_class"),
        "object": properties.get("object_id"), "object_name": properties.get("object_name"),
        "name": properties.get("subject_name"),
        "address": subject.get("address") or facts.get("address"),
        "credit_code": subject.get("credit_code"), "own_licence": subject.get("licence_no"),
        "point": subject.get("point"), "on_date": properties.get("on_date"),
    }  # fmt: skip


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs and matters: name → [before, after]; empty where nothing does.

    Both are results of `comparable`. An undecided finding tells only that: what it could not
    measure has not changed.
    """
    if after.get("verdict") == "undecided":
        return _pair(before, after, "verdict")
    found: dict[str, list[Any]] = {}
    for name in ("verdict", "rule", "limit", "comparator", "method", "licence_class"):
        found |= _pair(before, after, name)
    found |= _measured(before, after) | _object(before, after) | _rest(before, after)
    for name in ("name", "address", "credit_code", "own_licence"):
        if _plain(name, before.get(name)) != _plain(name, after.get(name)):
            found[name] = [before.get(name), after.get(name)]
    if _moved(before.get("point"), after.get("point")):
        found["place"] = [before.get("point"), after.get("point")]
    return found


def is_material(what: Mapping[str, Any]) -> bool:
    """Whether a person who laid the lead aside should look at it again."""
    if "verdict" in what and what["verdict"][1] == "undecided":
        return False
    return any(name in MATERIAL or name.startswith("facts.") for name in what)


def _pair(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> dict[str, list[Any]]:
    if before.get(name) == after.get(name):
        return {}
    return {name: [before.get(name), after.get(name)]}


def _measured(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    bands = [float(one.get("band") or 0.0) for one in (before, after)]
    if _differs(before.get("measured"), after.get("measured"), max(bands), _days(before, after)):
        return {"measured": [before.get("measured"), after.get("measured")]}
    return {}


def _object(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The other side (a school, a register's record); its name alone is no change of facts."""
    if before.get("object") != after.get("object"):
        return {"object": [before.get("object_name") or before.get("object"),
                           after.get("object_name") or after.get("object")]}  # fmt: skip
    return {}


def _rest(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    errors = {f"facts.{name}": f"facts.{error}" for name, error in _BANDED if error}
    days = _days(before, after)
    found: dict[str, list[Any]] = {}
    for name in sorted({*before, *after}):
        if name != "zones" and (not name.startswith("facts.") or name in errors.values()):
            continue
        old, new = before.get(name), after.get(name)
        band = _band(name, errors, before, after)
        if _differs(old, new, band, days):
            found[name] = [old, new]
    return found


def _band(
    name: str, errors: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> float:
    if name in errors:
        return max(one.get(errors[name]) or 0.0 for one in (before, after))
    if name in {f"facts.{banded}" for banded, _ in _BANDED}:
        return max(one.get("band") or 0.0 for one in (before, after))
    return 0.0


def _differs(old: Any, new: Any, band: float, days: int) -> bool:  # noqa: ANN401 - JSON is anything
    if not (_is_number(old) and _is_number(new)):
        return bool(old != new)
    step = new - old
    if days and abs(abs(step) - abs(days)) < 1e-6:
        return False  # an age: it grew by the days between the two runs
    return bool(abs(step) > max(band, 1e-6 * max(abs(old), abs(new), 1.0)))


def _is_number(value: Any) -> bool:  # noqa: ANN401 - JSON is anything
    return isinstance(value, int | float) and not isinstance(value, bool)


def _days(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    first, second = before.get("on_date"), after.get("on_date")
    if not first or not second or first == second:
        return 0
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def _plain(name: str, value: Any) -> str:  # noqa: ANN401 - JSON is anything
    if not value:
        return ""
    text = normalise(str(value)).casefold()
    return normalise_address(text) if name == "address" else text


def _moved(before: Any, after: Any) -> bool:  # noqa: ANN401 - JSON is anything
    if not before or not after:
        return False  # a place that came or went is told by the verdict
    return bool(geodesic_distance(before[0], before[1], after[0], after[1]) > MOVED_M)
