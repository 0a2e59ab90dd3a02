"""The history nobody can rewrite: events in one chain, each naming the hash of the one before.

An event is appended in the transaction of the change it tells, so neither exists without the
other. `office.verify` reads the chain again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from layers.errors import StoreError
from office.actors import Actor
from office.canonical import canonical, sha256
from office.schema import CHAIN_HEAD, EVENT

FIRST = "0" * 64
"""What the first event names as the hash of the event before it."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be recorded: its kind (`lead.moved`, …), what it is about, and the facts."""

    kind: str
    subject: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the history; `at` is ISO in UTC, `body` canonical JSON text."""

    seq: int
    at: str
    actor: str
    roles: str
    kind: str
    subject: str
    body: str
    previous: str
    hash: str

    def digest(self) -> str:
        """The hash its fields should have."""
        return sha256(canonical([self.seq, self.at, self.actor, self.roles, self.kind,
                                 self.subject, self.body, self.previous]))  # fmt: skip


def append(
    connection: Connection, new: Sequence[NewEvent], *, actor: Actor, at: str
) -> tuple[Event, ...]:
    """Append events to the chain inside the caller's write transaction; returns them as stored."""
    if not new:
        return ()
    head = connection.execute(
        select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash).where(CHAIN_HEAD.c.id == 1).with_for_update()
    ).one_or_none()
    if head is None:
        raise StoreError("the store's history has lost its head", field="chain_head",
                         remedy="run `python -m leads verify`, then restore a backup")  # fmt: skip
    seq, previous = int(head.seq), str(head.hash)
    made: list[Event] = []
    for one in new:
        seq += 1
        blank = Event(seq, at, actor.name, ",".join(actor.roles), one.kind, one.subject,
                      canonical(one.body), previous, "")  # fmt: skip
        event = replace(blank, hash=blank.digest())
        made.append(event)
        previous = event.hash
    connection.execute(insert(EVENT), [dict(zip(_NAMES, _fields(e), strict=True)) for e in made])
    connection.execute(
        update(CHAIN_HEAD).where(CHAIN_HEAD.c.id == 1).values(seq=seq, hash=previous)
    )
    return tuple(made)


def events(
    connection: Connection, subject: str | None = None, after: int = 0, *, kind: str | None = None
) -> Iterator[Event]:
    """The events (of one subject, of one kind) after number `after`, oldest first."""
    query = select(EVENT).where(EVENT.c.seq > after).order_by(EVENT.c.seq)
    if subject is not None:
        query = query.where(EVENT.c.subject == subject)
    if kind is not None:
        query = query.where(EVENT.c.kind == kind)
    for row in connection.execute(query):
        yield Event(*row)


def links(connection: Connection, first: int, most: int) -> list[dict[str, Any]]:
    """Number, hash and hash before of up to `most` events from `first` on: the chain without its words."""
    query = (
        select(EVENT.c.seq, EVENT.c.previous, EVENT.c.hash)
        .where(EVENT.c.seq >= first).order_by(EVENT.c.seq).limit(most)
    )  # fmt: skip
    return [dict(row._mapping) for row in connection.execute(query)]


_NAMES = tuple(column.name for column in EVENT.columns)


def _fields(event: Event) -> tuple[Any, ...]:
    return tuple(getattr(event, name) for name in _NAMES)
