"""How leads show elsewhere: on a finding of the map, in the list of runs, as one word for a cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from leads.known import MERGED
from leads.scope import READ, rows_of
from leads.states import REGISTERED
from office import Actor, Database
from office.policy import may, require_somewhere
from office.schema import CHAIN_HEAD, LEAD, LINK, RUN, SIGHTING

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
    require_somewhere(actor, READ)
    return _marks(db, actor, (LEAD.c.state != REGISTERED) | LEAD.c.asked_again)


def mark_of(db: Database, check: str, subject_id: str, *, actor: Actor) -> Mark | None:
    """The lead of one finding, or `None` where it is none."""
    require_somewhere(actor, READ)
    found = _marks(db, actor, (LEAD.c.check_id == check) & (LEAD.c.subject_id == subject_id))
    return next(iter(found.values()), None)


def recent_runs(db: Database, *, actor: Actor, most: int = 20) -> tuple[RunLine, ...]:
    """The last runs, the newest first; to who may not read everything, those that changed a lead of
    theirs, with what they changed in these.
    """
    require_somewhere(actor, READ)
    columns = (RUN.c.id, RUN.c.at, RUN.c.actor, RUN.c.on_date, RUN.c.rules, RUN.c.counts)
    query = select(*columns).order_by(RUN.c.at.desc(), RUN.c.id).limit(most)
    whole = may(actor, READ)
    with db.read() as connection:
        if not whole:
            own = (
                select(SIGHTING.c.run_id)
                .join(LEAD, LEAD.c.id == SIGHTING.c.lead_id)
                .where(rows_of(actor))
            )
            query = query.where(RUN.c.id.in_(own))
        rows = connection.execute(query).all()
        counts = {row.id: json.loads(row.counts) for row in rows} if whole else _own_counts(
            connection, [row.id for row in rows], actor)  # fmt: skip
    return tuple(RunLine(row.id, row.at, row.actor, row.on_date, row.rules, counts[row.id])
                 for row in rows)  # fmt: skip


def _own_counts(
    connection: Connection, runs: list[str], actor: Actor
) -> dict[str, dict[str, dict[str, int]]]:
    """Run → check → change → how many leads, of those that the person may read."""
    found: dict[str, dict[str, dict[str, int]]] = {run: {} for run in runs}
    by = (SIGHTING.c.run_id, LEAD.c.check_id, SIGHTING.c.change)
    query = select(*by, func.count()).join(LEAD, LEAD.c.id == SIGHTING.c.lead_id)
    query = query.where(SIGHTING.c.run_id.in_(runs), rows_of(actor)).group_by(*by)
    for run, check, change, count in connection.execute(query):
        found[run].setdefault(check, {})[change] = int(count)
    return found


def _marks(
    db: Database, actor: Actor, which: Any  # noqa: ANN401 - a clause
) -> dict[tuple[str, str], Mark]:  # fmt: skip
    merged = select(LINK.c.lead_id).where(LINK.c.kind == MERGED)
    query = (
        select(LEAD.c.check_id, LEAD.c.subject_id, LEAD.c.id, LEAD.c.number, LEAD.c.state,
               LEAD.c.assignee, LEAD.c.asked_again)
        .where(which, rows_of(actor), LEAD.c.id.not_in(merged)).order_by(LEAD.c.number.desc()).limit(MOST)
    )  # fmt: skip
    with db.read() as connection:
        return {(row.check_id, str(row.subject_id)): Mark(row.id, row.number, row.state, row.assignee, row.asked_again)
                for row in connection.execute(query)}  # fmt: skip
