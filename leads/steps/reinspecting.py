"""Recording what a look found: gone, still there, or not to be told; a relapse takes the lead up again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from checks import Text
from layers.errors import LeadError
from leads.scope import about_of, may_on
from leads.states import ENDED, RESTING
from leads.steps.changing import Change, lock, write
from leads.steps.look_back import (
    DONE,
    EXTRA,
    FIRST,
    GONE,
    PLANNED,
    RESULT_WORDS,
    STILL_THERE,
    article_82,
    plan_once_more,
)
from leads.steps.moves import acting, move_in
from office import Actor, Database
from office.canonical import canonical, sha256
from office.policy import require, require_somewhere
from office.schema import REINSPECTION
from office.working_days import load_calendar, parse_day

LOOKS = "looks"
"""In a lead's `data`: the last look, whether it is gone, how many times it came back."""
_TAKEN_UP = "screening"
_RELAPSE = Text("回头看发现问题复发", "the look-back found that it has come back")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was recorded; `relapse`: it had been gone before; `reopened`: the state it went to."""

    lead_id: str
    reinspection: str
    result: str
    relapse: bool
    reopened: str | None
    version: int


def reinspect(
    db: Database, lead_id: str, result: str, *, actor: Actor, at: str, on_date: str,
    version: int | None, tests: Sequence[str] = (), note: str = "",
    evidence: Mapping[str, Any] | None = None, reinspection: str | None = None,
) -> Inspected:  # fmt: skip
    """Record a look on a day: `result` gone, still_there or cannot_tell.

    Still there names at least one test of article 82 (`tests`), gone none. It settles the named
    planned look, else the next one planned, else counts as one more. `evidence` names what it
    rests on: the run, the pictures before and after, the measured value. Where the lead rested
    and is there again, it is taken up again with all its history. Raises `LeadError`,
    `PolicyError`, `ConflictError`; then nothing is written.
    """
    require_somewhere(actor, "lead.reinspect")
    parse_day(on_date, "on_date")
    codes = tests_of(result, tests)
    with db.write() as connection:
        told = {"result": result, "on": on_date, "by": actor.name, "at": at, "tests": codes,
                "note": note, "evidence": dict(evidence or {})}  # fmt: skip
        change = lock(connection, lead_id, version, actor=actor, operation="lead.reinspect")
        return reinspect_in(connection, change, told, actor=actor, reinspection=reinspection)


def reinspect_in(
    connection: Connection, change: Change, told: Mapping[str, Any], *, actor: Actor,
    reinspection: str | None = None,
) -> Inspected:  # fmt: skip
    """Record a look inside the caller's write transaction; `change` is the locked lead.

    `told` holds result, on, by, at, tests, note and evidence. What new data say by themselves names
    no test of article 82: that is a person's word.
    """
    require(actor, "lead.reinspect", scope=about_of(change.row))
    result = str(told["result"])
    relapse = result == STILL_THERE and was_gone(change)
    told = {**told, "relapse": relapse}
    name = _settle(connection, change, reinspection, str(told["on"]), told)
    _count(change, told)
    change.tell("lead.reinspected", number=change.row["number"], reinspection=name,
                words=RESULT_WORDS[result].as_dict(), **told)  # fmt: skip
    reopened = _go_on(connection, change, told, actor)
    return Inspected(change.id, name, result, relapse, reopened, change.version)


def _go_on(
    connection: Connection, change: Change, told: Mapping[str, Any], actor: Actor
) -> str | None:
    """What follows: a resting lead is taken up again, an open one is looked at once more."""
    at, day = str(told["at"]), str(told["on"])
    if (
        told["relapse"]
        and change.row["state"] in RESTING
        and may_on(actor, "lead.reopen", change.row)
    ):
        reason = f"{_RELAPSE.zh}（{day}）{told['note']}"
        act = acting(
            _TAKEN_UP, {"reason": reason, "relapse": True}, actor=actor, at=at, on_date=day
        )
        move_in(connection, change, act)
        return _TAKEN_UP
    if told["relapse"]:
        change.values["asked_again"] = True
    if told["result"] != GONE and change.row["state"] not in RESTING:
        plan_once_more(connection, change, on_date=day, calendar=load_calendar())
    write(connection, [change], actor=actor, at=at)
    return None


def _count(change: Change, told: Mapping[str, Any]) -> None:
    looks = change.data.get(LOOKS, {})
    last = {name: told[name] for name in ("result", "on", "tests")}
    gone = {GONE: True, STILL_THERE: False}.get(told["result"], looks.get("gone", False))
    change.data[LOOKS] = {"last": last, "gone": gone,
                          "relapses": looks.get("relapses", 0) + told["relapse"]}  # fmt: skip


def looks_of(connection: Connection, lead_id: str) -> list[dict[str, Any]]:
    """Every look of a lead, planned, done and cancelled, by day."""
    query = select(REINSPECTION).where(REINSPECTION.c.lead_id == lead_id)
    rows = connection.execute(query.order_by(REINSPECTION.c.due_on, REINSPECTION.c.id)).mappings()
    return [{**row, "data": json.loads(row["data"])} for row in rows]


def tests_of(result: str, tests: Sequence[str]) -> list[str]:
    """The tests of article 82 that a person named, checked against the result; `LeadError`."""
    if result not in RESULT_WORDS:
        raise LeadError(f"{result!r} is no result of a look", field="result",
                        remedy=f"use one of {', '.join(RESULT_WORDS)}")  # fmt: skip
    known = article_82()
    unknown = [one for one in tests if one not in known]
    if unknown or bool(tests) != (result == STILL_THERE):
        what = f"{unknown[0]!r} is no test" if unknown else f"{result} with {len(tests)} tests"
        raise LeadError(f"{what} of article 82", field="tests",
                        remedy=f"with still_there name at least one of {', '.join(known)}, else none")  # fmt: skip
    return sorted(set(tests))


def was_gone(change: Change) -> bool:
    """Whether it was settled: the last look that could tell found it gone, or it rests as rectified."""
    if change.data.get(LOOKS, {}).get("gone"):
        return True
    closed = change.data.get("closed", {})
    grounds = {closed.get("closure"), closed.get("closure_civil")}
    return change.row["state"] in ENDED and bool(grounds & {"rectified", "protected"})


def _settle(
    connection: Connection, change: Change, name: str | None, on_date: str, told: Mapping[str, Any]
) -> str:
    """Write the result to every planned look that it answers, else to one of its own; returns its
    id. Without a name it answers the first look and all that are due by that day.
    """
    planned = [one for one in looks_of(connection, change.id) if one["state"] == PLANNED]
    if name is not None and name not in {one["id"] for one in planned}:
        raise LeadError(f"{name} is not planned", field="reinspection",
                        remedy=f"planned: {', '.join(one['id'] for one in planned) or 'none'}")  # fmt: skip
    answered = [one for one in planned if one["id"] == name or (
                name is None and (one["kind"] == FIRST or one["due_on"] <= on_date))]  # fmt: skip
    for one in answered:
        values = {"state": DONE, "data": canonical({**one["data"], **told})}
        connection.execute(
            update(REINSPECTION).where(REINSPECTION.c.id == one["id"]).values(values)
        )
    if answered:
        return str(answered[-1]["id"])
    made = f"R{sha256(canonical([change.id, EXTRA, on_date, change.version]))[:16]}"
    connection.execute(insert(REINSPECTION), [{
        "id": made, "lead_id": change.id, "kind": EXTRA, "due_on": on_date, "state": DONE,
        "data": canonical(dict(told))}])  # fmt: skip
    return made
