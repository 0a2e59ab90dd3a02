"""Leads for other systems: page after page by id, with their geometry, none beyond the scope of who asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from layers.errors import LeadError
from leads.relied import Known, layers_of_runs, relied_on, stale_texts
from leads.scope import READ, no_lead, rows_of
from leads.store import MANY, Box, Filter, clauses_of
from office import Actor, Database
from office.policy import require_somewhere
from office.schema import LEAD
from office.space import bounds_meet, is_crowded, window

COLUMNS = (
    "id", "number", "check_id", "verdict", "state", "state_since", "presence", "change", "asked_again",
    "subject_theme", "subject_id", "subject_name", "address", "credit_code", "licence_no",
    "measured", "limit", "unit", "score", "admin_code", "township", "agency", "procuratorate",
    "assignee", "case_id", "first_run", "last_run", "on_date", "next_due", "version",
)  # fmt: skip
EQUAL = (
    "number", "check_id", "verdict", "state", "presence", "change", "asked_again", "subject_theme",
    "subject_id", "admin_code", "township", "agency", "procuratorate", "assignee", "case_id", "on_date",
    "version",
)  # fmt: skip
"""Columns that may be asked for by value."""
_SAID = ("title", "comparator", "method", "error_band", "measured_low", "measured_high", "object_name",
         "licence_class")  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A lead: its columns, what the last finding said of its measurement, its geometry as WKB (WGS 84)."""

    columns: Mapping[str, Any]
    said: Mapping[str, Any]
    geometry: bytes | None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Leads in the order of their ids, whether more follow, how many in all
    where that was asked and they are not too many to be counted at once.
    """

    rows: tuple[FeedRow, ...]
    more: bool
    matched: int | None


def feed(
    db: Database, where: Filter | None = None, *, actor: Actor, limit: int, after: str | None = None,
    box: Box | None = None, equal: Mapping[str, Any] | None = None,
    days: tuple[str, str] | None = None, count: bool = False, lang: str = "zh",
) -> FeedPage:  # fmt: skip
    """The next leads after the id `after`; a lead that comes in meanwhile moves no other.

    `equal`: values of the columns in `EQUAL`; `days`: first and last ISO day of `on_date`; `box`
    (west, south, east, north in degrees) meets their bounds. Rows beyond the actor's scope are not
    there. Raises `LeadError` for another column.
    """
    require_somewhere(actor, READ)
    with db.read() as connection:
        clauses = clauses_of(connection, where or Filter(), actor)
        for name, value in (equal or {}).items():
            if name not in EQUAL:
                raise LeadError(f"leads are not asked for by {name!r}", field=name,
                                remedy=f"use one of {', '.join(EQUAL)}")  # fmt: skip
            clauses.append(LEAD.c[name] == value)
        if days is not None:
            clauses.append(LEAD.c.on_date.between(*days))
        crowded = False
        if box is not None:
            crowded = is_crowded(connection, LEAD, box, MANY)
            clauses.append(bounds_meet(LEAD, box) if crowded else window(connection, LEAD, *box))
        matched = _count(connection, clauses) if count and not crowded else None
        query = _query().where(*clauses)
        query = query if after is None else query.where(LEAD.c.id > after)
        found = connection.execute(query.order_by(LEAD.c.id).limit(limit + 1)).all()
        known = layers_of_runs(connection, (one.last_run for one in found))
    rows = tuple(_row(one, lang, known) for one in found[:limit])
    return FeedPage(rows, len(found) > limit, matched)


def feed_row(db: Database, lead_id: str, *, actor: Actor, lang: str = "zh") -> FeedRow:
    """One lead by id or number. `LeadError` where there is none, the same for one beyond the scope."""
    require_somewhere(actor, READ)
    with db.read() as connection:
        row = _one(connection, lead_id, actor)
        return _row(row, lang, layers_of_runs(connection, [row.last_run]))


def extent(db: Database, *, actor: Actor) -> tuple[Box | None, tuple[str, str] | None]:
    """Bounds (degrees) and first and last day of the leads the person may read."""
    names = (func.min(LEAD.c.west), func.min(LEAD.c.south), func.max(LEAD.c.east), func.max(LEAD.c.north),
             func.min(LEAD.c.on_date), func.max(LEAD.c.on_date))  # fmt: skip
    require_somewhere(actor, READ)
    with db.read() as connection:
        west, south, east, north, first, last = connection.execute(
            select(*names).where(rows_of(actor))
        ).one()
    return (None if west is None else (west, south, east, north),
            None if first is None else (first, last))  # fmt: skip


def _count(connection: Connection, clauses: list[Any]) -> int | None:
    """How many there are, `None` for more than `MANY`; without a filter counting reads an index alone."""
    if len(clauses) == 1:
        whole = select(func.count()).select_from(LEAD).where(*clauses)
        return int(connection.execute(whole).scalar_one())
    some = select(LEAD.c.id).where(*clauses).limit(MANY + 1).subquery()
    found = int(connection.execute(select(func.count()).select_from(some)).scalar_one())
    return None if found > MANY else found


def _query() -> Any:  # noqa: ANN401 - a select
    return select(*(LEAD.c[name] for name in COLUMNS), LEAD.c.finding, LEAD.c.geometry)


def _one(connection: Connection, lead_id: str, actor: Actor) -> Row[Any]:
    for column in (LEAD.c.id, LEAD.c.number):
        row = connection.execute(_query().where(column == lead_id, rows_of(actor))).one_or_none()
        if row is not None:
            return row
    raise no_lead(lead_id)


def _row(row: Row[Any], lang: str, known: Known) -> FeedRow:
    finding = json.loads(row.finding)
    texts = finding.get("texts") or {}
    said = {name: finding.get(name) for name in _SAID}
    title, reasons = texts.get("title") or {}, texts.get("reasons") or ()
    said["title"] = title.get(lang) or title.get("zh") or finding.get("title")
    said["reasons"] = [one.get(lang) or one.get("zh") for one in reasons]
    said["stale"] = stale_texts(relied_on(finding, known), str(row.on_date), lang)
    geometry = None if row.geometry is None else bytes(row.geometry)
    return FeedRow({name: getattr(row, name) for name in COLUMNS}, said, geometry)
