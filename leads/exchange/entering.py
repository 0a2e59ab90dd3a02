"""A lead that came becomes one of ours: a new one, or the one we know the same thing by.

Its history at the other office stays in the package, whole and signed; our own history names the
package by its hash, so that nothing of it can be changed later without being seen.
"""

from __future__ import annotations

import json
from typing import Any

import shapely
from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select

from checks import match
from leads.exchange.arrived import Package
from leads.exchange.offices import Offices
from leads.known import CHUNK, load_known, remembered
from leads.rating import rated
from leads.runs.writing import next_numbers
from leads.score import layer_days
from leads.states import HANDED_OVER, RESTING
from leads.steps.changing import lock, write
from office import Actor, NewEvent, append
from office.canonical import canonical, sha256
from office.schema import LEAD, LEAD_KEY, RUN, SIGHTING
from office.space import window

RECEIVED = "received"
"""In a lead's `data`: from whom it came last, under which number, in which package."""
RUN_PREFIX = "X"
"""What the name of a run begins with that came along with a lead."""
UNRATED = "[]"
"""The parts of a score that nobody worked out yet."""
_NEAR = 0.005
"""Degrees: nothing that lies farther off is taken for the same by its place."""
_SAID = ("check_id", "subject_theme", "subject_id", "subject_name", "address", "credit_code", "licence_no",
         "verdict", "measured", "limit", "unit", "admin_code", "on_date", "facts_hash")  # fmt: skip


def same_lead(connection: Connection, package: Package) -> Row[str, str, str] | None:
    """The lead we know the same thing by (by the rule of every ingest); where it was merged, the one
    it went into. Looked for among those that share a key or lie near: no others can be it.
    """
    shape = package.geometry
    corner = (None, None) if shape is None else (shape.bounds[0], shape.bounds[1])
    outline = None if shape is None or shape.geom_type == "Point" else shape
    found = load_known(connection, [package.lead["check_id"]], _beside(connection, package))
    known = [one for one in found if one.follows is None]
    subject = remembered(package.keys, package.lead["address"], corner, outline, seen=True)
    pair = match([subject], [one.subject for one in known]).pairs.get(0) if known else None
    if pair is None:
        return None
    lead_id = known[pair].redirected or known[pair].id
    query = select(LEAD.c.id, LEAD.c.number, LEAD.c.state).where(LEAD.c.id == lead_id)
    return connection.execute(query).one()


def _beside(connection: Connection, package: Package) -> ColumnElement[bool]:
    """Those that share a key or lie near; named one by one where they are few, so that the index of
    ids answers.
    """
    held = select(LEAD_KEY.c.lead_id).where(LEAD_KEY.c.key.in_(package.keys))
    near = select(LEAD.c.id).where(_near(connection, package))
    ids = {*connection.scalars(held), *connection.scalars(near.limit(CHUNK + 1))}
    if len(ids) <= CHUNK:
        return LEAD.c.id.in_(sorted(ids))
    return or_(LEAD.c.id.in_(held), _near(connection, package))


def _near(connection: Connection, package: Package) -> ColumnElement[bool]:
    if package.geometry is None:
        return LEAD.c.address == package.lead["address"]
    west, south, east, north = package.geometry.bounds
    return window(connection, LEAD, max(west - _NEAR, -180.0), max(south - _NEAR, -90.0),
                  min(east + _NEAR, 180.0), min(north + _NEAR, 90.0))  # fmt: skip


def enter(
    connection: Connection, package: Package, same: Row[str, str, str] | None, *, offices: Offices,
    actor: Actor, at: str,
) -> dict[str, Any]:  # fmt: skip
    """Take the lead in, inside the caller's transaction; its id and number here, and how.

    A new one is rated later (`leads.exchange.desk`). `same` is the lead it is here (`same_lead`).
    `how`: new; joined to a lead worked on here; back, where it had gone from here; asked_again, where
    the one here had been laid aside: a person looks at it again.
    """
    if same is None:
        return _new(connection, package, offices, actor, at)
    change = lock(connection, same.id, away=True)
    how = "joined"
    if same.state == HANDED_OVER:
        how = "back"
        change.values |= {
            "state": _arrives(package, offices),
            "state_since": at,
            "asked_again": False,
        }
    elif same.state in RESTING:
        how = "asked_again"
        change.values["asked_again"] = True
    change.data[RECEIVED] = _received(package, actor, at)
    change.tell("lead.received", **_told(package, how), number=same.number)
    write(connection, [change], actor=actor, at=at)
    _keys(connection, package, same.id)
    return {"id": same.id, "number": same.number, "how": how}


