"""The keys of a rule pack as one table: what each takes, its default, and an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from checks._rulebook.rule import (
    COMPARATORS,
    METHODS,
    METRES_PER,
    NEARER,
    OPEN_END,
    ORIGIN_POINTS,
    ORIGINS,
    SCHOOL_CLASSES,
    TARGET_POINTS,
    TRANSITIONS,
    UNITS,
)

LONGEST = 100_000
"""No perimeter is longer, in any unit; a larger number is a slip of the pen."""
MOST = 1e12
"""No other limit is larger."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key: what it takes in words and as a test, and an example for the error message."""

    kind: str
    accepts: Callable[[object], bool]
    example: str
    required: bool = False
    default: object = None
    choices: tuple[str, ...] = ()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[a-z0-9][a-z0-9-]*", value))


def _is_both(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"zh", "en"}
        and all(map(_is_text, value.values()))
    )


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_length(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value <= LONGEST


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= MOST


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_classes(value: object) -> bool:
    return _is_list(value) and all(one in SCHOOL_CLASSES for one in cast("list[str]", value))


def _anything(_: object) -> bool:
    return True


def _text(*, required: bool = False, default: object = None, example: str = '"…"') -> Field:
    return Field("a text", _is_text, example, required, default)


def _both(*, required: bool = False) -> Field:
    return Field("a text in zh and en", _is_both, '{ zh = "…", en = "…" }', required)


def _date(*, required: bool = False, default: object = None) -> Field:
    return Field("a date", _is_date, "2023-06-01", required, default)


def _flag(*, required: bool = False) -> Field:
    return Field("true or false", _is_flag, "false", required, default=False)


def _one_of(choices: Iterable[str], *, required: bool = False, default: object = None) -> Field:
    names = tuple(choices)
    return Field("a text", _is_text, f'"{names[0]}"', required, default, names)


PACK: Mapping[str, Field] = {
    "place": Field("a name of small letters, digits and hyphens", _is_name, '"foshan"', True),
    "title": _both(required=True),
    "note": _both(),
    "generated": _flag(),
    "not_covered": Field(
        "a list of classes of schools", _is_classes, '["kindergarten"]', default=()
    ),
    "documents": Field("a table", _anything, "[documents.plan]"),
    "rules": Field("a list of tables", _anything, "[[rules]]"),
}
DOCUMENT: Mapping[str, Field] = {
    "title": _text(required=True),
    "number": _text(default=""),
    "url": _text(required=True, example='"web:people.com.cn"'),
    "retrieved": _date(required=True),
    "verified": _flag(required=True),
}
RULE: Mapping[str, Field] = {
    "check": _text(required=True, example='"tobacco-near-school"'),
    "school_class": _one_of(SCHOOL_CLASSES, required=True),
    "value": Field("a length above zero", _is_length, "100", required=True),
    "unit": _one_of(METRES_PER, required=True),
    "comparator": _one_of(NEARER, required=True),
    "method": _one_of(METHODS, required=True),
    "origin": _one_of(ORIGINS, required=True),
    "origin_point": _one_of(ORIGIN_POINTS, default="centre"),
    "target_point": _one_of(TARGET_POINTS, default="nearest_door"),
    "rounding": Field("a length above zero", _is_length, "0.1"),
    "min_officers": Field("a number of people", _is_count, "2"),
    "in_force_from": _date(required=True),
    "in_force_to": _date(default=OPEN_END),
    "transition": _one_of(TRANSITIONS, default="not_stated"),
    "document": _text(required=True, example='"plan"'),
    "article": _text(default=""),
    "verified": _flag(required=True),
    "draft": _flag(),
    "assumed": Field("a list of keys", _is_list, '["method"]', default=()),
    "note": _both(),
}
AMOUNT_RULE: Mapping[str, Field] = {
    "check": _text(required=True, example='"many-shops-one-address"'),
    "limit": Field("the name of a limit", _is_text, '"shops_at_door"', required=True),
    "value": Field("a number not below zero", _is_amount, "3", required=True),
    "unit": _one_of(UNITS, required=True),
    "comparator": _one_of(COMPARATORS, required=True),
    **{key: RULE[key] for key in ("in_force_from", "in_force_to", "document", "article",
                                  "verified", "draft", "assumed", "note")},
}  # fmt: skip
"""A rule about a limit that is no distance: it names the limit instead of a class of schools."""
