"""Candidates as they stand: what was detected with what was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from imagery.queue import files
from imagery.queue.entries import BY_HAND, Candidate, Order, OutlineBy, Run
from imagery.queue.outlines import same_outline
from imagery.queue.said import Said, said
from imagery.store import Store
from layers.layer import WGS84

_KEPT = 256
"""So many runs are kept in memory; one is read again as soon as its files change."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A candidate, its place in its run (0 = best), and the candidate that is asked in its stead."""

    candidate: Candidate
    rank: int
    same_as: str | None


def listed(store: Store, runs: Iterable[Run]) -> list[Listed]:
    """Every candidate of these runs as it stands now, best of each run first."""
    found: list[Listed] = []
    for run in runs:
        words = said(run.id, files.read_events(store, run.id))
        rows = _of_run(store, run.id, files.stamps(store, run.id))
        if _moved(store, run):
            rows = tuple(replace(one, candidate=replace(one.candidate, moved=True)) for one in rows)
        found += [replace(one, candidate=_stands(one.candidate, words[one.candidate.id]))
                  if one.candidate.id in words else one for one in rows]  # fmt: skip
    return found


def one_listed(store: Store, id_: str) -> Listed:
    """One candidate as it stands now; raises `ImageryError` for an unknown id."""
    run, _, number_ = id_.rpartition("-")
    rows = _of_run(store, run, files.stamps(store, run)) if run in files.run_ids(store) else ()
    if not number_.isdecimal() or not 1 <= int(number_) <= len(rows) or f"{run}-{int(number_)}" != id_:  # fmt: skip
        raise files.unknown(id_, "candidate")
    words = said(run, files.read_events(store, run)).get(id_)
    one = rows[int(number_) - 1]
    candidate = replace(one.candidate, moved=_moved(store, files.read_run(store, run)))
    return replace(one, candidate=candidate if words is None else _stands(candidate, words))


def _moved(store: Store, run: Run) -> bool:
    return run.placed not in ("", files.placed_of(store, run.scene_id, run.before_id))


@lru_cache(_KEPT)
def _of_run(store: Store, id_: str, _stamps: files.Stamps) -> tuple[Listed, ...]:
    """What a run's detector said; nothing of it ever changes."""
    run = files.read_run(store, id_)
    rows = files.read_candidates(store, id_).frame.itertuples(index=False)
    return tuple(Listed(_detected(run, row), rank, row.same_as if isinstance(row.same_as, str) else None)
                 for rank, row in enumerate(rows))  # fmt: skip


def ordered(found: Sequence[Listed], order: Order) -> list[Listed]:
    """By place along a curve that keeps neighbours together, or the best of every run first."""
    if order == "score" or not found:
        # scores of two detectors do not compare; the best of each run is asked first
        return sorted(found, key=lambda one: (one.rank, -one.candidate.score, one.candidate.id))
    middles = gpd.GeoSeries([one.candidate.outline for one in found], crs=WGS84)
    along = middles.hilbert_distance().to_numpy()
    return [found[n] for n in np.lexsort((np.arange(len(found)), along))]


def _number(value: Any) -> float | None:  # noqa: ANN401 - a cell of a table
    """A number of a table, or nothing where it is missing."""
    return None if _missing(value) else float(value)


def _missing(value: Any) -> bool:  # noqa: ANN401 - a cell of a table
    return value is None or value is pd.NA or value != value  # noqa: PLR0124 - NaN


def _detected(run: Run, row: Any) -> Candidate:  # noqa: ANN401 - a row of a table
    """What the detector said, of one row of its layer."""
    shape: BaseGeometry = row.geometry
    told = {name: getattr(row, name, None) for name in ("score", "area_m2", "u_area_m2", "why_zh", "why_en", "day")}  # fmt: skip
    text = {name: "" if _missing(value) else str(value) for name, value in told.items()}
    by: OutlineBy = "person" if run.detector == BY_HAND else "machine"
    return Candidate(
        str(row.id), run.id, run.theme, shape, shape, by, _number(told["score"]) or 0.0,
        _number(told["area_m2"]), _number(told["u_area_m2"]), text["why_zh"], text["why_en"], run.detector,
        run.scene_id, run.before_id, text["day"] or run.day,
    )  # fmt: skip


def _stands(one: Candidate, words: Said) -> Candidate:
    """With what people said of it."""
    last = words.last
    if last is not None:
        one = replace(one, answer=last.answer, reason=last.reason, note=last.note, actor=last.actor,
                      at=last.at)  # fmt: skip
    if words.drawn is not None:
        decision, size = words.drawn
        if decision.outline is not None and not same_outline(decision.outline, one.detected):
            one = replace(one, outline=decision.outline, outline_by="person",
                          area_m2=size.area_m2, u_area_m2=size.u_area_m2)  # fmt: skip
    return replace(one, seen=words.seen, history=words.decisions)
