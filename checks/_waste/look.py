"""Waste near reservoirs: official zones first, then the distance to the shore as a screening.

What lies in a zone drawn by the authority, in the water or below the highest water line is
`inside` where it reaches in by more than the error, else `borderline`. Elsewhere the distance to
the shore is held against a screening distance of a rule pack; without one it is told and no verdict
given. What no person has confirmed is `borderline` at most; what a person refused is `outside`.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from checks._band import RANK, against, datum_error, source_error
from checks._cells import flag, text
from checks._gaps import how_to_import, missing_data
from checks._records import UNDECIDED_WORDS, Check, Finding, Undecided, Verdict
from checks._refs import layer_refs
from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._text import same
from checks._waste.facts import SHORE, Work, facts_of, kept, zone_facts
from checks._waste.ground import (
    Hit,
    Shores,
    land_cover,
    nearest_shore,
    shore_hits,
    shores_of,
    zone_hits,
)
from checks._waste.words import STRENGTH, reasons
from layers import LayerSet
from layers.measures import ErrorBand, error_band, geodesic_length

LOOK_M = 2000.0
"""How far to look for a reservoir: no limit, only what is worth telling."""
Claim = tuple[str, Verdict, Hit | None]


def look_near_reservoirs(
    check: Check,
    layers: LayerSet,
    limits: Limits,
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """One finding per candidate seen by `on_date`; those outside only with `all_subjects`."""
    gaps = list(missing_data(check, layers, on_date))
    if gaps:
        yield from gaps
        return
    shores = shores_of(layers["water"])
    if not len(shores.frame) and "protection_zone" not in layers:
        yield Undecided(check.id, "no_reservoir", UNDECIDED_WORDS["no_reservoir"],
                        how_to_import("water"), on_date, theme="water")  # fmt: skip
        return
    work = _work(check, layers, limits, on_date, shores)
    for row in range(len(work.waste)):
        finding = _finding(work, row)
        if all_subjects or finding.verdict != "outside":
            yield finding


def _work(check: Check, layers: LayerSet, limits: Limits, on_date: str, shores: Shores) -> Work:
    layer = layers["waste_candidate"]
    seen = layer.placed["day"].fillna("") <= on_date
    waste = layer.placed[seen].reset_index(drop=True)
    u = source_error(layer, waste)
    zones = layers.get("protection_zone")
    u_zone = np.hypot(u, datum_error(layer, zones))
    in_zones = zone_hits(waste, u_zone, zones) if zones is not None else [[] for _ in u]
    hits = [one + other for one, other in zip(in_zones, shore_hits(waste, u, shores), strict=True)]
    rims = np.array([geodesic_length(shape) for shape in waste.geometry]) * u
    u_area = pd.to_numeric(waste["u_area_m2"], errors="coerce").fillna(pd.Series(rims))
    rule = limits.rules.get(SHORE)
    u_most = float(np.hypot(u.max(initial=0.0), shores.u.max(initial=0.0)))
    reach = max(LOOK_M, rule.value + u_most + 1.0 if rule else 0.0)
    return Work(
        check, layers, limits, on_date, waste, shores,
        _shore_table(waste, u, shores, datum_error(layer, layers["water"]), reach), hits,
        land_cover(waste, u, u_area.to_numpy(float), layers), layer_refs(layers, check.themes),
    )  # fmt: skip


def _shore_table(
    waste: gpd.GeoDataFrame, u: np.ndarray, shores: Shores, u_datum: float, reach_m: float
) -> pd.DataFrame:
    """The nearest shore of every candidate: its row (-1: none), metres, errors, the line measured."""
    table = pd.DataFrame({"row": -1, "metres": np.nan, "u_source": u, "u_datum": u_datum,
                          "line": None, "reach": reach_m}, index=range(len(waste)))  # fmt: skip
    if not len(waste) or not len(shores.frame):
        return table
    found = nearest_shore(waste, shores, reach_m)
    table.loc[found.subject, "row"] = found.object
    table.loc[found.subject, "metres"] = found.metres
    table.loc[found.subject, "u_source"] = np.hypot(u[found.subject], shores.u[found.object])
    lines = [LineString([one, other]) for one, other in
             zip(found.subject_lonlat, found.object_lonlat, strict=True)]  # fmt: skip
    table["line"] = pd.Series(lines, index=found.subject, dtype=object).reindex(table.index)
    return table


def _finding(work: Work, row: int) -> Finding:
    one, shore = work.waste.iloc[row], work.shore.iloc[row]
    band = _band(shore)
    kind, verdict, hit = _decided(work, row, band, flag(one["confirmed"]))
    rule = work.rule if kind in ("near_shore", "away") else None
    told = facts_of(work, row, kind, verdict, band)
    object_id, object_name, object_theme = _object(work, shore, hit)
    metres = told["shore_m"]
    return Finding(
        check=work.check.id, title=work.check.title, rule=rule.id if rule else None,
        verdict=verdict, measured=metres, limit=rule.value if rule else None, unit="metres",
        comparator=rule.comparator if rule else None,
        method="screening_distance" if hit is None else "in_zone", error_band=band,
        subject_id=str(one["id"]), subject_name=text(one["name"]) or text(one["material"]),
        subject_theme="waste_candidate", object_id=object_id, object_name=object_name,
        object_theme=object_theme, on_date=work.on_date,
        reasons=tuple(reasons(told, work.rule, work.limits.none.get(SHORE, same("")))),
        layers=work.refs, geometry=_shown(one.geometry, shore, hit), facts=kept(told),
        licence_class=kind, strength=STRENGTH[kind], in_force=rule,
    )  # fmt: skip


def _decided(work: Work, row: int, band: ErrorBand | None, confirmed: bool | None) -> Claim:
    """The worst of what zones and distance say, no worse than what a person has confirmed."""
    if confirmed is False:
        return "refuted", "outside", None
    claims = [_in_zone(hit) for hit in work.hits[row]]
    claims.append(_near(work.rule, work.shore.iloc[row], band))
    kind, verdict, hit = min(claims, key=lambda one: (RANK[one[1]], -STRENGTH[one[0]]))
    if verdict == "inside" and confirmed is None:
        verdict = "borderline"
    return kind, verdict, hit


def _in_zone(hit: Hit) -> Claim:
    sure = hit.sure and hit.official and hit.kind != "zone_other"
    return hit.kind, "inside" if sure else "borderline", hit


def _near(rule: Rule | None, shore: pd.Series, band: ErrorBand | None) -> Claim:
    """What the distance to the shore says against the screening distance."""
    if rule is None:
        return "away" if band is None else "near_shore", "undecided", None
    if band is None:
        return "away", "outside", None
    verdict = against(*band.interval(float(shore["metres"])), rule.comparator, rule.value)
    return "away" if verdict == "outside" else "near_shore", verdict, None


def _object(work: Work, shore: pd.Series, hit: Hit | None) -> tuple[str | None, str | None, str]:
    """What decides: the zone, else the nearest reservoir."""
    if hit is not None:
        zone = zone_facts(work, hit)
        return zone["id"], zone["name"], hit.theme
    water = int(shore["row"])
    if water < 0:
        return None, None, "water"
    row = work.shores.frame.iloc[water]
    return str(row["id"]), text(row["name"]), "water"


def _shown(outline: BaseGeometry, shore: pd.Series, hit: Hit | None) -> BaseGeometry:
    """The shortest line to the shore; the outline where a zone decides or there is no line."""
    line = shore["line"]
    if hit is not None or not isinstance(line, LineString) or line.length == 0.0:
        return outline
    return line


def _band(shore: pd.Series) -> ErrorBand | None:
    if shore["row"] < 0:
        return None
    return error_band(source=float(shore["u_source"]), datum=float(shore["u_datum"]), point=0.0)
