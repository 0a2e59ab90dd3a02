"""Who is signed in: sessions kept by the server, ended by time, by the person, or by others.

The browser holds a random token, the store its hash. Each question reads the account anew, so a
right taken away, an account disabled or a session ended holds from the next question on.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from layers.errors import PolicyError, StoreError
from office.actors import Actor
from office.database import Database
from office.door_tables import SESSION
from office.doors.accounts import ACTIVE, Account, account_by_id
from office.doors.passwords import new_token, recognised_by
from office.doors.rules import DoorRules, later, seconds_from
from office.history import NewEvent, append
from office.policy import require

PASSWORD, SECOND_FACTOR, OPEN = "password", "second_factor", "open"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. `stage`: what is still to do before anything else may be done."""

    id: str
    account: Account
    created_at: str
    seen_at: str
    expires_at: str
    source: str
    stage: str

    @property
    def actor(self) -> Actor:
        """The person; `PolicyError` while the password is a given one or a second factor lacks."""
        if self.stage == OPEN:
            return self.account.actor
        what = {PASSWORD: "change the password first · 请先修改口令",
                SECOND_FACTOR: "set up a second factor first · 请先绑定第二因素"}[self.stage]  # fmt: skip
        raise PolicyError(
            f"{self.account.name} is not signed in fully", field=self.stage, remedy=what
        )


def stage_of(account: Account, rules: DoorRules) -> str:
    """What an account has to do before it may do anything else."""
    if account.given:
        return PASSWORD
    lacks = not (account.second_factor or account.vouched) and set(account.roles) & set(
        rules.second_factor_roles
    )
    return SECOND_FACTOR if lacks else OPEN


def begin(
    connection: Connection, account: Account, *, at: str, rules: DoorRules, source: str,
    expires_at: str | None = None,
) -> tuple[str, str]:  # fmt: skip
    """A new session: its token and its id. Beyond the number one may hold the oldest ends."""
    token, name = new_token(), f"S{secrets.token_hex(6)}"
    query = (select(SESSION.c.hash).where(SESSION.c.account_id == account.id, SESSION.c.ended_at.is_(None),
                                          SESSION.c.expires_at > at)
             .order_by(SESSION.c.created_at.desc(), SESSION.c.hash).offset(rules.session_each - 1))  # fmt: skip
    _end(connection, connection.scalars(query).all(), at, "too many")
    connection.execute(insert(SESSION), [{
        "hash": recognised_by(token), "id": name, "account_id": account.id, "created_at": at,
        "seen_at": at, "expires_at": expires_at or later(at, rules.session_absolute_s),
        "source": source}])  # fmt: skip
    return token, name


def session_of(db: Database, token: str, *, at: str, rules: DoorRules) -> Session | None:
    """The session of a token, where it stands; its use is noted (to `session_touch_s`), unless
    somebody else writes for too long: the next question notes it then.
    """
    with db.read() as connection:
        found = live_session(connection, token, at, rules)
    if found is None or seconds_from(found.seen_at, at) < rules.session_touch_s:
        return found
    try:
        with db.write() as connection:
            found = live_session(connection, token, at, rules)
            if found is not None and found.seen_at < at:
                connection.execute(
                    update(SESSION).where(SESSION.c.id == found.id).values(seen_at=at)
                )
    except StoreError:
        return found
    return found


def live_session(connection: Connection, token: str, at: str, rules: DoorRules) -> Session | None:
    """The same inside a transaction, nothing noted."""
    row = connection.execute(
        select(SESSION).where(SESSION.c.hash == recognised_by(token))
    ).one_or_none()
    if row is None or not _stands(row, at, rules):
        return None
    account = account_by_id(connection, row.account_id)
    if account.state != ACTIVE:
        return None
    return _session(row, account, rules)


def renew(
    connection: Connection, token: str, session: Session, *, at: str, rules: DoorRules
) -> str:
    """Another token for the same session, as its rights grow; the old one ends."""
    _end(connection, [recognised_by(token)], at, "renewed")
    return begin(connection, session.account, at=at, rules=rules, source=session.source,
                 expires_at=session.expires_at)[0]  # fmt: skip


