"""What findings are made from: the deciding pairs with names, intervals and licences filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from checks._band import half_width, rounded
from checks._cells import values
from checks._records import Check
from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._schools.licence import COLUMNS as LICENCE_COLUMNS
from checks._schools.licence import classify
from checks._schools.measure import Places
from layers import Layer, LayerSet
from layers.licences import attach_licences

SHOP_COLUMNS = ("id", "name", "address", "category", "source_row")
MATCH_COLUMNS = (
    "licence_match", "licence_candidates", "licence_rows", "licence_name", "licence_shared",
    "licence_interrupted",
)  # fmt: skip
"""What the join with a register says about itself; missing without one."""


@dataclass(frozen=True)
class Reported:
    """All that the findings of one check are made from; `pairs` is sorted, deciders first."""

    check: Check
    subjects: Layer
    register: Layer | None
    places: Places
    pairs: pd.DataFrame
    rules: tuple[Rule | None, ...]
    notes: list[tuple[tuple[str, ...], ...]]
    limits: Limits
    layers: LayerSet
    licensed: bool
    """Whether this trade has a licence register: then its absence is said."""
    candidate: str | None
    """Category of subjects that are only supposed to be in this trade."""


def with_names(work: Reported, pairs: pd.DataFrame) -> pd.DataFrame:
    """The deciding pairs with interval, names and notes filled in."""
    schools = work.places.schools.frame.iloc[pairs["school"].to_numpy(int)]
    group = pairs["group"].to_numpy(int)
    rounded_m = pairs["metres"].to_numpy(float)
    for number, rule in enumerate(work.rules):
        rounded_m = np.where(group == number, rounded(rounded_m, rule), rounded_m)
    width = half_width(pairs)
    shops = work.places.shops.iloc[pairs["shop"].to_numpy(int)]
    return pairs.assign(
        **{f"shop_{name}": values(shops[name]) for name in SHOP_COLUMNS},
        metres=rounded_m,
        low=np.maximum(rounded_m - width, 0.0),
        high=rounded_m + width + pairs["unknown_gate"].to_numpy(float),
        school_id=schools["id"].astype(str).to_numpy(),
        school_name=values(schools["name"]),
        school_kind=schools["kind"].fillna("unknown").to_numpy(),
        school_opened=values(schools["opened"]),
        notes=[work.notes[g][s] for g, s in zip(group, pairs["school"], strict=True)],
        **_gate_columns(work.places.gates, pairs["gate"]),
    )


def _gate_columns(gates: Layer | None, ids: pd.Series) -> dict[str, np.ndarray]:
    empty = np.full(len(ids), None, dtype=object)
    if gates is None:
        return {"gate_name": empty, "gate_opened": empty}
    frame = gates.frame.set_index("id")[["name", "opened"]].reindex(ids.to_numpy())
    return {"gate_name": values(frame["name"]), "gate_opened": values(frame["opened"])}


def with_licence(work: Reported, table: pd.DataFrame) -> pd.DataFrame:
    """The class of every shop's licence, and the columns it was read from."""
    shops = work.subjects
    if work.register is not None:
        shops = attach_licences(shops, work.register)
    ids = work.places.shops["id"].iloc[table["shop"].to_numpy(int)]
    rows = shops.frame.set_index("id").loc[ids]
    licence = pd.DataFrame({name: values(rows[name]) for name in LICENCE_COLUMNS},
                           index=table.index, dtype=object)  # fmt: skip
    for name in MATCH_COLUMNS:
        licence[name] = values(rows[name]) if name in rows else None
    group = table["group"].to_numpy(int)
    for name, field in (("rule_from", "in_force_from"), ("transition", "transition")):
        told = [getattr(rule, field) if rule else None for rule in work.rules]
        licence[name] = np.array(told, dtype=object)[group]
    licence["opened"] = _later(table["school_opened"], table["gate_opened"])
    licence["licence_class"] = classify(
        licence, on_date=work.places.on_date, register=work.register is not None
    )
    return pd.concat([table, licence], axis=1)


def _later(first: pd.Series, second: pd.Series) -> np.ndarray:
    """The later of two ISO dates, element by element; missing where both are."""
    one, other = (dates.astype(object).fillna("").astype(str) for dates in (first, second))
    both = one.where(one >= other, other)
    return values(both.where(both != ""))
