"""The deadlines of a lead: started by steps, met, lengthened, stopped and set going again.

Every change of a deadline recounts it from its first day with all its extensions and pauses, so
that the row can be explained at any time; how it was counted stands in its `data`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from layers.errors import LeadError
from leads.steps.changing import Change
from leads.steps.workflow import DeadlineKind, Workflow
from office.canonical import canonical, sha256
from office.schema import DEADLINE
from office.working_days import Due, Period, WorkingDays, parse_day

OPEN, MET, LATE, SUSPENDED, CANCELLED = "open", "met", "late", "suspended", "cancelled"
RUNNING = (OPEN, SUSPENDED)
_AGENCY = "agency"
"""Whose a period is that the agency has to reply."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A row of the store, its `data` read."""

    id: str
    lead_id: str
    kind: str
    started_on: str
    due_on: str
    state: str
    provisional: bool
    data: Mapping[str, Any]


def of_lead(connection: Connection, lead_id: str, *states: str) -> list[Deadline]:
    """The deadlines of a lead (in some states), by their end."""
    query = select(DEADLINE).where(DEADLINE.c.lead_id == lead_id)
    if states:
        query = query.where(DEADLINE.c.state.in_(states))
    rows = connection.execute(query.order_by(DEADLINE.c.due_on, DEADLINE.c.id)).mappings()
    return [Deadline(**{**row, "data": json.loads(row["data"])}) for row in rows]


def running(connection: Connection, lead_id: str, kind: str) -> Deadline:
    """The running deadline of a kind; raises `LeadError` naming those that run."""
    found = of_lead(connection, lead_id, *RUNNING)
    for one in found:
        if kind in (one.kind, one.id):
            return one
    names = ", ".join(one.kind for one in found) or "none"
    raise LeadError(f"no deadline {kind} is running", field="deadline", remedy=f"running: {names}")


def start(
    connection: Connection, change: Change, kind: DeadlineKind, start_on: str,
    *, entered: Mapping[str, Any], calendar: WorkingDays,
) -> Deadline:  # fmt: skip
    """Start a deadline on a day (not counted); `entered` may choose another period."""
    period = next((p for name, p in kind.instead if entered.get(name)), kind.period)
    data = {
        "period": str(period), "extensions": [], "pauses": [], "whose": kind.whose,
        "words": kind.words.as_dict(), "basis": kind.basis.words.as_dict(),
        "article": kind.basis.article, "verified": kind.basis.verified,
    }  # fmt: skip
    name = sha256(canonical([change.id, kind.id, start_on, change.version]))[:16]
    made = _counted(
        Deadline(f"D{name}", change.id, kind.id, start_on, "", OPEN, False, data), calendar
    )
    connection.execute(insert(DEADLINE), [_row(made)])
    _tell_start(change, made)
    return made


def go_along(connection: Connection, lead: Change, copy: Change) -> None:
    """What runs for a lead runs for a copy of it, to the same days; but an agency's period to reply
    begins when its own recommendation is served.
    """
    for one in of_lead(connection, lead.id, *RUNNING):
        if one.data.get("whose") != _AGENCY:
            name = sha256(canonical([copy.id, one.kind, one.started_on, copy.version]))[:16]
            made = _with(one, id=f"D{name}", lead_id=copy.id)
            connection.execute(insert(DEADLINE), [_row(made)])
            _tell_start(copy, made)


def meet(connection: Connection, change: Change, one: Deadline, day: str) -> Deadline:
    """Met on a day: in time, or late."""
    state = MET if day <= one.due_on else LATE
    return _settle(connection, change, one, state, day)


def end_all(connection: Connection, change: Change, day: str) -> None:
    """Nothing runs on: what is open past its end was missed, the rest is cancelled."""
    for one in of_lead(connection, change.id, *RUNNING):
        _settle(connection, change, one, LATE if _overdue(one, day) else CANCELLED, day)


def extend(
    connection: Connection, change: Change, one: Deadline, *, by: str, period: Period | None,
    reason: str, on_date: str, workflow: Workflow, calendar: WorkingDays,
) -> Deadline:  # fmt: skip
    """Lengthen a deadline as the table allows; `by` names who granted it (`chief`, `superior`).

    A period that the table fixes cannot be another, and is granted once.
    """
    kind = workflow.deadline(one.kind, on_date)
    rule = next((e for e in kind.extensions if e.by == by), None)
    if rule is None:
        names = ", ".join(e.by for e in kind.extensions) or "nobody: it cannot be extended"
        raise LeadError(
            f"{by} cannot extend {one.kind}", field="by", remedy=f"it is extended by {names}"
        )
    granted = [e for e in one.data["extensions"] if e["by"] == by]
    if rule.period is not None and (granted or period not in (None, rule.period)):
        raise LeadError(f"{by} extends {one.kind} once, by {rule.period}", field="period",
                        remedy="leave the period out, or let the next level extend it")  # fmt: skip
    length = rule.period or period
    if length is None:
        raise LeadError(
            "no period is named", field="period", remedy="say by how much, such as '1 month'"
        )
    entry = {"by": by, "period": str(length), "reason": reason, "on": on_date}
    data = {**one.data, "extensions": [*one.data["extensions"], entry]}
    return _recount(connection, change, one, data, calendar, did="extended", reason=reason,
                    by=by, period=str(length))  # fmt: skip


