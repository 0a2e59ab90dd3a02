"""The figures the doors are kept by (`data/doors.toml`), and reckoning with times as text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from layers.errors import RuleError
from office.actors import ROLES

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "doors.toml"
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class DoorRules:
    """`section_name` of the file; what each means stands there."""

    session_idle_s: int
    session_absolute_s: int
    session_touch_s: int
    session_skew_s: int
    session_each: int
    attempts_before_lock: int
    attempts_first_lock_s: int
    attempts_most_lock_s: int
    attempts_forget_s: int
    attempts_source_before_lock: int
    attempts_source_most_lock_s: int
    password_least: int
    password_given_days: int
    password_first_code_hours: int
    second_factor_roles: tuple[str, ...]
    token_most_days: int
    argon2_time: int
    argon2_memory_kib: int
    argon2_lanes: int


@cache
def load_doors(path: Path = FILE) -> DoorRules:
    """The figures of a file; `RuleError` names the entry that is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(f"the rules of the doors cannot be read: {error}", file=path,
                        remedy="put the file back as it came, or mend it") from error  # fmt: skip
    flat = {f"{section}_{name}": value for section, entries in table.items()
            for name, value in _entries(section, entries, path).items()}  # fmt: skip
    names = {field.name for field in fields(DoorRules)}
    for name in sorted(names ^ set(flat)):
        raise _wrong(f"the entry is {'missing' if name in names else 'unknown'}", name, path)
    return DoorRules(**{name: _checked(name, value, path) for name, value in flat.items()})


def _entries(section: str, entries: object, path: Path) -> Mapping[str, Any]:
    if not isinstance(entries, dict):
        raise _wrong("entries stand in sections", section, path)
    return entries


def _checked(name: str, value: object, path: Path) -> Any:  # noqa: ANN401 - int or names of roles
    if name == "second_factor_roles":
        if isinstance(value, list) and set(value) <= set(ROLES):
            return tuple(value)
        raise _wrong("a list of roles is needed", name, path)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong("a whole number above nought is needed", name, path)
    return value


def _wrong(problem: str, field: str, path: Path) -> RuleError:
    return RuleError(problem, file=path, field=field, remedy="see data/doors.toml as it came")


def moment(at: str) -> datetime:
    """The time a text names (ISO, UTC, seconds); `ValueError` for any other form."""
    return datetime.strptime(at, _FORMAT).replace(tzinfo=UTC)


def later(at: str, seconds: float) -> str:
    """The time so many seconds after (negative: before)."""
    return (moment(at) + timedelta(seconds=seconds)).strftime(_FORMAT)


def seconds_from(start: str, end: str) -> float:
    """Seconds from one time to another; negative where the second is earlier."""
    return (moment(end) - moment(start)).total_seconds()
