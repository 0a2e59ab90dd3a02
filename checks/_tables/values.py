"""Reading the values of a table model: numbers and dates made of joined rows or of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checks._tables.conditions import Scope, read_condition, read_operand
from checks._tables.keys import Spot, choice, need, table, tables
from checks._tables.terms import LimitRef, Operand, Ref, Value
from layers.themes import Kind

OVER_ROWS = ("count", "sum", "max", "min", "latest")
OVER_PAIRS = ("times", "minus", "plus")
MADE = (*OVER_ROWS, *OVER_PAIRS, "days_since")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""The names a model may give: to values, limits, lists of words and classes."""


def read_values(value: object, scope: Scope, spot: Spot) -> Iterator[Value]:
    """Every value in the order written; a later one may use those before it."""
    columns: dict[str, Kind] = dict(scope.subject)
    if not isinstance(value, dict):
        raise spot.wrong(
            "this is not a table", 'write [values], then paid_total = { sum = "paid" }'
        )
    for name, entry in value.items():
        where = spot.at(name)
        fresh_name(name, where, (*columns, *scope.limits))
        seen = Scope(columns, scope.register, scope.limits, scope.words)
        made = _value(name, table(entry, where, (*MADE, "by", "where")), seen, where)
        columns[name] = made.kind
        yield made


def fresh_name(name: str, spot: Spot, taken: tuple[str, ...]) -> str:
    """A name the model gives; it must be plain and new."""
    if not NAME.fullmatch(name):
        raise spot.wrong(
            f"{name[:40]!r} is not a name", "use small letters, digits and _ , such as paid_total"
        )
    if name in taken or name in ("day", "words"):
        raise spot.wrong(
            f"the name {name!r} is taken", "use a name that is neither a column nor a limit"
        )
    return name


def _value(name: str, entry: Mapping[str, Any], scope: Scope, spot: Spot) -> Value:
    said = [how for how in MADE if how in entry]
    if len(said) != 1:
        raise spot.wrong("a value is made in one way", f"use one of {', '.join(MADE)}")
    how = said[0]
    if how in OVER_ROWS:
        return _over_rows(name, how, entry, scope, spot)
    table(entry, spot, (how,))
    if how == "days_since":
        ref = scope.ref("column", entry[how], spot.at(how))
        _need_kind(ref, ("date",), spot.at(how))
        return Value(name, how, "number", ref=ref)
    parts = tables(entry[how], spot.at(how))
    if len(parts) != 2:
        raise spot.at(how).wrong("two things are needed", f'write {how} = ["area_m2", "rate"]')
    found = tuple(_part(one, scope, spot.at(how).item(n)) for n, one in enumerate(parts, 1))
    return Value(name, how, "number", operands=found)


def _part(value: object, scope: Scope, spot: Spot) -> Operand:
    """A number, or the name of a column, value or limit whose kind is a number."""
    if not isinstance(value, str):
        return read_operand(value, "number", scope, spot)
    if value in scope.limits:
        return LimitRef(value)
    numbers = {name: kind for name, kind in scope.subject.items() if kind == "number"}
    choice(value, spot, (*numbers, *scope.limits))
    return Ref("subject", value, "number")


def _over_rows(name: str, how: str, entry: Mapping[str, Any], scope: Scope, spot: Spot) -> Value:
    table(entry, spot, (how, "where", *(("by",) if how == "latest" else ())))
    if scope.register is None:
        raise spot.at(how).wrong(
            "there is no register whose rows could be counted", "add [register]"
        )
    inside = scope.inside
    where = read_condition(entry["where"], inside, spot.at("where")) if "where" in entry else None
    if how == "count":
        if entry[how] is not True:
            raise spot.at(how).wrong("count counts rows", "write count = true")
        return Value(name, how, "number", where=where)
    ref = inside.ref("column", entry[how], spot.at(how))
    if how == "latest":
        by = inside.ref("column", need(entry, "by", spot, '"paid_on"'), spot.at("by"))
        _need_kind(by, ("date",), spot.at("by"))
        return Value(name, how, ref.kind, ref=ref, by=by, where=where)
    _need_kind(ref, ("number",) if how == "sum" else ("number", "date"), spot.at(how))
    return Value(name, how, ref.kind, ref=ref, where=where)


def _need_kind(ref: Ref, kinds: tuple[str, ...], spot: Spot) -> None:
    if ref.kind not in kinds:
        raise spot.wrong(
            f"column {ref.name!r} is a {ref.kind}", f"use a column that is a {' or '.join(kinds)}"
        )
