"""Reading a table model: a TOML file becomes a manifest and what its `find` needs, or a `RuleError`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from checks._tables.clauses import read_class, read_clauses, read_show, read_text
from checks._tables.conditions import Scope
from checks._tables.facts import used
from checks._tables.keys import Spot, flag, named_table, names, need, table, words
from checks._tables.limits import read_limits
from checks._tables.manifest import read_manifest
from checks._tables.sides import read_keys, read_sides, read_where
from checks._tables.terms import LimitRef, Model, Ref
from checks._tables.values import fresh_name, read_values
from layers.errors import RuleError

KEYS = ("id", "title", "why", "level", "since", "people", "show", "law", "verify", "pitfalls",
        "subject", "register", "words", "limits", "values", "verdicts", "otherwise")  # fmt: skip
HIDDEN = ("id", "name", "address")
"""Columns that tell who somebody is: no text or fact of a model about people shows them."""
_LARGEST = 1 << 18  # bytes of a model
_ID = re.compile(r"[a-z][a-z0-9-]{1,59}")


def read_model(path: Path) -> Model:
    """The model in a file; raises `RuleError` naming file, key and remedy."""
    try:
        if path.stat().st_size > _LARGEST:
            raise RuleError("this is no table model (too large)", remedy="split it", file=path)
        raw = path.read_bytes()
    except OSError as error:
        raise RuleError(f"the file cannot be read ({type(error).__name__})",
                        remedy="check the path and who may read it", file=path) from error  # fmt: skip
    return parse_model(raw, path)


def parse_model(raw: bytes, path: Path) -> Model:
    """The model written in `raw` (TOML, UTF-8); raises `RuleError`."""
    try:
        found = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RuleError(f"this is not a TOML file in UTF-8 ({error})",
                        remedy="compare with docs/adding-a-check.md", file=path) from error  # fmt: skip
    return model_of(found, path)


def model_of(value: Mapping[str, Any], path: Path) -> Model:
    """The model written as a table; raises `RuleError`."""
    spot = Spot(path)
    entry = table(value, spot, KEYS)
    name = words(need(entry, "id", spot, f'"{path.stem}"'), spot.at("id"))
    if not _ID.fullmatch(name) or name != path.stem:
        raise spot.at("id").wrong(f"the id {name[:60]!r} is not the name of the file",
                                  "name the file ID.toml, with small letters, digits and hyphens")  # fmt: skip
    limits = read_limits(entry.get("limits", {}), name, spot.at("limits"))
    subject, register = read_sides(entry, spot)
    lists = _word_lists(entry, spot)
    scope = Scope(
        subject.columns, register.columns if register else None, tuple(limits.titles), lists
    )
    values = tuple(read_values(entry.get("values", {}), scope, spot.at("values")))
    whole = replace(scope, subject={**scope.subject, **{one.name: one.kind for one in values}})
    for limit in limits.titles:
        fresh_name(limit, spot.at("limits").at(limit), tuple(whole.subject))
    keys: tuple[tuple[Ref, Ref], ...] = ()
    every = True
    subject = replace(subject, where=read_where(entry["subject"], scope, spot.at("subject")))
    if register:
        place = spot.at("register")
        keys, every = read_keys(entry["register"], scope, place)
        register = replace(register, where=read_where(entry["register"], scope.inside, place))
    people = flag(entry.get("people", False), spot.at("people"))
    told = _told(whole, keys, people=people)
    rest = table(entry.get("otherwise", {}), spot.at("otherwise"), ("zh", "en", "class"))
    said = {lang: rest[lang] for lang in ("zh", "en") if lang in rest}
    model = Model(
        read_manifest(entry, (subject, register), limits.limits, spot), subject, register, keys, every, values,
        tuple(read_clauses(need(entry, "verdicts", spot, "[ … ]"), whole, told, spot.at("verdicts"))),
        read_text(said, told, spot.at("otherwise")) if said else None,
        read_class(rest, "in_order", spot.at("otherwise")), people,
        read_show(entry.get("show", []), told, spot.at("show")), limits.titles,
    )  # fmt: skip
    _refuse_unused(model, spot)
    return model


def _word_lists(entry: Mapping[str, Any], spot: Spot) -> dict[str, tuple[str, ...]]:
    found, where = named_table(entry, "words", spot), spot.at("words")
    return {
        fresh_name(key, where.at(key), ()): names(one, where.at(key)) for key, one in found.items()
    }


def _told(scope: Scope, keys: tuple[tuple[Ref, Ref], ...], *, people: bool) -> Scope:
    """The names that texts may show: of people neither names nor keys."""
    if not people:
        return scope
    hidden = {*HIDDEN, *(left.name for left, _ in keys)}
    return replace(scope, subject={n: kind for n, kind in scope.subject.items() if n not in hidden})


def _refuse_unused(model: Model, spot: Spot) -> None:
    """A limit nothing looks at is a slip: it would seem to hold and change nothing."""
    seen = {one.name for one in used(model) if isinstance(one, LimitRef)}
    for name in model.limit_titles:
        if name not in seen:
            raise spot.at("limits").at(name).wrong("no condition uses this limit",
                                                   f'use {{ limit = "{name}" }}, or take it out')  # fmt: skip