def stop(
    connection: Connection, change: Change, one: Deadline, *, day: str, reason: str
) -> Deadline:
    """Stop the clock on a day; raises `LeadError` where it stands already."""
    if one.state == SUSPENDED:
        raise LeadError(f"{one.kind} stands still already", field="deadline",
                        remedy="set it going first")  # fmt: skip
    data = {
        **one.data,
        "pauses": [*one.data["pauses"], {"from": day, "to": None, "reason": reason}],
    }
    return _save(connection, change, one, _with(one, data=data, state=SUSPENDED),
                 did="stopped", reason=reason, on=day)  # fmt: skip


def resume(
    connection: Connection, change: Change, one: Deadline, *, day: str, reason: str,
    calendar: WorkingDays,
) -> Deadline:  # fmt: skip
    """Set a stopped clock going: the days it stood still are added."""
    if one.state != SUSPENDED:
        raise LeadError(
            f"{one.kind} is not standing still", field="deadline", remedy="nothing to do"
        )
    *before, last = one.data["pauses"]
    if day < last["from"]:
        raise LeadError(f"{day} lies before it was stopped ({last['from']})", field="on",
                        remedy="give a later day")  # fmt: skip
    data = {**one.data, "pauses": [*before, {**last, "to": day}]}
    return _recount(connection, change, _with(one, state=OPEN), data, calendar, did="resumed",
                    reason=reason, on=day)  # fmt: skip


def recount(
    connection: Connection, change: Change, one: Deadline, calendar: WorkingDays
) -> Deadline:
    """Count a provisional deadline again, once the holidays of its year are known."""
    return _recount(connection, change, one, dict(one.data), calendar, did="recounted")


def _recount(
    connection: Connection, change: Change, one: Deadline, data: Mapping[str, Any],
    calendar: WorkingDays, **told: object,
) -> Deadline:  # fmt: skip
    return _save(connection, change, one, _counted(_with(one, data=data), calendar), **told)


def _counted(one: Deadline, calendar: WorkingDays) -> Deadline:
    """The deadline with its end, and how it was counted."""
    periods = [Period.parse(one.data["period"]),
               *(Period.parse(e["period"]) for e in one.data["extensions"])]  # fmt: skip
    still = sum(_days(p["from"], p["to"]) for p in one.data["pauses"] if p["to"])
    due = calendar.count(parse_day(one.started_on), *periods, pause_days=still)
    data = {**one.data, "nominal": due.nominal.isoformat(), "counted": _how(one, due, still)}
    return _with(one, due_on=due.day.isoformat(), provisional=due.provisional, data=data)


def _how(one: Deadline, due: Due, still: int) -> dict[str, str]:
    """How it was counted, in both languages."""
    parts = [one.data["period"], *(e["period"] for e in one.data["extensions"])]
    zh = f"自{one.started_on}起算（当日不计），{' + '.join(map(_zh, parts))}"
    en = f"from {one.started_on} (that day not counted), {' + '.join(parts)}"
    if still:
        zh, en = f"{zh}，扣除中止{still}天", f"{en}, {still} days stood still"
    zh, en = f"{zh}，至{due.nominal}", f"{en}: {due.nominal}"
    if due.moved:
        zh, en = f"{zh}，遇休息日顺延至{due.day}", f"{en}, a day of rest, moved to {due.day}"
    if due.provisional:
        zh, en = (
            f"{zh}（该年节假日尚未公布，暂计）",
            f"{en} (holidays of that year not published: provisional)",
        )
    return {"zh": zh, "en": en}


def _zh(period: str) -> str:
    value, unit = period.split(" ", 1)
    return (
        f"{value}{'个月' if unit.startswith('month') else '个工作日' if 'work' in unit else '日'}"
    )


def _days(start_on: str, end_on: str) -> int:
    return (date.fromisoformat(end_on) - date.fromisoformat(start_on)).days


def _overdue(one: Deadline, day: str) -> bool:
    return one.state == OPEN and one.due_on < day


def _tell_start(change: Change, made: Deadline) -> None:
    said = {name: made.data[name] for name in ("period", "basis", "verified")}
    change.tell("lead.deadline", deadline=made.kind, did="started", started_on=made.started_on,
                due_on=made.due_on, provisional=made.provisional, **said)  # fmt: skip


def _settle(
    connection: Connection, change: Change, one: Deadline, state: str, day: str
) -> Deadline:
    data = {**one.data, "settled_on": day}
    return _save(connection, change, one, _with(one, state=state, data=data), did=state, on=day)


def _save(
    connection: Connection, change: Change, before: Deadline, after: Deadline, **told: object
) -> Deadline:
    connection.execute(update(DEADLINE).where(DEADLINE.c.id == after.id).values(_row(after)))
    change.tell("lead.deadline", deadline=after.kind, was_due_on=before.due_on,
                due_on=after.due_on, provisional=after.provisional, **told)  # fmt: skip
    return after


def _with(one: Deadline, **values: object) -> Deadline:
    return Deadline(**{**{name: getattr(one, name) for name in Deadline.__slots__}, **values})


def _row(one: Deadline) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in Deadline.__slots__},
        "data": canonical(one.data),
    }
