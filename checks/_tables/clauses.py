"""Reading the verdicts of a table model: the lines in their order, and their texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from checks._tables.conditions import Scope, read_condition
from checks._tables.keys import Spot, both, choice, need, table, tables, words
from checks._tables.terms import Clause, Ref
from checks._tables.text import PLACEHOLDER
from checks._tables.values import NAME
from checks._text import Text

CLAUSE = ("verdict", "class", "when", "says")
VERDICTS = ("inside", "borderline", "undecided", "outside")


def read_clauses(value: object, scope: Scope, told: Scope, spot: Spot) -> Iterator[Clause]:
    """The lines of the verdicts, in their order; `told` are the names their texts may show."""
    entries = tables(value, spot)
    if not entries:
        raise spot.wrong("the list is empty", "say at least when the verdict is inside")
    for number, one in enumerate(entries, 1):
        where = spot.item(number)
        clause = table(one, where, CLAUSE)
        verdict = choice(need(clause, "verdict", where, '"inside"'), where.at("verdict"), VERDICTS)
        name = read_class(clause, verdict, where)
        when = read_condition(need(clause, "when", where, "{ … }"), scope, where.at("when"))
        says = read_text(
            need(clause, "says", where, '{ zh = "…", en = "…" }'), told, where.at("says")
        )
        yield Clause(cast("Any", verdict), name, when, says)


def read_class(entry: Mapping[str, Any], default: str, spot: Spot) -> str:
    """The class under which a line is listed."""
    name = words(entry.get("class", default), spot.at("class"))
    if not NAME.fullmatch(name):
        raise spot.at("class").wrong(f"{name[:40]!r} is not a name", 'write class = "expired"')
    return name


def read_text(value: object, scope: Scope, spot: Spot) -> Text:
    """A text whose placeholders all name something."""
    text = both(value, spot)
    for lang in ("zh", "en"):
        for name in PLACEHOLDER.findall(text.of(lang)):
            choice(name, spot.at(lang), (*scope.subject, *scope.limits, "day", "words"))
    return text


def read_show(value: object, scope: Scope, spot: Spot) -> tuple[Ref, ...]:
    """Columns that findings are to carry beside those the model looks at."""
    told = enumerate(tables(value, spot), 1)
    return tuple(scope.ref("column", one, spot.item(number)) for number, one in told)
