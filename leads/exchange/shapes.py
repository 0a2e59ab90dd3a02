"""Of what kind the parts of a package are: what another office sent is read later by what reads our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shapely.geometry import shape

from checks import VERDICT_WORDS

Kind = Callable[[object], bool]
Shape = Kind | Mapping[str, "Shape"] | list["Shape"]
"""A test of a value, the parts of an object by name (one left out is `None`), or of every item of a list."""
_FAR = 1e12


def misfit(value: object, wanted: Shape, name: str) -> str:
    """The name of the first part of another kind; "" where all fit."""
    if isinstance(wanted, list):
        items = value if isinstance(value, list) else None
        return name if items is None else _first((one, wanted[0], name) for one in items)
    if isinstance(wanted, Mapping):
        if not isinstance(value, dict):
            return name
        return _first((value.get(part), kind, part) for part, kind in wanted.items())
    return "" if wanted(value) else name


def _first(parts: Any) -> str:  # noqa: ANN401 - an iterator over (value, shape, name)
    return next((wrong for part in parts if (wrong := misfit(*part))), "")


def _is_said(value: object) -> bool:
    return isinstance(value, str)


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_verdict(value: object) -> bool:
    return isinstance(value, str) and value in VERDICT_WORDS


def _is_number(value: object) -> bool:
    """A number that is one, or none at all."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and abs(float(value)) < _FAR)  # type: ignore[arg-type]


def _is_moment(value: object) -> bool:
    """A moment with its offset to UTC, as text."""
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        return False


def _is_drawn(value: object) -> bool:
    """GeoJSON; what is none raises."""
    return value is None or (isinstance(value, dict) and shape(value) is not None)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _maybe(wanted: Shape) -> Kind:
    return lambda value: value is None or not misfit(value, wanted, "it")


_WORDS: Shape = {"zh": _is_text, "en": _is_text}
LAYERS: Shape = [{"theme": _is_said, "sha256": _is_text, "sources": _maybe([_is_object])}]
BESIDE: Mapping[str, Shape] = {
    "at": _is_moment, "sealed": [_is_said],
    "events": [{**dict.fromkeys(("actor", "roles", "kind", "subject", "body", "previous", "hash"), _is_said),
                "at": _is_moment}],
}  # fmt: skip
"""What stands beside the finding, and is shown as it came."""
LEAD: Shape = {"measured": _is_number, "limit": _is_number, "verdict": _is_verdict}
FINDING: Shape = {
    **dict.fromkeys(("title", "rule", "unit", "comparator", "method", "licence_class", "subject_id", "subject_name",
                     "subject_theme", "object_id", "object_name", "object_theme"), _is_text),
    **dict.fromkeys(("measured", "measured_low", "measured_high", "limit", "error_band"), _is_number),
    "check": _is_said, "on_date": _is_said, "verdict": _is_verdict,
    "facts": _maybe({"basis": _maybe([{"title": _WORDS}])}),
    "rule_text": _maybe({"document": _maybe({"title": _is_text})}),
    "subject": _maybe({
        **dict.fromkeys(("address", "admin_code", "credit_code", "licence_no"), _is_text),
        "u_source_m": _is_number, "point": _maybe([_is_number]), "geometry": _is_drawn,
    }),
    "texts": _maybe({"title": _maybe(_WORDS), "reasons": _maybe([_WORDS]), "remedy": _maybe(_WORDS)}),
    "reasons": _maybe([_is_said]), "also": _maybe([_is_object]), "layers": LAYERS, "geometry": _is_drawn,
}  # fmt: skip
