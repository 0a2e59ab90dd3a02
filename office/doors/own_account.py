"""What a person does about their own account: another password, a second factor, own sessions."""

from __future__ import annotations

from sqlalchemy import Connection

from layers.errors import PolicyError
from office.database import Database
from office.doors import totp
from office.doors.accounts import Account, change_account, name_key
from office.doors.keys import Keys, opened, seal
from office.doors.passwords import fits, hashed, refuse_weak
from office.doors.rules import DoorRules
from office.doors.sessions import (
    PASSWORD,
    Session,
    end_all_of,
    end_named,
    live_session,
    live_sessions_of,
    renew,
)
from office.doors.throttle import forgive
from office.doors.weighing import about_totp, account_row, counted_attempt, refusal, tell_refusal
from office.history import NewEvent, append


def change_password(
    db: Database, token: str, old: str, new: str, *, at: str, rules: DoorRules
) -> str:
    """Put another password in the old one's place; every session of the person ends but this one,
    which goes on under the token returned. `PolicyError` where the old one is wrong or the new weak.
    """
    session = need_session(db, token, at=at, rules=rules)
    name = session.account.name
    refuse_weak(new, name, rules)
    if new == old:
        raise PolicyError("the new password is the old one · 新口令与旧口令相同", field="password",
                          remedy="choose another")  # fmt: skip
    counted = counted_attempt(db, name, source="", at=at, rules=rules)
    with db.read() as connection:
        row = account_row(connection, name)
    if row is None or not fits(old, row.password, rules):
        with db.write() as connection:
            tell_refusal(
                connection, row, step="password", counted=counted, source=session.source, at=at
            )
        raise refusal("sign_in")
    kept = hashed(new, rules)
    with db.write() as connection:
        account, session = _still(connection, token, at, rules)
        version = change_account(connection, account, password=kept, password_at=at, given=False)
        forgive(connection, name_key(name))
        end_all_of(connection, account.id, at=at, why="password changed")
        append(connection, [NewEvent("person.password", account.id, {"version": version})],
               actor=account.actor, at=at)  # fmt: skip
        return renew(connection, token, session, at=at, rules=rules)


def start_second_factor(
    db: Database, token: str, *, keys: Keys, at: str, rules: DoorRules
) -> tuple[str, str]:
    """A fresh secret and its address for an authenticator program; shown once, not yet in force."""
    secret = totp.new_secret()
    with db.write() as connection:
        account, session = _still(connection, token, at, rules)
        if session.stage == PASSWORD or account.second_factor:
            raise PolicyError("a second factor cannot be set up now", field=session.stage,
                              remedy="change a given password first; to replace a second factor, "
                                     "have the security administrator reset it")  # fmt: skip
        change_account(connection, account, totp=seal(keys, secret, about_totp(account.id)))
    return secret, totp.uri(secret, account.name)


def waiting_second_factor(
    db: Database, token: str, *, keys: Keys, at: str, rules: DoorRules
) -> tuple[str, str] | None:
    """The secret that was started and not confirmed yet, as `start_second_factor` tells it."""
    with db.read() as connection:
        account, session = _still(connection, token, at, rules)
        row = account_row(connection, account.name)
    if session.stage == PASSWORD or row is None or row.totp is None or row.totp_on:
        return None
    secret = opened(keys, row.totp, about_totp(account.id))
    return secret, totp.uri(secret, account.name)


def confirm_second_factor(
    db: Database, token: str, code: str, *, keys: Keys, at: str, rules: DoorRules
) -> str:
    """Put the second factor in force by its first code; the session's next token."""
    with db.write() as connection:
        account, session = _still(connection, token, at, rules)
        row = account_row(connection, account.name)
        step = None
        if row is not None and row.totp is not None and not row.totp_on:
            step = totp.matching_step(opened(keys, row.totp, about_totp(account.id)), code, at,
                                      after=row.totp_step)  # fmt: skip
        if step is None:
            raise PolicyError("the code does not fit · 验证码不符", field="code",
                              remedy="take the next code; check that the clock is right")  # fmt: skip
        version = change_account(connection, account, totp_on=True, totp_step=step)
        append(connection, [NewEvent("person.second_factor", account.id, {"version": version})],
               actor=account.actor, at=at)  # fmt: skip
        return renew(connection, token, session, at=at, rules=rules)


def own_sessions(
    db: Database, token: str, *, at: str, rules: DoorRules
) -> tuple[Session, tuple[Session, ...]]:
    """The session of the token, and every one of the same person, the latest first."""
    with db.read() as connection:
        mine = _still(connection, token, at, rules)[1]
        return mine, live_sessions_of(connection, mine.account, at, rules)


def end_own(
    db: Database, token: str, name: str | None, *, at: str, rules: DoorRules
) -> tuple[str, ...]:
    """End one's own session of this id, or with `None` all but this one; the ids of those ended."""
    with db.write() as connection:
        mine = _still(connection, token, at, rules)[1]
        held = [one.id for one in live_sessions_of(connection, mine.account, at, rules)]
        ended = [one for one in held if (one == name if name else one != mine.id)]
        end_named(connection, ended, at=at, why="ended by the person")
        made = [NewEvent("session.ended", one, {"why": "ended by the person"}) for one in ended]
        append(connection, made, actor=mine.account.actor, at=at)
    return tuple(ended)


def need_session(db: Database, token: str, *, at: str, rules: DoorRules) -> Session:
    """The session of a token; `PolicyError` where it does not stand."""
    with db.read() as connection:
        return _still(connection, token, at, rules)[1]


def _still(
    connection: Connection, token: str, at: str, rules: DoorRules
) -> tuple[Account, Session]:
    session = live_session(connection, token, at, rules)
    if session is None:
        raise PolicyError("you are not signed in, or no longer · 未登录或登录已失效", field="session",
                          remedy="sign in again")  # fmt: skip
    return session.account, session
