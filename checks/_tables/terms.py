"""A table model as data: what it looks at, how rows are joined, and which row says what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from checks._records import Check, Verdict
from checks._text import Text
from layers.themes import Kind

Side = Literal["subject", "register"]
KINDS: tuple[Kind, ...] = ("text", "code", "number", "date", "flag")
ORDERED = ("below", "at_most", "above", "at_least")
EQUAL = ("is", "is_not", "in", "not_in")
OPERATORS = (*EQUAL, *ORDERED, "older_than_days", "contains_any", "missing")


@dataclass(frozen=True, slots=True)
class Ref:
    """A column of the subject or of the register, or a value the model computes (of the subject)."""

    side: Side
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class LimitRef:
    """The number of a limit in force that day; a percentage counts as a share of one."""

    name: str
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Day:
    """The day the check is run for, so many days later (or earlier)."""

    shift: int
    kind: Kind = "date"


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text, flag or ISO date written in the model; several for `in`."""

    values: tuple[str | float | bool, ...]
    kind: Kind


Operand = Ref | LimitRef | Day | Constant

MATCH_COLUMNS: Mapping[str, Kind] = {
    "match_reasons": "text", "match_score": "number", "match_metres": "number",
}  # fmt: skip
"""What a matching says of a joined row, as columns of the register: codes of
`layers.matching.REASONS`, the probability, and the distance in metres."""


@dataclass(frozen=True, slots=True)
class Compare:
    """`left` stands to `right` as `op` says; unknown where either is missing."""

    left: Ref
    op: str
    right: Operand


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether a cell is empty; never unknown."""

    left: Ref
    empty: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Whether a text holds one of some plain words, the phrases in `apart_from` left out first."""

    left: Ref
    words: tuple[str, ...]
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InForce:
    """Whether a limit is in force that day; never unknown."""

    limit: LimitRef
    wanted: bool


@dataclass(frozen=True, slots=True)
class Some:
    """Whether a joined row of the register exists for which `where` holds."""

    where: Condition | None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = Compare | Missing | Words | InForce | Some | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the subject: over joined rows (`count`, `sum` … of `ref`) or of two operands.

    `by` is the date column of `latest`; `operands` belong to `times`, `minus`, `plus`.
    """

    name: str
    how: str
    kind: Kind
    ref: Ref | None = None
    by: Ref | None = None
    where: Condition | None = None
    operands: tuple[Operand, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the verdicts: what is said, under which class, when."""

    verdict: Verdict
    name: str
    when: Condition
    says: Text


@dataclass(frozen=True, slots=True)
class Table:
    """One side: a theme, the columns used of it by kind, and which of its rows are looked at.

    `also` names further themes of subjects, looked at one after another.
    """

    theme: str
    columns: Mapping[str, Kind]
    where: Condition | None = None
    extra: tuple[str, ...] = ()
    """Columns the model declares beyond those of the theme: the layer must bring them."""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A table model: the manifest of its check, and what `find` needs.

    `keys` holds pairs of columns (subject, register); without keys the rows are matched.
    With `people` only masked ids and the columns in `show` leave the model.
    """

    check: Check
    subject: Table
    register: Table | None
    keys: tuple[tuple[Ref, Ref], ...]
    every_key: bool
    values: tuple[Value, ...]
    clauses: tuple[Clause, ...]
    otherwise: Text | None
    otherwise_class: str = "in_order"
    people: bool = False
    show: tuple[Ref, ...] = ()
    limit_titles: Mapping[str, Text] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """How rows were brought together, as findings say it."""
        if self.register is None:
            return "table"
        return "join_keys" if self.keys else "register_match"


def terms(condition: Condition | None) -> Iterator[Condition]:
    """The condition and all inside it, in the order they are written."""
    if condition is None:
        return
    yield condition
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from terms(part)
        case Not(part):
            yield from terms(part)
        case Some(where):
            yield from terms(where)


def operands(condition: Condition | None) -> Iterator[Operand]:
    """All columns, values and limits a condition looks at."""
    for term in terms(condition):
        match term:
            case Compare(left, _, right):
                yield left
                yield right
            case Missing(left, _) | Words(left, _, _):
                yield left
            case InForce(limit, _):
                yield limit


def value_operands(value: Value) -> Iterator[Operand]:
    """All columns, values and limits a value is made of."""
    yield from (one for one in (value.ref, value.by, *value.operands) if one is not None)
    yield from operands(value.where)
