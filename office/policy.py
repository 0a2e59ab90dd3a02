"""The policy table: which role may do which operation. The only place that asks for a role.

The table is `data/policy.toml`, one `[group.operation]` each; an operation that stands not in it is
an error, a role that stands not in its list may not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from layers.errors import PolicyError
from office.actors import ROLES, Actor

FILE = Path(__file__).resolve().parent.parent / "data" / "policy.toml"


@dataclass(frozen=True, slots=True)
class Right:
    """One operation: its name (`lead.dismiss`), its words, the roles that may do it."""

    operation: str
    zh: str
    en: str
    roles: frozenset[str]


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
    actor: Actor, operation: str, *, scope: str | None = None, policy: Policy | None = None
) -> bool:
    """Whether the person may do it. `scope` (place, check) is not weighed yet."""
    del scope
    right = (load_policy() if policy is None else policy).get(operation)
    if right is None:
        raise PolicyError(f"there is no operation {operation}", file=FILE, field=operation,
                          remedy="add it to the policy table with the roles that may do it")  # fmt: skip
    return not right.roles.isdisjoint(actor.roles)


def require(
    actor: Actor, operation: str, *, scope: str | None = None, policy: Policy | None = None
) -> None:
    """`PolicyError` naming the missing right where the person may not do it."""
    table = load_policy() if policy is None else policy
    if may(actor, operation, scope=scope, policy=table):
        return
    right = table[operation]
    who = ", ".join(role for role in ROLES if role in right.roles) or "nobody"
    raise PolicyError(
        f"{actor.name} ({', '.join(actor.roles)}) may not {right.en} · 无权{right.zh}",
        field=operation, remedy=f"ask somebody with one of the roles: {who}")  # fmt: skip


def _rights(table: Mapping[str, Any], path: Path) -> Iterator[Right]:
    for group, operations in table.items():
        for name, entry in operations.items() if isinstance(operations, dict) else ((group, None),):
            yield _right(f"{group}.{name}", entry, path)


def _right(operation: str, entry: object, path: Path) -> Right:
    if not isinstance(entry, dict) or set(entry) != {"zh", "en", "roles"}:
        raise PolicyError("an operation has exactly zh, en and roles", file=path, field=operation,
                          remedy='write [group.operation], then zh = "…", en = "…", roles = […]')  # fmt: skip
    roles = entry["roles"]
    unknown = [role for role in roles if role not in ROLES] if isinstance(roles, list) else [roles]
    if unknown:
        raise PolicyError(f"{unknown[0]} is not a role", file=path, field=operation,
                          remedy=f"use some of {', '.join(ROLES)}")  # fmt: skip
    return Right(operation, str(entry["zh"]), str(entry["en"]), frozenset(roles))
