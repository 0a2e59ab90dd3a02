"""What if a limit were another: how many findings would change. For thinking only, never law.

Nothing here makes a finding that could be stored: only counts and the ids of subjects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from checks._catalogue import CheckEntry
from checks._records import VERDICTS, Finding
from checks._rulebook.pack import Limits, RulePack, limits_in_force
from checks._rulebook.rule import Rule
from checks._runs.area import within
from checks._runs.runner import RunResult, run_entry
from checks._runs.spread import Spread, moved
from checks._text import Text
from layers import LayerSet
from layers.errors import RuleError

NOT_LAW = Text("非法律规定，仅供推演", "not the law: for thinking only")
METHODS_IF = {
    "measured": Text("由已测得的距离和误差带精确推算，未重新测量",
                     "exactly from the distances measured and their error bands, without measuring again"),
    "rerun": Text("按改动后的限值重新运行检查", "by running the check again with the other limit"),
}  # fmt: skip
OPENING = ("inside", "borderline")
"""Verdicts of which a lead comes."""
WIDEST = 2.0
"""How far a limit can be opened, as a multiple of itself."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What changes with the limit: counts by verdict, subjects that would be found or no longer be.

    `value` and `limit` are in the rule's own unit; `new` and `gone` hold (id, name, longitude,
    latitude) of the subjects, the place missing where there is none.
    """

    check: str
    rule: str
    value: float
    limit: float
    unit: str
    method: str
    on_date: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    new: tuple[tuple[str, str, float | None, float | None], ...]
    gone: tuple[tuple[str, str, float | None, float | None], ...]

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, with what it is not."""
        return {"check": self.check, "rule": self.rule, "value": self.value, "limit": self.limit,
                "unit": self.unit, "method": self.method, "on_date": self.on_date,
                "before": dict(self.before), "after": dict(self.after),
                "new": [list(one) for one in self.new], "gone": [list(one) for one in self.gone],
                "not_law": NOT_LAW.as_dict()}  # fmt: skip


def rules_to_move(entry: CheckEntry, pack: RulePack | None, on_date: str) -> tuple[Rule, ...]:
    """The rules in force for a check on a day, in the order of the check's limits."""
    found = limits_in_force(entry.check, pack, on_date)
    kept = [
        found.rules[one.school_class]
        for one in entry.check.limits
        if one.school_class in found.rules
    ]
    return tuple({rule.id: rule for rule in kept}.values())


def rule_to_move(entry: CheckEntry, pack: RulePack | None, on_date: str, name: str | None) -> Rule:
    """The rule called `name` (an id or a class; the only one without); raises `RuleError`."""
    rules = rules_to_move(entry, pack, on_date)
    mine = [one for one in rules if name in (None, one.id, one.school_class)]
    if len(mine) == 1:
        return mine[0]
    known = ", ".join(one.id for one in rules)
    raise RuleError(
        f"{entry.check.id} has {len(rules)} limits in force on {on_date}, none or several fit {name!r}",
        field="rule", remedy=f"name one of {known}" if known else "choose a rule pack with a rule for it",
    )  # fmt: skip


def if_measured(found: Spread, rule: Rule, value: float) -> WhatIf:
    """Move the limit over what was measured; `value` in the rule's unit."""
    share = rule.limit_m / rule.value
    before, after = found.verdicts(rule.limit_m), found.verdicts(value * share)
    was, will = np.isin(before, OPENING), np.isin(after, OPENING)

    def told(which: np.ndarray) -> tuple[tuple[str, str, float | None, float | None], ...]:
        rows = zip(found.ids[which], found.names[which], found.lonlat[which].tolist(), strict=True)
        return tuple((str(one), str(name), at[0], at[1]) for one, name, at in rows)

    return WhatIf(
        check=found.check, rule=rule.id, value=value, limit=rule.value, unit=rule.unit, method="measured",
        on_date=found.on_date, before=_count(before, found.lost), after=_count(after, found.lost),
        new=told(will & ~was), gone=told(was & ~will),
    )  # fmt: skip


def if_run(
    entry: CheckEntry, layers: LayerSet, limits: Limits, rule: Rule, value: float, *,
    area: BaseGeometry | None = None, cancelled: Callable[[], bool] | None = None,
) -> WhatIf:  # fmt: skip
    """Run the check twice, by the rule and by the other value; `Cancelled` in between where asked."""

    def found(these: Limits) -> RunResult:
        return within(run_entry(entry, layers, these, all_subjects=True, cancelled=cancelled), area)

    first, second = found(limits), found(moved(limits, rule, value))
    was, will = _standing(first), _standing(second)
    return WhatIf(
        check=entry.check.id, rule=rule.id, value=value, limit=rule.value, unit=rule.unit, method="rerun",
        on_date=limits.on_date, before=first.counts(), after=second.counts(),
        new=tuple(will[key] for key in sorted(will.keys() - was.keys())),
        gone=tuple(was[key] for key in sorted(was.keys() - will.keys())),
    )  # fmt: skip


def _count(verdicts: np.ndarray, lost: int) -> dict[str, int]:
    count = Counter(verdicts.tolist())
    count["undecided"] += lost
    return {verdict: count[verdict] for verdict in VERDICTS}


def _standing(result: RunResult) -> dict[str, tuple[str, str, float | None, float | None]]:
    return {one.subject_id: _row(one) for one in result.findings if one.verdict in OPENING}


def _row(one: Finding) -> tuple[str, str, float | None, float | None]:
    point = one.subject.point if one.subject else None
    return one.subject_id, one.subject_name or "", *(point or (None, None))
