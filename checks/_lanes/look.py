"""Fire lanes: how wide a vehicle gets through, held against the width that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from checks._band import against
from checks._cells import known, text
from checks._gaps import missing_data, unplaced
from checks._lanes.seen import (
    Seen,
    around,
    at_bottleneck,
    drive,
    drive_facts,
    facts_of,
    lane_of,
    look,
    obstacles_on,
)
from checks._lanes.words import (
    GET_OBSTACLES,
    NO_OBSTACLES,
    REDRAW,
    STRENGTH,
    UNMEASURED,
    WIDTH,
    reasons,
)
from checks._records import Check, Finding, LayerRef, Undecided, Verdict
from checks._refs import layer_refs
from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from imagery.width import Width
from layers import LayerSet
from layers.errors import ImageryError
from layers.measures import ErrorBand

METHOD = "clear_width"
_DRIVEN = 200
"""Lanes driven through in one run: a search takes a second or two, the width a few milliseconds."""
_BUILDINGS_DEGREES = 5e-4


Row: TypeAlias = Any
"""A row of the layer's frame, as `itertuples` gives it."""


@dataclass(frozen=True)
class _Work:
    check: Check
    limits: Limits
    on_date: str
    refs: tuple[LayerRef, ...]


def look_along_lanes(
    check: Check, layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
) -> Iterator[Finding | Undecided]:
    """One finding per lane that is not clearly wide enough (with `all_subjects` per lane)."""
    gaps = list(missing_data(check, layers, on_date))
    if not gaps and not ("obstacle" in layers and len(layers["obstacle"])):
        gaps = [
            Undecided(
                check.id, "theme_missing", NO_OBSTACLES, GET_OBSTACLES, on_date, theme="obstacle"
            )
        ]
    if gaps:
        yield from gaps
        return
    yield from unplaced(check, layers["fire_lane"], on_date)
    work = _Work(check, limits, on_date, layer_refs(layers, check.themes))
    obstacles = obstacles_on(layers["obstacle"].placed, on_date)
    buildings = layers["building"].placed if "building" in layers else obstacles.iloc[:0]
    driven = 0
    for row in layers["fire_lane"].placed.itertuples(index=False):
        try:
            seen = look(lane_of(row), obstacles, limits)
        except ImageryError as error:
            yield _unmeasured(work, row, error)
            continue
        verdict, kind = _verdict(seen, row.built, limits.rules.get(WIDTH))
        if verdict != "outside" or all_subjects:
            facts = facts_of(seen, limits, around(buildings, row.geometry, _BUILDINGS_DEGREES))
            if verdict != "outside" and driven < _DRIVEN:
                driven += 1
                facts["drive"] = drive_facts(drive(seen))
            yield _finding(work, row, seen, facts, (verdict, kind))


def _verdict(seen: Seen, built: object, rule: Rule | None) -> tuple[Verdict, str]:
    """What the interval allows, and of which kind it is.

    What stands in a lane blocks it whenever it was built. A lane that is too narrow by itself is
    judged by the code in force when it was built: without that date it is no more than a risk.
    """
    if rule is None:
        return "undecided", "not_checked"
    verdict = _held(seen.with_all.width, rule)
    if verdict != "inside":
        return verdict, "lane_clear" if verdict == "outside" else "lane_measure"
    if _held(seen.confirmed, rule) != "inside":
        return "borderline", "lane_unconfirmed"
    if _held(seen.bare, rule) == "inside" and seen.confirmed.low > 0:
        new = isinstance(built, str) and built >= rule.in_force_from
        return ("inside", "lane_narrow_built") if new else ("borderline", "lane_risk")
    return "inside", _what_stands(seen)


def _what_stands(seen: Seen) -> str:
    thing = at_bottleneck(seen)
    if thing is not None and pd.notna(thing["underside_m"]):
        return "lane_low"
    return "lane_narrowed" if seen.confirmed.low > 0 else "lane_shut"


def _held(width: Width, rule: Rule) -> Verdict:
    """The verdict on a width: what is narrower than the limit is found."""
    return against(width.low, width.high, rule.comparator, rule.value)


def _finding(
    work: _Work, row: Row, seen: Seen, facts: dict[str, Any], judged: tuple[Verdict, str]
) -> Finding:
    rule, width = work.limits.rules.get(WIDTH), seen.with_all.width
    verdict, kind = judged
    built = row.built if isinstance(row.built, str) else None
    facts |= {
        "built": built, "doubt": kind == "lane_measure", "too_narrow": verdict in ("inside", "borderline"),
        "narrowed": seen.bare.metres > width.metres, "design_width_m": known(row.width_m),
        "source_row": known(row.source_row),
    }  # fmt: skip
    thing = at_bottleneck(seen)
    line = seen.with_all.bottleneck
    band = ErrorBand(width.metres - width.low, width.high - width.metres,
                     {"outline": seen.u_outline_m, "wall": seen.u_lane_m})  # fmt: skip
    return Finding(
        check=work.check.id, title=work.check.title, rule=rule.id if rule else None, verdict=verdict,
        measured=round(width.metres, 3), limit=rule.value if rule else None, unit="metres",
        comparator=rule.comparator if rule else None, method=METHOD, error_band=band,
        subject_id=str(row.id), subject_name=text(row.name), subject_theme="fire_lane",
        object_id=None if thing is None else str(thing["id"]),
        object_name=None if thing is None else text(thing["name"]) or text(thing["kind"]),
        object_theme="obstacle", on_date=work.on_date, reasons=tuple(reasons(facts, work.limits)),
        layers=work.refs, geometry=line if line.length else line.centroid, facts=facts,
        licence_class=kind, strength=STRENGTH[kind], in_force=rule,
    )  # fmt: skip


def _unmeasured(work: _Work, row: Row, error: ImageryError) -> Undecided:
    return Undecided(
        work.check.id, "value_missing", UNMEASURED.fill(problem=error.problem),
        REDRAW.fill(remedy=error.remedy), work.on_date, theme="fire_lane", subject_id=str(row.id),
        subject_name=text(row.name), subject_theme="fire_lane", geometry=row.geometry.centroid,
        facts={"source_row": known(row.source_row)},
    )  # fmt: skip
