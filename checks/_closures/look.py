"""Look-back: what was reported as put right is gone, still there, or the scenes cannot tell.

*Gone* needs a look, not a silence: a scene since the closing that shows the site, sharp enough and
searched for this kind of problem. Everything else that finds nothing is *cannot tell*, with its
reason. *Still there* is `inside` where a person confirmed it, else `borderline`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from checks._band import source_error
from checks._cells import number, text
from checks._closures import words as words_of
from checks._closures.scenes import GSD_TIMES, SEASON_MONTHS, Look, look_at, scenes_of
from checks._closures.words import CANNOT, REMEDY, STRENGTH
from checks._gaps import missing_data
from checks._records import Check, Finding, LayerRef, Undecided, Verdict
from checks._refs import layer_refs
from checks._text import Text
from checks._waste.ground import overlaps
from checks._words import has_word, words
from layers import Layer, LayerSet
from layers.measures import mu_of

_WORST: tuple[Verdict, ...] = ("inside", "borderline", "outside")


@dataclass(frozen=True)
class Answer:
    """What became of a site: class, verdict, reasons, and square metres that remain."""

    kind: str
    verdict: Verdict
    reasons: tuple[Text, ...]
    remains_m2: float = 0.0
    rows: tuple[str, ...] = field(default=())


def look_back(
    check: Check, layers: LayerSet, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """One record per site that was reported as put right by `on_date`."""
    gaps = list(missing_data(check, layers, on_date))
    if gaps:
        yield from gaps
        return
    sites = layers["closed_site"].placed
    sites = sites[sites["closed"].fillna("9999") <= on_date].reset_index(drop=True)
    scenes = scenes_of(layers["scene_footprint"], sites, on_date)
    refs = layer_refs(layers, check.themes)
    for number_, site in sites.iterrows():
        look = look_at(site, scenes[int(str(number_))])
        answer = _answer(look, layers) if not look.cannot else _cannot(look)
        if isinstance(answer, tuple):
            yield _undecided(check, look, answer, on_date)
        elif all_subjects or answer.verdict != "outside":
            yield _finding(check, look, answer, refs, on_date)


def _answer(look: Look, layers: LayerSet) -> Answer | tuple[tuple[str, ...], tuple[Text, ...]]:
    """The worst of what waste and change say; why nothing can be said, where neither speaks."""
    said = [*_waste(look, layers), *_change(look, layers)]
    answers = [one for one in said if isinstance(one, Answer)]
    if answers:
        return min(answers, key=lambda one: (_WORST.index(one.verdict), -STRENGTH[one.kind]))
    cannot = [one for one in said if not isinstance(one, Answer)]
    if not cannot:
        day = str(look.scene["day"]) if look.scene is not None else ""
        cannot = [("not_searched", CANNOT["not_searched"].fill(day=day))]
    return tuple(code for code, _ in cannot), tuple(words_ for _, words_ in cannot)


Said = Answer | tuple[str, Text]


def _waste(look: Look, layers: LayerSet) -> Iterator[Said]:
    """What the waste layer says of the scene, for sites that were about waste."""
    if look.scene is None or not _about(look.site["problem"], "waste"):
        return
    rows = _of_scene(layers.get("waste_candidate"), look.scene)
    rows = rows[rows["confirmed"].ne(False).fillna(True).to_numpy(bool)]
    found = overlaps(_one(look.site, rows), rows.geometry)
    if len(found):
        yield _remains(look, rows.iloc[found["object"].to_numpy(int)], found["m2"].to_numpy(float))
    elif _about(look.scene["searched"], "waste"):
        yield Answer("gone", "outside", (words_of.GONE_SEARCHED,))


def _remains(look: Look, rows: gpd.GeoDataFrame, m2: np.ndarray) -> Answer:
    """Candidates on the site: sure where a person confirmed one that reaches in beyond the error."""
    sides = np.sqrt(np.maximum(m2, 0.0))
    confirmed = rows["confirmed"].eq(True).fillna(False).to_numpy(bool)
    error = np.hypot(rows["u_m"].to_numpy(float), number(look.site["u_source_m"]) or 0.0)
    sure = confirmed & (sides > error)
    told = m2[sure] if sure.any() else m2
    share = min(float(told.sum()) / look.m2, 1.0)
    ids = tuple(rows["id"].astype(str)[sure if sure.any() else np.ones(len(rows), dtype=bool)])
    if sure.any():
        said = words_of.SURE.fill(m2=float(told.sum()), share=share)
        return Answer("still_there", "inside", (said,), float(told.sum()), ids)
    why = words_of.AT_EDGE if confirmed.any() else words_of.NOT_CONFIRMED
    said = words_of.PERHAPS.fill(m2=float(told.sum()), share=share, why=why)
    return Answer("perhaps_there", "borderline", (said,), float(told.sum()), ids)


def _change(look: Look, layers: LayerSet) -> Iterator[Said]:
    """What changed at the site: again since the closing, or at all since before it."""
    if look.scene is None:
        return
    closed = str(look.site["closed"])
    rows = _of_scene(layers.get("change_candidate"), look.scene)
    rows = rows[rows["confirmed"].ne(False).fillna(True).to_numpy(bool)]
    mine = rows.iloc[overlaps(_one(look.site, rows), rows.geometry)["object"].to_numpy(int)]
    again = mine[mine["before"].fillna("").astype(str) > closed]
    if len(again):
        yield Answer("changed_again", "borderline", (words_of.AGAIN,), rows=tuple(again["id"].astype(str)))  # fmt: skip
    since = mine[mine["before"].fillna("9999").astype(str) < closed]
    if _about(look.site["problem"], "waste") or look.before is None:
        return
    if len(since):
        yield _changed(look, since)
    elif _about(look.scene["searched"], "change"):
        wrong = _uneven(look)
        yield wrong or Answer("unchanged", "borderline", (words_of.UNCHANGED,))


def _changed(look: Look, rows: gpd.GeoDataFrame) -> Said:
    """A site that is not about waste and changed since before: gone only if a person says so."""
    if rows["confirmed"].eq(True).fillna(False).any():
        return Answer("gone", "outside", (words_of.GONE_CONFIRMED,), rows=tuple(rows["id"].astype(str)))  # fmt: skip
    if look.before is not None and look.scene is not None:
        days = str(look.before["day"]), str(look.scene["day"])
        apart = abs(int(days[0][5:7]) - int(days[1][5:7]))
        if min(apart, 12 - apart) > SEASON_MONTHS:
            return "season", CANNOT["season"].fill(before=days[0], day=days[1])
    return Answer("perhaps_there", "borderline", (words_of.NOT_CONFIRMED,), rows=tuple(rows["id"].astype(str)))  # fmt: skip


def _uneven(look: Look) -> tuple[str, Text] | None:
    """Two scenes whose pixels differ too much to say that nothing changed."""
    if look.before is None or look.scene is None:
        return None
    gsd = number(look.before["gsd_m"]), number(look.scene["gsd_m"])
    if gsd[0] is None or gsd[1] is None or max(gsd[0], gsd[1]) <= GSD_TIMES * min(gsd[0], gsd[1]):
        return None
    return "gsd_differs", CANNOT["gsd_differs"].fill(times=GSD_TIMES)


def _of_scene(layer: Layer | None, scene: pd.Series) -> gpd.GeoDataFrame:
    """The candidates seen in one scene, by its id or, where that is not told, by its day."""
    if layer is None:
        return gpd.GeoDataFrame({name: [] for name in ("id", "confirmed", "before", "u_m")},
                                geometry=[])  # fmt: skip
    frame = layer.placed
    frame = frame.assign(u_m=source_error(layer, frame))
    known = text(scene["scene_id"])
    by_id = frame["scene_id"].eq(known).fillna(False) if known else frame["scene_id"].isna()
    same_day = frame["day"].eq(scene["day"]).fillna(False)
    mine = by_id | (frame["scene_id"].isna() & same_day) if known else same_day
    return frame[mine.to_numpy(bool)].reset_index(drop=True)


def _one(site: pd.Series, like: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries([site.geometry], crs=like.crs)


def _about(value: object, group: str) -> bool:
    said = text(value)
    return said is not None and bool(has_word([said], words("look-back", group))[0])


def _cannot(look: Look) -> tuple[tuple[str, ...], tuple[Text, ...]]:
    return look.codes, look.cannot


def _told(look: Look) -> dict[str, Any]:
    """What is known of the site and the scenes, missing values left out."""
    scene, before = look.scene, look.before
    facts = {
        "closed": str(look.site["closed"]), "site_kind": text(look.site["problem"]),
        "document": text(look.site["document"]), "site_m2": look.m2, "site_mu": mu_of(look.m2),
        "day": None if scene is None else str(scene["day"]),
        "scene_id": None if scene is None else text(scene["scene_id"]),
        "share": None if scene is None else float(scene["share"]),
        "gsd_m": None if scene is None else number(scene["gsd_m"]),
        "before_day": None if before is None else str(before["day"]),
        "before_scene_id": None if before is None else text(before["scene_id"]),
        "source_row": look.site["source_row"], "address": text(look.site["address"]),
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}


def _undecided(
    check: Check, look: Look, said: tuple[tuple[str, ...], tuple[Text, ...]], on_date: str
) -> Undecided:
    codes, texts = said
    reason = Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts))
    return Undecided(
        check.id, "cannot_tell", reason, REMEDY, on_date, subject_id=str(look.site["id"]),
        subject_name=text(look.site["name"]), subject_theme="closed_site",
        geometry=look.site.geometry, facts=_told(look) | {"state": "cannot_tell", "codes": list(codes)},
    )  # fmt: skip


def _finding(
    check: Check, look: Look, answer: Answer, refs: tuple[LayerRef, ...], on_date: str
) -> Finding:
    scene = look.scene
    facts = _told(look) | {
        "state": "gone" if answer.kind == "gone" else "still_there" if answer.verdict == "inside" else "doubtful",
        "remains_m2": answer.remains_m2, "remains_mu": mu_of(answer.remains_m2),
        "remains_share": min(answer.remains_m2 / look.m2, 1.0), "rows": list(answer.rows),
    }  # fmt: skip
    seen = [words_of.SEEN.fill(closed=facts["closed"], day=facts["day"], share=facts["share"])]
    seen += [words_of.BEFORE.fill(day=facts["before_day"])] if "before_day" in facts else []
    return Finding(
        check=check.id, title=check.title, rule=None, verdict=answer.verdict, measured=None,
        limit=None, unit="", comparator=None, method="look_back", error_band=None,
        subject_id=str(look.site["id"]), subject_name=text(look.site["name"]),
        subject_theme="closed_site", object_id=None if scene is None else str(scene["id"]),
        object_name=None if scene is None else str(scene["day"]), object_theme="scene_footprint",
        on_date=on_date, reasons=(*answer.reasons, *seen, words_of.LIMIT), layers=refs,
        geometry=look.site.geometry, facts=facts, licence_class=answer.kind,
        strength=STRENGTH[answer.kind],
    )  # fmt: skip
