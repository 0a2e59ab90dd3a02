"""Who acts: every change and every event names an actor."""

from __future__ import annotations

from dataclasses import dataclass

from layers.errors import PolicyError
from office.scope import Scope

ROLES = ("prosecutor", "field", "reviewer", "system_admin", "security_admin", "auditor", "machine")
"""`machine` is the program acting by itself (a standing watch), or another system by its token;
what it may do stands in the policy table like everybody else's rights."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the machine) as named in the history; `roles` of `ROLES`.

    `scope` says where the roles hold; without one they hold everywhere.
    """

    name: str
    roles: tuple[str, ...]
    scope: Scope | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise PolicyError("nobody is named as the person who acts", field="actor",
                              remedy="give your name (--by NAME)")  # fmt: skip
        unknown = set(self.roles) - set(ROLES)
        if unknown or not self.roles:
            raise PolicyError(f"{', '.join(sorted(unknown)) or 'no role'} is not a role",
                              field="role", remedy=f"use one of {', '.join(ROLES)}")  # fmt: skip


MACHINE = Actor("yicha", ("machine",))
"""The program itself, where nobody pressed a button."""
