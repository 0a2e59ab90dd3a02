"""The perimeter family: subjects of one theme around schools, measured as the rules ask.

Columnar from end to end; records are made only for what is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from checks._band import RANK, datum_error, source_error, verdicts
from checks._gaps import missing_data, no_network, no_schools, unplaced, vague
from checks._records import Check, Finding, Undecided
from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._schools.build import build
from checks._schools.measure import Places, starts_of, straight, walking
from checks._schools.reported import Reported
from layers import Layer, LayerSet

LOOK_M = 300.0
"""How far to look where no rule says so: no limit, only what is worth listing."""
TIERS_M = (30.0, 100.0, 300.0)
"""Shops are measured in groups of like position error, so that one row geocoded to a village
does not widen the search for all."""
VAGUE_M = 1000.0
"""Beyond this position error a distance of tens of metres says nothing."""
NETWORK_U_M = 75.0
"""More than the network's part of any band (two snaps of 100 m)."""
GATES = "school_gate"


@dataclass(frozen=True, slots=True)
class Perimeter:
    """What a perimeter check looks at: the subjects' theme, and the register of their licences.

    `candidate` is the category of subjects which the data only suppose to be in this trade;
    their findings say so.
    """

    theme: str
    register: str | None = None
    candidate: str | None = None


def look_around_schools(
    check: Check,
    subjects: Perimeter,
    layers: LayerSet,
    limits: Limits,
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Findings of one perimeter check, one per subject: the school that decides.

    Yields an `Undecided` for data that are missing and for subjects without a usable place.
    """
    gaps, work = measured(check, subjects, layers, limits, on_date)
    yield from gaps
    if work is not None:
        yield from build(work, all_subjects=all_subjects)


def measured(
    check: Check, subjects: Perimeter, layers: LayerSet, limits: Limits, on_date: str
) -> tuple[list[Undecided], Reported | None]:
    """What could not be measured, and every pair within reach with its verdict; `None` without data."""
    gaps = list(missing_data(check, layers, on_date))
    if gaps:
        return gaps, None
    shops, schools = layers[subjects.theme], layers["school"]
    groups = list(_groups(schools, limits, on_date))
    if not groups:
        return [no_schools(check, limits, on_date)], None
    if layers.walking is None and any(rule and rule.walks for rule, _ in groups):
        gaps.append(no_network(check, on_date))
    gaps += unplaced(check, shops, on_date)
    u_shop = source_error(shops, shops.placed)
    usable = u_shop <= VAGUE_M
    gaps += vague(check, shops, ~usable, u_shop, on_date)
    places = Places(shops.placed[usable], schools, layers.get(GATES), layers.walking, on_date)
    pairs, notes = _pairs(places, groups, u_shop[usable], datum_error(shops, schools, places.gates))
    return gaps, Reported(
        check=check, subjects=shops, register=_register(layers, subjects.register), places=places,
        pairs=pairs, rules=tuple(rule for rule, _ in groups), notes=notes, limits=limits,
        layers=layers, licensed=subjects.register is not None, candidate=subjects.candidate,
    )  # fmt: skip


def _register(layers: LayerSet, name: str | None) -> Layer | None:
    """The licence register; one without a row says nothing about anybody."""
    found = layers.get(name) if name else None
    return found if found is not None and len(found) else None


def _groups(
    schools: Layer, limits: Limits, on_date: str
) -> Iterator[tuple[Rule | None, np.ndarray]]:
    """Positions of the schools that stood that day, by the rule that applies to them."""
    frame = schools.frame
    there = (frame["opened"].fillna("") <= on_date).to_numpy()
    kinds = frame["kind"].fillna("unknown")
    chosen = {kind: limits.for_kind(kind) for kind in kinds.unique()
              if kind == "unknown" or limits.covers(kind)}  # fmt: skip
    rules = {rule.id if rule else "": rule for rule in chosen.values()}
    for name, rule in sorted(rules.items()):
        mine = [kind for kind, one in chosen.items() if (one.id if one else "") == name]
        rows = np.flatnonzero(kinds.isin(mine).to_numpy() & there)
        if len(rows):
            yield rule, rows


def _pairs(
    places: Places,
    groups: list[tuple[Rule | None, np.ndarray]],
    u_shop: np.ndarray,
    u_datum: float,
) -> tuple[pd.DataFrame, list[tuple[tuple[str, ...], ...]]]:
    """All pairs within reach with their verdicts, the deciding one of every shop first."""
    parts, notes = [], []
    for number, (rule, rows) in enumerate(groups):
        starts = starts_of(places, rows, rule)
        notes.append(starts.notes)
        widest = np.hypot(starts.table["u_place"].max(), starts.table["u_point"].max())
        for mine, u_most in _tiers(u_shop):
            tier = replace(places, shops=places.shops.iloc[mine])
            reach = LOOK_M
            if rule:
                ways = NETWORK_U_M if rule.walks else 0.0
                reach = rule.limit_m + float(np.hypot(np.hypot(u_most, u_datum),
                                                      np.hypot(widest, ways))) + 1.0  # fmt: skip
            pairs = straight(tier, starts, reach).assign(reach=reach, walk_m=np.nan)
            if rule is None and places.network is not None:
                walked = walking(tier, starts, pairs, reach)
                pairs["walk_m"] = walked["metres"].to_numpy()
            elif rule and rule.walks:
                pairs = walking(tier, starts, pairs[pairs.columns[:-2]], reach)
                pairs = pairs.assign(reach=reach, walk_m=pairs["metres"])
            pairs["shop"] = mine[pairs["shop"].to_numpy(int)]
            pairs["u_source"] = np.hypot(u_shop[pairs["shop"]], pairs["u_place"])
            pairs["u_datum"] = u_datum
            pairs["verdict"] = verdicts(pairs, rule)
            parts.append(pairs.assign(group=number, limit=rule.limit_m if rule else np.nan))
    return _decide(pd.concat(parts, ignore_index=True)), notes


def _tiers(u_shop: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    """Positions of the shops of each group of like error, with the group's greatest error."""
    group = np.searchsorted(TIERS_M, u_shop)
    for number in np.unique(group):
        mine = np.flatnonzero(group == number)
        yield mine, float(u_shop[mine].max())


def _decide(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a shop in the order in which they decide: worst verdict, then nearest to limit."""
    share = pairs["metres"] / pairs["limit"].fillna(LOOK_M)
    order = pairs.assign(rank=pairs["verdict"].map(RANK), share=share.fillna(np.inf))
    order = order.sort_values(["shop", "rank", "share", "straight_m", "school"], kind="stable")
    return order.reset_index(drop=True)
