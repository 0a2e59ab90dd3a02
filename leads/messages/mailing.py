"""Letters to the people of the watches: one for all that waits, each message in one letter at most.

Before the text goes out the messages are marked as handed over (`~`), afterwards as mailed. Where the
program dies in between nobody knows whether the letter went: it is not sent again, and says so; the
inbox has it in any case. A letter the server did not take is kept and goes with the next run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from layers.errors import MailError
from leads.known import chunks
from leads.messages.digest import Digest, digest_of
from leads.messages.inbox import UNCONFIRMED, Message, message_of
from leads.messages.mail import MailServer, Session, UnconfirmedError, connect, letter_of
from leads.watches.watch import REMOVED, watches_in
from office import Actor, Database, NewEvent, append, events
from office.policy import require
from office.schema import MESSAGE


@dataclass(frozen=True, slots=True)
class MailReport:
    """What became of the letters, by person: `sent`, `refused` (with what the server said),
    `unconfirmed`; `waiting` people whose letters are kept because of `problem`.
    """

    sent: tuple[str, ...] = ()
    refused: Mapping[str, str] | None = None
    unconfirmed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    problem: MailError | None = None


@dataclass(frozen=True, slots=True)
class _Post:
    """What is the same for all letters of one round."""

    server: MailServer
    actor: Actor
    at: str
    lang: str
    app: str | None


def send_mail(
    db: Database, server: MailServer, *, actor: Actor, at: str, lang: str = "zh", app: str | None = None
) -> MailReport:  # fmt: skip
    """Send everybody who has an address what they have not read and no mail has told them."""
    require(actor, "message.mail")
    with db.read() as connection:
        to = _waiting(connection)
    post = _Post(server, actor, at, lang, app)
    sent: list[str] = []
    unsure: list[str] = []
    refused: dict[str, str] = {}
    if not to:
        return MailReport()
    try:
        with connect(server) as session:
            for person, address in to.items():
                try:
                    if _send(db, session, person, address, post):
                        sent.append(person)
                except UnconfirmedError:
                    unsure.append(person)
                except MailError as error:
                    if error.field == "YICHA_SMTP_URL":
                        raise
                    refused[person] = error.problem
    except MailError as error:
        done = {*sent, *unsure, *refused}
        waiting = tuple(person for person in to if person not in done)
        return MailReport(tuple(sent), refused, tuple(unsure), waiting, error)
    return MailReport(tuple(sent), refused, tuple(unsure))


def unconfirmed(db: Database, *, actor: Actor) -> dict[str, int]:
    """Person → messages in letters whose fate nobody knows."""
    require(actor, "message.mail")
    query = select(MESSAGE.c.person, func.count()).where(
        MESSAGE.c.mailed_at.like(f"{UNCONFIRMED}%")
    )
    with db.read() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(query.group_by(MESSAGE.c.person))}


def _send(db: Database, session: Session, person: str, address: str, post: _Post) -> bool:
    try:
        session.address(address)
    except MailError as error:
        _refused(db, person, error, post)
        raise
    digest, ids = _claim(db, person, post)
    if digest is None:
        return False
    try:
        session.hand_over(letter_of(post.server, digest, address, post.at))
    except MailError as error:
        with db.write() as connection:
            _mark(connection, ids, None)
        _refused(db, person, error, post)
        raise
    with db.write() as connection:
        _mark(connection, ids, post.at)
        told = {"person": person, "messages": ids, "letter": digest.id}
        _tell(connection, "message.sent", person, told, post)
    return True


def _claim(db: Database, person: str, post: _Post) -> tuple[Digest | None, list[str]]:
    """Mark what waits for a person as handed over, and make the letter of exactly that."""
    with db.write() as connection:
        waiting = _unmailed(connection, person)
        if not waiting:
            return None, []
        digest = digest_of(person, waiting, lang=post.lang, app=post.app)
        ids = [one.id for one in waiting]
        _mark(connection, ids, f"{UNCONFIRMED}{post.at}")
        _tell(
            connection, "message.handed_over", person, {"messages": ids, "letter": digest.id}, post
        )
        return digest, ids


def _refused(db: Database, person: str, error: MailError, post: _Post) -> None:
    """Tell the history, once as long as the answer stays the same."""
    if error.field == "YICHA_SMTP_URL":
        return
    with db.write() as connection:
        last = list(events(connection, f"mail:{person}"))[-1:]
        told = {"person": person, "why": error.problem}
        if not last or json.loads(last[0].body) != told:
            _tell(connection, "message.refused", person, told, post)


def _tell(
    connection: Connection, kind: str, person: str, body: Mapping[str, object], post: _Post
) -> None:
    append(connection, [NewEvent(kind, f"mail:{person}", body)], actor=post.actor, at=post.at)


def _mark(connection: Connection, ids: Sequence[str], mailed_at: str | None) -> None:
    for some in chunks(list(ids)):
        connection.execute(
            update(MESSAGE).where(MESSAGE.c.id.in_(some)).values(mailed_at=mailed_at)
        )


def _waiting(connection: Connection) -> dict[str, str]:
    """Person → address, of everybody with unread messages that no letter has told."""
    known: dict[str, str] = {}
    for watch in watches_in(connection):
        if watch.state != REMOVED:
            for one in watch.people:
                if one.mail:
                    known.setdefault(one.name, one.mail)
    query = select(MESSAGE.c.person).where(*_UNTOLD).distinct().order_by(MESSAGE.c.person)
    return {person: known[person] for person in connection.scalars(query) if person in known}


_UNTOLD = (MESSAGE.c.mailed_at.is_(None), MESSAGE.c.read_at.is_(None))


def _unmailed(connection: Connection, person: str) -> list[Message]:
    query = (
        select(MESSAGE)
        .where(MESSAGE.c.person == person, *_UNTOLD)
        .order_by(MESSAGE.c.at, MESSAGE.c.id)
    )
    return [message_of(dict(row)) for row in connection.execute(query).mappings()]
