"""Whose leads are whose: the scope of a person's rights, weighed on the rows they touch.

A lead outside of what somebody may read answers like one that does not exist, word for word; one
that they may read but not touch is refused with the right that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from layers.errors import LeadError
from leads.known import chunks
from office import Actor
from office.policy import may, may_somewhere, require, rows_allowed
from office.schema import LEAD
from office.scope import About

READ = "lead.read"


def about_of(row: Mapping[str, Any]) -> About:
    """What a lead is about: its administrative code, its check."""
    return About(row["admin_code"], row["check_id"])


def may_on(actor: Actor, operation: str, row: Mapping[str, Any]) -> bool:
    """Whether the person may do it to this lead."""
    return may(actor, operation, scope=about_of(row))


def rows_of(actor: Actor, operation: str = READ) -> ColumnElement[bool]:
    """The leads to which the person may do it, as a condition on the table of leads."""
    return rows_allowed(actor, operation, LEAD.c.admin_code, LEAD.c.check_id)


def weigh(actor: Actor, operation: str, row: Mapping[str, Any], asked: str) -> None:
    """Raise unless the person may do it to the lead they named as `asked`.

    `LeadError`, as for a lead there is not, where they may not even read it; else `PolicyError`.
    """
    if may_on(actor, operation, row):
        return
    if not may_on(actor, READ, row):
        raise no_lead(asked)
    require(actor, operation, scope=about_of(row))


def weigh_all(
    connection: Connection, actor: Actor, operation: str, lead_ids: Iterable[str]
) -> None:
    """Raise where one of the leads (by id) is not there for the person, or may not be touched so."""
    named = list(dict.fromkeys(lead_ids))
    rows: dict[str, Mapping[str, Any]] = {}
    for some in chunks(named):
        query = select(LEAD.c.id, LEAD.c.admin_code, LEAD.c.check_id).where(LEAD.c.id.in_(some))
        rows |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    for one in named:
        if one not in rows:
            raise no_lead(one)
        weigh(actor, operation, rows[one], one)


def readable(connection: Connection, actor: Actor, lead_ids: Iterable[str]) -> set[str]:
    """Those of the leads (ids) that the person may read."""
    found: set[str] = set()
    for some in chunks(sorted(set(lead_ids))):
        found |= set(
            connection.scalars(select(LEAD.c.id).where(LEAD.c.id.in_(some), rows_of(actor)))
        )
    return found


def ids_of(connection: Connection, actor: Actor, operation: str) -> set[str]:
    """The ids of all leads to which the person may do it."""
    return set(connection.scalars(select(LEAD.c.id).where(rows_of(actor, operation))))


def sight_of(actor: Actor) -> str:
    """The same text for people who may read the same leads: under it a cache keeps what it counted."""
    if may(actor, READ):
        return "all"
    if actor.scope is None or not may_somewhere(actor, READ):
        return "none"
    return f"{','.join(actor.roles)} {' '.join(sorted(one.text() for one in actor.scope.grants))}"


def no_lead(asked: str) -> LeadError:
    """There is no such lead, or none that the person may know of."""
    return LeadError(f"there is no lead {asked}", field="lead",
                     remedy="see `python -m leads list` for ids and numbers")  # fmt: skip
