"""All that was measured around schools, so that a limit can be moved without measuring again.

Every pair of subject and school keeps both ends of its interval. The verdict of a pair depends on the
limit only by comparing with them, and a wider reach only adds pairs that are farther: so what holds
at every limit up to the widest follows exactly from one measurement at the widest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from checks._band import RANK, UNMEASURED, bounds, judge
from checks._catalogue import CheckEntry
from checks._records import VERDICTS
from checks._rulebook.pack import Limits
from checks._rulebook.rule import Rule
from checks._runs.area import inside_area, within_points
from checks._schools.perimeter import measured
from checks._subjects import with_subjects
from layers import LayerSet
from layers.atomic import written_whole
from layers.errors import RuleError

_STATES = ("measured", "no_way", "unmeasured", "no_rule")
_WORDS = {**dict.fromkeys(UNMEASURED, "unmeasured"), "measured": "measured", "no_way": "no_way"}


@dataclass(frozen=True, slots=True)
class Spread:
    """What one check measured on one day, with one rule's limit opened to `widest` (m).

    `ids`, `names`, `lonlat` (n, 2; degrees) are the subjects with a usable place; the arrays of pairs
    are `subject` and `rule` (positions), `low`, `high` (m), `state` (position in measured, no_way,
    unmeasured, no_rule). `rules` holds of each rule id, comparator, limit (m) and unit; `lost` counts
    the subjects that could not be looked at, undecided at every limit.
    """

    check: str
    on_date: str
    moved: str
    widest: float
    rules: tuple[Mapping[str, object], ...]
    ids: np.ndarray
    names: np.ndarray
    lonlat: np.ndarray
    subject: np.ndarray
    rule: np.ndarray
    low: np.ndarray
    high: np.ndarray
    state: np.ndarray
    lost: int

    @property
    def limit_m(self) -> float:
        """The limit as the rule has it, m."""
        return float(next(str(one["limit_m"]) for one in self.rules if one["id"] == self.moved))

    def verdicts(self, limit_m: float) -> np.ndarray:
        """The verdict of every subject, were the moved limit `limit_m` metres.

        Raises `RuleError` beyond the widest limit that was measured for.
        """
        if not 0 <= limit_m <= self.widest:
            raise RuleError(f"{limit_m:g} m is beyond the {self.widest:g} m that were measured",
                            field="limit", remedy="measure again with a wider limit")  # fmt: skip
        rank = np.full(len(self.subject), RANK["undecided"])
        state = np.array(_STATES, dtype=object)[self.state]
        state = np.where(state == "unmeasured", UNMEASURED[0], state)
        for number, rule in enumerate(self.rules):
            mine = (self.rule == number) & (self.state != _STATES.index("no_rule"))
            limit = limit_m if rule["id"] == self.moved else float(str(rule["limit_m"]))
            said = judge(
                self.low[mine], self.high[mine], state[mine], str(rule["comparator"]), limit
            )
            rank[mine] = pd.Series(said).map(RANK).to_numpy(int)
        worst = np.full(len(self.ids), RANK["outside"])
        np.minimum.at(worst, self.subject, rank)
        return np.array(VERDICTS, dtype=object)[worst]

    def save(self, path: str | Path) -> Path:
        """Write it as a compressed NumPy archive, whole or not at all."""
        facts = {"check": self.check, "on_date": self.on_date, "moved": self.moved, "widest": self.widest,
                 "rules": [dict(one) for one in self.rules], "lost": self.lost}  # fmt: skip
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        with written_whole(path) as beside, beside.open("wb") as stream:
            np.savez_compressed(
                stream, facts=np.array(json.dumps(facts, ensure_ascii=False)), **arrays
            )
        return Path(path)


_ARRAYS = ("ids", "names", "lonlat", "subject", "rule", "low", "high", "state")


def load_spread(path: str | Path) -> Spread:
    """Read what `Spread.save` wrote; raises `RuleError` for any other file."""
    try:
        with Path(path).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            facts = json.loads(str(file["facts"]))
            arrays = {name: file[name] for name in _ARRAYS}
        return Spread(**{**facts, "rules": tuple(facts["rules"])}, **arrays)
    except (
        OSError,
        EOFError,
        BadZipFile,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise RuleError(f"this holds no measurement: {error}", file=Path(path),
                        remedy="measure again: python -m checks what-if …") from error  # fmt: skip


def moved(limits: Limits, rule: Rule, value: float) -> Limits:
    """The limits with one rule's value (in its own unit) replaced: for thinking only, never law."""
    return replace(limits, rules={
        name: replace(one, value=value) if one.id == rule.id else one for name, one in limits.rules.items()
    })  # fmt: skip


def spread(
    entry: CheckEntry, layers: LayerSet, limits: Limits, rule: Rule, widest_m: float, *,
    area: BaseGeometry | None = None,
) -> Spread | None:  # fmt: skip
    """Measure a check of the perimeter family with `rule` opened to `widest_m`; `None` without data."""
    if entry.perimeter is None or not rule.is_distance:
        raise RuleError(f"{entry.check.id} does not measure around schools", field="check",
                        remedy="move its limit by a run")  # fmt: skip
    wide = moved(limits, rule, widest_m / rule.limit_m * rule.value) if rule.limit_m else limits
    gaps, work = measured(entry.check, entry.perimeter, layers, wide, limits.on_date)
    if work is None:
        return None
    lost = with_subjects(gaps, layers)
    shops, pairs = work.places.shops, work.pairs
    points = shops.geometry.representative_point()
    lonlat = np.column_stack([points.x, points.y]).reshape(-1, 2)
    kept = within_points(lonlat, area)
    at = np.cumsum(kept) - 1
    chosen = pairs[kept[pairs["shop"].to_numpy(int)]]
    group = chosen["group"].to_numpy(int)
    low, high = np.full(len(chosen), np.nan), np.full(len(chosen), np.nan)
    state = np.array([_STATES.index(_WORDS[one]) for one in chosen["state"]], dtype=np.int8)
    for number, one in enumerate(work.rules):
        mine = group == number
        if one is None:
            state[mine] = _STATES.index("no_rule")
        else:
            low[mine], high[mine] = bounds(chosen[mine], one)
    names = shops["name"].fillna("").astype(str).to_numpy(str)
    return Spread(
        check=entry.check.id, on_date=limits.on_date, moved=rule.id, widest=float(widest_m),
        rules=tuple(_told(one, rule) for one in work.rules), ids=shops["id"].astype(str).to_numpy(str)[kept],
        names=names[kept], lonlat=lonlat[kept], subject=at[chosen["shop"].to_numpy(int)], rule=group,
        low=low, high=high, state=state,
        lost=len(inside_area([one for one in lost if one.subject_id is not None], area)),
    )  # fmt: skip


def _told(one: Rule | None, rule: Rule) -> dict[str, object]:
    if one is None:
        return {"id": "", "comparator": "<=", "limit_m": 0.0}
    return {"id": one.id, "comparator": one.comparator,
            "limit_m": rule.limit_m if one.id == rule.id else one.limit_m}  # fmt: skip
