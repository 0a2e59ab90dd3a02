"""Look-backs that are due and whose check has just run: what new data say goes to the people.

A relapse check that found it gone, and any look that found it back after it had been gone, is
recorded: the second takes a resting lead up again. Everything else is only told: the first look
after rectification, and the test of article 82, are a person's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from leads.messages.inbox import Notice
from leads.messages.notices import LOOK_TOLD, LOOKED
from leads.messages.notices import RELAPSE as RELAPSED
from leads.messages.notifying import covers, of_look
from leads.runs.reading import Findings
from leads.steps.changing import Change, lock
from leads.steps.look_back import GONE, PLANNED, RELAPSE, STILL_THERE, Look, look_again
from leads.steps.reinspecting import looks_of, reinspect_in, was_gone
from leads.watches.watch import Watch
from office import Actor
from office.schema import LEAD, REINSPECTION, RUN

_NOTE = "持续监测：由数据得出，未经现场核实 / standing watch: from data, not seen on site"


def answer_looks(
    connection: Connection, watch: Watch, found: Findings, run_id: str, *, actor: Actor, at: str, on_date: str,
) -> list[Notice]:  # fmt: skip
    """Answer, or tell of, the due looks of the leads whose check was in this run."""
    query = (
        select(LEAD.c.id, LEAD.c.west, LEAD.c.south, LEAD.c.east, LEAD.c.north, RUN.c.rules)
        .join(REINSPECTION, REINSPECTION.c.lead_id == LEAD.c.id)
        .join(RUN, RUN.c.id == LEAD.c.last_run)
        .where(REINSPECTION.c.state == PLANNED, REINSPECTION.c.due_on <= on_date,
               LEAD.c.check_id.in_(list(found.run["checks"])))
        .distinct().order_by(LEAD.c.id)
    )  # fmt: skip
    placed = replace(watch, last={"place": found.run.get("rules")})
    notices: list[Notice] = []
    for row in connection.execute(query).mappings().all():
        if covers(placed, dict(row)):
            notices += _answer(
                connection, watch, row["id"], run_id, actor=actor, at=at, on_date=on_date
            )
    return notices


def _answer(
    connection: Connection, watch: Watch, lead_id: str, run_id: str, *, actor: Actor, at: str, on_date: str,
) -> list[Notice]:  # fmt: skip
    change = lock(connection, lead_id)
    looks = looks_of(connection, lead_id)
    waiting = [one for one in looks if one["state"] == PLANNED and one["due_on"] <= on_date]
    done = [str(one["data"]["on"]) for one in looks if one["state"] == "done"]
    said = look_again(connection, lead_id, max(done, default=str(change.row["state_since"])[:10]))
    relapsed = said.verdict == STILL_THERE and was_gone(change)
    checked = [one for one in waiting if one["kind"] == RELAPSE]
    body = {"result": said.verdict, "why": said.why.as_dict(), "run": run_id, "on_date": on_date,
            "due_on": waiting[0]["due_on"]}  # fmt: skip
    ways: dict[str, Any] = {"run_id": run_id, "actor": actor, "at": at, "on_date": on_date}
    if relapsed:
        _record(connection, change, None, said, **ways)
        return of_look(change.row, watch, RELAPSED, body, [waiting[-1]["id"], said.verdict])
    if said.verdict == GONE and checked:
        for one in checked:
            _record(connection, lock(connection, lead_id), one["id"], said, **ways)
        return of_look(change.row, watch, LOOKED, body, [checked[-1]["id"], said.verdict])
    return of_look(change.row, watch, LOOK_TOLD, body, [waiting[0]["id"], said.verdict])


def _record(
    connection: Connection, change: Change, look: str | None, said: Look, *, run_id: str, actor: Actor,
    at: str, on_date: str,
) -> None:  # fmt: skip
    """Settle one look, or (None) every one that is due."""
    told = {"result": said.verdict, "on": on_date, "by": actor.name, "at": at, "tests": [], "note": _NOTE,
            "evidence": {"run": run_id, "measured": said.measured, "seen_on": said.on_date}}  # fmt: skip
    reinspect_in(connection, change, told, actor=actor, reinspection=look)
