"""The inbox: what a person responsible is told, once each, and whether they have read it.

A message's id is made from the person and from what it says: said a second time, it writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, update

from checks import Text
from leads.known import chunks
from leads.messages.notices import KINDS, URGENT, Line, lines_of, title_of
from leads.scope import READ, readable
from office import Actor, Database, NewEvent, append
from office.canonical import canonical, sha256
from office.policy import may, require
from office.schema import MESSAGE

_RANK = case(
    *((MESSAGE.c.kind == kind, number) for number, kind in enumerate(KINDS)), else_=len(KINDS)
)
UNCONFIRMED = "~"
"""Before the time in `mailed_at`: handed to the mail server, whose answer was never seen."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told to a person; `says` is what makes it the same thing another time."""

    person: str
    kind: str
    subject: str
    body: Mapping[str, Any]
    says: Sequence[Any]

    @property
    def id(self) -> str:
        """The message's id."""
        return "M" + sha256(canonical([self.person, self.kind, self.subject, *self.says]))[:24]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is read: its kind (`notices.KINDS`), heading, lines, and `more` leads that
    are not listed. `mailed_at` is missing where no mail went, begins with `~` where it may have.
    """

    id: str
    person: str
    at: str
    kind: str
    subject: str
    title: Text
    lines: tuple[Line, ...]
    more: int
    urgent: bool
    body: Mapping[str, Any]
    read_at: str | None
    mailed_at: str | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of messages, newest first, of one time the most urgent first; `total` as asked for, `unread` of the whole inbox."""

    messages: tuple[Message, ...]
    total: int
    unread: int


def messages(
    db: Database, person: str, *, actor: Actor, unread_only: bool = False, limit: int = 50,
    offset: int = 0,
) -> Inbox:  # fmt: skip
    """A page of somebody's messages; another person's only with the right to (`inbox.others`)."""
    _may_see(actor, person)
    asked = [MESSAGE.c.person == person, *([MESSAGE.c.read_at.is_(None)] if unread_only else [])]
    with db.read() as connection:
        query = (
            select(MESSAGE)
            .where(*asked)
            .order_by(MESSAGE.c.at.desc(), _RANK, MESSAGE.c.subject, MESSAGE.c.id)
        )
        rows = connection.execute(query.limit(limit).offset(offset)).mappings().all()
        found = [_within(connection, message_of(dict(row)), actor) for row in rows]
        total = connection.execute(select(func.count()).select_from(MESSAGE).where(*asked))
        return Inbox(
            tuple(found),
            int(total.scalar_one()),
            _unread(connection, person),
        )


def unread(db: Database, person: str, *, actor: Actor) -> int:
    """How many messages a person has not read."""
    _may_see(actor, person)
    with db.read() as connection:
        return _unread(connection, person)


def mark_read(db: Database, ids: Iterable[str], *, actor: Actor, at: str) -> int:
    """Mark messages of the acting person as read; returns how many were not read before.

    Others' messages and those there are not are passed over.
    """
    require(actor, "inbox.read")
    with db.write() as connection:
        found: list[str] = []
        for some in chunks(sorted(set(ids))):
            query = select(MESSAGE.c.id).where(
                MESSAGE.c.id.in_(some), MESSAGE.c.person == actor.name, MESSAGE.c.read_at.is_(None)
            )
            found += connection.scalars(query)
        for some in chunks(found):
            connection.execute(update(MESSAGE).where(MESSAGE.c.id.in_(some)).values(read_at=at))
        if found:
            told = NewEvent("message.read", actor.name, {"messages": found})
            append(connection, [told], actor=actor, at=at)
    return len(found)


def post(connection: Connection, notices: Iterable[Notice], *, at: str) -> list[str]:
    """Put what was never said before into the inboxes; returns the new messages' ids.

    In the caller's write transaction: the run that is told of and the telling are one.
    """
    made = {one.id: one for one in notices if one.person.strip()}
    known: set[str] = set()
    for some in chunks(list(made)):
        known |= set(connection.scalars(select(MESSAGE.c.id).where(MESSAGE.c.id.in_(some))))
    new = [name for name in made if name not in known]
    for names in chunks(new):
        connection.execute(insert(MESSAGE), [
            {"id": name, "person": made[name].person, "at": at, "kind": made[name].kind,
             "subject": made[name].subject, "body": canonical(made[name].body)}
            for name in names])  # fmt: skip
    return new


def message_of(row: Mapping[str, Any]) -> Message:
    """A row of the store as a message."""
    body = json.loads(row["body"])
    lines = lines_of(row["kind"], body)
    return Message(
        row["id"], row["person"], row["at"], row["kind"], row["subject"],
        title_of(row["kind"], body), lines, max(0, int(body.get("count", 0)) - len(lines)),
        row["kind"] in URGENT, body, row["read_at"], row["mailed_at"],
    )  # fmt: skip


def _within(connection: Connection, message: Message, actor: Actor) -> Message:
    """The message without the leads that its reader may not read (any more): they are only counted."""
    if may(actor, READ):
        return message
    named = [str(one["id"]) for one in message.body.get("leads") or ()]
    seen = readable(connection, actor, named)
    if len(seen) == len(set(named)):
        return message
    body = {**message.body, "leads": [one for one in message.body["leads"] if one["id"] in seen]}
    lines = tuple(one for one in message.lines if one.lead_id is None or one.lead_id in seen)
    more = message.more + len(message.lines) - len(lines)
    subject = "" if message.subject in set(named) - seen else message.subject
    return replace(message, body=body, lines=lines, more=more, subject=subject)


def _unread(connection: Connection, person: str) -> int:
    query = select(func.count()).select_from(MESSAGE)
    query = query.where(MESSAGE.c.person == person, MESSAGE.c.read_at.is_(None))
    return int(connection.execute(query).scalar_one())


def _may_see(actor: Actor, person: str) -> None:
    require(actor, "inbox.read" if actor.name == person else "inbox.others")
