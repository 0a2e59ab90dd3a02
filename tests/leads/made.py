"""Leads as tests need them: rows of the store without a run of checks before them."""

from __future__ import annotations

import json
from typing import Any

import shapely
from sqlalchemy import insert, select

from leads.steps.moves import move
from leads.steps.reinspecting import reinspect
from office import Actor, Database
from office.canonical import canonical, sha256
from office.history import events
from office.schema import CASE, LEAD, RUN

PROSECUTOR = Actor("王检", ("prosecutor",))
FIELD = Actor("李外勤", ("field",))
AUDITOR = Actor("审计", ("auditor",))
AT = "2026-07-01T01:00:00+00:00"
LAYERS = [{"theme": "tobacco_retailer", "sha256": "a" * 64, "rows": 10}]


def put_run(db: Database, run_id: str, on_date: str, *, check: str = "tobacco-near-school",
            layers: list[dict[str, Any]] | None = None) -> None:  # fmt: skip
    """A run of one check."""
    with db.write() as connection:
        connection.execute(insert(RUN), [{
            "id": run_id, "at": f"{on_date}T00:00:00+00:00", "actor": "王检", "on_date": on_date,
            "findings_sha256": sha256(run_id), "checks": canonical([check]), "counts": "{}",
            "layers": canonical(layers or LAYERS), "version": "0"}])  # fmt: skip


def put_lead(db: Database, number: int = 1, **values: Any) -> str:
    """A lead with its run; returns its id."""
    lead_id, run_id = f"L{number:016x}", values.pop("run", "run-1")
    check = values.get("check_id", "tobacco-near-school")
    with db.read() as connection:
        known = connection.execute(select(RUN.c.id).where(RUN.c.id == run_id)).first()
    if known is None:
        put_run(db, run_id, "2026-06-30", check=check)
    point = values.pop("point", (109.3, 27.6))
    finding = {"layers": LAYERS, "facts": {}, "rule_text": None, **values.pop("finding", {})}
    row = {
        "id": lead_id, "number": f"YC-2026-{number:06d}", "check_id": check, "subject_name": "好又来烟酒店",
        "subject_theme": "tobacco_retailer", "subject_id": f"s{number}", "address": "城关镇中心街1号",
        "verdict": "inside", "state": "registered", "state_since": AT, "presence": "seen",
        "change": "new", "measured": 62.4, "limit": 100.0, "unit": "m", "score": 1.0,
        "score_parts": "{}", "first_run": run_id, "last_run": run_id, "on_date": "2026-06-30",
        "facts_hash": sha256(lead_id), "data": "{}", "asked_again": False, "version": 1,
        "west": point[0], "south": point[1], "east": point[0], "north": point[1],
        "geometry": shapely.to_wkb(shapely.Point(point)), **values, "finding": canonical(finding),
    }  # fmt: skip
    with db.write() as connection:
        connection.execute(insert(LEAD), [row])
    return lead_id


def put_case(db: Database, case_id: str, *lead_ids: str) -> None:
    """A case with leads in it."""
    with db.write() as connection:
        connection.execute(
            insert(CASE), [{"id": case_id, "title": case_id, "opened_at": AT, "version": 1}]
        )
        for lead_id in lead_ids:
            connection.execute(LEAD.update().where(LEAD.c.id == lead_id).values(case_id=case_id))


def lead_of(db: Database, lead_id: str) -> dict[str, Any]:
    """The row of a lead, its `data` read."""
    with db.read() as connection:
        row = dict(connection.execute(select(LEAD).where(LEAD.c.id == lead_id)).mappings().one())
    return {**row, "data": json.loads(row["data"])}


def told(db: Database, subject: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a lead: kind and body."""
    with db.read() as connection:
        return [(event.kind, json.loads(event.body)) for event in events(connection, subject)]


def go(db: Database, lead: str, state: str, day: str, **fields: str) -> None:
    """A step on a day, by the prosecutor."""
    move(
        db,
        lead,
        state,
        fields=fields,
        actor=PROSECUTOR,
        at=f"{day}T02:00:00Z",
        on_date=day,
        version=None,
    )


def look(db: Database, lead: str, result: str, day: str, *tests: str) -> None:
    """A look-back on a day, by the prosecutor."""
    reinspect(db, lead, result, actor=PROSECUTOR, at=f"{day}T02:00:00Z", on_date=day, version=None,
              tests=tests)  # fmt: skip
