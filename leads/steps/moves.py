"""Moving a lead: the right, the fields, the state, the deadlines and the events, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from layers.errors import LeadError
from leads.scope import READ, about_of
from leads.states import DISMISSED
from leads.steps import deadlines
from leads.steps.changing import Change, lock, lock_case, write
from leads.steps.entries import read_entries
from leads.steps.look_back import cancel_look_back, plan_look_back
from leads.steps.workflow import BACK, Start, Step, Workflow, load_workflow
from office import Actor, Database
from office.policy import require, require_somewhere
from office.working_days import WorkingDays, load_calendar, parse_day

CAME_FROM = "came_from"
"""In a lead's `data`: per state, the state from which it was last entered."""
PROCEDURE, ADMINISTRATIVE = "procedure", "administrative"
DISMISSAL = "dismissal"
"""The reason of a dismissal is a code of `data/words/dismissals.toml`; kept as `reason`."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the leads moved, the step taken, their version and state now."""

    leads: tuple[str, ...]
    state: str
    step: Step
    version: int


@dataclass(frozen=True, slots=True)
class _Act:
    """Everything that is the same for all leads of one move."""

    to: str
    entered: Mapping[str, Any]
    actor: Actor
    at: str
    on_date: str
    workflow: Workflow
    calendar: WorkingDays


def move(
    db: Database, lead_id: str, state: str, *, actor: Actor, at: str, on_date: str,
    version: int | None, fields: Mapping[str, Any] | None = None, reason: str | None = None,
    workflow: Workflow | None = None, calendar: WorkingDays | None = None,
) -> Moved:  # fmt: skip
    """Move a lead (by id or number) to a state, with its whole case where the step says so.

    `version` is the one the person saw (`None` = whatever it is now); `on_date` the day of the
    step, `at` the moment in UTC. Raises `PolicyError` without the right, `LeadError` where the
    step is not allowed or a field is wrong, `ConflictError` where somebody was faster; then
    nothing is written.
    """
    require_somewhere(actor, READ)
    parse_day(on_date, "on_date")
    entered = {**(fields or {}), **({"reason": reason} if reason else {})}
    if state == DISMISSED and "reason" in entered:
        entered[DISMISSAL] = entered.pop("reason")
    act = _Act(state, entered, actor, at, on_date, workflow or load_workflow(),
               calendar or load_calendar())  # fmt: skip
    with db.write() as connection:
        return move_in(connection, lock(connection, lead_id, version, actor=actor), act)


def acting(
    state: str, entered: Mapping[str, Any], *, actor: Actor, at: str, on_date: str
) -> _Act:  # fmt: skip
    """What `move_in` takes, with the table and the calendar as they stand."""
    return _Act(state, entered, actor, at, on_date, load_workflow(), load_calendar())


def move_in(connection: Connection, first: Change, act: _Act) -> Moved:
    """Move inside the caller's write transaction; `first` is the locked lead."""
    step = _step(first, act)
    members = _members(connection, first, step, act.actor)
    for change in members:
        _one(connection, change, step, act)
    write(connection, members, actor=act.actor, at=act.at)
    return Moved(tuple(m.id for m in members), act.to, step, first.version)


def allowed(lead: Mapping[str, Any], data: Mapping[str, Any], on_date: str,
            workflow: Workflow | None = None) -> list[tuple[str, Step]]:  # fmt: skip
    """The states a lead may go to on a day, each with its step, whatever the person's rights."""
    table = workflow or load_workflow()
    state = str(lead["state"])
    back = str(data.get(CAME_FROM, {}).get(state, ""))
    found: dict[str, Step] = {}
    for step in table.steps_from(state, procedure_of(data), on_date):
        to = back if step.to == BACK else step.to
        if to:
            found.setdefault(to, step)
    return list(found.items())


def procedure_of(data: Mapping[str, Any]) -> str:
    """The kind of case: administrative unless it was filed as another."""
    return str(data.get(PROCEDURE, ADMINISTRATIVE))


def _step(change: Change, act: _Act) -> Step:
    state = str(change.row["state"])
    back = str(change.data.get(CAME_FROM, {}).get(state, ""))
    return act.workflow.step(state, act.to, procedure_of(change.data), act.on_date, back)


def _members(connection: Connection, first: Change, step: Step, actor: Actor) -> list[Change]:
    """The lead, or all leads of its case where the case moves as one (those laid aside stay).

    `PolicyError` where the person may not do the step to every one of them.
    """
    require(actor, step.operation, scope=about_of(first.row))
    case = first.row["case_id"]
    if not (case and step.together):
        return [first]
    found = [first if one.id == first.id else one for one in lock_case(connection, case)]
    found = [one for one in found if one.row["state"] != DISMISSED]
    for one in found:
        require(actor, step.operation, scope=about_of(one.row))
    apart = [one for one in found if one.row["state"] != first.row["state"]]
    if apart:
        names = ", ".join(f"{one.row['number']} ({one.row['state']})" for one in apart)
        raise LeadError(f"the leads of case {case} stand in different states: {names}", field="state",
                        remedy=f"bring them to {first.row['state']} first, or split the case")  # fmt: skip
    return found


