"""Personal values sealed: masked for everybody, opened by who may, for a reason that is kept.

Who opened what and why stands in the history before the value is handed out; the value never does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from layers.cleaning.privacy import mask
from layers.errors import PolicyError, StoreError
from office.actors import Actor
from office.database import Database
from office.door_tables import ACCOUNT, SEALED
from office.doors.keys import Keys, opened, seal
from office.doors.weighing import about_totp
from office.history import NewEvent, append
from office.policy import may, require
from office.scope import About

KINDS = ("person", "phone", "identity", "address", "text")
"""How a value may be shown: the first sign of a name, the ends of a number, else nothing of it."""
_HIDDEN = "******"
_LEAST_REASON = 4
_NUMBER = re.compile(r"[0-9 +-]{6,}[xX]?")


@dataclass(frozen=True, slots=True)
class Masked:
    """What may be shown of a sealed field."""

    field: str
    mask: str
    at: str
    by: str


def keep_sealed(
    db: Database, subject: str, field: str, value: str, *, kind: str, about: About, keys: Keys,
    actor: Actor, at: str,
) -> Masked:  # fmt: skip
    """Seal a value about a subject (a lead's id), in place of the one there; returns its mask.

    `about`: where the subject lies and what found it; the right to open it is weighed against that.
    """
    with db.write() as connection:
        return keep_sealed_in(connection, subject, field, value, kind=kind, about=about, keys=keys,
                              actor=actor, at=at)  # fmt: skip


def keep_sealed_in(
    connection: Connection, subject: str, field: str, value: str, *, kind: str, about: About, keys: Keys,
    actor: Actor, at: str,
) -> Masked:  # fmt: skip
    """The same inside the caller's write transaction."""
    require(actor, "sealed.keep", scope=about)
    if kind not in KINDS or not value.strip():
        raise PolicyError(f"a value and one of {', '.join(KINDS)} are needed", field=field,
                          remedy="give what is to be sealed, and its kind")  # fmt: skip
    shown = mask_of(value.strip(), kind)
    row = {"subject": subject, "field": field, "mask": shown, "key_id": keys.newest,
           "sealed": seal(keys, value, _bound(subject, field)), "area": about.area,
           "check_id": about.check, "at": at, "sealed_by": actor.name}  # fmt: skip
    connection.execute(delete(SEALED).where(*_this(subject, field)))
    connection.execute(insert(SEALED), [row])
    append(connection, [NewEvent("sealed.kept", subject, {"field": field, "kind": kind})],
           actor=actor, at=at)  # fmt: skip
    return Masked(field, shown, at, actor.name)


def masked_fields(connection: Connection, subject: str) -> tuple[Masked, ...]:
    """What may be shown of a subject's sealed fields, by field."""
    rows = connection.execute(
        select(SEALED).where(SEALED.c.subject == subject).order_by(SEALED.c.field)
    )
    return tuple(Masked(row.field, row.mask, row.at, row.sealed_by) for row in rows)


def unseal(
    db: Database, subject: str, field: str, *, reason: str, keys: Keys, actor: Actor, at: str
) -> str:
    """The value itself, once the history holds who opened it and why.

    Raises `PolicyError` without the right there or without a reason, `StoreError` where nothing is
    sealed, the key is missing or the value was altered.
    """
    told = " ".join(reason.split())
    if len(told) < _LEAST_REASON:
        raise PolicyError("a reason is needed · 需说明启封理由", field="reason",
                          remedy="say what the value is needed for; it is kept")  # fmt: skip
    with db.write() as connection:
        row = connection.execute(select(SEALED).where(*_this(subject, field))).one_or_none()
        about = About() if row is None else About(row.area, row.check_id)
        allowed = may(actor, "sealed.open", scope=about)
        if row is not None and allowed:
            value = opened(keys, row.sealed, _bound(subject, field))
        kind = "sealed.opened" if allowed else "sealed.refused"
        if row is not None or not allowed:
            append(connection, [NewEvent(kind, subject, {"field": field, "reason": told})],
                   actor=actor, at=at)  # fmt: skip
    require(actor, "sealed.open", scope=about)
    if row is None:
        raise StoreError(
            "nothing is sealed here", field=field, remedy="look at the fields there are"
        )
    return value


def seal_anew(db: Database, *, keys: Keys, actor: Actor, at: str) -> int:
    """Seal every value and second factor under the newest key, so that older ones may go; how many."""
    require(actor, "sealed.rekey")
    with db.write() as connection:
        rows = connection.execute(select(SEALED).where(SEALED.c.key_id != keys.newest)).all()
        for row in rows:
            text = _anew(keys, row.sealed, _bound(row.subject, row.field))
            connection.execute(update(SEALED).where(*_this(row.subject, row.field))
                               .values(sealed=text, key_id=keys.newest))  # fmt: skip
        factors = connection.execute(
            select(ACCOUNT.c.id, ACCOUNT.c.totp)
            .where(ACCOUNT.c.totp.is_not(None), ~ACCOUNT.c.totp.startswith(f"{keys.newest}."))).all()  # fmt: skip
        for account_id, totp in factors:
            connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id)
                               .values(totp=_anew(keys, totp, about_totp(account_id))))  # fmt: skip
        count = len(rows) + len(factors)
        append(connection, [NewEvent("sealed.rekeyed", "store", {"key": keys.newest, "fields": count})],
               actor=actor, at=at)  # fmt: skip
    return count


def _anew(keys: Keys, sealed: str, about: str) -> str:
    return seal(keys, opened(keys, sealed, about), about)


def mask_of(value: str, kind: str) -> str:
    """What may be shown of a value."""
    if kind == "person":
        return value[:1] + "**"
    plain = _NUMBER.fullmatch(value) and kind in {"phone", "identity"}
    shown = mask(value, kind) if plain else _HIDDEN
    told = len(shown.replace("*", ""))
    return shown if 0 < told * 3 <= len(value) * 2 else _HIDDEN


def _bound(subject: str, field: str) -> str:
    return f"sealed {subject} {field}"


def _this(subject: str, field: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SEALED.c.subject == subject, SEALED.c.field == field
