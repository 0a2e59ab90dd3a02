"""The policy table: which role may do which operation. The only place that asks for a role.

The table is `data/policy.toml`, one `[group.operation]` each; an operation that stands not in it is
an error, a role that stands not in its list may not. Where the actor's roles hold only in a scope, it
is weighed too, unless the operation is about no place (`everywhere = true`). To ask without saying
what is touched is to ask for everything: a scoped actor may not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, false, true

from layers.errors import PolicyError
from office.actors import ROLES, Actor
from office.scope import About

FILE = Path(__file__).resolve().parent.parent / "data" / "policy.toml"


@dataclass(frozen=True, slots=True)
class Right:
    """One operation: its name (`lead.dismiss`), its words, the roles that may do it.

    `everywhere`: it is about no place and no check, so no scope is weighed.
    """

    operation: str
    zh: str
    en: str
    roles: frozenset[str]
    everywhere: bool = False


Policy = Mapping[str, Right]
"""Rights by the name of the operation."""


@cache
def load_policy(path: Path = FILE) -> Policy:
    """The policy table; `PolicyError` names the entry that is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PolicyError(f"the policy table cannot be read: {error}", file=path,
                          remedy="put the file back as it came, or mend it") from error  # fmt: skip
    return {right.operation: right for right in _rights(table, path)}


def may(
    actor: Actor, operation: str, *, scope: About | str | None = None, policy: Policy | None = None
) -> bool:
    """Whether the person may do it to what `scope` names (a text is an administrative code).

    Without `scope` everything is asked for. For a button before anything is chosen ask
    `may_somewhere`, for the rows of a table `rows_allowed`.
    """
    right = _right_of(operation, policy)
    held = right.roles.intersection(actor.roles)
    if not held or actor.scope is None:
        return bool(held)
    if right.everywhere:
        return actor.scope.holds(held, operation)
    about = About(area=scope) if isinstance(scope, str) else scope
    return actor.scope.covers(held, operation, about)


def may_somewhere(actor: Actor, operation: str, *, policy: Policy | None = None) -> bool:
    """Whether there is anything at all to which the person may do it."""
    held = _right_of(operation, policy).roles.intersection(actor.roles)
    return bool(held) and (actor.scope is None or actor.scope.holds(held, operation))


def rows_allowed(
    actor: Actor, operation: str, area: ColumnElement[Any], check: ColumnElement[Any],
    *, policy: Policy | None = None,
) -> ColumnElement[bool]:  # fmt: skip
    """The rows the person may do it to, as a condition on a table's columns of code and check."""
    right = _right_of(operation, policy)
    held = right.roles.intersection(actor.roles)
    if not held or actor.scope is None or right.everywhere:
        return true() if may(actor, operation, policy=policy) else false()
    return actor.scope.rows(held, operation, area, check)


def require(
    actor: Actor, operation: str, *, scope: About | str | None = None, policy: Policy | None = None
) -> None:
    """`PolicyError` naming the missing right where the person may not do it."""
    table = load_policy() if policy is None else policy
    if may(actor, operation, scope=scope, policy=table):
        return
    right = table[operation]
    who = ", ".join(role for role in ROLES if role in right.roles) or "nobody"
    here, where = "", ""
    if may_somewhere(actor, operation, policy=table):
        here, where = "（超出授权范围）", " outside the scope of your rights"
    raise PolicyError(
        f"{actor.name} ({', '.join(actor.roles)}) may not {right.en}{where} · 无权{right.zh}{here}",
        field=operation, remedy=f"ask somebody with one of the roles: {who}")  # fmt: skip


def require_somewhere(actor: Actor, operation: str, *, policy: Policy | None = None) -> None:
    """`PolicyError` where there is nothing at all to which the person may do it.

    Asked first; what is touched is weighed once it is known (`require` with its scope).
    """
    if not may_somewhere(actor, operation, policy=policy):
        require(actor, operation, policy=policy)


def _right_of(operation: str, policy: Policy | None) -> Right:
    right = (load_policy() if policy is None else policy).get(operation)
    if right is None:
        raise PolicyError(f"there is no operation {operation}", file=FILE, field=operation,
                          remedy="add it to the policy table with the roles that may do it")  # fmt: skip
    return right


def _rights(table: Mapping[str, Any], path: Path) -> Iterator[Right]:
    for group, operations in table.items():
        for name, entry in operations.items() if isinstance(operations, dict) else ((group, None),):
            yield _right(f"{group}.{name}", entry, path)


def _right(operation: str, entry: object, path: Path) -> Right:
    if not isinstance(entry, dict) or set(entry) - {"everywhere"} != {"zh", "en", "roles"}:
        raise PolicyError("an operation has zh, en and roles, and at most everywhere besides",
                          file=path, field=operation, remedy='write [group.operation], then zh = "…", en = "…", roles = […]')  # fmt: skip
    roles = entry["roles"]
    unknown = [role for role in roles if role not in ROLES] if isinstance(roles, list) else [roles]
    if unknown:
        raise PolicyError(f"{unknown[0]} is not a role", file=path, field=operation,
                          remedy=f"use some of {', '.join(ROLES)}")  # fmt: skip
    everywhere = entry.get("everywhere", False)
    if not isinstance(everywhere, bool):
        raise PolicyError("everywhere is true or false", file=path, field=operation,
                          remedy="leave it out where the operation is about a place")  # fmt: skip
    return Right(operation, str(entry["zh"]), str(entry["en"]), frozenset(roles), everywhere)
