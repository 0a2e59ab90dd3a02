"""Leads taken together as a case, and a case split so that every agency has its own (art. 69).

Where several agencies are liable for one and the same thing, each case gets its own copy of the
lead: it shares the finding and follows the later runs, but has its own state, deadlines and history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from layers.errors import ConflictError, LeadError
from leads.known import FOLLOWS
from leads.runs.writing import next_numbers
from leads.scope import READ, about_of, may_on, readable
from leads.steps import deadlines
from leads.steps.changing import Change, lock, write
from office import Actor, Database, NewEvent, append
from office.canonical import canonical, sha256
from office.policy import may, require, require_somewhere
from office.schema import CASE, LEAD, LINK


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its agency and procuratorate where they are known, and the ids of its leads."""

    id: str
    title: str
    agency: str | None
    procuratorate: str | None
    split_from: str | None
    leads: tuple[str, ...]
    version: int


def open_case(
    db: Database, lead_ids: Sequence[str], *, actor: Actor, at: str, title: str = ""
) -> Case:
    """Take leads (ids or numbers) together as a case; each may stand in one case only."""
    require_somewhere(actor, "case.open")
    with db.write() as connection:
        leads = _locked(connection, lead_ids, actor, "case.open")
        for one in leads:
            if one.row["case_id"]:
                raise LeadError(f"{one.row['number']} stands in case {one.row['case_id']}", field="lead",
                                remedy="take it out of there first, or add the others to that case")  # fmt: skip
        made = _open(connection, leads, title=title, at=at, split_from=None, agency=None)
        _write(connection, leads, [_told("case.opened", made)], actor=actor, at=at)
        return made


def add_to_case(
    db: Database, case_id: str, lead_ids: Sequence[str], *, actor: Actor, at: str,
    version: int | None = None,
) -> Case:  # fmt: skip
    """Add leads to a case; `version` is that of the case as the person saw it."""
    require_somewhere(actor, "case.open")
    with db.write() as connection:
        _case_row(connection, case_id, version, actor=actor, operation="case.open")
        leads = _locked(connection, lead_ids, actor, "case.open")
        for one in leads:
            if one.row["case_id"]:
                raise LeadError(f"{one.row['number']} stands in case {one.row['case_id']}", field="lead",
                                remedy="take it out of there first")  # fmt: skip
            _put(one, case_id)
        _bump(connection, case_id)
        _write(connection, leads, [NewEvent("case.joined", case_id, {"leads": [one.id for one in leads]})],
               actor=actor, at=at)  # fmt: skip
        return case_in(connection, case_id)


def take_out(db: Database, lead_ids: Sequence[str], *, actor: Actor, at: str) -> None:
    """Take leads out of their cases."""
    require_somewhere(actor, "case.split")
    with db.write() as connection:
        leads = _locked(connection, lead_ids, actor, "case.split")
        told = []
        for one in leads:
            if not one.row["case_id"]:
                raise LeadError(f"{one.row['number']} stands in no case", field="lead",
                                remedy="name leads of a case")  # fmt: skip
            told.append(NewEvent("case.left", str(one.row["case_id"]), {"leads": [one.id]}))
            one.values["case_id"] = None
            one.tell("lead.grouped", case=None)
        _write(connection, leads, told, actor=actor, at=at)


