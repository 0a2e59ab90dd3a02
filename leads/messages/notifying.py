"""Whom a run, a due day or a look concerns, and what each is told: assignee, else the watch's people."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import ColumnElement, Connection, select

from leads.known import chunks
from leads.messages.inbox import Notice
from leads.messages.notices import ALARM
from leads.states import RESTING
from leads.steps.due import DueItem, due_list
from leads.watches.watch import ACTIVE, Watch
from office.schema import LEAD, RUN, SIGHTING

LISTED = 20
"""Leads named in one message; the others are counted."""
_BRIEF = (LEAD.c.id, LEAD.c.number, LEAD.c.subject_name, LEAD.c.assignee, LEAD.c.check_id)


def of_run(connection: Connection, watch: Watch, run_id: str, on_date: str) -> list[Notice]:
    """What a run changed, one notice per person, check and kind of change.

    Leads laid to rest whose facts do not ask again are passed over.
    """
    query = (
        select(SIGHTING.c.change, SIGHTING.c.what, LEAD.c.asked_again, LEAD.c.state, *_BRIEF)
        .join(LEAD, LEAD.c.id == SIGHTING.c.lead_id)
        .where(SIGHTING.c.run_id == run_id)
        .order_by(LEAD.c.score.desc(), LEAD.c.id)
    )
    groups: defaultdict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in (dict(one) for one in connection.execute(query).mappings()):
        kind = _kind(row)
        for person in _people(row, watch) if kind else ():
            groups[person, kind, row["check_id"]].append(row)
    return [
        Notice(person, kind, check, {
            "check": check, "run": run_id, "watch": watch.id, "on_date": on_date, "count": len(rows),
            "leads": [_lead(row, what=_names(row["what"])) for row in rows[:LISTED]],
        }, [run_id])
        for (person, kind, check), rows in groups.items()
    ]  # fmt: skip


def of_alarms(watch: Watch, found: Mapping[str, str], body: Mapping[str, Any]) -> list[Notice]:
    """An alarm per reason and person; `found` check → reason (`notices.ALARM_WORDS`)."""
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for check, why in found.items():
        by_reason[why].append(check)
    return [
        Notice(person.name, ALARM, watch.id, {
            **body, "watch": watch.id, "title": watch.title, "why": why, "checks": checks},
            [why, checks, body.get("at"), body.get("run")])
        for why, checks in sorted(by_reason.items()) for person in watch.people
    ]  # fmt: skip


def of_dues(
    connection: Connection, watches: Sequence[Watch], on_date: str, within_days: int,
    own: ColumnElement[bool] | None = None,
) -> list[Notice]:  # fmt: skip
    """Deadlines and looks overdue or due soon (of the leads in `own`); each once as soon due and once
    as overdue.
    """
    items = due_list(connection, on_date, within_days=within_days, own=own)
    rows = _rows(connection, (name for item in items for name in item.leads))
    return [
        Notice(person, kind, item.leads[0], _due_body(item, rows), [kind, item.kind, item.due_on, *item.leads])
        for item in items
        for kind in [f"{'look' if item.kind in ('first', 'relapse') else 'deadline'}_{item.status}"]
        for person in sorted({name for lead in item.leads for name in _concerned(rows[lead], watches)})
    ]  # fmt: skip


def of_look(
    row: Mapping[str, Any], watch: Watch, kind: str, body: Mapping[str, Any], says: Sequence[Any]
) -> list[Notice]:
    """What new data say of a lead whose look-back is due; `row` holds the columns of the lead."""
    told = {**body, "check": row["check_id"], "watch": watch.id, "leads": [_lead(row)]}
    return [Notice(person, kind, row["id"], told, says) for person in _people(row, watch)]


def _kind(row: Mapping[str, Any]) -> str:
    change = str(row["change"])
    if row["asked_again"] and change in ("changed", "back"):
        return "asked_again"
    return "" if row["state"] in RESTING and change != "back" else change


def _people(row: Mapping[str, Any], watch: Watch) -> list[str]:
    return [row["assignee"]] if row["assignee"] else [one.name for one in watch.people]


def _concerned(row: Mapping[str, Any], watches: Sequence[Watch]) -> Iterator[str]:
    """The assignee, else the people of every watch that looks after the lead's check and place."""
    if row["assignee"]:
        yield row["assignee"]
        return
    for watch in watches:
        if watch.state == ACTIVE and row["check_id"] in watch.check_ids and covers(watch, row):
            yield from (one.name for one in watch.people)


def covers(watch: Watch, row: Mapping[str, Any]) -> bool:
    """Whether a lead (its bounds and the `rules` of its last run) belongs to a watch's ground."""
    if watch.area is not None:
        return row["west"] is not None and bool(
            shapely.intersects_xy(
                watch.area, (row["west"] + row["east"]) / 2, (row["south"] + row["north"]) / 2
            )
        )
    return bool(row["rules"] == watch.last.get("place"))


def _rows(connection: Connection, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    columns = (*_BRIEF, LEAD.c.west, LEAD.c.south, LEAD.c.east, LEAD.c.north, RUN.c.rules)
    for some in chunks(list(dict.fromkeys(ids))):
        query = select(*columns).join(RUN, RUN.c.id == LEAD.c.last_run).where(LEAD.c.id.in_(some))
        found |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return found


def _due_body(item: DueItem, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "check": rows[item.leads[0]]["check_id"], "due_on": item.due_on, "words": item.words.as_dict(),
        "basis": None if item.basis is None else item.basis.as_dict(), "provisional": item.provisional,
        "whose": item.whose, "case": item.case_id, "count": len(item.leads),
        "leads": [_lead(rows[lead]) for lead in item.leads[:LISTED]],
    }  # fmt: skip


def _lead(row: Mapping[str, Any], **more: object) -> dict[str, Any]:
    return {"id": row["id"], "number": row["number"], "name": row["subject_name"], **more}


def _names(what: str) -> list[str]:
    return sorted(json.loads(what))
