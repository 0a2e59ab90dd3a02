"""Reading the limits a table model declares: data like every limit, open to a rule pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks._records import Limit
from checks._rulebook.rule import COMPARATORS, UNITS, Document, Rule
from checks._tables.keys import Spot, both, choice, day, flag, need, number, table, tables, words
from checks._tables.values import fresh_name
from checks._text import Text

_KEYS = ("title", "unit", "national")
_NATIONAL = ("value", "comparator", "from", "to", "document", "number", "article", "source",
             "retrieved", "verified", "note")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeclaredLimits:
    """The limits of one model by name, as the manifest has them and as people read them."""

    limits: tuple[Limit, ...]
    titles: Mapping[str, Text]


def read_limits(value: object, check: str, spot: Spot) -> DeclaredLimits:
    """The table `[limits]` of the model `check`; raises `RuleError`."""
    if not isinstance(value, dict):
        raise spot.wrong("this is not a table", "write [limits.NAME]")
    limits, titles = [], {}
    for name, one in value.items():
        where = spot.at(name)
        fresh_name(name, where, ())
        entry = table(one, where, _KEYS)
        titles[name] = both(
            need(entry, "title", where, '{ zh = "…", en = "…" }'), where.at("title")
        )
        unit = choice(need(entry, "unit", where, '"days"'), where.at("unit"), UNITS)
        national = tuple(
            _national(entry.get("national", []), check, name, unit, where.at("national"))
        )
        limits.append(Limit(name, national, unit=unit, title=titles[name]))
    return DeclaredLimits(tuple(limits), titles)


def _national(value: object, check: str, name: str, unit: str, spot: Spot) -> Iterator[Rule]:
    for place, one in enumerate(tables(value, spot), 1):
        where = spot.item(place)
        entry = table(one, where, _NATIONAL)
        begins = day(need(entry, "from", where, "2021-06-01"), where.at("from"))
        ends = day(entry.get("to", "9999-12-31"), where.at("to"))
        if begins > ends:
            raise where.at("to").wrong("the limit ends before it begins", "correct from or to")
        yield Rule(
            id=f"national:{check}:{name}:{begins}", check=check, school_class=name,
            value=_value(need(entry, "value", where, "30"), where.at("value")), unit=unit,
            comparator=choice(need(entry, "comparator", where, '"<"'), where.at("comparator"), COMPARATORS),
            method="", origin="", in_force_from=begins, in_force_to=ends,
            document=_document(entry, where), national=True,
            verified=flag(need(entry, "verified", where, "false"), where.at("verified")),
            article=words(entry["article"], where.at("article")) if "article" in entry else "",
            note=both(entry["note"], where.at("note")) if "note" in entry else None,
        )  # fmt: skip


def _document(entry: Mapping[str, Any], spot: Spot) -> Document:
    return Document(
        words(need(entry, "document", spot, '"…"'), spot.at("document")),
        words(entry["number"], spot.at("number")) if "number" in entry else "",
        words(need(entry, "source", spot, '"mem"'), spot.at("source")),
        day(need(entry, "retrieved", spot, "2026-11-22"), spot.at("retrieved")),
        flag(entry.get("verified", False), spot.at("verified")),
    )


def _value(value: object, spot: Spot) -> float:
    found = number(value, spot)
    if found < 0:
        raise spot.wrong("a limit is not below zero", "write a number such as 30")
    return found
