"""Joining the rows of a register to those looked at: by keys, or by the matching of `layers`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from checks._tables.columns import TRUE, UNKNOWN, Columns
from checks._tables.terms import Model
from checks._tables.truth import Joined
from layers import Layer, LayerSet
from layers.errors import RuleError
from layers.matching import match

MOST_PAIRS = 20_000_000
"""More joined rows than this mean that the keys tell nothing."""


@dataclass(frozen=True)
class Join:
    """Joined rows, what a matching said of them, and the subjects that could not be looked up.

    `links` has `score`, `reasons`, `metres` by joined row, and is missing for a join by keys.
    `keyless` masks the subjects without a key; `lost` counts register rows without one.
    """

    rows: Joined
    keyless: np.ndarray
    lost: int = 0
    links: pd.DataFrame | None = None


def join(model: Model, layers: LayerSet, subject: Columns, register: Columns) -> Join:
    """Join every subject to the register; raises `RuleError` where the keys tell nothing."""
    if model.keys:
        return _by_keys(model, subject, register)
    assert model.register is not None
    return _by_match(layers[model.subject.theme], layers[model.register.theme], layers)


def _by_keys(model: Model, subject: Columns, register: Columns) -> Join:
    sides = []
    for columns, place in ((subject, 0), (register, 1)):
        keys = [_usable(columns.keys(pair[place].name, pair[place].kind)) for pair in model.keys]
        sides.append(keys)
    groups = (
        [list(range(len(model.keys)))] if model.every_key else [[n] for n in range(len(model.keys))]
    )
    pairs, has = [], [np.zeros(len(one), dtype=bool) for one in (subject, register)]
    for group in groups:
        left, right = (_together([side[n] for n in group]) for side in sides)
        has[0] |= left != ""
        has[1] |= right != ""
        pairs.append(_equal(left, right))
    table = pd.concat(pairs).drop_duplicates() if len(pairs) > 1 else pairs[0]
    table = table.sort_values(["a", "b"], kind="stable")
    rows = _joined(table["a"].to_numpy(int), table["b"].to_numpy(int),
                   np.full(len(table), TRUE), len(subject))  # fmt: skip
    return Join(rows, ~has[0], int((~has[1]).sum()))


def _usable(keys: np.ndarray) -> np.ndarray:
    """Keys without those that have signs hidden (51**3153): many rows share what is left."""
    hidden = pd.Series(keys, dtype=object).str.contains("*", regex=False).to_numpy(dtype=bool)
    return np.where(hidden, "", keys)


def _together(keys: list[np.ndarray]) -> np.ndarray:
    """One key out of several; empty where one of them is."""
    if len(keys) == 1:
        return keys[0]
    whole = pd.Series(keys[0], dtype=object)
    for more in keys[1:]:
        whole = whole + "\x1f" + pd.Series(more, dtype=object)
    empty = np.logical_or.reduce([one == "" for one in keys])
    return np.where(empty, "", whole.to_numpy(dtype=object))


def _equal(left: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    """Positions `a`, `b` of equal keys."""
    codes, _ = pd.factorize(np.concatenate([left, right]), use_na_sentinel=False)
    sides = []
    for name, keys, part in (("a", left, codes[: len(left)]), ("b", right, codes[len(left) :])):
        there = np.flatnonzero(keys != "")
        sides.append(pd.DataFrame({"key": part[there], name: there}))
    counts = [side["key"].value_counts() for side in sides]
    size = float((counts[0].astype(float) * counts[1].astype(float)).dropna().sum())
    if size > MOST_PAIRS:
        raise RuleError(
            f"the keys join {size:.0f} pairs of rows: they tell nothing apart",
            remedy="join by more columns, or by one that differs from row to row", field="register.keys",
        )  # fmt: skip
    return sides[0].merge(sides[1], on="key")[["a", "b"]]


def _by_match(site: Layer, register: Layer, layers: LayerSet) -> Join:
    found = match(register, site, decisions=layers.decisions).zone("same", "ask")
    a, b = (pd.Index(layer.frame["id"]).get_indexer(found[column])
            for layer, column in ((site, "site_id"), (register, "register_id")))  # fmt: skip
    sure = np.where(found["zone"].to_numpy() == "same", TRUE, UNKNOWN).astype(np.int8)
    order = np.lexsort((b, -found["score"].to_numpy(float), -sure, a))
    links = found[["score", "reasons", "metres"]].iloc[order].reset_index(drop=True)
    rows = _joined(a[order], b[order], sure[order], len(site))
    return Join(rows, _nameless(site), links=links)


def _nameless(site: Layer) -> np.ndarray:
    """Subjects of which too little is known to be looked for: no code, and no name or no place."""
    frame = site.frame
    there = {name: frame[name].notna().to_numpy() if name in frame else np.zeros(len(frame), dtype=bool)
             for name in ("name", "address", "credit_code", "licence_no")}  # fmt: skip
    placed = frame.geometry.notna().to_numpy() & ~frame.geometry.is_empty.to_numpy()
    coded = there["credit_code"] | there["licence_no"]
    nameless: np.ndarray = ~coded & ~(there["name"] & (there["address"] | placed))
    return nameless


def _joined(a: np.ndarray, b: np.ndarray, sure: np.ndarray, size: int) -> Joined:
    start = np.searchsorted(a, np.arange(size + 1))
    return Joined(a.astype(np.int64), b.astype(np.int64), sure.astype(np.int8), start)
