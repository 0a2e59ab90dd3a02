"""Routing a lead: place → administrative code → competent agencies → procuratorate of the level.

Near a border both sides are named and the lead is marked; what a person decided with a reason is
never undone by a later automatic routing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from layers.errors import LeadError
from layers.layer import Layer
from leads.places import PlaceCode, place_codes, place_of
from leads.scope import rows_of
from leads.steps.changing import Change, lock, lock_many, write
from office import Actor, Database
from office.agencies import FIRST, AgencyTable, Competent
from office.policy import require_somewhere
from office.schema import CASE, LEAD
from office.working_days import parse_day

ROUTING = "routing"
"""Where a lead's `data` keeps how it was routed."""
BY_PERSON, BY_TABLE = "person", "table"
SETTLED = frozenset({"recommendation", "rectification", "follow_up", "suspended", "sued"})
"""States in which a named agency is already addressed: another one is another case."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a lead went: `why_not` tells why it went nowhere; `marks` near_border, several."""

    lead_id: str
    agency: str | None
    procuratorate: str | None
    marks: tuple[str, ...] = ()
    why_not: str = ""
    changed: bool = True


def route(
    db: Database, lead_ids: Sequence[str] | None, *, table: AgencyTable, areas: Layer | None,
    actor: Actor, at: str, on_date: str,
) -> list[Routed]:  # fmt: skip
    """Route leads by the table (`None` = all that have no agency yet and rest nowhere).

    `areas` is the layer of administrative polygons (theme township); without it the code that a
    lead's own source gave is used. One transaction for all.
    """
    require_somewhere(actor, "lead.route")
    parse_day(on_date, "on_date")
    with db.write() as connection:
        ids = _unrouted(connection, actor) if lead_ids is None else list(lead_ids)
        done: list[Routed] = []
        for start in range(0, len(ids), _CHUNK):
            changes = lock_many(
                connection, ids[start : start + _CHUNK], actor=actor, operation="lead.route"
            )
            codes = _codes(connection, changes, areas, table.near_border_m)
            results = [_one(change, found, table, on_date)
                       for change, found in zip(changes, codes, strict=True)]  # fmt: skip
            write(connection, [c for c, r in zip(changes, results, strict=True) if r.changed],
                  actor=actor, at=at)  # fmt: skip
            done += results
        return done


def reroute(
    db: Database, lead_id: str, agency_id: str, *, reason: str, table: AgencyTable, actor: Actor,
    at: str, on_date: str, version: int | None,
) -> Routed:  # fmt: skip
    """Give a lead to another agency, with a reason; the procuratorate follows the agency's level.

    Raises `LeadError` for an unknown agency, without a reason, once an agency was addressed, or
    where the lead's case is another agency's.
    """
    require_somewhere(actor, "lead.route")
    parse_day(on_date, "on_date")
    agency = table.find(agency_id)
    if agency is None or agency.kind == "procuratorate" or not agency.on(on_date):
        known = ", ".join(one.id for one in table.agencies if one.on(on_date))
        raise LeadError(f"there is no agency {agency_id} in {table.place}", field="agency",
                        remedy=f"use one of {known}")  # fmt: skip
    if not reason.strip():
        raise LeadError("no reason is given", field="reason", remedy="say why: --reason …")
    with db.write() as connection:
        change = lock(connection, lead_id, version, actor=actor, operation="lead.route")
        _free(connection, change, agency_id)
        code = str(change.row["admin_code"] or agency.area)
        office = table.procuratorate_of(agency, code, on_date)
        before = change.data.get(ROUTING, {})
        routing = {**before, "by": BY_PERSON, "reason": reason, "on": on_date, "agency": agency.id,
                   "words": agency.words.as_dict(), "procuratorate": office.id if office else None}  # fmt: skip
        _keep(change, routing)
        write(connection, [change], actor=actor, at=at)
        return Routed(change.id, agency.id, routing["procuratorate"], _marks(routing))


def _unrouted(connection: Connection, actor: Actor) -> list[str]:
    query = select(LEAD.c.id).where(LEAD.c.agency.is_(None),
                                    LEAD.c.state.in_(("registered", "screening")),
                                    rows_of(actor, "lead.route"))  # fmt: skip
    return list(connection.scalars(query.order_by(LEAD.c.number)).all())


def _codes(
    connection: Connection, changes: Sequence[Change], areas: Layer | None, border_m: float
) -> list[tuple[PlaceCode, ...]]:
    if areas is None or not changes:
        return [() for _ in changes]
    query = select(LEAD.c.id, LEAD.c.geometry).where(LEAD.c.id.in_([one.id for one in changes]))
    shapes = {row.id: place_of(row.geometry) for row in connection.execute(query)}
    reach = [border_m + _error(change.row) for change in changes]
    return place_codes(areas, [shapes[one.id] for one in changes], reach)


def _error(row: Mapping[str, Any]) -> float:
    """How far the place may be off, in metres."""
    subject = json.loads(row["finding"]).get("subject") or {}
    return float(subject.get("u_source_m") or 0.0)


