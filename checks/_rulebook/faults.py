"""Everything that is wrong with a rule pack, field by field, for who writes one; reading stops at the first."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from checks._records import Check
from checks._rulebook.fields import AMOUNT_RULE, DOCUMENT, PACK, RULE, Field
from checks._rulebook.pack import RulePack
from checks._rulebook.reading import (
    _document,
    _known,
    _one_rule,
    _refuse_overlaps,
    _tables,
    _value,
    catalogue_checks,
    parse_pack,
)
from checks._rulebook.rule import Document, Rule
from layers.errors import RuleError

MOST = 200
"""Faults told; a file with more is no rule pack."""
_Made = TypeVar("_Made")


def pack_faults(raw: bytes, path: Path) -> tuple[RulePack | None, tuple[RuleError, ...]]:
    """The pack written in `raw`, or every fault of it (at most `MOST`), in the order of the file."""
    checks = catalogue_checks()
    try:
        return parse_pack(raw, path, checks), ()
    except RuleError as error:
        first = error
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None, (first,)
    found = _Faults(path)
    found.fields(table, PACK, "")
    documents = _documents(table, found)
    rules = _rules(table, documents, found, checks)
    if not found.told:
        found.of(lambda: _refuse_overlaps(rules, path))
    return None, tuple(found.told[:MOST]) or (first,)


class _Faults:
    """Goes on where reading would stop, and keeps what was wrong."""

    def __init__(self, path: Path) -> None:
        self.path, self.told = path, list[RuleError]()

    def of(self, make: Callable[[], _Made]) -> _Made | None:
        """What is made, or nothing and the fault is told (once)."""
        try:
            return make()
        except RuleError as error:
            known = {(one.field, one.problem) for one in self.told}
            if (error.field, error.problem) not in known:
                self.told.append(error)
            return None

    def fields(self, table: Mapping[str, Any], fields: Mapping[str, Field], where: str) -> None:
        """Each key by itself: unknown ones, and values that are none."""
        for key in table:
            self.of(partial(_known, {key: table[key]}, fields, self.path, where))
        for key, field in fields.items():
            self.of(partial(_value, table, key, field, self.path, where))


def _documents(table: Mapping[str, Any], found: _Faults) -> dict[str, Document | None]:
    entries = found.of(lambda: _tables(table.get("documents", {}), found.path, "documents")) or {}
    made: dict[str, Document | None] = {}
    for name, entry in entries.items():
        where = f"documents.{name}"
        found.fields(entry, DOCUMENT, where)
        made[name] = found.of(partial(_document, entry, found.path, where))
    return made


def _rules(
    table: Mapping[str, Any], documents: Mapping[str, Document | None], found: _Faults,
    checks: Mapping[str, Check],
) -> list[Rule]:  # fmt: skip
    entries = table.get("rules", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        found.told.append(RuleError("rules are not a list of tables", field="rules", file=found.path,
                                    remedy="write [[rules]] above each"))  # fmt: skip
        return []
    made = []
    there: dict[str, Any] = dict(documents)  # one that is wrong itself is no fault of its rules
    for number, entry in enumerate(entries, 1):
        found.fields(entry, AMOUNT_RULE if "limit" in entry else RULE, f"rules[{number}]")
        rule = found.of(
            partial(_one_rule, entry, number, "place", there, path=found.path, checks=checks)
        )
        if rule is not None:
            made.append(rule)
    return made
