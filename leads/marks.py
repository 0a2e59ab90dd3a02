"""How leads show elsewhere: on a finding of the map, in the list of runs, as one word for a cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from leads.known import MERGED
from leads.states import REGISTERED
from office import Actor, Database
from office.policy import require
from office.schema import CHAIN_HEAD, LEAD, LINK, RUN

MOST = 20_000
"""Marks at most: the map draws far fewer symbols."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A lead beside a finding: `touched` where people did something about it already."""

    id: str
    number: str
    state: str
    assignee: str | None
    asked_again: bool

    @property
    def touched(self) -> bool:
        """Whether it is further than registered."""
        return self.state != REGISTERED


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run: when, by whom, of which day, and per check what it changed."""

    id: str
    at: str
    actor: str
    on_date: str
    rules: str | None
    counts: Mapping[str, Mapping[str, int]]

    def count(self, change: str) -> int:
        """How many leads over all checks."""
        return sum(one.get(change, 0) for one in self.counts.values())


def stamp(db: Database) -> str:
    """Changes whenever something is written into the history."""
    with db.read() as connection:
        row = connection.execute(select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one()
    return f"{row.seq}:{row.hash[:12]}"


def marks(db: Database, *, actor: Actor) -> dict[tuple[str, str], Mark]:
    """(check, subject id) → the lead, of those that people have done something about."""
    require(actor, "lead.read")
    return _marks(db, (LEAD.c.state != REGISTERED) | LEAD.c.asked_again)


def mark_of(db: Database, check: str, subject_id: str, *, actor: Actor) -> Mark | None:
    """The lead of one finding, or `None` where it is none."""
    require(actor, "lead.read")
    found = _marks(db, (LEAD.c.check_id == check) & (LEAD.c.subject_id == subject_id))
    return next(iter(found.values()), None)


def recent_runs(db: Database, *, actor: Actor, most: int = 20) -> tuple[RunLine, ...]:
    """The last runs, the newest first."""
    require(actor, "lead.read")
    columns = (RUN.c.id, RUN.c.at, RUN.c.actor, RUN.c.on_date, RUN.c.rules, RUN.c.counts)
    with db.read() as connection:
        rows = connection.execute(select(*columns).order_by(RUN.c.at.desc(), RUN.c.id).limit(most))
        return tuple(RunLine(row.id, row.at, row.actor, row.on_date, row.rules, json.loads(row.counts))
                     for row in rows)  # fmt: skip


def _marks(db: Database, which: Any) -> dict[tuple[str, str], Mark]:  # noqa: ANN401 - a clause
    merged = select(LINK.c.lead_id).where(LINK.c.kind == MERGED)
    query = (
        select(LEAD.c.check_id, LEAD.c.subject_id, LEAD.c.id, LEAD.c.number, LEAD.c.state,
               LEAD.c.assignee, LEAD.c.asked_again)
        .where(which, LEAD.c.id.not_in(merged)).order_by(LEAD.c.number.desc()).limit(MOST)
    )  # fmt: skip
    with db.read() as connection:
        return {(row.check_id, str(row.subject_id)): Mark(row.id, row.number, row.state, row.assignee, row.asked_again)
                for row in connection.execute(query)}  # fmt: skip
