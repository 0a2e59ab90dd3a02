"""Changing a lead: under its lock, from the version that was read, with its event, or not at all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from layers.errors import ConflictError, LeadError
from leads.scope import READ, no_lead, weigh
from leads.states import AWAY, STATE_WORDS
from office.actors import Actor
from office.canonical import canonical
from office.history import NewEvent, append
from office.history import events as history
from office.schema import CASE, DEADLINE, LEAD, REINSPECTION

_DUE_KINDS = frozenset({"lead.deadline", "lead.look_back", "lead.reinspected"})
"""Events after which the first day on which something is due may be another."""
_ROW = tuple(c for c in LEAD.columns if c.name != "geometry")


@dataclass(slots=True)
class Change:
    """A lead under its lock: what it was (`row`), what it becomes (`values`, `data`), its events.

    Nothing is written before `write`.
    """

    row: Mapping[str, Any]
    data: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    events: list[NewEvent] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The lead's id."""
        return str(self.row["id"])

    @property
    def version(self) -> int:
        """The version it gets."""
        return int(self.row["version"]) + 1

    def tell(self, kind: str, **body: object) -> None:
        """Add an event about it; the state and the version it has then are told with it."""
        stands = {"state": self.values.get("state", self.row["state"]), "version": self.version}
        self.events.append(NewEvent(kind, self.id, {**stands, **body}))


def lock(
    connection: Connection, lead_id: str, version: int | None = None, *, away: bool = False,
    actor: Actor | None = None, operation: str = READ,
) -> Change:  # fmt: skip
    """The lead (by id or number) for a change; `version` is the one the person saw.

    `actor` and what they do to it are weighed on the lead (`leads.scope`); without an actor the
    program itself goes on with leads that were weighed before. Raises `LeadError` where there is none
    or where another office has it (unless `away`), `ConflictError` telling what others did meanwhile.
    """
    query = select(*_ROW).where((LEAD.c.id == lead_id) | (LEAD.c.number == lead_id))
    row = connection.execute(query.with_for_update()).mappings().one_or_none()
    if row is None:
        raise no_lead(lead_id)
    if actor is not None:
        weigh(actor, operation, dict(row), lead_id)
    if version is not None and version != row["version"]:
        raise ConflictError(
            f"{row['number']} was changed meanwhile: {told_since(connection, row['id'], version)}",
            field="version", remedy=f"look at it again (it is version {row['version']}), then repeat",
        )  # fmt: skip
    return _ours(Change(dict(row), json.loads(row["data"])), away)


def lock_many(
    connection: Connection, lead_ids: Sequence[str], *, actor: Actor | None = None, operation: str = READ,
) -> list[Change]:  # fmt: skip
    """Some hundred leads (by id or number) under their locks, in the order named; see `lock`."""
    wanted = list(dict.fromkeys(lead_ids))
    query = select(*_ROW).where(LEAD.c.id.in_(wanted) | LEAD.c.number.in_(wanted))
    found: dict[str, Change] = {}
    for row in connection.execute(query.order_by(LEAD.c.id).with_for_update()).mappings():
        found[row["id"]] = found[row["number"]] = Change(dict(row), json.loads(row["data"]))
    for one in wanted:
        if one not in found:
            raise no_lead(one)
        if actor is not None:
            weigh(actor, operation, found[one].row, one)
        _ours(found[one])
    return list({found[one].id: found[one] for one in wanted}.values())


def lock_case(connection: Connection, case_id: str) -> list[Change]:
    """Every lead of a case, under its lock, by number."""
    query = select(LEAD.c.id).where(LEAD.c.case_id == case_id).order_by(LEAD.c.number)
    return lock_many(connection, connection.scalars(query).all())


def write(connection: Connection, changes: Iterable[Change], *, actor: Actor, at: str) -> None:
    """Write the leads and their events; `next_due` follows what is open and planned.

    The store's write lock is held since the leads were read, so no version can be another by now.
    """
    events: list[NewEvent] = []
    cases: set[str] = set()
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in changes:
        values = {**one.values, "data": canonical(one.data), "version": one.version}
        if not _DUE_KINDS.isdisjoint(event.kind for event in one.events):
            values["next_due"] = next_due(connection, one.id)
        alike[tuple(sorted(values))].append({**values, "b_id": one.id})
        events += one.events
        cases |= {one.row["case_id"]} if one.row["case_id"] else set()
    for names, rows in alike.items():
        told = update(LEAD).where(LEAD.c.id == bindparam("b_id"))
        connection.execute(told.values({name: bindparam(name) for name in names}), rows)
    if cases:
        raised = update(CASE).where(CASE.c.id.in_(sorted(cases))).values(version=CASE.c.version + 1)
        connection.execute(raised)
    append(connection, events, actor=actor, at=at)


def next_due(connection: Connection, lead_id: str) -> str | None:
    """The first day on which something of the lead is due."""
    days = [*connection.scalars(select(DEADLINE.c.due_on).where(
                DEADLINE.c.lead_id == lead_id, DEADLINE.c.state == "open")),
            *connection.scalars(select(REINSPECTION.c.due_on).where(
                REINSPECTION.c.lead_id == lead_id, REINSPECTION.c.state == "planned"))]  # fmt: skip
    return min(days, default=None)


def told_since(connection: Connection, lead_id: str, version: int) -> str:
    """What happened to a lead after `version`, one after the other, with who and when."""
    since = [e for e in history(connection, lead_id) if _version(e.body) > version]
    return (
        "; ".join(f"{e.at} {e.actor}: {e.kind}{_aim(e.body)}" for e in since) or "(see its history)"
    )


def _ours(change: Change, away: bool = False) -> Change:
    """The change, where this office has the lead."""
    state = str(change.row["state"])
    if state in AWAY and not away:
        raise LeadError(f"{change.row['number']} is {STATE_WORDS[state].en}", field="state",
                        remedy="see `python -m leads transfers`; what is under way can be called back")  # fmt: skip
    return change


def _version(body: str) -> int:
    value = json.loads(body).get("version")
    return value if isinstance(value, int) else 0


def _aim(body: str) -> str:
    told = json.loads(body)
    aim = told.get("to") or told.get("text") or told.get("deadline") or ""
    return f" → {str(aim)[:80]}" if isinstance(aim, str) and aim else ""
