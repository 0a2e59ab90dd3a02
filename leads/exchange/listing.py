"""What went to other offices and what came from them, for those who may read the leads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from checks import Text
from leads.exchange.answers import (
    ACCEPTED,
    IN,
    OFFERED,
    OUT,
    RECALLED,
    RECALLING,
    REFUSED,
    is_transfer,
)
from office import Actor, Database, Event
from office.exchange_tables import TRANSFER
from office.history import events
from office.policy import rows_allowed
from office.schema import LEAD

STATES: Mapping[str, Text] = {
    OFFERED: Text("待回执", "no receipt yet"),
    RECALLING: Text("已请求撤回，待答复", "asked back, no answer yet"),
    ACCEPTED: Text("已接收", "accepted"),
    REFUSED: Text("已退回", "refused"),
    RECALLED: Text("已撤回", "called back"),
}
DIRECTIONS: Mapping[str, Text] = {OUT: Text("移出", "sent"), IN: Text("移入", "received")}
_SHOWN = ("direction", "id", "partner", "state", "at", "settled_at", "lead_id")


def transfers(
    db: Database, *, actor: Actor, state: str | None = None, direction: str | None = None, limit: int = 500
) -> list[dict[str, Any]]:  # fmt: skip
    """The latest first (those of one second by the number here), with the number here, the number there and the receiver's reason."""
    clauses = [rows_allowed(actor, "lead.read", TRANSFER.c.area, TRANSFER.c.check_id)]
    clauses += [TRANSFER.c.state == state] if state else []
    clauses += [TRANSFER.c.direction == direction] if direction else []
    query = (
        select(*(TRANSFER.c[name] for name in _SHOWN), TRANSFER.c.answer, LEAD.c.number, LEAD.c.subject_name)
        .join(LEAD, LEAD.c.id == TRANSFER.c.lead_id, isouter=True).where(*clauses)
        .order_by(TRANSFER.c.at.desc(), LEAD.c.number.desc().nulls_last(), TRANSFER.c.id).limit(limit)
    )  # fmt: skip
    with db.read() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return [_told(row) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    answer = row.pop("answer")
    said = json.loads(answer) if answer else {}
    theirs = (said.get("lead") or {}).get("number") if row["direction"] == OUT else None
    return {**row, "their_number": theirs, "reason": said.get("reason") or ""}


def steps_of(db: Database, direction: str, transfer: str, *, actor: Actor) -> tuple[Event, ...]:
    """What happened with one package here, the oldest first: the events that name it."""
    query = select(TRANSFER.c.lead_id).where(
        is_transfer(direction, transfer),
        rows_allowed(actor, "lead.read", TRANSFER.c.area, TRANSFER.c.check_id))  # fmt: skip
    with db.read() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            return ()
        found = list(events(connection, transfer))
        if row.lead_id is not None:
            found += [one for one in events(connection, row.lead_id) if transfer in one.body]
    return tuple(sorted(found, key=lambda one: one.seq))


def under_way(db: Database, *, actor: Actor) -> int:
    """How many packages we sent wait for an answer, of leads that the actor may send."""
    may = rows_allowed(actor, "lead.send", TRANSFER.c.area, TRANSFER.c.check_id)
    query = select(func.count()).where(
        TRANSFER.c.direction == OUT, TRANSFER.c.answer.is_(None), may
    )
    with db.read() as connection:
        return int(connection.execute(query).scalar_one())
