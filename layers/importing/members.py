"""Which rows are of the theme: type codes, types in words, business scopes, kinds of school.

A row that is not is set aside with its reason, never rejected as wrong and never lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.cleaning.schools import TEACHING, is_gate_name, is_school_name, school_kinds
from layers.cleaning.text import clean_text
from layers.importing.report import Note
from layers.registers import classify
from layers.sources.categories import (
    AMAP_CODES,
    is_proxy_typecode,
    kind_of_typecode,
    themes_of_type_text,
    themes_of_typecode,
)
from layers.themes import SCHOOL_KINDS, SHOP_THEMES, Theme

_GOODS = {"tobacco_retailer": "tobacco", "ecig_retailer": "ecig", "alcohol_retailer": "alcohol"}
_REGISTERS = frozenset({"business_registration"})
_ASIDE_KINDS = ("university", "training", "facility", "gate")
_INSIDE_A_SCHOOL = "141207"
_HIERARCHY = "[;；]"
_GATE_ROLES = (
    ("main", r"大门|正门|主门|主校门|main|front"),
    ("back", r"后门|back|rear"),
    ("side", r"侧门|边门|偏门|side"),
)


@dataclass(frozen=True)
class Membership:
    """Reason codes of rows that are not of the theme (else missing), columns this told, notes."""

    aside: pd.Series
    told: Mapping[str, pd.Series]
    notes: tuple[Note, ...] = ()


def members_of(
    theme: Theme, values: pd.DataFrame, words: pd.Series | None, *, keep_all: bool
) -> Membership:
    """Judge every row.

    Parameters
    ----------
    values : the theme's cleaned columns (`name`, `typecode`, `category`, `business_scope` …).
    words : cells of the column mapped to `kind` or `role`, where there is one.
    keep_all : nothing is set aside; the columns are told all the same.
    """
    if theme.name == "school":
        found = _schools(values, words)
    elif theme.name == "school_gate":
        found = _gates(values, words)
    elif theme.name in SHOP_THEMES and theme.name not in _REGISTERS:
        found = _shops(theme, values)
    else:
        found = Membership(_nothing(values), {})
    if keep_all:
        return Membership(_nothing(values), found.told, found.notes)
    return found


def _schools(values: pd.DataFrame, words: pd.Series | None) -> Membership:
    codes = _column(values, "typecode")
    coded = _each(codes, lambda code: kind_of_typecode(code) or "unknown")
    kinds = school_kinds(_column(values, "name"), words, coded)
    aside = ("kind_" + kinds).where(kinds.isin(_ASIDE_KINDS), None)
    foreign = (
        codes.notna()
        & aside.isna()
        & ~_told(codes, lambda code: "school" in themes_of_typecode(code))
    )
    foreign &= ~(kinds.isin(TEACHING) & is_school_name(_column(values, "name")))
    inside = foreign & _told(codes, lambda code: _INSIDE_A_SCHOOL in code.split("|"))
    aside = aside.mask(foreign, "typecode_other").mask(inside, "kind_facility")
    kept = kinds[aside.isna()].value_counts()
    detail = ", ".join(f"{kind} {count}" for kind, count in kept.items())
    told = kinds.where(kinds.isin(SCHOOL_KINDS), "unknown")
    return Membership(aside, {"kind": told}, (Note("kinds", detail=detail),) if detail else ())


def _gates(values: pd.DataFrame, words: pd.Series | None) -> Membership:
    names, codes = _column(values, "name"), _column(values, "typecode")
    gate = is_gate_name(names)
    gate |= (
        _each(codes, lambda code: "school_gate" in themes_of_typecode(code))
        .fillna(False)
        .astype(bool)
    )
    aside = _nothing(values).mask(codes.notna() & ~gate, "not_a_gate")
    spoken = (
        clean_text(words).fillna("") if words is not None else pd.Series("", index=values.index)
    )
    spoken = spoken + " " + names.fillna("")
    role = pd.Series("unknown", index=values.index, dtype=object)
    for name, pattern in reversed(_GATE_ROLES):
        role = role.mask(spoken.str.contains(pattern, case=False, regex=True).astype(bool), name)
    linked = _column(values, "school_id").notna().any()
    return Membership(aside, {"role": role}, () if linked else (Note("unlinked_gates"),))


def _shops(theme: Theme, values: pd.DataFrame) -> Membership:
    aside, notes = _by_codes(theme, values)
    if theme.name in _GOODS and "business_scope" in values and "typecode" not in values:
        aside = aside.fillna(_by_scope(_GOODS[theme.name], values))
    proxies = _told(_column(values, "typecode"), is_proxy_typecode) & (theme.name in _GOODS)
    count = int((proxies & aside.isna()).sum())
    return Membership(aside, {}, (*notes, *[Note("proxy", count)] * bool(count)))


def _by_codes(theme: Theme, values: pd.DataFrame) -> tuple[pd.Series, tuple[Note, ...]]:
    """By type code; rows without one by the provider's type in words ("购物服务;专卖店;…")."""
    aside = _nothing(values)
    codes, types = _column(values, "typecode"), _column(values, "category")
    if codes.notna().any() and any(theme.name in entry.themes for entry in AMAP_CODES.values()):
        fits = _each(codes, lambda code: theme.name in themes_of_typecode(code))
        aside = aside.mask(codes.notna() & (fits == False), "typecode_other")  # noqa: E712
    layered = types.str.contains(_HIERARCHY, regex=True, na=False).astype(bool)
    if not layered.any() or layered.mean() < 0.5:
        return aside, ()
    fits = _each(types, lambda text: theme.name in themes_of_type_text(text))
    if not (fits == True).any():  # noqa: E712
        return aside, (Note("categories_unknown"),) if codes.isna().all() else ()
    return aside.mask(codes.isna() & (fits == False), "category_other"), ()  # noqa: E712


def _by_scope(goods: str, values: pd.DataFrame) -> pd.Series:
    """By business scope, except where a licence number speaks for itself."""
    readings = classify(values["business_scope"], goods)
    unlicensed = _column(values, "licence_no").isna()
    return ("scope_" + readings["reason"]).where(unlicensed & (readings["kind"] != "sells"), None)


def _nothing(values: pd.DataFrame) -> pd.Series:
    return pd.Series(None, index=values.index, dtype=object)


def _column(values: pd.DataFrame, name: str) -> pd.Series:
    return values[name] if name in values else _nothing(values)


def _each(column: pd.Series, judge: Callable[[str], object]) -> pd.Series:
    """`judge` applied once to every distinct text; missing stays missing."""
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    answers = np.array([*(judge(str(text)) for text in distinct), None], dtype=object)
    return pd.Series(answers[codes], index=column.index, dtype=object)


def _told(column: pd.Series, judge: Callable[[str], bool]) -> pd.Series:
    """As `_each`, with missing as `False`."""
    return _each(column, judge).map(bool).astype(bool)
