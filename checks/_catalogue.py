"""The catalogue: every check in this package, found by walking it. No list is edited."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from checks._pack import Limits
from checks._records import Check, Finding, Undecided
from layers import LayerSet
from layers.errors import RuleError


class Find(Protocol):
    """What a check does: look at the layers of one day and say what it finds."""

    def __call__(
        self, layers: LayerSet, limits: Limits, on_date: str, *, all_subjects: bool = False
    ) -> Iterator[Finding | Undecided]:
        """Yield findings, and what could not be decided."""


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """A check of the catalogue: its manifest, its function, the module it stands in."""

    check: Check
    find: Find
    module: str


@cache
def catalogue() -> dict[str, CheckEntry]:
    """Every check by id, in the order of the file names (names beginning with `_` are skipped).

    Raises `RuleError` where a file of the package is not a check or an id repeats.
    """
    found: dict[str, CheckEntry] = {}
    package = __package__ or "checks"
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if info.name.startswith("_"):
            continue
        entry = _entry(f"{package}.{info.name}")
        if entry.check.id in found:
            raise RuleError(
                f"the id {entry.check.id!r} is used twice",
                remedy="give every check an id of its own",
                file=entry.module,
                field="CHECK.id",
            )
        found[entry.check.id] = entry
    return found


def get_check(name: str) -> CheckEntry:
    """The check called `name`; raises `RuleError` naming the known ones."""
    try:
        return catalogue()[name]
    except KeyError:
        raise RuleError(
            f"there is no check {name!r}",
            remedy=f"use one of {', '.join(catalogue())}",
            field="check",
        ) from None


def _entry(module_name: str) -> CheckEntry:
    module = importlib.import_module(module_name)
    check, find = getattr(module, "CHECK", None), getattr(module, "find", None)
    if not isinstance(check, Check) or not callable(find):
        raise RuleError(
            "this file is not a check",
            remedy="give it CHECK = Check(…) and find(layers, limits, on_date), "
            "or a name beginning with an underscore",
            file=module_name,
        )
    return CheckEntry(check, find, module_name)