def sign_out(db: Database, token: str, *, at: str) -> None:
    """End a session; one that is unknown or ended already is none."""
    with db.write() as connection:
        row = end_presented(connection, token, at, "signed out")
        if row is not None:
            account = account_by_id(connection, row.account_id)
            append(connection, [NewEvent("session.ended", row.id, {"why": "signed out"})],
                   actor=account.actor, at=at)  # fmt: skip


def end_presented(connection: Connection, token: str, at: str, why: str) -> Row[Any] | None:
    """End the session of a token where it is not ended yet; its row then."""
    key = recognised_by(token)
    row = connection.execute(
        select(SESSION).where(SESSION.c.hash == key, SESSION.c.ended_at.is_(None))
    ).one_or_none()
    _end(connection, [key] if row is not None else [], at, why)
    return row


def end_all_of(connection: Connection, account_id: str, *, at: str, why: str) -> tuple[str, ...]:
    """End every session of an account; their ids."""
    rows = connection.execute(select(SESSION.c.hash, SESSION.c.id).where(
        SESSION.c.account_id == account_id, SESSION.c.ended_at.is_(None))).all()  # fmt: skip
    _end(connection, [row.hash for row in rows], at, why)
    return tuple(sorted(row.id for row in rows))


def end_named(connection: Connection, names: Sequence[str], *, at: str, why: str) -> None:
    """End the sessions of these ids."""
    keys = connection.scalars(select(SESSION.c.hash).where(SESSION.c.id.in_(list(names)))).all()
    _end(connection, keys, at, why)


def live_sessions_of(
    connection: Connection, account: Account, at: str, rules: DoorRules
) -> tuple[Session, ...]:
    """The sessions of an account that stand, the latest first."""
    query = (select(SESSION).where(SESSION.c.account_id == account.id, SESSION.c.ended_at.is_(None))
             .order_by(SESSION.c.created_at.desc(), SESSION.c.id))  # fmt: skip
    rows = connection.execute(query).all()
    return tuple(_session(row, account, rules) for row in rows if _stands(row, at, rules))


def revoke(db: Database, name: str, *, actor: Actor, at: str) -> tuple[str, ...]:
    """End a session by its id, or all sessions of the account of that id; the ids of those ended."""
    require(actor, "session.revoke")
    with db.write() as connection:
        rows = connection.execute(
            select(SESSION).where(SESSION.c.id == name, SESSION.c.ended_at.is_(None))
        ).all()
        if rows:
            _end(connection, [row.hash for row in rows], at, "revoked")
            ended = tuple(row.id for row in rows)
        else:
            ended = end_all_of(connection, name, at=at, why="revoked")
        if not ended:
            raise PolicyError(f"nobody is signed in as {name}", field="session",
                              remedy="see `python -m office sessions list`")  # fmt: skip
        append(
            connection, [NewEvent("session.revoked", one, {}) for one in ended], actor=actor, at=at
        )
    return ended


def sessions(db: Database, *, actor: Actor, at: str, rules: DoorRules) -> tuple[Session, ...]:
    """Everybody signed in now, the latest first."""
    require(actor, "session.read")
    with db.read() as connection:
        rows = connection.execute(
            select(SESSION)
            .where(SESSION.c.ended_at.is_(None))
            .order_by(SESSION.c.created_at.desc())
        ).all()
        made = [_session(row, account_by_id(connection, row.account_id), rules) for row in rows
                if _stands(row, at, rules)]  # fmt: skip
    return tuple(one for one in made if one.account.state == ACTIVE)


def _session(row: Row[Any], account: Account, rules: DoorRules) -> Session:
    return Session(row.id, account, row.created_at, row.seen_at, row.expires_at, row.source,
                   stage_of(account, rules))  # fmt: skip


def _stands(row: Row[Any], at: str, rules: DoorRules) -> bool:
    """Not ended, not too old, not idle too long; and not used later than now, but for a skew."""
    idle = seconds_from(row.seen_at, at)
    return (row.ended_at is None and at < row.expires_at
            and -rules.session_skew_s <= idle < rules.session_idle_s)  # fmt: skip


def _end(connection: Connection, keys: Sequence[str], at: str, why: str) -> None:
    if keys:
        connection.execute(update(SESSION).where(SESSION.c.hash.in_(keys), SESSION.c.ended_at.is_(None))
                           .values(ended_at=at, ended_why=why))  # fmt: skip
