"""Where and about what a right holds: role × administrative area × check.

A `Scope` belongs to who acts, an `About` to what is touched. Without a scope a right holds
everywhere; with one it holds where a grant of the role covers what is touched. What has no
administrative code or no check is covered only by a grant without that limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from layers.errors import PolicyError

_AREA = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}")


def stem(code: str) -> str:
    """The digits that tell: `990123` → itself, `990100` → `9901`, `990000` → `99`."""
    digits = code[:6]
    while len(digits) > 2 and digits.endswith("00"):
        digits = digits[:-2]
    return digits + code[6:]


def area_stem(area: str) -> str:
    """The same for an area of 2 to 12 digits; `990123000000` → `990123`. `PolicyError` for others."""
    if not _AREA.fullmatch(area) or area.startswith("00"):
        raise PolicyError(f"{area!r} is no administrative code", field="area",
                          remedy="give 2, 4, 6, 9 or 12 digits, such as 430102 or 430100")  # fmt: skip
    while len(area) > 6 and area.endswith("000"):
        area = area[:-3]
    return area if len(area) > 6 else stem(area)


@dataclass(frozen=True, slots=True)
class About:
    """What an operation touches: the administrative code of its place, the check it came from."""

    area: str | None = None
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over an area (None: everywhere) for a check (None: every check)."""

    role: str
    area: str | None = None
    check: str | None = None

    def __post_init__(self) -> None:
        if self.area is not None:
            area_stem(self.area)

    def covers(self, about: About) -> bool:
        """Whether what is touched lies within."""
        if self.check is not None and about.check != self.check:
            return False
        return self.area is None or (about.area or "").startswith(area_stem(self.area))

    def text(self) -> str:
        """`role[@area][/check]`, as commands take it."""
        return (self.role + (f"@{self.area}" if self.area else "")
                + (f"/{self.check}" if self.check else ""))  # fmt: skip

    def row(self) -> list[str | None]:
        """Role, area, check: as JSON keeps it."""
        return [self.role, self.area, self.check]


@dataclass(frozen=True, slots=True)
class Scope:
    """All grants of who acts; `operations` narrows them further (a system's token)."""

    grants: tuple[Grant, ...]
    operations: frozenset[str] | None = None

    def covers(self, roles: Iterable[str], operation: str, about: About | None) -> bool:
        """Whether a grant of one of the roles covers it; `about=None` asks for everything."""
        if not self.allows(operation):
            return False
        asked = About() if about is None else about
        return any(grant.covers(asked) for grant in self._of(roles))

    def allows(self, operation: str) -> bool:
        """Whether the operation is among those the scope is narrowed to."""
        return self.operations is None or operation in self.operations

    def holds(self, roles: Iterable[str], operation: str) -> bool:
        """Whether it holds anywhere at all."""
        return self.allows(operation) and any(self._of(roles))

    def _of(self, roles: Iterable[str]) -> tuple[Grant, ...]:
        wanted = set(roles)
        return tuple(grant for grant in self.grants if grant.role in wanted)

    def rows(
        self,
        roles: Iterable[str],
        operation: str,
        area: ColumnElement[Any],
        check: ColumnElement[Any],
    ) -> ColumnElement[bool]:
        """`covers` as a condition on the rows of a table with these two columns."""
        if not self.allows(operation):
            return false()
        parts = [and_(true(), *_row_condition(grant, area, check)) for grant in self._of(roles)]
        return or_(false(), *parts)


def _row_condition(
    grant: Grant, area: ColumnElement[Any], check: ColumnElement[Any]
) -> Iterable[ColumnElement[bool]]:
    if grant.area is not None:
        yield area.startswith(area_stem(grant.area), autoescape=True)
    if grant.check is not None:
        yield check == grant.check


def parse_grant(text: str) -> Grant:
    """`prosecutor`, `prosecutor@430102`, `reviewer@4301/tobacco-near-school`; `PolicyError` else."""
    found = re.fullmatch(r"(?P<role>[a-z_]+)(@(?P<area>\d+))?(/(?P<check>[\w-]+))?", text.strip())
    if found is None:
        raise PolicyError(f"{text!r} is no role with its scope", field="role",
                          remedy="write ROLE, ROLE@AREA or ROLE@AREA/CHECK, such as field@430102")  # fmt: skip
    return Grant(found["role"], found["area"], found["check"])
