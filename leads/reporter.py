"""Who reported it (举报人): name, phone, address and what they said, sealed beside a lead or a case.

Nobody reads it in passing. Who may seal or open such values here sees that there are some, masked;
opening one takes a reason, which the history keeps before the value is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from checks import Text
from layers.errors import LeadError
from leads.scope import READ, no_lead, weigh
from office import Actor, Database
from office.doors.keys import Keys
from office.doors.sealing import Masked, keep_sealed_in, masked_fields, unseal
from office.policy import may, require_somewhere
from office.schema import CASE, LEAD
from office.scope import About

_PREFIX = "reporter."
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class ReporterField:
    """A value about the reporter: its words, and how it is masked."""

    words: Text
    kind: str


FIELDS: Mapping[str, ReporterField] = {
    "name": ReporterField(Text("举报人姓名", "reporter's name"), "person"),
    "phone": ReporterField(Text("举报人电话", "reporter's phone"), "phone"),
    "address": ReporterField(Text("举报人住址", "reporter's address"), "address"),
    "note": ReporterField(Text("举报内容与备注", "what was reported"), "text"),
}


def keep_reporter(
    db: Database, named: str, values: Mapping[str, str], *, keys: Keys, actor: Actor, at: str
) -> tuple[Masked, ...]:
    """Seal values about the reporter of a lead (id or number) or a case; returns what may be shown.

    Raises `LeadError` for a field there is not, a text too long, or a lead there is not for the person.
    """
    require_somewhere(actor, "sealed.keep")
    for field, value in values.items():
        if field not in FIELDS or len(value) > _LONGEST:
            raise LeadError(f"{field!r} of a reporter is not kept, or too long", field="reporter",
                            remedy=f"use {', '.join(FIELDS)}, each up to {_LONGEST} characters")  # fmt: skip
    with db.write() as connection:
        subject, about = _subject(connection, named, actor)
        for field, value in values.items():
            keep_sealed_in(connection, subject, _PREFIX + field, value, kind=FIELDS[field].kind,
                           about=about, keys=keys, actor=actor, at=at)  # fmt: skip
        return _masked(connection, subject)


def reporter_of(db: Database, named: str, *, actor: Actor) -> tuple[Masked, ...]:
    """What may be shown of the reporter; nothing to who may neither seal nor open such values here."""
    with db.read() as connection:
        subject, about = _subject(connection, named, actor)
        if not any(may(actor, one, scope=about) for one in ("sealed.keep", "sealed.open")):
            return ()
        return _masked(connection, subject)


def open_reporter(
    db: Database, named: str, field: str, *, reason: str, keys: Keys, actor: Actor, at: str
) -> str:
    """One value itself, once the history holds who opened it and why; see `office.doors.sealing`."""
    if field not in FIELDS:
        raise LeadError(f"{field!r} of a reporter is not kept", field="reporter",
                        remedy=f"use one of {', '.join(FIELDS)}")  # fmt: skip
    with db.read() as connection:
        subject, _ = _subject(connection, named, actor)
    return unseal(db, subject, _PREFIX + field, reason=reason, keys=keys, actor=actor, at=at)


def _masked(connection: Connection, subject: str) -> tuple[Masked, ...]:
    """In the order of `FIELDS`, without the prefix."""
    held = {one.field: one for one in masked_fields(connection, subject)}
    return tuple(Masked(field, one.mask, one.at, one.by)
                 for field in FIELDS if (one := held.get(_PREFIX + field)) is not None)  # fmt: skip


def _subject(connection: Connection, named: str, actor: Actor) -> tuple[str, About]:
    """Id and place of a lead or a case; a case of several places or checks is about none of them."""
    require_somewhere(actor, READ)
    columns = (LEAD.c.id, LEAD.c.admin_code, LEAD.c.check_id)
    query = select(*columns).where((LEAD.c.id == named) | (LEAD.c.number == named))
    lead = connection.execute(query).mappings().one_or_none()
    if lead is not None:
        weigh(actor, READ, dict(lead), named)
        return str(lead["id"]), About(lead["admin_code"], lead["check_id"])
    if connection.execute(select(CASE.c.id).where(CASE.c.id == named)).first() is None:
        raise no_lead(named)
    rows = connection.execute(select(*columns).where(LEAD.c.case_id == named)).mappings().all()
    for row in rows:
        weigh(actor, READ, dict(row), named)
    areas, checks = ({row[name] for row in rows} for name in ("admin_code", "check_id"))
    about = About(
        areas.pop() if len(areas) == 1 else None, checks.pop() if len(checks) == 1 else None
    )
    if not rows and not may(actor, READ):
        raise no_lead(named)
    return named, about