def _one(change: Change, found: tuple[PlaceCode, ...], table: AgencyTable, on_date: str) -> Routed:
    before = change.data.get(ROUTING, {})
    if before.get("by") == BY_PERSON:
        return Routed(change.id, change.row["agency"], change.row["procuratorate"], _marks(before),
                      "decided by a person", changed=False)  # fmt: skip
    lies = [one.county for one in found if one.metres == found[0].metres]
    lies = lies or [str(change.row["admin_code"] or "")]
    if not any(code and table.covers(code) for code in lies):
        why = f"{lies[0]} is not in the table of {table.place}" if lies[0] else "it has no place"
        return Routed(change.id, None, None, (), why, changed=False)
    codes = dict.fromkeys([*lies, *(one.county for one in found)])
    here = [code for code in codes if table.covers(code)]
    finding = json.loads(change.row["finding"])
    answers = [(code, one) for code in here
               for one in table.competent(change.row["check_id"], code, finding, on_date)]  # fmt: skip
    chosen = next((one for _, one in answers if one.agency and one.part == FIRST), None)
    if chosen is None or chosen.agency is None:
        return Routed(
            change.id, None, None, (), "no agency of the table is competent", changed=False
        )
    routing = _routing(found, answers, chosen, table, on_date)
    same = {k: v for k, v in before.items() if k != "on"} == {
        k: v for k, v in routing.items() if k != "on"
    }
    if not same:
        change.values |= _columns(found)
        _keep(change, routing)
    return Routed(
        change.id, chosen.agency.id, routing["procuratorate"], _marks(routing), changed=not same
    )


def _routing(
    found: tuple[PlaceCode, ...], answers: Sequence[tuple[str, Competent]], chosen: Competent,
    table: AgencyTable, on_date: str,
) -> dict[str, Any]:  # fmt: skip
    assert chosen.agency is not None
    return {
        "by": BY_TABLE, "on": on_date, "table": table.place, "generated": table.generated,
        "agency": chosen.agency.id, "words": chosen.agency.words.as_dict(),
        "procuratorate": chosen.procuratorate.id if chosen.procuratorate else None,
        "codes": [one.as_dict() for one in found],
        "near_border": len({one.county for one in found}) > 1 or any(one.metres for one in found[:1]),
        "competent": [_told(code, one) for code, one in answers],
    }  # fmt: skip


def _told(code: str, one: Competent) -> dict[str, Any]:
    agency, office = one.agency, one.procuratorate
    return {
        "code": code, "part": one.part, "kind": one.kind.as_dict(),
        "agency": agency.id if agency else None, "words": agency.words.as_dict() if agency else None,
        "level": agency.level if agency else None, "procuratorate": office.id if office else None,
        "procuratorate_words": office.words.as_dict() if office else None,
        "basis": one.duty.basis.as_dict(), "verified": one.duty.verified,
        "note": one.note.as_dict() if one.note else None,
    }  # fmt: skip


def _columns(found: tuple[PlaceCode, ...]) -> dict[str, Any]:
    inside = found[0] if found else None
    if inside is None:
        return {}
    return {
        "admin_code": inside.county,
        "township": inside.name if len(inside.code) > len(inside.county) else None,
    }


def _keep(change: Change, routing: Mapping[str, Any]) -> None:
    """Write the routing into the lead and tell it, with what it was before."""
    before = change.data.get(ROUTING, {})
    change.data[ROUTING] = dict(routing)
    change.values |= {"agency": routing["agency"], "procuratorate": routing["procuratorate"]}
    change.tell(
        "lead.routed", number=change.row["number"], agency=routing["agency"],
        procuratorate=routing["procuratorate"], before=before.get("agency"), by=routing["by"],
        reason=routing.get("reason"), marks=list(_marks(routing)), on_date=routing["on"],
        competent=[[one["agency"], one["part"], one["verified"]] for one in routing.get("competent", ())],
    )  # fmt: skip


def _marks(routing: Mapping[str, Any]) -> tuple[str, ...]:
    first = {
        one["agency"]
        for one in routing.get("competent", ())
        if one["part"] == FIRST and one["agency"]
    }
    return tuple(name for name, holds in (("near_border", routing.get("near_border")),
                                          ("several", len(first) > 1)) if holds)  # fmt: skip


def _free(connection: Connection, change: Change, agency_id: str) -> None:
    """Whether the lead may still be given to another agency."""
    if change.row["state"] in SETTLED:
        raise LeadError(f"{change.row['agency']} is already addressed ({change.row['state']})", field="agency",
                        remedy="close or transfer this case; another agency is another case (art. 69)")  # fmt: skip
    owner = connection.scalar(select(CASE.c.agency).where(CASE.c.id == change.row["case_id"]))
    if owner not in (None, agency_id):
        raise LeadError(f"its case {change.row['case_id']} is about {owner}", field="agency",
                        remedy="split the case per agency first (art. 69)")  # fmt: skip