def split_case(
    db: Database, case_id: str, parts: Mapping[str, Sequence[str]] | None = None, *, actor: Actor,
    at: str, version: int | None = None,
) -> tuple[Case, ...]:  # fmt: skip
    """Split a case so that every agency has its own; returns all cases, the old one first.

    `parts` names the leads of each agency; a lead under several is copied for each further one.
    Without it the leads go by the agency they are routed to. Every lead of the case must be in a part.
    """
    require_somewhere(actor, "case.split")
    with db.write() as connection:
        row = _case_row(connection, case_id, version, actor=actor, operation="case.split")
        held = case_in(connection, case_id).leads
        leads = {one.id: one for one in _locked(connection, held, actor, "case.split")}
        named = _parts(leads, parts)
        first, *rest = named
        connection.execute(update(CASE).where(CASE.c.id == case_id)
                           .values(agency=first, version=CASE.c.version + 1))  # fmt: skip
        _route([leads[one] for one in named[first]], first)
        for one in named[first]:
            leads[one].tell("lead.grouped", case=case_id, agency=first)
        taken, changes, made, told = set(named[first]), dict(leads), [], []
        for agency in rest:
            own = [_mine(connection, leads[one], agency, one in taken, at) for one in named[agency]]
            taken |= set(named[agency])
            case = _open(
                connection, own, title=str(row["title"]), at=at, split_from=case_id, agency=agency
            )
            _route(own, agency)
            changes |= {one.id: one for one in own}
            made.append(case)
            told.append(_told("case.opened", case))
        told.append(
            NewEvent("case.split", case_id, {"agency": first, "into": [one.id for one in made]})
        )
        _write(connection, list(changes.values()), told, actor=actor, at=at)
        return (case_in(connection, case_id), *(case_in(connection, one.id) for one in made))


def case_of(db: Database, case_id: str, *, actor: Actor) -> Case:
    """A case as it stands: of its leads those that the person may read; where there are others its
    title, which names them, is withheld.
    """
    require_somewhere(actor, READ)
    with db.read() as connection:
        _case_row(connection, case_id, None, actor=actor)
        found = case_in(connection, case_id)
        seen = readable(connection, actor, found.leads)
        kept = tuple(one for one in found.leads if one in seen)
        return replace(found, leads=kept, title=found.title if kept == found.leads else "")


def case_in(connection: Connection, case_id: str) -> Case:
    """A case as it stands, inside a transaction."""
    row = _case_row(connection, case_id, None)
    leads = connection.scalars(
        select(LEAD.c.id).where(LEAD.c.case_id == case_id).order_by(LEAD.c.number)
    )
    return Case(case_id, row["title"], row["agency"], row["procuratorate"], row["split_from"],
                tuple(leads), row["version"])  # fmt: skip


def _locked(
    connection: Connection, lead_ids: Sequence[str], actor: Actor, operation: str
) -> list[Change]:
    if not lead_ids:
        raise LeadError("no lead is named", field="lead", remedy="name at least one lead")
    found = {change.id: change for change in (
        lock(connection, one, actor=actor, operation=operation) for one in lead_ids)}  # fmt: skip
    return list(found.values())


def _case_row(
    connection: Connection, case_id: str, version: int | None, *, actor: Actor | None = None,
    operation: str = READ,
) -> Mapping[str, Any]:  # fmt: skip
    """The row, weighed on the leads of the case: one with none that the person may read is none."""
    row = connection.execute(select(CASE).where(CASE.c.id == case_id)).mappings().one_or_none()
    if row is None or not (actor is None or _is_seen(connection, case_id, actor, operation)):
        raise LeadError(f"there is no case {case_id}", field="case",
                        remedy="`python -m leads show ID` names the case of a lead")  # fmt: skip
    if version is not None and version != row["version"]:
        raise ConflictError(f"case {case_id} was changed meanwhile", field="version",
                            remedy=f"look at it again (it is version {row['version']}), then repeat")  # fmt: skip
    return dict(row)


