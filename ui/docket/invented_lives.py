"""What the invented people of a generated county have done with some of its leads, so that overview,
deadlines and histories show something. The lowest scores are taken: what stands on top stays to be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from leads.steps.handling import assign, see_to_deadline
from leads.steps.look_back import GONE, STILL_THERE
from leads.steps.moves import move
from leads.steps.reinspecting import reinspect
from leads.store import Filter, list_leads
from office import Actor, Database

_CHIEF = "周检察长（虚构）"
_FILED: Mapping[str, str] = {
    "case_cause": "公益诉讼（演示）",
    "handler": "王检",
    "approved_by": _CHIEF,
}
_ADVICE = {"facts": "演示：现场核实属实", "advice": "演示：依法履行监管职责", "approved_by": _CHIEF}
_TO_CASE: tuple[tuple[int, str, Mapping[str, str]], ...] = (
    (1, "screening", {}),
    (2, "filed", _FILED),
    (3, "met", {"deadline": "serve_filing"}),
    (7, "investigation", {"handler": "王检", "second_person": "刘检"}),
)
_TO_REPLY = (
    *_TO_CASE,
    (16, "recommendation", _ADVICE),
    (17, "rectification", {"served_by": "announced", "served_on": "+17"}),
    (19, "met", {"deadline": "file_recommendation"}),
)
_TO_LOOK = (*_TO_REPLY, (60, "follow_up", {"reply": "done", "replied_on": "+58"}))


@dataclass(frozen=True, slots=True)
class Life:
    """Steps on days after the county's day (`met` sees to a deadline), fields with `+N` for such a day,
    then looks.
    """

    steps: tuple[tuple[int, str, Mapping[str, str]], ...]
    looks: tuple[tuple[int, str], ...] = ()


LIVES = (
    *(Life(((1, "dismissed", {"dismissal": reason}),)) for reason in ("licensed", "closed", "measured", "wrong_place")),
    *(Life(_TO_CASE[:1]) for _ in range(3)),
    *(Life(_TO_CASE) for _ in range(2)),
    *(Life(_TO_REPLY) for _ in range(2)),
    *(Life(_TO_LOOK, ((days, GONE),)) for days in (64, 71, 85, 98)),
    Life(_TO_LOOK, ((70, GONE), (120, STILL_THERE))),
)  # fmt: skip


def live(db: Database, on_date: str, *, actor: Actor, at: str) -> int:
    """Let the lives happen to the leads with the lowest scores; returns to how many.

    Only leads that an agency is known for and that nobody touched: a second call does nothing more
    to the first ones.
    """
    page = list_leads(db, Filter(states=["registered"]), actor=actor, ascending=True, limit=400)
    free = [row for row in page.rows if row["agency"] and row["version"] <= 2]
    for row, life in zip(free, LIVES, strict=False):
        _one(db, str(row["id"]), life, date.fromisoformat(on_date), actor=actor, at=at)
    return min(len(free), len(LIVES))


def give(db: Database, person: str, *, actor: Actor, at: str, most: int = 6) -> int:
    """Assign the best lead of some checks that has a place and nobody yet to who goes out; how many."""
    page = list_leads(db, Filter(states=["registered"], assignee=""), actor=actor, limit=400)
    best = {str(row["check_id"]): row for row in reversed(page.rows) if row["west"] is not None}
    chosen = sorted(best.values(), key=lambda row: -row["score"])[:most]
    for row in chosen:
        assign(db, str(row["id"]), person, actor=actor, at=at, version=None)
    return len(chosen)


def _one(db: Database, lead: str, life: Life, first: date, *, actor: Actor, at: str) -> None:
    def day(after: int) -> str:
        return (first + timedelta(days=after)).isoformat()

    for after, state, fields in life.steps:
        told: dict[str, Any] = {name: day(int(value)) if value.startswith("+") else value
                                for name, value in fields.items()}  # fmt: skip
        if state == "met":
            see_to_deadline(
                db,
                lead,
                told["deadline"],
                state,
                actor=actor,
                at=at,
                on_date=day(after),
                version=None,
            )
        else:
            move(db, lead, state, fields=told, actor=actor, at=at, on_date=day(after), version=None)
    for after, result in life.looks:
        tests = ("partial",) if result == STILL_THERE else ()
        reinspect(
            db, lead, result, actor=actor, at=at, on_date=day(after), version=None, tests=tests
        )
