"""What became of every check's findings: leads, cases, rectified; and why the others were none.

The share that was right goes back into the score, so that a check which cries wolf sinks.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from checks import Text
from leads.scope import READ, rows_of
from leads.score import load_table
from leads.states import DISMISSED, ENDED
from leads.steps.look_back import STILL_THERE
from office import Actor, Database
from office.policy import may, require_somewhere
from office.schema import LEAD, RUN

CASE_STATES = frozenset({"filed", "consultation", "investigation", "announcement", "recommendation",
                         "rectification", "follow_up", "suspended", "sued"})  # fmt: skip
"""A lead that has been in one of these became a case."""
NOT_WRONG = frozenset({"duplicate"})
"""Dismissals that say nothing against the check."""
REASONS = Path(__file__).resolve().parent.parent / "data" / "words" / "dismissals.toml"
_RECTIFIED = frozenset({"rectified", "protected", "compensation"})
"""Grounds of closing after which the harm is gone."""


@dataclass(frozen=True, slots=True)
class Yield:
    """One check: findings of its last run, leads of all time, and what became of them.

    `dismissed` counts leads laid aside, by reason code in `reasons`; `right` is the share of the
    decided leads that became cases, drawn towards a half while few are decided.
    """

    check: str
    findings: int
    leads: int
    cases: int
    rectified: int
    dismissed: int
    not_filed: int
    transferred: int
    right: float
    decided: int
    reasons: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return {"check": self.check, "findings": self.findings, "leads": self.leads,
                "cases": self.cases, "rectified": self.rectified, "dismissed": self.dismissed,
                "not_filed": self.not_filed, "transferred": self.transferred,
                "right": self.right, "decided": self.decided, "reasons": dict(self.reasons)}  # fmt: skip


def yields(db: Database, *, actor: Actor) -> tuple[Yield, ...]:
    """The yield of every check that has leads or was run, by its name; to who may not read
    everything, of the leads that they may.
    """
    require_somewhere(actor, READ)
    with db.read() as connection:
        own = None if may(actor, READ) else rows_of(actor)
        return tuple(found for _, found in sorted(yields_in(connection, own).items()))


def yields_in(connection: Connection, own: ColumnElement[bool] | None = None) -> dict[str, Yield]:
    """The yield of every check, inside a transaction; with `own`, of these leads alone, and as findings
    those of them that the last run saw.
    """
    which = true() if own is None else own
    query = select(LEAD.c.check_id, func.count()).where(which).group_by(LEAD.c.check_id)
    counted = connection.execute(query)
    leads = {str(row[0]): int(row[1]) for row in counted}
    tally: defaultdict[str, Counter[str]] = defaultdict(Counter)
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    touched = select(LEAD.c.check_id, LEAD.c.state, LEAD.c.data).where(LEAD.c.data != "{}", which)
    for check, state, text in connection.execute(touched):
        data = json.loads(text)
        tally[check].update(became(state, data))
        if state == DISMISSED:
            reasons[check][_entered(data, DISMISSED).get("reason") or "other"] += 1
    found = _last_findings(connection) if own is None else _seen(connection, own)
    return {check: _made(check, found.get(check, 0), leads.get(check, 0), tally[check], reasons[check])
            for check in sorted({*leads, *found})}  # fmt: skip


@cache
def reason_words(path: Path = REASONS) -> Mapping[str, Text]:
    """The reasons of a dismissal in words, in their order."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: Text(entry["zh"], entry["en"]) for code, entry in table.items()}


def _made(
    check: str, findings: int, leads: int, tally: Counter[str], reasons: Counter[str]
) -> Yield:
    entry = load_table()["parts"]["yield"]
    cases = tally["case"]
    wrong = (
        sum(count for code, count in reasons.items() if code not in NOT_WRONG) + tally["not_filed"]
    )
    right = (float(entry["prior_right"]) + cases) / (
        float(entry["prior_right"]) + float(entry["prior_wrong"]) + cases + wrong)  # fmt: skip
    return Yield(check, findings, leads, cases, tally["rectified"], sum(reasons.values()),
                 tally["not_filed"], tally["transferred"], round(right, 4), cases + wrong,
                 dict(reasons.most_common()))  # fmt: skip


def became(state: str, data: Mapping[str, Any]) -> list[str]:
    """What became of a lead: `case`, `rectified`, `transferred`, `not_filed`, or nothing yet."""
    been = {state, *data}
    found = ["case"] if been & CASE_STATES else []
    found += [state] if state in ("not_filed", "transferred") else []
    return [*found, "rectified"] if found[:1] == ["case"] and _is_rectified(state, data) else found


def _is_rectified(state: str, data: Mapping[str, Any]) -> bool:
    """Whether the harm is gone as of today: a closing that a relapse undid counts no longer."""
    closed, looks = _entered(data, "closed"), _entered(data, "looks")
    last = looks.get("last") or {}
    if last.get("result") == STILL_THERE and str(last.get("on")) > str(closed.get("on", "")):
        return False
    grounds = {closed.get("closure"), closed.get("closure_civil")}
    return bool(looks.get("gone")) or (state in ENDED and bool(grounds & _RECTIFIED))


def _entered(data: Mapping[str, Any], step: str) -> Mapping[str, Any]:
    entered = data.get(step)
    return entered if isinstance(entered, Mapping) else {}


def _seen(connection: Connection, own: ColumnElement[bool]) -> dict[str, int]:
    """Leads of every check that its last run found, of those of `own`."""
    query = select(LEAD.c.check_id, func.count()).where(
        own, LEAD.c.presence == "seen", LEAD.c.verdict.in_(("inside", "borderline"))
    )
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(LEAD.c.check_id))}


def _last_findings(connection: Connection) -> dict[str, int]:
    """Findings of every check in the last run that held it."""
    found: dict[str, int] = {}
    for (counts,) in connection.execute(select(RUN.c.counts).order_by(RUN.c.at)):
        for check, one in json.loads(counts).items():
            found[check] = one.get("verdict_inside", 0) + one.get("verdict_borderline", 0)
    return found
