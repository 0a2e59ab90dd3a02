"""From the table of pairs to findings: one per subject, by the school that decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from checks._band import band_of
from checks._cells import as_dicts, is_missing, text, values
from checks._records import Also, Finding, LayerRef, Verdict
from checks._refs import layer_refs
from checks._schools.licence import COLUMNS as LICENCE_COLUMNS
from checks._schools.licence import STRENGTH, says
from checks._schools.reasons import CANDIDATE, nothing_near, reasons
from checks._schools.reported import MATCH_COLUMNS, Reported, with_licence, with_names
from layers.walking import Walk, walk_paths


def build(work: Reported, *, all_subjects: bool) -> Iterator[Finding]:
    """Findings in the order of the subjects; those outside only where `all_subjects` is set."""
    first = work.pairs[~work.pairs["shop"].duplicated()]
    shown = first if all_subjects else first[first["verdict"] != "outside"]
    table = with_licence(work, with_names(work, shown))
    walks = _walks(work, table)
    refs = layer_refs(work.layers, work.check.themes)
    others = _others(work, table)
    for position, row in enumerate(as_dicts(table)):
        yield _finding(work, row, walks.get(position), refs, others[position])
    if all_subjects:
        yield from _nothing_near(work, set(first["shop"]), refs)


def _walks(work: Reported, table: pd.DataFrame) -> dict[int, Walk]:
    """The measured way of every row that was walked, by its position in `table`."""
    walked = [rule is not None and rule.walks for rule in work.rules]
    found = np.flatnonzero(
        np.array([walked[g] for g in table["group"]], dtype=bool)
        & (table["state"] == "measured").to_numpy()
    )
    if not len(found) or work.places.network is None:
        return {}
    mine = table.iloc[found]
    paths = walk_paths(
        work.places.network, mine[["from_lon", "from_lat"]].to_numpy(float),
        mine[["to_lon", "to_lat"]].to_numpy(float), float(mine["reach"].max()),
    )  # fmt: skip
    return {int(row): path for row, path in zip(found, paths, strict=True) if path is not None}


def _others(work: Reported, table: pd.DataFrame) -> list[tuple[Also, ...]]:
    """For every row of `table` the other schools within reach of the same shop."""
    pairs = work.pairs
    names = work.places.schools.frame[["id", "name"]]
    ids, words = names["id"].astype(str).to_numpy(), values(names["name"])
    shop = pairs["shop"].to_numpy(int)
    begin = np.searchsorted(shop, table["shop"].to_numpy(int)) + 1
    end = np.searchsorted(shop, table["shop"].to_numpy(int), side="right")
    school, verdict = pairs["school"].to_numpy(int), pairs["verdict"].to_numpy()
    metres, limit = pairs["metres"].to_numpy(float), pairs["limit"].to_numpy(float)
    return [
        tuple(
            Also(
                ids[school[n]], words[school[n]], _metres(metres[n]), _metres(limit[n]), verdict[n]
            )
            for n in range(low, high)
        )
        for low, high in zip(begin, end, strict=True)
    ]


def _finding(
    work: Reported,
    row: dict[str, Any],
    walk: Walk | None,
    refs: tuple[LayerRef, ...],
    also: tuple[Also, ...],
) -> Finding:
    rule = work.rules[row["group"]]
    on_date = work.places.on_date
    words = [*reasons(row, rule, work.limits.why_none(row["school_kind"]))]
    if work.register is not None or row["licence_class"] != "not_checked" or work.licensed:
        words.append(says(row["licence_class"], row, on_date))
    if work.candidate is not None and row["shop_category"] == work.candidate:
        words.append(CANDIDATE)
    measured = row["metres"]
    return Finding(
        check=work.check.id, title=work.check.title, rule=rule.id if rule else None,
        verdict=row["verdict"], measured=measured, limit=rule.limit_m if rule else None, unit="m",
        comparator=rule.comparator if rule else None, method=rule.method if rule else "straight",
        error_band=band_of(row) if measured is not None else None,
        subject_id=str(row["shop_id"]), subject_name=text(row["shop_name"]),
        subject_theme=work.subjects.theme.name, object_id=row["school_id"],
        object_name=row["school_name"], object_theme="school", on_date=on_date,
        reasons=tuple(words), layers=refs, geometry=_line(row, walk), also=also,
        facts=_facts(row, walk), licence_class=row["licence_class"],
        strength=STRENGTH[row["licence_class"]], in_force=rule,
    )  # fmt: skip


def _line(row: Mapping[str, Any], walk: Walk | None) -> BaseGeometry:
    """What was measured: the walk or the straight line, else where the shop is."""
    if walk is not None:
        return walk.line
    start, end = (row["from_lon"], row["from_lat"]), (row["to_lon"], row["to_lat"])
    if row["state"] != "measured" or start == end:
        return Point(end)
    return LineString([start, end])


def _facts(row: Mapping[str, Any], walk: Walk | None) -> dict[str, Any]:
    """What the card shows beside the verdict; missing values left out."""
    names = ("straight_m", "walk_m", "kind", "gate", "gate_name", "gate_opened", "school_kind",
             "school_opened", *LICENCE_COLUMNS, *MATCH_COLUMNS)  # fmt: skip
    facts = {name: row[name] for name in names}
    facts |= {"state": row["state"], "address": row["shop_address"],
              "category": row["shop_category"], "source_row": row["shop_source_row"]}  # fmt: skip
    if walk is not None:
        facts |= {"ways": list(walk.ways), "passes": list(walk.passes),
                  "network_m": walk.network_m, "from_snap_m": walk.from_snap_m,
                  "to_snap_m": walk.to_snap_m}  # fmt: skip
    return {name: value for name, value in facts.items() if not is_missing(value)}


def _nothing_near(work: Reported, near: set[int], refs: tuple[LayerRef, ...]) -> Iterator[Finding]:
    """Subjects with no school within reach: outside where there is a rule, else undecided."""
    rules = [rule for rule in work.rules if rule]
    verdict: Verdict = "outside" if rules else "undecided"
    reach = max((rule.limit_m for rule in rules), default=0.0)
    words = [nothing_near(reach)] if rules else [work.limits.why_none("school")]
    far = np.setdiff1d(np.arange(len(work.places.shops)), np.fromiter(near, dtype=int))
    for shop in work.places.shops.iloc[far][["id", "name", "geometry"]].itertuples(index=False):
        yield Finding(
            check=work.check.id, title=work.check.title, rule=rules[0].id if rules else None,
            verdict=verdict, measured=None, limit=rules[0].limit_m if rules else None, unit="m",
            comparator=rules[0].comparator if rules else None,
            method=rules[0].method if rules else "straight", error_band=None,
            subject_id=str(shop.id), subject_name=text(shop.name),
            subject_theme=work.subjects.theme.name, object_id=None, object_name=None,
            object_theme="school", on_date=work.places.on_date, reasons=tuple(words), layers=refs,
            geometry=shop.geometry.centroid, in_force=rules[0] if rules else None,
        )  # fmt: skip


def _metres(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
