"""What is told about a candidate beside its verdict: areas, zones, land, articles of law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from checks._cells import flag, is_missing, number, text
from checks._records import Check, LayerRef, Verdict
from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._waste.ground import Cover, Hit, Shores
from checks._waste.law import in_force
from layers import LayerSet
from layers.measures import ErrorBand, geodesic_area, mu_of

SHORE, LINES = "shore", {"basic_farmland": "basic_farmland", "farmland": "farmland"}


@dataclass(frozen=True)
class Work:
    """All that the findings of one run are made from; lists go with the rows of `waste`."""

    check: Check
    layers: LayerSet
    limits: Limits
    on_date: str
    waste: gpd.GeoDataFrame
    shores: Shores
    shore: pd.DataFrame
    hits: list[list[Hit]]
    land: list[list[Cover]]
    refs: tuple[LayerRef, ...]

    @property
    def rule(self) -> Rule | None:
        """The screening distance, where a rule pack has one."""
        return self.limits.rules.get(SHORE)


def facts_of(
    work: Work, row: int, kind: str, verdict: Verdict, band: ErrorBand | None
) -> dict[str, Any]:
    """Everything the reasons and the card want to know; missing values are `None`."""
    one, shore = work.waste.iloc[row], work.shore.iloc[row]
    metres = None if band is None else float(shore["metres"])
    low, high = band.interval(metres) if band is not None and metres is not None else (None, None)
    water = int(shore["row"])
    m2 = number(one["area_m2"]) or geodesic_area(one.geometry)
    u_m2 = number(one["u_area_m2"])
    land = [_land(cover) for cover in work.land[row]]
    zones = [zone_facts(work, hit) for hit in work.hits[row]]
    criminal = list(_criminal(work, work.land[row]))
    day = text(one["day"])
    return {
        "class": kind, "verdict": verdict, "confirmed": flag(one["confirmed"]), "day": day,
        "area_m2": m2, "u_area_m2": u_m2, "area_mu": mu_of(m2),
        "u_area_mu": None if u_m2 is None else mu_of(u_m2),
        "shore_m": metres, "shore_low": low, "shore_high": high, "looked_m": float(shore["reach"]),
        "shore_is_high": bool(water >= 0 and work.shores.high[water]), "screening": not zones,
        "water_name": text(work.shores.frame["name"].iloc[water]) if water >= 0 else None,
        "zones": zones, "land": land, "criminal": criminal,
        "basis": in_force(_topics(zones, land, criminal), day, work.on_date),
        **{name: one[name] for name in ("material", "score", "detector", "scene_id", "why_zh",
                                        "why_en", "address", "source_row")},
    }  # fmt: skip


def _topics(
    zones: list[dict[str, Any]], land: list[dict[str, Any]], criminal: list[dict[str, Any]]
) -> list[str]:
    """What the articles are about, in order, each once."""
    topics = ["waste"]
    topics += ["bank" if zone["kind"] == "in_water" else zone["kind"] for zone in zones]
    topics += ["red_line" for one in land if one["kind"] in ("red_line", "basic_farmland")]
    topics += ["farmland" for one in land if one["kind"] != "red_line"]
    topics += ["criminal"] if criminal else []
    return [topic for topic in dict.fromkeys(topics) if topic != "zone_other"]


def zone_facts(work: Work, hit: Hit) -> dict[str, Any]:
    """A zone with what of the candidate lies in it."""
    frame = work.shores.frame if hit.theme == "water" else work.layers[hit.theme].placed
    row = frame.iloc[hit.row]
    return {"id": str(row["id"]), "name": text(row["name"]), "kind": hit.kind, "sure": hit.sure,
            "m2": hit.m2, "metres": hit.metres, "official": hit.official, "theme": hit.theme,
            "class": text(row["class"]), "document": text(row.get("document"))}  # fmt: skip


def _land(cover: Cover) -> dict[str, Any]:
    mu, u = mu_of(cover.m2), mu_of(cover.u_m2)
    return {"kind": cover.kind, "m2": cover.m2, "u_m2": cover.u_m2, "mu": mu,
            "mu_low": max(mu - u, 0.0), "mu_high": mu + u, "parcels": list(cover.parcels)}  # fmt: skip


def _criminal(work: Work, covers: list[Cover]) -> Iterator[dict[str, Any]]:
    """How the covered farmland stands to the criminal line: a hint, never a verdict."""
    for cover in covers:
        rule = work.limits.rules.get(LINES.get(cover.kind, ""))
        if rule is None:
            continue
        mu, u = mu_of(cover.m2), mu_of(cover.u_m2)
        state = (
            "reached" if mu - u >= rule.value else "below" if mu + u < rule.value else "doubtful"
        )
        yield {"kind": cover.kind, "mu": mu, "line_mu": rule.value, "state": state,
               "verified": rule.verified, "document": f"{rule.document.number}",
               "article": rule.article}  # fmt: skip


_HELD = ("class", "verdict", "shore_low", "shore_high")


def kept(told: dict[str, Any]) -> dict[str, Any]:
    """Facts of the finding; what is missing, and what the finding itself says, is left out."""
    return {name: value for name, value in told.items()
            if name not in _HELD and not is_missing(value)}  # fmt: skip
