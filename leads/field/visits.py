"""Visits to a place, kept as events of the lead: recorded once however often they are sent.

A visit names the SHA-256 of its photos as the phone computed them when they were taken. The words
are recorded first, so that they are safe; each photo that arrives later is an event of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select

from layers.errors import ConflictError, LeadError
from leads.field.form import FOUND_WORDS
from leads.field.told import read_visit
from leads.scope import READ, no_lead, weigh
from leads.steps.changing import Change, lock, write
from leads.steps.event_words import event_line
from leads.steps.reinspecting import reinspect_in, tests_of
from office import Actor, Database, Event, NewEvent, append, events
from office.canonical import canonical, sha256
from office.schema import LEAD

_ROW = tuple(
    LEAD.c[name] for name in ("id", "number", "check_id", "admin_code", "address", "subject_name")
)
VISITED, PHOTO = "lead.visited", "lead.photo_arrived"


@dataclass(frozen=True, slots=True)
class Visited:
    """What is known of a visit once it is told: `new` where it was recorded now.

    `wanted` are the SHA-256 of photos that have not arrived; `meanwhile` what others did to the lead
    since the person read it (when, who, in words), `assignee` who has it now.
    """

    lead: str
    number: str
    visit: str
    new: bool
    version: int
    wanted: tuple[str, ...]
    meanwhile: tuple[Mapping[str, Any], ...]
    assignee: str | None

    def as_dict(self) -> dict[str, Any]:
        """As the phone takes it."""
        return asdict(self)


def record_visit(
    db: Database, lead_id: str, told: Mapping[str, Any], *, actor: Actor, at: str, on_date: str
) -> Visited:
    """Record a visit; told again it changes nothing and answers the same.

    It is taken whatever happened to the lead since: what was seen was seen. Where the person says so
    (`look`) it settles the planned look-back in the same transaction. Raises `LeadError`,
    `PolicyError`, and `ConflictError` for other words under the same id; then nothing is written.
    """
    visit = read_visit(told)
    digest = sha256(canonical(visit))
    with db.write() as connection:
        change = lock(connection, lead_id, away=True, actor=actor, operation="lead.note")
        known = _events(connection, change.id)
        first = _visit_of(known, visit["id"])
        if first is not None:
            if json.loads(first.body)["told_sha256"] != digest:
                raise ConflictError(f"visit {visit['id']} was told with other words before", field="id",
                                    remedy="make a new visit of it")  # fmt: skip
            return _answer(change, first, known, visit)
        if visit["look"]:
            weigh(actor, "lead.reinspect", change.row, lead_id)
        version = _write(connection, change, visit, digest, actor=actor, at=at, on_date=on_date)
        return _answer(change, None, known, visit, version=version)


def _write(
    connection: Connection, change: Change, visit: Mapping[str, Any], digest: str, *, actor: Actor,
    at: str, on_date: str,
) -> int:  # fmt: skip
    change.tell(VISITED, number=change.row["number"], visit=visit["id"], told_sha256=digest, by=actor.name,
                on=on_date, words=FOUND_WORDS[visit["result"]].as_dict(), note=visit["fields"].get("note", ""),
                **{name: value for name, value in visit.items() if name not in ("id", "note")})  # fmt: skip
    if not visit["look"]:
        write(connection, [change], actor=actor, at=at)
        return change.version
    look = {"result": visit["result"], "on": on_date, "by": actor.name, "at": at,
            "tests": tests_of(visit["result"], visit["tests"]), "note": visit["fields"].get("note", ""),
            "evidence": {"visit": visit["id"], "photos": [one["sha256"] for one in visit["photos"]]}}  # fmt: skip
    return reinspect_in(connection, change, look, actor=actor).version


def photo_arrived(
    db: Database, lead_id: str, visit_id: str, digest: str, *, actor: Actor, at: str
) -> bool:
    """Record that the bytes of a photo are here, once; whether that was new.

    The lead's version stays: nobody who works on it is stopped by a photo. Raises `LeadError`
    where the visit did not name the photo.
    """
    with db.write() as connection:
        change = lock(connection, lead_id, away=True, actor=actor, operation="lead.note")
        known = _events(connection, change.id)
        photo = _photo_of(known, visit_id, digest)
        if digest in _arrived(known, visit_id):
            return False
        body = {"number": change.row["number"], "visit": visit_id, "sha256": digest, "title": photo["name"],
                "size": photo["size"]}  # fmt: skip
        append(connection, [NewEvent(PHOTO, change.id, body)], actor=actor, at=at)
    return True


def visit(db: Database, lead_id: str, visit_id: str, *, actor: Actor) -> dict[str, Any]:
    """One visit as it was told, with `lead` (its row) and `wanted`; `LeadError` where there is none."""
    with db.read() as connection:
        query = select(*_ROW).where((LEAD.c.id == lead_id) | (LEAD.c.number == lead_id))
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise no_lead(lead_id)
        weigh(actor, READ, dict(row), lead_id)
        known = _events(connection, str(row["id"]))
    first = _visit_of(known, visit_id)
    if first is None:
        raise _no_visit(visit_id)
    told = json.loads(first.body)
    return {**told, "actor": first.actor, "at": first.at, "lead": dict(row),
            "wanted": list(_wanted(told["photos"], known, visit_id))}  # fmt: skip


def visits_in(connection: Connection, lead_id: str) -> list[dict[str, Any]]:
    """The visits of a lead, the oldest first: who, when, what was found, photos told and here."""
    known = _events(connection, lead_id)
    rows = []
    for event in known:
        if event.kind == VISITED:
            told = json.loads(event.body)
            rows.append({"visit": told["visit"], "by": event.actor, "at": event.at, "on": told["on"],
                         "result": told["result"], "note": told["note"], "photos": len(told["photos"]),
                         "wanted": len(_wanted(told["photos"], known, told["visit"]))})  # fmt: skip
    return rows


def _answer(
    change: Change, first: Event | None, known: list[Event], told: Mapping[str, Any], version: int | None = None
) -> Visited:  # fmt: skip
    before = known if first is None else [one for one in known if one.seq < first.seq]
    meanwhile = tuple(
        {"at": one.at, "actor": one.actor, "words": event_line(one).as_dict()}
        for one in before
        if one.kind != PHOTO and _version(one) > told["seen_version"]
    )
    return Visited(
        change.id, str(change.row["number"]), told["id"], first is None, version or int(change.row["version"]),
        _wanted(told["photos"], known, told["id"]), meanwhile, change.row["assignee"])  # fmt: skip


def _wanted(photos: Any, known: list[Event], visit_id: str) -> tuple[str, ...]:  # noqa: ANN401 - JSON
    here = _arrived(known, visit_id)
    return tuple(one["sha256"] for one in photos if one["sha256"] not in here)


def _arrived(known: list[Event], visit_id: str) -> set[str]:
    bodies = (json.loads(one.body) for one in known if one.kind == PHOTO)
    return {body["sha256"] for body in bodies if body["visit"] == visit_id}


def _photo_of(known: list[Event], visit_id: str, digest: str) -> dict[str, Any]:
    first = _visit_of(known, visit_id)
    if first is None:
        raise _no_visit(visit_id)
    for one in json.loads(first.body)["photos"]:
        if one["sha256"] == digest:
            return dict(one)
    raise LeadError("the visit names no such photo", field="sha256", remedy="send the visit again")


def _visit_of(known: list[Event], visit_id: str) -> Event | None:
    return next((one for one in known if one.kind == VISITED
                 and json.loads(one.body)["visit"] == visit_id), None)  # fmt: skip


def _events(connection: Connection, lead_id: str) -> list[Event]:
    return list(events(connection, lead_id))


def _version(event: Event) -> int:
    value = json.loads(event.body).get("version")
    return value if isinstance(value, int) else 0


def _no_visit(visit_id: str) -> LeadError:
    return LeadError(
        f"there is no visit {visit_id[:40]}", field="visit", remedy="send the visit first"
    )
