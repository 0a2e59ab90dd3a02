"""Reading conditions and operands of a table model: structure only, no code and no patterns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from checks._tables.keys import Spot, choice, day, flag, names, need, number, table, tables
from checks._tables.terms import (
    EQUAL,
    OPERATORS,
    ORDERED,
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Day,
    InForce,
    LimitRef,
    Missing,
    Not,
    Operand,
    Ref,
    Side,
    Some,
    Words,
)
from layers.cleaning.text import normalise
from layers.licence_keys import code_keys, name_keys
from layers.themes import Kind

HEADS = ("all", "any", "not", "register", "limit", "column", "subject")
EXTRA = ("where", "apart_from", "in_force")
_DEEPEST, _LONGEST_WORD, _FARTHEST = 12, 40, 100_000
_COMPARED = {"number": ("number",), "date": ("date",), "flag": ("flag",),
             "text": ("text", "code"), "code": ("text", "code")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """The names a condition may use: columns by side, limits, lists of words.

    `joined` is true inside `register`: there `column` is the register's and `subject` the
    subject's; elsewhere `column` is the subject's, or a value of the model.
    """

    subject: Mapping[str, Kind]
    register: Mapping[str, Kind] | None
    limits: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    joined: bool = False

    def ref(self, key: str, name: object, spot: Spot) -> Ref:
        """The column called `name`; `key` is `column` or `subject`."""
        side: Side = "register" if self.joined and key == "column" else "subject"
        columns = (self.register or {}) if side == "register" else self.subject
        found = choice(name, spot, columns)
        return Ref(side, found, columns[found])

    @property
    def inside(self) -> Scope:
        """The scope of a condition on joined rows."""
        return replace(self, joined=True)


def read_condition(value: object, scope: Scope, spot: Spot, depth: int = 0) -> Condition:
    """The condition written as a table; raises `RuleError`."""
    if depth > _DEEPEST:
        raise spot.wrong("conditions are nested too deeply", "split the condition")
    entry = table(value, spot, (*HEADS, *OPERATORS, *EXTRA))
    heads = [head for head in HEADS if head in entry]
    if len(heads) != 1:
        if heads == ["column", "subject"]:
            raise spot.wrong("column and subject in one condition",
                             'compare them: { column = "a", is = { subject = "b" } }')  # fmt: skip
        raise spot.wrong("this is not a condition", f"begin it with one of {', '.join(HEADS)}")
    head = heads[0]
    if head in ("all", "any", "not"):
        return _combined(head, table(value, spot, (head,))[head], scope, spot.at(head), depth)
    if head == "register":
        return _some(entry, scope, spot, depth)
    if head == "limit":
        table(entry, spot, ("limit", "in_force"))
        ref = LimitRef(choice(entry["limit"], spot.at("limit"), scope.limits))
        return InForce(ref, flag(need(entry, "in_force", spot, "true"), spot.at("in_force")))
    if head == "subject" and not scope.joined:
        raise spot.at("subject").wrong("subject belongs inside register", "write column = …")
    return _comparison(head, entry, scope, spot)


def read_operand(value: object, kind: Kind, scope: Scope, spot: Spot) -> Operand:
    """What a column is compared with: a constant, `{ column = … }`, `{ limit = … }`, `{ day = … }`."""
    if not isinstance(value, dict):
        return _constant([value], kind, spot)
    entry = table(value, spot, ("column", "subject", "limit", "day"))
    if len(entry) != 1:
        raise spot.wrong(
            "this is not one thing", "write { column = … }, { limit = … } or { day = 0 }"
        )
    (key, said), where = *entry.items(), spot.at(*entry)
    if key == "limit":
        return LimitRef(choice(said, where, scope.limits))
    if key == "day":
        shift = number(said, where)
        if abs(shift) > _FARTHEST or shift != int(shift):
            raise where.wrong("this is not a number of days", "write { day = 0 } or { day = -30 }")
        return Day(int(shift))
    if key == "subject" and not scope.joined:
        raise where.wrong("subject belongs inside register", "write { column = … }")
    return scope.ref(key, said, where)


def _combined(head: str, value: object, scope: Scope, spot: Spot, depth: int) -> Condition:
    if head == "not":
        return Not(read_condition(value, scope, spot, depth + 1))
    parts = tuple(read_condition(one, scope, spot.item(n), depth + 1)
                  for n, one in enumerate(tables(value, spot), 1))  # fmt: skip
    if not parts:
        raise spot.wrong("the list is empty", "write at least one condition")
    return All(parts) if head == "all" else AnyOf(parts)


def _some(entry: Mapping[str, Any], scope: Scope, spot: Spot, depth: int) -> Condition:
    table(entry, spot, ("register", "where"))
    said = choice(entry["register"], spot.at("register"), ("some", "none"))
    if scope.register is None or scope.joined:
        raise spot.at("register").wrong(
            "there is no register to look into here",
            "add [register], or write the condition without it",
        )
    where = None
    if "where" in entry:
        where = read_condition(entry["where"], scope.inside, spot.at("where"), depth + 1)
    return Some(where) if said == "some" else Not(Some(where))


def _comparison(head: str, entry: Mapping[str, Any], scope: Scope, spot: Spot) -> Condition:
    table(entry, spot, (head, *OPERATORS, *(("apart_from",) if "contains_any" in entry else ())))
    said = [op for op in OPERATORS if op in entry]
    if len(said) != 1:
        raise spot.wrong("a condition has one operator", f"use one of {', '.join(OPERATORS)}")
    op, left = said[0], scope.ref(head, entry[head], spot.at(head))
    value, where = entry[op], spot.at(op)
    if op == "missing":
        return Missing(left, flag(value, where))
    if op == "contains_any":
        _need_kind(left, ("text", "code"), op, where)
        apart = entry.get("apart_from")
        but = _words(apart, scope, spot.at("apart_from")) if apart is not None else ()
        return Words(left, _words(value, scope, where), but)
    if op == "older_than_days":
        _need_kind(left, ("date",), op, where)
        return Compare(left, op, read_operand(value, "number", scope, where))
    if op in ORDERED:
        _need_kind(left, ("number", "date"), op, where)
    if op in ("in", "not_in"):
        return Compare(left, op, _constant(tables(value, where), left.kind, where))
    right = read_operand(value, left.kind, scope, where)
    if right.kind not in _COMPARED[left.kind]:
        raise where.wrong(f"a {left.kind} is compared with a {right.kind}",
                          f"compare {left.name!r} with a {left.kind}")  # fmt: skip
    if isinstance(right, LimitRef) and op in EQUAL:
        raise where.wrong("a limit has a direction", f"use one of {', '.join(ORDERED)}")
    return Compare(left, op, right)


def _need_kind(left: Ref, kinds: tuple[str, ...], op: str, spot: Spot) -> None:
    if left.kind not in kinds:
        raise spot.wrong(f"{op} does not go with {left.name!r}, which is a {left.kind}",
                         f"use it with a {' or '.join(kinds)}, or another operator")  # fmt: skip


def _words(value: object, scope: Scope, spot: Spot) -> tuple[str, ...]:
    found = (
        scope.words[choice(value, spot, scope.words)]
        if isinstance(value, str)
        else names(value, spot)
    )
    for word in found:
        if len(word) > _LONGEST_WORD or not normalise(word):
            raise spot.wrong(
                f"a word has 1 to {_LONGEST_WORD} characters", "shorten it, or take it out"
            )
    return found


def _constant(values: list[Any], kind: Kind, spot: Spot) -> Constant:
    if not values:
        raise spot.wrong("the list is empty", "write at least one value")
    return Constant(tuple(_one(value, kind, spot) for value in values), kind)


def _one(value: object, kind: Kind, spot: Spot) -> str | float | bool:
    if kind == "number":
        return number(value, spot)
    if kind == "flag":
        return flag(value, spot)
    if kind == "date":
        return day(value, spot)
    text = names([value], spot)[0]
    keys = code_keys if kind == "code" else name_keys
    if keys(pd.Series([text], dtype=object)).isna().all():
        raise spot.wrong(f"{text!r} says nothing", "write a word, or use missing = true")
    return text