def _one(connection: Connection, change: Change, step: Step, act: _Act) -> None:
    entered = read_entries(act.entered, step.fields, step.optional, act.workflow, act.on_date)
    if DISMISSAL in entered:
        entered["reason"] = entered.pop(DISMISSAL)
    before = str(change.row["state"])
    if PROCEDURE in step.optional:  # a case filed anew starts from the usual kind again
        change.data[PROCEDURE] = entered.get(PROCEDURE, ADMINISTRATIVE)
    _need(change, step)
    change.data[CAME_FROM] = {**change.data.get(CAME_FROM, {}), act.to: before}
    change.data[act.to] = {**entered, "on": act.on_date, "at": act.at, "by": act.actor.name,
                           **_seen(change, act.to)}  # fmt: skip
    change.values |= {"state": act.to, "state_since": act.at, "asked_again": False}
    change.tell(
        "lead.moved", number=change.row["number"], before=before, to=act.to, on_date=act.on_date,
        fields=entered, basis=step.basis.words.as_dict(), verified=step.basis.verified,
        documents=[one.as_dict() for one in step.documents],
        words=act.workflow.state(act.to, act.on_date).words.as_dict(),
    )  # fmt: skip
    _clocks(connection, change, step, entered, act)
    if step.looks_back == "plan":
        plan_look_back(connection, change, on_date=act.on_date, calendar=act.calendar)
    elif step.looks_back == "cancel":
        cancel_look_back(connection, change, on_date=act.on_date)


def _seen(change: Change, to: str) -> dict[str, Any]:
    """What the finding said when it was dismissed: only other facts ask again."""
    if to != DISMISSED:
        return {}
    return {"facts_hash": change.row["facts_hash"], "last_run": change.row["last_run"]}


def _need(change: Change, step: Step) -> None:
    for what, procedures in step.needs.items():
        if procedure_of(change.data) in procedures and not change.row[what]:
            raise LeadError(f"{change.row['number']} has no {what} yet", field=what,
                            remedy=f"route it first: python -m leads route {change.row['number']}")  # fmt: skip


def _clocks(
    connection: Connection, change: Change, step: Step, entered: Mapping[str, Any], act: _Act
) -> None:
    """Deadlines met, ended, stopped, set going and started, in this order."""
    open_now = deadlines.of_lead(connection, change.id, *deadlines.RUNNING)
    for kind, on in step.meets:
        day = entered.get(on) if on else act.on_date
        for one in (d for d in open_now if d.kind == kind and day):
            deadlines.meet(connection, change, one, str(day))
    if step.ends:
        deadlines.end_all(connection, change, act.on_date)
    reason = str(entered.get("reason", ""))
    for one in open_now:
        if step.suspends and one.state == deadlines.OPEN:
            deadlines.stop(connection, change, one, day=act.on_date, reason=reason)
        elif step.resumes and one.state == deadlines.SUSPENDED:
            deadlines.resume(connection, change, one, day=act.on_date, reason=reason,
                             calendar=act.calendar)  # fmt: skip
    known = _all_entered(change.data)
    for start in step.starts:
        day = _anchor(connection, change, start, entered, act.on_date)
        if day and procedure_of(change.data) in start.procedures:
            kind_now = act.workflow.deadline(start.deadline, act.on_date)
            deadlines.start(connection, change, kind_now, day, entered=known, calendar=act.calendar)


def _anchor(
    connection: Connection, change: Change, start: Start, entered: Mapping[str, Any], on_date: str
) -> str:
    """The day a deadline starts on, "" where it does not start."""
    if start.when and not entered.get(start.when):
        return ""
    if not start.anchor:
        return on_date
    if not start.anchor.startswith("due:"):
        return str(entered.get(start.anchor, ""))
    kind = start.anchor.removeprefix("due:")
    ends = [d.due_on for d in deadlines.of_lead(connection, change.id) if d.kind == kind]
    return ends[-1] if ends else on_date


def _all_entered(data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything entered with any step, the latest last."""
    steps: Sequence[Mapping[str, Any]] = [
        s for s in data.values() if isinstance(s, dict) and "at" in s
    ]
    return {name: value for step in sorted(steps, key=lambda s: str(s["at"]))
            for name, value in step.items()}  # fmt: skip
