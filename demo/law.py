"""What the demo's rule pack says, read from its file, and the oracle's verdicts under it.

No number of law stands here. A door is judged only where no reasonable error band could change
the verdict; everywhere else it is in doubt and no shop is planted there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demo.shapes import Array
from demo.survey import KNOWN, Survey
from demo.world import Campus

RULES = Path(__file__).resolve().parent.parent / "data" / "rules" / "demo.toml"
PRIMARY_MIDDLE = ("primary", "middle", "primary_middle", "school")
OUTSIDE, UNDECIDED, BORDERLINE, INSIDE, DOUBT = 0, 1, 2, 3, 4
WORDS = ("outside", "undecided", "borderline", "inside", "doubt")
"""Verdicts by number, the worse the greater; `DOUBT` is the oracle's own."""

CLEAR_M, CLEAR_SHARE, CLOSE_M = 26.0, 0.34, 5.0
"""A planted distance is clear of its limit by `CLEAR_M` (or that share of a small limit), more
than any error band of the demo's sources; a borderline one lies within `CLOSE_M` of it."""
LOOKED_AT_M, LOOKED_AT_SLACK_M = 300.0, 20.0
"""Where no rule applies the checks report what lies within 300 m; nothing is planted near it."""
RUNNER_UP = 0.12
"""The school that decides must be nearer, as a share of its limit, than the next by this."""
RUN_DATE = "2026-06-30"
"""The day of the planted run."""


@dataclass(frozen=True)
class Line:
    """One rule of the pack: `figure` is `walk`, `straight`, `main` or `boundary`."""

    limit_m: float
    figure: str


@dataclass(frozen=True)
class Judged:
    """Every door under one check: verdict number, deciding school (-1: none) and its metres."""

    verdict: Array
    school: Array
    metres: Array
    margin: Array
    """Metres from the nearest limit, outwards; infinite where no rule applies."""


def read_rules(path: Path = RULES) -> dict[str, dict[str, Line]]:
    """Rules of distance by check and class of schools; others have no origin."""
    pack = tomllib.loads(path.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Line]] = {}
    for rule in (rule for rule in pack["rules"] if "origin" in rule):
        figure = {"main_gate": "main", "boundary": "boundary"}.get(rule["origin"], "straight")
        figure = "walk" if rule["method"].startswith("walk") else figure
        line = Line(float(rule["value"]), figure)
        found.setdefault(rule["check"], {})[rule["school_class"]] = line
    return found


def rule_for(rules: dict[str, Line], campus: Campus) -> Line | None:
    """The rule for a school, the narrower class first."""
    if campus.kind == "kindergarten":
        return rules.get("kindergarten")
    narrow = rules.get("primary_middle") if campus.kind in PRIMARY_MIDDLE else None
    return narrow or rules.get("school")


def judge(check: str, seen: Survey, rules: dict[str, dict[str, Line]]) -> Judged:
    """All doors of a survey under one check."""
    columns = [_against(campus, n, seen, rule_for(rules.get(check, {}), campus))
               for n, campus in enumerate(seen.campuses)]  # fmt: skip
    verdict, metres, share, margin = (np.column_stack(part) for part in zip(*columns, strict=True))
    rank = np.where(verdict == DOUBT, -1, verdict).max(axis=1)
    doubt = (verdict == DOUBT).any(axis=1)
    among = np.where(verdict == rank[:, None], share, np.inf)
    order = np.sort(np.column_stack([among, np.full(len(among), np.inf)]), axis=1)
    with np.errstate(invalid="ignore"):
        close = ~(order[:, 1] - order[:, 0] > RUNNER_UP) & (rank > OUTSIDE)
    school = np.where(rank > OUTSIDE, among.argmin(axis=1), -1)
    value = np.where(school >= 0, metres[np.arange(len(metres)), school], np.nan)
    final = np.where(doubt | close, DOUBT, rank)
    return Judged(final, school, value, margin.min(axis=1))


def _against(
    campus: Campus, n: int, seen: Survey, line: Line | None
) -> tuple[Array, Array, Array, Array]:
    """Verdict, metres, share of the limit and metres beyond it, of all doors against one school."""
    unknown = not any(gate.source in KNOWN for gate in campus.gates)
    if campus.opened > RUN_DATE:
        never = np.full(len(seen.places), np.inf)
        return np.full(len(never), OUTSIDE), never, never, never
    if line is None:
        metres = seen.straight[:, n]
        near, far = LOOKED_AT_M - LOOKED_AT_SLACK_M, LOOKED_AT_M + LOOKED_AT_SLACK_M
        verdict = np.select((metres <= near, metres >= far), (UNDECIDED, OUTSIDE), DOUBT)
        return verdict, metres, metres / LOOKED_AT_M, np.full(len(metres), np.inf)
    metres = getattr(seen, line.figure)[:, n]
    if line.figure == "main" and np.isnan(metres).all():
        metres = seen.boundary[:, n]
    limit, pins = line.limit_m, any(gate.source == "poi" for gate in campus.gates)
    clear = CLEAR_M if pins else min(CLEAR_M, CLEAR_SHARE * limit)
    if unknown and line.figure != "boundary":
        away = seen.boundary[:, n] >= limit + CLEAR_M
        verdict = np.select((metres <= limit + CLOSE_M, away), (BORDERLINE, OUTSIDE), DOUBT)
    else:
        close = np.abs(metres - limit) <= CLOSE_M
        bounds = (metres <= limit - clear, close, metres >= limit + clear)
        verdict = np.select(bounds, (INSIDE, BORDERLINE, OUTSIDE), DOUBT)
    return verdict, metres, metres / limit, metres - limit
