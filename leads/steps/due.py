"""What is due: deadlines that run and looks that are planned, by day, cases taken together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from checks import Text
from leads.scope import READ, rows_of
from leads.steps.deadlines import OPEN
from leads.steps.look_back import PLANNED
from office import Actor, Database
from office.policy import require_somewhere
from office.schema import DEADLINE, LEAD, REINSPECTION
from office.working_days import WorkingDays, load_calendar, parse_day

LOOK_WORDS = {
    "first": Text("首次回头看", "first look-back"),
    "relapse": Text("复发检查", "relapse check"),
}


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something due: a deadline or a planned look. `days` and `working_days` left (negative =
    overdue); `leads` the leads of one case it stands for.
    """

    kind: str
    words: Text
    due_on: str
    status: str
    days: int
    working_days: int
    whose: str
    provisional: bool
    leads: tuple[str, ...]
    numbers: tuple[str, ...]
    case_id: str | None
    assignee: str | None
    subject: str | None
    basis: Text | None


def due_items(
    db: Database, on_date: str, *, actor: Actor, within_days: int = 14, assignee: str | None = None,
    lead_id: str | None = None,
) -> list[DueItem]:  # fmt: skip
    """`due_list` of the leads that the person may read."""
    require_somewhere(actor, READ)
    with db.read() as connection:
        return due_list(connection, on_date, within_days=within_days, assignee=assignee, lead_id=lead_id,
                        own=rows_of(actor))  # fmt: skip


def due_list(
    connection: Connection, on_date: str, *, within_days: int = 14, assignee: str | None = None,
    lead_id: str | None = None, calendar: WorkingDays | None = None, own: ColumnElement[bool] | None = None,
) -> list[DueItem]:  # fmt: skip
    """What is overdue or due within so many days, by day; leads of one case stand together.

    `own`: of these leads alone.
    """
    today = parse_day(on_date, "on_date")
    last = date.fromordinal(today.toordinal() + within_days).isoformat()
    days = calendar or load_calendar()
    asked = [] if own is None else [own]
    asked += [LEAD.c.assignee == assignee] if assignee else []
    asked += [(LEAD.c.id == lead_id) | (LEAD.c.number == lead_id)] if lead_id else []
    rows = [*_open_deadlines(connection, last, asked), *_planned_looks(connection, last, asked)]
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        groups.setdefault(
            (row["case_id"] or row["lead_id"], row["kind"], row["due_on"]), []
        ).append(row)
    items = [_item(group, on_date, days) for group in groups.values()]
    return sorted(items, key=lambda one: (one.due_on, one.numbers))


_OF_LEAD = (LEAD.c.number, LEAD.c.case_id, LEAD.c.assignee, LEAD.c.subject_name)


def _open_deadlines(
    connection: Connection, last: str, asked: Sequence[ColumnElement[bool]]
) -> list[dict[str, Any]]:
    query = (
        select(DEADLINE.c.lead_id, DEADLINE.c.kind, DEADLINE.c.due_on, DEADLINE.c.provisional,
               DEADLINE.c.data, *_OF_LEAD)
        .join(LEAD, LEAD.c.id == DEADLINE.c.lead_id)
        .where(DEADLINE.c.state == OPEN, DEADLINE.c.due_on <= last, *asked)
    )  # fmt: skip
    return [{**row, "planned": False} for row in connection.execute(query).mappings()]


def _planned_looks(
    connection: Connection, last: str, asked: Sequence[ColumnElement[bool]]
) -> list[dict[str, Any]]:
    query = (
        select(REINSPECTION.c.lead_id, REINSPECTION.c.kind, REINSPECTION.c.due_on,
               REINSPECTION.c.data, *_OF_LEAD)
        .join(LEAD, LEAD.c.id == REINSPECTION.c.lead_id)
        .where(REINSPECTION.c.state == PLANNED, REINSPECTION.c.due_on <= last, *asked)
    )  # fmt: skip
    return [{**row, "planned": True} for row in connection.execute(query).mappings()]


def _item(group: Sequence[dict[str, Any]], on_date: str, calendar: WorkingDays) -> DueItem:
    row = group[0]
    data = json.loads(row["data"])
    due, today = date.fromisoformat(row["due_on"]), date.fromisoformat(on_date)
    left = (due - today).days
    words = LOOK_WORDS[row["kind"]] if row["planned"] else Text(**data["words"])
    basis = Text(**data["basis"]) if "basis" in data else None
    return DueItem(
        row["kind"], words, row["due_on"], "overdue" if left < 0 else "soon", left,
        calendar.between(today, due), data.get("whose", "procuratorate"),
        bool(data.get("provisional", row.get("provisional", False))),
        tuple(one["lead_id"] for one in group), tuple(one["number"] for one in group),
        row["case_id"], row["assignee"], row["subject_name"], basis,
    )  # fmt: skip