def _new(
    connection: Connection, package: Package, offices: Offices, actor: Actor, at: str
) -> dict[str, Any]:
    lead, finding = package.lead, canonical(package.finding)
    lead_id, run_id = _free_id(connection, package), RUN_PREFIX + package.paper.id[:16]
    number = next_numbers(connection, at[:4], 1)[0]
    state, shape = _arrives(package, offices), package.geometry
    west, south, east, north = (None,) * 4 if shape is None else map(float, shape.bounds)
    run = _run(package, run_id, actor, at)
    layers = layer_days(json.loads(run["layers"]))
    rated(
        {**package.finding, "verdict": lead["verdict"]}, 0, 0, layers, None
    )  # it can be rated later
    connection.execute(insert(RUN), [run])
    row = {
        **{name: lead[name] for name in _SAID}, "id": lead_id, "number": number, "state": state,
        "state_since": at, "presence": "vanished" if lead["presence"] == "vanished" else "seen",
        "change": "new", "score": 0.0, "score_parts": UNRATED, "first_run": run_id, "last_run": run_id,
        "finding": finding, "data": canonical({RECEIVED: _received(package, actor, at)}),
        "west": west, "south": south, "east": east, "north": north,
        "geometry": None if shape is None else shapely.to_wkb(shape), "asked_again": False, "version": 1,
    }  # fmt: skip
    connection.execute(insert(LEAD), [row])
    _keys(connection, package, lead_id)
    connection.execute(insert(SIGHTING), [{"lead_id": lead_id, "run_id": run_id, "change": "new",
                                           "what": "{}", "finding": None}])  # fmt: skip
    body = {**_told(package, "new"), "number": number, "state": state, "version": 1,
            "finding_sha256": sha256(finding)}  # fmt: skip
    append(connection, [NewEvent("lead.received", lead_id, body)], actor=actor, at=at)
    return {"id": lead_id, "number": number, "how": "new"}


def _run(package: Package, run_id: str, actor: Actor, at: str) -> dict[str, Any]:
    """The run that last said it, as the other office told it; under a name of this package's own, so
    that it can be taken for no run of ours.
    """
    lead, run = package.lead, package.run
    return {"id": run_id, "at": at, "actor": actor.name, "on_date": lead["on_date"], "rules": _name(run["rules"]),
            "rules_sha256": _name(run["rules_sha256"]), "findings_sha256": package.paper.id, "area": None,
            "checks": canonical([lead["check_id"]]), "counts": "{}", "layers": canonical(run["layers"]),
            "version": str(run["version"])[:80]}  # fmt: skip


def _name(value: object) -> str | None:
    return None if value is None else str(value)[:200]


def _keys(connection: Connection, package: Package, lead_id: str) -> None:
    held = set(connection.scalars(select(LEAD_KEY.c.key).where(LEAD_KEY.c.lead_id == lead_id)))
    rows = [{"key": key, "lead_id": lead_id} for key in package.keys if key not in held]
    if rows:
        connection.execute(insert(LEAD_KEY), rows)


def _received(package: Package, actor: Actor, at: str) -> dict[str, Any]:
    lead = package.lead
    return {"transfer": package.paper.id, "from": package.sender, "words": package.words.as_dict(),
            "number": lead["number"], "state": lead["state"], "reason": package.said["reason"],
            "case": package.case,
            "attachments": [one.as_dict() for one in package.attachments],
            "sealed": package.said["sealed"], "on": at[:10], "at": at, "by": actor.name}  # fmt: skip


def _told(package: Package, how: str) -> dict[str, Any]:
    return {"transfer": package.paper.id, "office": package.sender, "office_words": package.words.as_dict(),
            "their_number": package.lead["number"], "their_state": package.lead["state"], "how": how,
            "events": len(package.events), "their_head": dict(package.said["head"]),
            "reason": package.said["reason"]}  # fmt: skip


def _arrives(package: Package, offices: Offices) -> str:
    return offices.rules.arrives[package.lead["state"]]


def _free_id(connection: Connection, package: Package) -> str:
    """Two stores name a lead alike; where the name is taken by another, one of the package's."""
    wanted = str(package.lead["id"])
    taken = connection.execute(select(LEAD.c.id).where(LEAD.c.id == wanted)).first()
    return wanted if taken is None else "L" + sha256(package.paper.id)[:16]
