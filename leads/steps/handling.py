"""What a person does beside moving a lead: assign it, note something, see to its deadlines."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, true

from layers.errors import LeadError
from leads.scope import rows_of
from leads.steps import deadlines
from leads.steps.changing import lock, write
from leads.steps.workflow import Workflow, load_workflow
from office import Actor, Database
from office.policy import require_somewhere
from office.schema import DEADLINE, LEAD
from office.working_days import Period, WorkingDays, load_calendar, parse_day

DEADLINE_ACTS = ("met", "extend", "stop", "resume")
_LONGEST_NOTE = 8000
_WORDS = 200


def assign(
    db: Database, lead_id: str, person: str, *, actor: Actor, at: str, version: int | None,
    reason: str = "",
) -> int:  # fmt: skip
    """Give a lead to a person ("" = to nobody); returns the version it has then."""
    require_somewhere(actor, "lead.assign")
    if len(person) > _WORDS:
        raise LeadError(
            "this is no name", field="person", remedy=f"keep it under {_WORDS} characters"
        )
    with db.write() as connection:
        change = lock(connection, lead_id, version, actor=actor, operation="lead.assign")
        before, after = change.row["assignee"], person.strip() or None
        change.values["assignee"] = after
        change.tell(
            "lead.assigned", number=change.row["number"], before=before, to=after, reason=reason
        )
        write(connection, [change], actor=actor, at=at)
        return change.version


def note(
    db: Database, lead_id: str, text: str, *, actor: Actor, at: str, version: int | None = None
) -> int:
    """Write a note into a lead's history; it stays for good. Returns the version it has then."""
    require_somewhere(actor, "lead.note")
    if not text.strip() or len(text) > _LONGEST_NOTE:
        raise LeadError(
            "a note has from 1 to 8000 characters", field="text", remedy="write it anew"
        )
    with db.write() as connection:
        change = lock(connection, lead_id, version, actor=actor, operation="lead.note")
        change.tell("lead.noted", number=change.row["number"], text=text.strip())
        write(connection, [change], actor=actor, at=at)
        return change.version


def see_to_deadline(
    db: Database, lead_id: str, kind: str, act: str, *, actor: Actor, at: str, on_date: str,
    version: int | None, reason: str = "", by: str = "chief", period: Period | None = None,
    workflow: Workflow | None = None, calendar: WorkingDays | None = None,
) -> deadlines.Deadline:  # fmt: skip
    """Say that a running deadline is met, extend it, stop its clock or set it going.

    `by` names who grants an extension (`chief`, `superior`). Everything but "met" needs a reason.
    """
    require_somewhere(actor, "lead.deadline")
    parse_day(on_date, "on_date")
    if act not in DEADLINE_ACTS:
        raise LeadError(f"{act!r} cannot be done to a deadline", field="act",
                        remedy=f"use one of {', '.join(DEADLINE_ACTS)}")  # fmt: skip
    if act != "met" and not reason.strip():
        raise LeadError("no reason is given", field="reason", remedy="say why: --reason …")
    days = calendar or load_calendar()
    with db.write() as connection:
        change = lock(connection, lead_id, version, actor=actor, operation="lead.deadline")
        one = deadlines.running(connection, change.id, kind)
        if act == "met":
            done = deadlines.meet(connection, change, one, on_date)
        elif act == "extend":
            done = deadlines.extend(connection, change, one, by=by, period=period, reason=reason,
                                    on_date=on_date, workflow=workflow or load_workflow(),
                                    calendar=days)  # fmt: skip
        elif act == "stop":
            done = deadlines.stop(connection, change, one, day=on_date, reason=reason)
        else:
            done = deadlines.resume(
                connection, change, one, day=on_date, reason=reason, calendar=days
            )
        write(connection, [change], actor=actor, at=at)
        return done


def recount_provisional(
    db: Database, *, actor: Actor, at: str, calendar: WorkingDays | None = None
) -> list[str]:
    """Count deadlines again whose holidays are known by now; returns the leads concerned."""
    require_somewhere(actor, "lead.deadline")
    days = calendar or load_calendar()
    with db.write() as connection:
        query = select(DEADLINE.c.lead_id, DEADLINE.c.due_on).join(
            LEAD, LEAD.c.id == DEADLINE.c.lead_id).where(
            DEADLINE.c.state == deadlines.OPEN, DEADLINE.c.provisional == true(),
            rows_of(actor, "lead.deadline"))  # fmt: skip
        known = [row.lead_id for row in connection.execute(query)
                 if days.knows(date.fromisoformat(row.due_on).year)]  # fmt: skip
        changes = [lock(connection, lead_id) for lead_id in dict.fromkeys(known)]
        for change in changes:
            for one in deadlines.of_lead(connection, change.id, deadlines.OPEN):
                if one.provisional:
                    deadlines.recount(connection, change, one, days)
        write(connection, changes, actor=actor, at=at)
        return [change.id for change in changes]
