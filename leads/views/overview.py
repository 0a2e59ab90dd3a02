"""The office's work in numbers: the funnel per check and place, how long it took, what is due, what
came back. Of the leads somebody may read; shares and medians are left to who shows them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, case, func, select

from layers.errors import LeadError
from leads.known import MERGED
from leads.scope import READ, rows_of
from leads.steps.look_back import DONE, GONE
from leads.yields import became
from office import Actor, Database
from office.policy import require_somewhere
from office.schema import DEADLINE, LEAD, LINK, REINSPECTION
from office.working_days import parse_day

By = Literal["check_id", "township", "admin_code", "assignee", "agency"]
STAGES = ("leads", "taken_up", "cases", "recommended", "rectified")
"""The funnel: every stage holds those of the next."""
ASIDE = ("dismissed", "transferred", "not_filed", "relapsed")
"""What else became of leads; a relapse is counted once for every lead that came back."""
SOON_DAYS = 7
_MERGED = select(LINK.c.lead_id).where(LINK.c.kind == MERGED)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Leads of one group (a check, a township …; "" where it is not known) and how far they came."""

    group: str
    leads: int
    taken_up: int
    cases: int
    recommended: int
    rectified: int
    dismissed: int
    transferred: int
    not_filed: int
    relapsed: int

    def as_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rectified:
    """How long one lead took: days from `since` (the recommendation, else the filing) to the first
    look that found it gone. ISO days.
    """

    lead: str
    number: str
    check: str
    township: str
    since: str
    began: str
    gone: str
    days: int


@dataclass(frozen=True, slots=True)
class Due:
    """Deadlines of one kind as of a day: running in time, due within `SOON_DAYS`, overdue, stopped,
    met in time and met late.
    """

    kind: str
    running: int
    soon: int
    overdue: int
    suspended: int
    met: int
    late: int


def funnel(db: Database, by: By = "check_id", *, actor: Actor) -> tuple[Funnel, ...]:
    """The funnel by check, place or person, the largest group first. Merged leads count once.

    Raises `LeadError` for another column, `PolicyError` where the person may read no lead.
    """
    require_somewhere(actor, READ)
    if by not in get_args(By):
        raise LeadError(f"there is no funnel by {by!r}", field="by",
                        remedy=f"use one of {', '.join(get_args(By))}")  # fmt: skip
    group, own = LEAD.c[by], rows_of(actor)
    with db.read() as connection:
        counted = connection.execute(
            select(group, func.count()).where(own, LEAD.c.id.not_in(_MERGED)).group_by(group)
        )
        counts: defaultdict[str, dict[str, int]] = defaultdict(
            lambda: dict.fromkeys((*STAGES, *ASIDE), 0)
        )
        for value, n in counted:
            counts[value or ""]["leads"] += int(n)
        touched = select(group, LEAD.c.state, LEAD.c.data).where(
            LEAD.c.data != "{}", own, LEAD.c.id.not_in(_MERGED)
        )
        for value, state, text in connection.execute(touched):
            for stage in _reached(state, json.loads(text)):
                counts[value or ""][stage] += 1
    rows = (Funnel(value, **found) for value, found in counts.items())
    return tuple(sorted(rows, key=lambda one: (-one.leads, one.group)))


def rectification_times(db: Database, *, actor: Actor) -> tuple[Rectified, ...]:
    """Every lead that a look found gone, with its days; the latest first."""
    require_somewhere(actor, READ)
    with db.read() as connection:
        gone = _gone_on(connection, rows_of(actor))
        query = select(LEAD.c.id, LEAD.c.number, LEAD.c.check_id, LEAD.c.township, LEAD.c.data)
        rows = connection.execute(query.where(LEAD.c.data != "{}", rows_of(actor))).all()
    found = [_rectified(row, gone[row.id]) for row in rows if row.id in gone]
    return tuple(sorted((one for one in found if one), key=lambda one: one.gone, reverse=True))


def due_counts(db: Database, on_date: str, *, actor: Actor) -> tuple[Due, ...]:
    """Deadlines by kind and how they stand on a day; cancelled ones are left out."""
    require_somewhere(actor, READ)
    day = parse_day(on_date, "on_date")
    soon = date.fromordinal(day.toordinal() + SOON_DAYS).isoformat()
    due, state = DEADLINE.c.due_on, DEADLINE.c.state
    stands = case(
        (state != "open", state), (due < on_date, "overdue"), (due <= soon, "soon"), else_="running"
    )
    query = (
        select(DEADLINE.c.kind, stands, func.count()).join(LEAD, LEAD.c.id == DEADLINE.c.lead_id)
        .where(rows_of(actor), state != "cancelled").group_by(DEADLINE.c.kind, stands)
    )  # fmt: skip
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with db.read() as connection:
        for kind, how, n in connection.execute(query):
            found[kind][how] = int(n)
    names = ("running", "soon", "overdue", "suspended", "met", "late")
    return tuple(Due(kind, *(found[kind].get(name, 0) for name in names)) for kind in sorted(found))


def _reached(state: str, data: Mapping[str, Any]) -> Iterable[str]:
    """The stages a lead came to, in the words of `Funnel`."""
    ends = became(state, data)
    if state != "registered" or "screening" in data:
        yield "taken_up"
    if "case" in ends:
        yield "cases"
        if "recommendation" in {state, *data}:
            yield "recommended"
    if "rectified" in ends:
        yield "rectified"
    yield from (name for name in ("transferred", "not_filed") if name in ends)
    if state == "dismissed":
        yield "dismissed"
    if (data.get("looks") or {}).get("relapses"):
        yield "relapsed"


def _gone_on(connection: Connection, own: ColumnElement[bool]) -> dict[str, str]:
    """Lead → the first day on which a look found it gone."""
    query = (
        select(REINSPECTION.c.lead_id, REINSPECTION.c.data).join(LEAD, LEAD.c.id == REINSPECTION.c.lead_id)
        .where(own, REINSPECTION.c.state == DONE)
    )  # fmt: skip
    found: dict[str, str] = {}
    for lead, text in connection.execute(query):
        told = json.loads(text)
        if told.get("result") == GONE:
            found[lead] = min(str(told["on"]), found.get(lead, str(told["on"])))
    return found


def _rectified(row: Any, gone: str) -> Rectified | None:  # noqa: ANN401 - a row
    data = json.loads(row.data)
    for since in ("recommendation", "filed"):
        began = str((data.get(since) or {}).get("on", ""))
        if began and began <= gone:
            days = (date.fromisoformat(gone) - date.fromisoformat(began)).days
            return Rectified(
                row.id, row.number, row.check_id, row.township or "", since, began, gone, days
            )
    return None
