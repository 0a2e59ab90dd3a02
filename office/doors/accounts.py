"""Accounts as the store keeps them: reading them, and which roles go together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from layers.errors import ConflictError, PolicyError
from office.actors import ROLES, Actor
from office.door_tables import ACCOUNT, ROLE_GRANT
from office.scope import Grant, Scope

ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
"""Kept apart (三员分立): nobody holds two of them, or one beside a role that works leads."""
ACTIVE, DISABLED = "active", "disabled"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account; `given`: the password is one somebody else chose; `vouched`: it has none,
    an identity provider vouches for the person.
    """

    id: str
    name: str
    state: str
    given: bool
    second_factor: bool
    created_at: str
    version: int
    grants: tuple[Grant, ...]
    vouched: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles it holds somewhere."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in ROLES if role in held)

    @property
    def actor(self) -> Actor:
        """The person as an actor, with the scope of the rights.

        `PolicyError` where roles stand together that may not, whoever wrote them there.
        """
        return Actor(self.name, self.roles, Scope(checked_grants(self.grants)))


def name_key(name: str) -> str:
    """Under which a name is known: wide and narrow, capital and small, spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def checked_name(name: str) -> str:
    """The name as it is kept; `PolicyError` for one that cannot be somebody's."""
    kept = " ".join(unicodedata.normalize("NFKC", name).split())
    odd = any(unicodedata.category(sign).startswith("C") for sign in kept)
    if not kept or len(kept) > _LONGEST or odd or ":" in kept or name_key(kept) == "yicha":
        raise PolicyError("this can be nobody's name", field="name",
                          remedy=f"1 to {_LONGEST} visible characters without a colon")  # fmt: skip
    return kept


def checked_grants(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants, each once; `PolicyError` where none is given or roles do not go together."""
    kept = tuple(sorted(set(grants), key=lambda grant: grant.text()))
    roles = {grant.role for grant in kept}
    wrong = roles - set(ROLES) | roles & {"machine"}
    if wrong or not roles:
        raise PolicyError(f"{', '.join(sorted(wrong)) or 'no role'} is no role of a person",
                          field="role", remedy=f"use some of {', '.join(ROLES[:-1])}")  # fmt: skip
    administrators = roles & set(ADMINISTRATORS)
    if administrators and len(roles) > 1:
        raise PolicyError(f"{' and '.join(sorted(roles))} may not be one person · 三员分立，角色不得兼任",
                          field="role", remedy="give each to an account of its own")  # fmt: skip
    return kept


def account_of(connection: Connection, name: str) -> Account | None:
    """The account of a name."""
    return next(iter(_accounts(connection, ACCOUNT.c.name_key == name_key(name))), None)


def account_by_id(connection: Connection, account_id: str) -> Account:
    """The account of an id that a row names."""
    return next(iter(_accounts(connection, ACCOUNT.c.id == account_id)))


def has_account(connection: Connection, account_id: str) -> bool:
    """Whether there is an account of this id."""
    return connection.scalar(select(ACCOUNT.c.id).where(ACCOUNT.c.id == account_id)) is not None


def accounts_in(connection: Connection) -> list[Account]:
    """Every account, by name."""
    return sorted(_accounts(connection), key=lambda one: one.name)


def need_account(connection: Connection, name: str, version: int | None = None) -> Account:
    """The account of a name (as its `version` was read); `PolicyError`, `ConflictError`."""
    found = account_of(connection, name)
    if found is None:
        raise PolicyError(f"there is no account {name}", field="name",
                          remedy="see `python -m office person list`")  # fmt: skip
    if version is not None and found.version != version:
        raise ConflictError(f"the account of {found.name} was changed meanwhile", field="version",
                            remedy="look at it again, then repeat")  # fmt: skip
    return found


def write_grants(connection: Connection, account_id: str, grants: Sequence[Grant]) -> None:
    """Put these in place of the grants the account has."""
    connection.execute(delete(ROLE_GRANT).where(ROLE_GRANT.c.account_id == account_id))
    connection.execute(insert(ROLE_GRANT), [
        {"account_id": account_id, "role": one.role, "area": one.area or "", "check_id": one.check or ""}
        for one in grants])  # fmt: skip


def change_account(connection: Connection, account: Account, **values: Any) -> int:  # noqa: ANN401
    """Change its row; the version it has afterwards."""
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account.id)
                       .values(version=account.version + 1, **values))  # fmt: skip
    return account.version + 1


def _accounts(connection: Connection, *conditions: Any) -> list[Account]:  # noqa: ANN401
    rows = connection.execute(select(ACCOUNT).where(*conditions)).all()
    query = select(ROLE_GRANT).where(ROLE_GRANT.c.account_id.in_([row.id for row in rows]))
    held: dict[str, list[Grant]] = {}
    for one in connection.execute(query.order_by(*ROLE_GRANT.primary_key.columns)):
        grant = Grant(one.role, one.area or None, one.check_id or None)
        held.setdefault(one.account_id, []).append(grant)
    return [Account(row.id, row.name, row.state, row.given, row.totp_on, row.created_at, row.version,
                    tuple(held.get(row.id, ())), row.password is None) for row in rows]  # fmt: skip