def _is_seen(connection: Connection, case_id: str, actor: Actor, operation: str) -> bool:
    """Whether the person may read a lead of the case; `PolicyError` where they may, but not do this
    to all of them. A case without leads is seen by who reads everything.
    """
    query = select(LEAD.c.admin_code, LEAD.c.check_id).where(LEAD.c.case_id == case_id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if not (any(may_on(actor, READ, row) for row in rows) or may(actor, READ)):
        return False
    for row in rows if operation != READ else ():
        require(actor, operation, scope=about_of(row))
    return True


def _open(
    connection: Connection, leads: Sequence[Change], *, title: str, at: str, split_from: str | None,
    agency: str | None,
) -> Case:  # fmt: skip
    case_id = "C" + sha256(canonical([at, split_from, agency, [one.id for one in leads]]))[:16]
    routed = {one.row["agency"] for one in leads}
    courts = {one.row["procuratorate"] for one in leads}
    row: dict[str, Any] = {"id": case_id, "title": title or _title(leads), "opened_at": at, "version": 1,
           "agency": agency or (routed.pop() if len(routed) == 1 else None),
           "procuratorate": courts.pop() if len(courts) == 1 else None, "split_from": split_from}  # fmt: skip
    connection.execute(insert(CASE), row)
    for one in leads:
        _put(one, case_id)
    return Case(case_id, row["title"], row["agency"], row["procuratorate"], split_from,
                tuple(one.id for one in leads), 1)  # fmt: skip


def _title(leads: Sequence[Change]) -> str:
    names = list(dict.fromkeys(str(one.row["subject_name"] or one.row["number"]) for one in leads))
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")


def _put(change: Change, case_id: str) -> None:
    change.values["case_id"] = case_id
    change.tell("lead.grouped", case=case_id)


def _told(kind: str, case: Case) -> NewEvent:
    return NewEvent(kind, case.id, {"title": case.title, "agency": case.agency,
                                    "leads": list(case.leads), "split_from": case.split_from})  # fmt: skip


def _write(
    connection: Connection,
    leads: Sequence[Change],
    told: Sequence[NewEvent],
    *,
    actor: Actor,
    at: str,
) -> None:
    append(connection, told, actor=actor, at=at)
    write(connection, leads, actor=actor, at=at)


def _bump(connection: Connection, case_id: str) -> None:
    connection.execute(update(CASE).where(CASE.c.id == case_id).values(version=CASE.c.version + 1))


def _parts(
    leads: Mapping[str, Change], parts: Mapping[str, Sequence[str]] | None
) -> dict[str, list[str]]:
    """Agency → ids of its leads, each agency with some, each lead with some agency."""
    numbers = {str(one.row["number"]): one.id for one in leads.values()}
    named: dict[str, list[str]] = {}
    if parts is None:
        for one in leads.values():
            named.setdefault(str(one.row["agency"] or ""), []).append(one.id)
    else:
        named = {agency: list(dict.fromkeys(numbers.get(one, one) for one in those))
                 for agency, those in parts.items()}  # fmt: skip
    told = {one for those in named.values() for one in those}
    for one in leads.values():
        if one.id not in told:
            raise LeadError(f"{one.row['number']} is in no part", field="parts",
                            remedy="name every lead of the case under some agency")  # fmt: skip
    foreign = sorted(told - set(leads))
    if foreign or "" in named or len(named) < 2 or not all(named.values()):
        raise LeadError(f"the case cannot be split so: {foreign or sorted(named)}", field="parts",
                        remedy="name at least two agencies and leads of this case, or route its leads first")  # fmt: skip
    return named


def _route(leads: Sequence[Change], agency: str) -> None:
    for one in leads:
        if one.row["agency"] != agency:
            one.values["agency"] = agency


def _mine(connection: Connection, lead: Change, agency: str, taken: bool, at: str) -> Change:
    """The lead itself for the first case that names it, a copy for every further one."""
    if not taken:
        return lead
    number = next_numbers(connection, at[:4], 1)[0]
    copy_id = "L" + sha256(f"{lead.id}|{agency}|{number}")[:16]
    row = dict(connection.execute(select(LEAD).where(LEAD.c.id == lead.id)).mappings().one())
    row |= {
        "id": copy_id,
        "number": number,
        "case_id": None,
        "agency": agency,
        "version": 0,
        "next_due": None,
    }
    connection.execute(insert(LEAD), row)
    connection.execute(
        insert(LINK), {"lead_id": copy_id, "other_id": lead.id, "kind": FOLLOWS, "at": at}
    )
    copy = lock(connection, copy_id)
    copy.tell("lead.split", **{"from": lead.id}, number=number, agency=agency, by="person",
              check=lead.row["check_id"], finding_sha256=sha256(row["finding"]))  # fmt: skip
    deadlines.go_along(connection, lead, copy)
    return copy
