"""Reading the two sides of a table model: themes, columns, filters, and how rows are joined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from checks._tables.conditions import Scope, read_condition
from checks._tables.keys import Spot, choice, flag, named_table, names, need, table, tables, words
from checks._tables.state import with_state
from checks._tables.terms import KINDS, MATCH_COLUMNS, Condition, Ref, Table
from layers.errors import LayerError
from layers.themes import THEMES, Kind, theme

SUBJECT = ("theme", "columns", "where")
REGISTER = (*SUBJECT, "match", "keys", "join")


def read_sides(entry: Mapping[str, Any], spot: Spot) -> tuple[Table, Table | None]:
    """Themes and columns of both sides, without their filters."""
    subject = _side(need(entry, "subject", spot, '{ theme = "…" }'), SUBJECT, spot.at("subject"))
    if "register" not in entry:
        return subject, None
    return subject, _side(entry["register"], REGISTER, spot.at("register"))


def _side(value: object, known: tuple[str, ...], spot: Spot) -> Table:
    entry = table(value, spot, known)
    said = need(entry, "theme", spot, '"project"')
    several = isinstance(said, list) and "match" not in known
    named = names(said, spot.at("theme")) if several else (words(said, spot.at("theme")),)
    columns: dict[str, Kind] = {}
    for name in named:
        for column, kind in _columns_of(name, spot.at("theme")).items():
            if columns.setdefault(column, kind) != kind:
                raise spot.at("theme").wrong(f"the themes differ in {column!r}", "write two models")
    if len(set(named)) > 1:
        columns["theme"] = "code"
    extra = named_table(entry, "columns", spot)
    for column, kind in extra.items():
        where = spot.at("columns").at(column)
        if column in columns or not column.strip() or len(column) > 60 or set(column) & set("{}"):
            raise where.wrong(f"{column[:60]!r} cannot be declared",
                              "declare columns the theme has not, with plain names")  # fmt: skip
        columns[column] = cast("Kind", choice(kind, where, KINDS))
    if entry.get("match") is True:
        columns |= MATCH_COLUMNS
    return Table(named[0], columns, extra=tuple(extra), also=tuple(dict.fromkeys(named[1:])))


def _columns_of(name: str, spot: Spot) -> dict[str, Kind]:
    try:
        about = theme(name)
    except LayerError as error:
        choice(name, spot, (*THEMES, "record/NAME"))
        raise spot.wrong(error.problem, error.remedy) from error
    if about.derived:
        raise spot.wrong(
            f"layers of theme {name} are made by the program", "use what the files list"
        )
    return with_state({column.name: column.kind for column in about.all_columns})


def read_where(entry: Mapping[str, Any], scope: Scope, spot: Spot) -> Condition | None:
    """The filter of a side: which of its rows are looked at."""
    return read_condition(entry["where"], scope, spot.at("where")) if "where" in entry else None


def read_keys(
    entry: Mapping[str, Any], scope: Scope, spot: Spot
) -> tuple[tuple[tuple[Ref, Ref], ...], bool]:
    """Pairs of key columns, and whether all of them must agree; none where rows are matched."""
    matched = flag(entry.get("match", False), spot.at("match"))
    if matched == ("keys" in entry):
        raise spot.wrong("rows are joined in one way", 'write match = true, or keys = [["a", "b"]]')
    join = choice(entry.get("join", "all"), spot.at("join"), ("all", "any"))
    if matched:
        return (), True
    found = []
    for number, pair in enumerate(tables(entry["keys"], spot.at("keys")), 1):
        where = spot.at("keys").item(number)
        parts = tables(pair, where)
        if len(parts) != 2:
            raise where.wrong("a key is a pair of columns", 'write ["column of A", "column of B"]')
        left = scope.ref("column", parts[0], where.item(1))
        right = scope.inside.ref("column", parts[1], where.item(2))
        for ref, place in ((left, where.item(1)), (right, where.item(2))):
            if ref.kind in ("number", "flag"):
                raise place.wrong(
                    f"{ref.name!r} is a {ref.kind}, no key", "join by codes, texts or dates"
                )
        found.append((left, right))
    if not found:
        raise spot.at("keys").wrong(
            "the list is empty", 'write keys = [["credit_code", "credit_code"]]'
        )
    return tuple(found), join == "all"
