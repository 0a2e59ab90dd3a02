"""Asking the store for leads: lists, map windows, one lead's card. Nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, literal, or_, select

from layers.errors import LeadError
from leads.exchange.foreign import Foreign, foreign_histories
from leads.known import MERGED
from leads.rating import others_of
from leads.relied import layers_of_runs, relied_on
from leads.scope import READ, no_lead, readable, rows_of, weigh
from leads.score import Part, from_stored
from office import Actor, Database, Event, events
from office.policy import may, require_somewhere
from office.schema import CASE, DEADLINE, LEAD, LEAD_KEY, LINK, REINSPECTION, RUN, SIGHTING
from office.scope import About
from office.space import bounds_meet, is_crowded, window

MANY = 20_000
"""Leads in a window; where there are more they are looked for by score instead of by place."""
Box = tuple[float, float, float, float]
"""west, south, east, north in degrees of WGS 84."""
SORTS = {
    "score": LEAD.c.score, "number": LEAD.c.number, "due": LEAD.c.next_due,
    "since": LEAD.c.state_since, "check": LEAD.c.check_id, "name": LEAD.c.subject_name,
    "measured": LEAD.c.measured,
}  # fmt: skip
"""What a list may be sorted by."""
_MAY_LACK = frozenset({"due", "name", "measured"})
_MERGED = select(LINK.c.lead_id).where(LINK.c.kind == MERGED)
_LINE = (
    "id", "number", "check_id", "verdict", "state", "state_since", "presence", "change", "asked_again",
    "subject_name", "subject_theme", "address", "measured", "limit", "unit", "score", "admin_code",
    "township", "agency", "procuratorate", "assignee", "case_id", "on_date", "next_due", "version",
    "west", "south", "east", "north",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Which leads: every field that is set must hold. Texts in `words` are looked for in number,
    name, address, codes; `admin_code` may be the beginning of one; `assignee` "" means nobody.
    """

    checks: Sequence[str] = ()
    states: Sequence[str] = ()
    verdicts: Sequence[str] = ()
    changes: Sequence[str] = ()
    presence: str | None = None
    admin_code: str | None = None
    township: str | None = None
    agency: str | None = None
    procuratorate: str | None = None
    assignee: str | None = None
    case_id: str | None = None
    run_id: str | None = None
    asked_again: bool | None = None
    score_from: float | None = None
    due_until: str | None = None
    words: str = ""
    box: Box | None = None
    with_merged: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some leads of a list (column → value each) and how many there are in all."""

    rows: tuple[Mapping[str, Any], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one lead: its row, the last finding, what people entered, its score's
    parts, what every run changed, links, other leads about the subject, deadlines, planned
    looks, its case, its history (oldest first), and the histories it brought from other offices.
    """

    lead: Mapping[str, Any]
    finding: Mapping[str, Any]
    data: Mapping[str, Any]
    score: tuple[Part, ...]
    sightings: tuple[Mapping[str, Any], ...] = ()
    links: tuple[Mapping[str, Any], ...] = ()
    others: tuple[Mapping[str, Any], ...] = ()
    deadlines: tuple[Mapping[str, Any], ...] = ()
    reinspections: tuple[Mapping[str, Any], ...] = ()
    case: Mapping[str, Any] | None = None
    runs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    history: tuple[Event, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    relied: tuple[Mapping[str, Any], ...] = ()
    """The layers the finding was made from, each with its `sources`."""


def list_leads(
    db: Database, where: Filter | None = None, *, actor: Actor, sort: str = "score",
    ascending: bool = False, limit: int = 50, offset: int = 0,
) -> Page:  # fmt: skip
    """A page of leads, by default the highest score first; ties in the order of their ids."""
    require_somewhere(actor, READ)
    if sort not in SORTS:
        raise LeadError(f"leads are not sorted by {sort!r}", field="sort",
                        remedy=f"use one of {', '.join(SORTS)}")  # fmt: skip
    by = SORTS[sort]
    order = by.asc() if ascending else by.desc()
    if sort in _MAY_LACK:  # elsewhere it would keep PostgreSQL from its index
        order = order.nulls_last()
    with db.read() as connection:
        clauses = clauses_of(connection, where or Filter(), actor)
        query = select(*(LEAD.c[name] for name in _LINE)).where(*clauses)
        tie = LEAD.c.id.asc() if ascending else LEAD.c.id.desc()
        rows = connection.execute(query.order_by(order, tie).limit(limit).offset(offset))
        found = tuple(dict(row._mapping) for row in rows)
        total = connection.execute(
            select(func.count()).select_from(LEAD).where(*clauses)
        ).scalar_one()
    return Page(found, int(total))


def lead_ids(db: Database, where: Filter | None = None, *, actor: Actor) -> list[str]:
    """The ids of all leads that the filter lets through, the highest score first."""
    require_somewhere(actor, READ)
    with db.read() as connection:
        query = select(LEAD.c.id).where(*clauses_of(connection, where or Filter(), actor))
        return list(connection.scalars(query.order_by(LEAD.c.score.desc(), LEAD.c.id.desc())))


def in_window(
    db: Database, box: Box, where: Filter | None = None, *, actor: Actor, limit: int = 2000
) -> Page:
    """The leads whose bounds meet a window of the map, the highest score first, at most `limit`.

    `total` is counted no further than `MANY` + 1.
    """
    require_somewhere(actor, READ)
    with db.read() as connection:
        crowded = is_crowded(connection, LEAD, box, MANY)
        place = bounds_meet(LEAD, box) if crowded else window(connection, LEAD, *box)
        clauses = [place, *clauses_of(connection, where or Filter(), actor)]
        query = select(*(LEAD.c[name] for name in _LINE)).where(*clauses)
        rows = connection.execute(
            query.order_by(LEAD.c.score.desc(), LEAD.c.id.desc()).limit(limit)
        ).all()
        total = len(rows)
        if total == limit:
            some = select(LEAD.c.id).where(*clauses).limit(MANY + 1).subquery()
            total = int(connection.execute(select(func.count()).select_from(some)).scalar_one())
    return Page(tuple(dict(row._mapping) for row in rows), total)


def count_by(
    db: Database, column: str, where: Filter | None = None, *, actor: Actor
) -> dict[str, int]:
    """How many leads per value of a column (`check_id`, `state`, `verdict`, `change`, …)."""
    require_somewhere(actor, READ)
    if column not in _LINE:
        raise LeadError(f"leads are not counted by {column!r}", field="column",
                        remedy="use check_id, state, verdict, change or another column of the list")  # fmt: skip
    with db.read() as connection:
        found = _counts(connection, LEAD.c[column], where or Filter(), actor)
    return {str(value): count for value, count in found.items() if value is not None and count}


def _counts(
    connection: Connection, column: ColumnElement[Any] | None, where: Filter, actor: Actor
) -> dict[Any, int]:
    """Leads per value of a column: all, less those merged away, so that an index may answer."""
    clauses = clauses_of(connection, replace(where, with_merged=True), actor)
    by: ColumnElement[Any] = literal("") if column is None else column
    query = select(by, func.count()).select_from(LEAD).where(*clauses)
    query = query if column is None else query.group_by(column)
    found = {row[0]: int(row[1]) for row in connection.execute(query)}
    if not where.with_merged:
        for value, count in connection.execute(query.where(LEAD.c.id.in_(_MERGED))):
            if count:
                found[value] -= int(count)
    return found


def card(db: Database, lead_id: str, *, actor: Actor) -> Card:
    """Everything about one lead, by id or number. Raises `LeadError` where there is none for the
    person; of links and other leads those they may read, the history where they may read that.
    """
    require_somewhere(actor, READ)
    with db.read() as connection:
        row = one_lead(connection, lead_id, actor=actor)
        sightings = _rows(connection, select(SIGHTING).where(SIGHTING.c.lead_id == row.id))
        runs = _runs(
            connection, {row.first_run, row.last_run, *(one["run_id"] for one in sightings)}
        )
        told = may(actor, "history.read", scope=About(row.admin_code, row.check_id))
        finding = json.loads(row.finding)
        return Card(
            lead={**{name: getattr(row, name) for name in _LINE},
                  "subject_id": row.subject_id, "credit_code": row.credit_code,
                  "licence_no": row.licence_no, "first_run": row.first_run, "last_run": row.last_run},
            finding=finding, data=json.loads(row.data),
            score=from_stored(row.score_parts),
            sightings=tuple(sorted((_read(one) for one in sightings), key=lambda one: str(runs[one["run_id"]]["at"]))),
            links=_links(connection, row.id, actor), others=_others(connection, row.id, actor),
            deadlines=_rows(connection, select(DEADLINE).where(DEADLINE.c.lead_id == row.id)
                            .order_by(DEADLINE.c.due_on, DEADLINE.c.id)),
            reinspections=_rows(connection, select(REINSPECTION).where(REINSPECTION.c.lead_id == row.id)
                                .order_by(REINSPECTION.c.due_on, REINSPECTION.c.id)),
            case=_case(connection, row.case_id, actor), runs=runs,
            history=tuple(events(connection, row.id)) if told else (),
            foreign=foreign_histories(connection, row.id) if told else (),
            relied=relied_on(finding, layers_of_runs(connection, runs)),
        )  # fmt: skip


def one_lead(connection: Connection, lead_id: str, *, actor: Actor) -> Row[Any]:
    """The row of a lead, by id or number. Raises `LeadError` where there is none for the person."""
    require_somewhere(actor, READ)
    row = connection.execute(select(LEAD).where(LEAD.c.id == lead_id)).one_or_none()
    if row is None:
        row = connection.execute(select(LEAD).where(LEAD.c.number == lead_id)).one_or_none()
    if row is None:
        raise no_lead(lead_id)
    weigh(actor, READ, {"admin_code": row.admin_code, "check_id": row.check_id}, lead_id)
    return row


def clauses_of(connection: Connection, where: Filter, actor: Actor) -> list[ColumnElement[bool]]:
    """The filter in the database's words, and in it only what the person may read."""
    many = ((LEAD.c.check_id, where.checks), (LEAD.c.state, where.states),
            (LEAD.c.verdict, where.verdicts), (LEAD.c.change, where.changes))  # fmt: skip
    found: list[ColumnElement[bool]] = [
        column.in_(list(values)) for column, values in many if values
    ]
    if not may(actor, READ):  # who reads everything is not slowed down
        found.append(rows_of(actor))
    one = ((LEAD.c.presence, where.presence), (LEAD.c.agency, where.agency),
           (LEAD.c.township, where.township), (LEAD.c.procuratorate, where.procuratorate), (LEAD.c.case_id, where.case_id),
           (LEAD.c.asked_again, where.asked_again))  # fmt: skip
    found += [column == value for column, value in one if value is not None]
    if where.admin_code:
        found.append(LEAD.c.admin_code.startswith(where.admin_code, autoescape=True))
    if where.assignee is not None:
        found.append(
            LEAD.c.assignee == where.assignee if where.assignee else LEAD.c.assignee.is_(None)
        )
    if where.score_from is not None:
        found.append(LEAD.c.score >= where.score_from)
    if where.due_until is not None:
        found.append(LEAD.c.next_due <= where.due_until)
    if where.run_id is not None:
        found.append(
            LEAD.c.id.in_(select(SIGHTING.c.lead_id).where(SIGHTING.c.run_id == where.run_id))
        )
    if where.box is not None:
        found.append(window(connection, LEAD, *where.box))
    found += [_has(word) for word in where.words.split()]
    if not where.with_merged:
        found.append(LEAD.c.id.not_in(_MERGED))
    return found


def _has(word: str) -> ColumnElement[bool]:
    columns = (LEAD.c.number, LEAD.c.subject_name, LEAD.c.address, LEAD.c.credit_code,
               LEAD.c.licence_no, LEAD.c.subject_id, LEAD.c.id)  # fmt: skip
    return or_(*(column.contains(word, autoescape=True) for column in columns))


def _rows(connection: Connection, query: Any) -> tuple[Mapping[str, Any], ...]:  # noqa: ANN401 - a select
    return tuple(dict(row._mapping) for row in connection.execute(query))


def _read(sighting: Mapping[str, Any]) -> Mapping[str, Any]:
    finding = sighting["finding"]
    return {**sighting, "what": json.loads(sighting["what"]),
            "finding": json.loads(finding) if finding else None}  # fmt: skip


def _runs(connection: Connection, ids: set[str]) -> dict[str, Mapping[str, Any]]:
    query = select(RUN.c.id, RUN.c.at, RUN.c.actor, RUN.c.on_date, RUN.c.rules, RUN.c.rules_sha256,
                   RUN.c.version).where(RUN.c.id.in_(sorted(ids)))  # fmt: skip
    return {str(row.id): dict(row._mapping) for row in connection.execute(query)}


def _links(connection: Connection, lead_id: str, actor: Actor) -> tuple[Mapping[str, Any], ...]:
    """Both ways: `kind` as said by the lead named in `lead_id`, with the other's number."""
    query = select(LINK).where(or_(LINK.c.lead_id == lead_id, LINK.c.other_id == lead_id))
    rows = _rows(connection, query.order_by(LINK.c.at, LINK.c.lead_id, LINK.c.other_id))
    ends = [str(one[end]) for one in rows for end in ("lead_id", "other_id")]
    seen = readable(connection, actor, ends)
    return tuple(one for one in rows if {one["lead_id"], one["other_id"]} <= seen)


def _case(connection: Connection, case_id: str | None, actor: Actor) -> Mapping[str, Any] | None:
    """The case; its title, which names its leads, is withheld where not all of them may be read."""
    case = connection.execute(select(CASE).where(CASE.c.id == case_id)).mappings().one_or_none()
    if case is None:
        return None
    leads = connection.scalars(select(LEAD.c.id).where(LEAD.c.case_id == case_id)).all()
    whole = len(readable(connection, actor, leads)) == len(leads)
    return {**case, **({} if whole else {"title": ""})}


def _others(connection: Connection, lead_id: str, actor: Actor) -> tuple[Mapping[str, Any], ...]:
    keys = connection.scalars(select(LEAD_KEY.c.key).where(LEAD_KEY.c.lead_id == lead_id)).all()
    ids = {one for some in others_of(connection, keys).values() for one in some} - {lead_id}
    query = select(*(LEAD.c[name] for name in _LINE)).where(
        LEAD.c.id.in_(sorted(ids)), rows_of(actor)
    )
    return _rows(connection, query.order_by(LEAD.c.score.desc(), LEAD.c.id.desc()))
