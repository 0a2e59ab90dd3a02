"""Writes what an ingest decided: rows and events of one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from checks import keys_of, subject_of
from leads.known import chunks
from leads.runs.planning import STILL_GONE, Plan, Step
from leads.runs.reading import Findings, Sighted
from leads.states import REGISTERED
from office import NewEvent
from office.canonical import canonical, sha256
from office.schema import LEAD, LEAD_KEY, LINK, SIGHTING

_ROWS = 2000
"""Rows of one statement."""
_PREFIX = "YC"
_TOLD = ("new", "changed", "back", "vanished")


def write_plan(
    connection: Connection, plan: Plan, run_id: str, read: Findings, at: str
) -> list[NewEvent]:
    """Write the rows of all steps; returns the events that tell them, for the caller to append."""
    by = {name: [step for step in plan.steps if step.change == name]
          for name in ("new", "changed", "back", "vanished", "unchanged", STILL_GONE)}  # fmt: skip
    numbers = next_numbers(connection, at[:4], len(by["new"]))
    _insert(connection, LEAD, (_new_row(step, number, run_id, at)
                               for step, number in zip(by["new"], numbers, strict=True)))  # fmt: skip
    _update_found(connection, [*by["changed"], *by["back"]], run_id)
    _update_vanished(connection, by["vanished"], run_id)
    _touch(connection, by["unchanged"], {"last_run": run_id, "on_date": str(read.run["on_date"])})
    _touch(connection, by[STILL_GONE], {"last_run": run_id})
    _insert(connection, LEAD_KEY, _new_keys(plan.steps))
    _insert(connection, SIGHTING, (_sighting(step, run_id) for step in plan.steps
                                   if step.change in _TOLD))  # fmt: skip
    _insert(connection, LINK, ({"lead_id": step.lead_id, "other_id": other, "kind": kind, "at": at}
                               for step in plan.steps for kind, other in step.links))  # fmt: skip
    found = [_found(step, number, run_id) for step, number in zip(by["new"], numbers, strict=True)]
    told = [event for step in plan.steps for event in _events(step, run_id)]
    return [*found, *told]


def _new_row(step: Step, number: str, run_id: str, at: str) -> dict[str, Any]:
    assert step.one is not None
    return {"id": step.lead_id, "number": number, "check_id": step.check, "state": REGISTERED,
            "state_since": at, "presence": "seen", "change": "new", "first_run": run_id,
            "last_run": run_id, "data": "{}", "asked_again": False, "version": 1, "score": 0.0,
            "score_parts": "[]", **_said(step.one)}  # fmt: skip


def _said(one: Sighted) -> dict[str, Any]:
    """The columns that a finding fills."""
    west, south, east, north = _box(one)
    facts = one.facts
    return {"subject_theme": one.theme, "subject_id": one.subject_id, "subject_name": one.name,
            "address": one.address, "credit_code": one.credit_code, "licence_no": one.licence_no,
            "verdict": one.verdict, "measured": facts["measured"], "limit": facts["limit"],
            "unit": facts["unit"], "admin_code": one.admin_code, "on_date": one.on_date,
            "facts_hash": one.facts_hash, "finding": one.finding,
            "west": west, "south": south, "east": east, "north": north,
            "geometry": None if one.geometry is None else shapely.to_wkb(one.geometry)}  # fmt: skip


def _box(one: Sighted) -> tuple[float | None, ...]:
    if one.geometry is None or one.geometry.is_empty:
        return None, None, None, None
    if one.geometry.geom_type == "Point":
        return one.lon, one.lat, one.lon, one.lat
    return tuple(float(side) for side in one.geometry.bounds)


def next_numbers(connection: Connection, year: str, count: int) -> list[str]:
    """The next numbers of the year, for people: `YC-2026-000123`."""
    start = f"{_PREFIX}-{year}-"
    last = connection.execute(
        select(LEAD.c.number).where(LEAD.c.number.like(f"{start}%"))
        .order_by(func.length(LEAD.c.number).desc(), LEAD.c.number.desc()).limit(1)
    ).scalar()  # fmt: skip
    used = int(last.removeprefix(start)) if last else 0
    return [f"{start}{used + n:06d}" for n in range(1, count + 1)]


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    some: list[Mapping[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == _ROWS:
            connection.execute(insert(table), some)
            some = []
    if some:
        connection.execute(insert(table), some)


def _update_found(connection: Connection, steps: Sequence[Step], run_id: str) -> None:
    """Found again and different. An undecided finding leaves what was measured as it stands."""
    whole, verdict_only, first = [], [], []
    for step in steps:
        assert step.one is not None
        assert step.known is not None
        common = {"b_id": step.lead_id, "presence": "seen", "change": step.change,
                  "last_run": run_id, "version": step.known.version + 1,
                  "asked_again": step.known.asked_again or "asked_again" in step.extras}  # fmt: skip
        if step.one.verdict == "undecided":
            verdict_only.append({**common, "verdict": "undecided", "on_date": step.one.on_date})
        else:
            said = _said(step.one)
            if said["admin_code"] is None:
                del said["admin_code"]  # routing may have found it
            whole.append({**common, **said})
        first.append({"b_id": step.lead_id, "b_finding": step.before})
    _update(connection, verdict_only)
    _update(connection, [row for row in whole if "admin_code" in row])
    _update(connection, [row for row in whole if "admin_code" not in row])
    if first:  # the finding that opened the lead is kept once another takes its place
        connection.execute(
            update(SIGHTING).where(SIGHTING.c.lead_id == bindparam("b_id"), SIGHTING.c.change == "new",
                                   SIGHTING.c.finding.is_(None)).values(finding=bindparam("b_finding")),
            first,
        )  # fmt: skip


def _update_vanished(connection: Connection, steps: Sequence[Step], run_id: str) -> None:
    rows = []
    for step in steps:
        assert step.known is not None
        rows.append({"b_id": step.lead_id, "presence": "vanished", "change": "vanished",
                     "last_run": run_id, "version": step.known.version + 1,
                     "verdict": "outside" if step.one is not None else step.known.verdict})  # fmt: skip
    _update(connection, rows)


def _update(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = [name for name in rows[0] if name != "b_id"]
        connection.execute(update(LEAD).where(LEAD.c.id == bindparam("b_id"))
                           .values({name: bindparam(name) for name in names}), list(rows))  # fmt: skip


def _touch(connection: Connection, steps: Sequence[Step], values: Mapping[str, str]) -> None:
    """The last run that said the same; no change of the lead, so no new version."""
    for some in chunks([step.lead_id for step in steps]):
        connection.execute(update(LEAD).where(LEAD.c.id.in_(some))
                           .values(change="unchanged", **values))  # fmt: skip


def _new_keys(steps: Iterable[Step]) -> Iterable[dict[str, str]]:
    for step in steps:
        if step.one is not None and not (step.known and step.known.follows):
            held = step.known.keys if step.known else frozenset()
            for key in keys_of(subject_of(step.one)):
                if key not in held:
                    yield {"key": key, "lead_id": step.lead_id}


def _sighting(step: Step, run_id: str) -> dict[str, Any]:
    finding = step.one.finding if step.one is not None and step.change != "new" else None
    return {"lead_id": step.lead_id, "run_id": run_id, "change": step.change,
            "what": canonical(step.what), "finding": finding}  # fmt: skip


def _found(step: Step, number: str, run_id: str) -> NewEvent:
    assert step.one is not None
    one = step.one
    return NewEvent("lead.found", step.lead_id, {
        "number": number, "check": one.check, "run": run_id, "state": REGISTERED, "version": 1,
        "verdict": one.verdict, "measured": one.facts["measured"], "limit": one.facts["limit"],
        "rule": one.facts["rule"], "subject_id": one.subject_id, "subject_name": one.name,
        "finding_sha256": sha256(one.finding)})  # fmt: skip


def _events(step: Step, run_id: str) -> Iterable[NewEvent]:
    version = step.known.version + 1 if step.known else 1
    state = step.known.state if step.known else REGISTERED
    common = {"run": run_id, "state": state, "version": version}
    if step.change in ("changed", "back", "vanished"):
        body = {**common, "what": step.what}
        if step.one is not None:
            body["finding_sha256"] = sha256(step.one.finding)
        yield NewEvent(f"lead.{step.change}", step.lead_id, body)
    if "asked_again" in step.extras:
        yield NewEvent("lead.asked_again", step.lead_id, {**common, "what": sorted(step.what)})
    for kind, other in step.links:
        if kind == "merged_into":
            yield NewEvent("lead.merged", step.lead_id, {**common, "into": other, "by": "run"})
        elif kind == "split_from":
            yield NewEvent("lead.split", step.lead_id, {**common, "from": other, "by": "run"})
