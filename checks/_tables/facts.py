"""What a report is told from: cells, ids and places of subjects and register rows, masked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from shapely import Point
from shapely.geometry.base import BaseGeometry

from checks._records import LayerRef
from checks._refs import layer_refs
from checks._registers.words import register_age
from checks._rulebook.rule import UNITS, Rule
from checks._tables.columns import TRUE, UNKNOWN, Columns
from checks._tables.join import Join
from checks._tables.terms import MATCH_COLUMNS, Model, Operand, Ref, operands, value_operands
from checks._tables.text import masked
from checks._tables.truth import Scene
from checks._text import Text
from layers import LayerSet

_MOST_ROWS = 5


@dataclass(frozen=True)
class Report:
    """What was judged, ready to be told; arrays by subject as in `Outcome`."""

    model: Model
    layers: LayerSet
    on_date: str
    join: Join | None
    scene: Scene
    looked: np.ndarray
    line: np.ndarray
    sure: np.ndarray

    @cached_property
    def subjects(self) -> Rows:
        """The subjects' rows."""
        frame = self.layers[self.model.subject.theme].frame
        return Rows(frame, self.scene.subject, "A", self.model)

    @cached_property
    def register(self) -> Rows | None:
        """The register's rows."""
        if self.model.register is None or self.scene.register is None:
            return None
        frame = self.layers[self.model.register.theme].frame
        return Rows(frame, self.scene.register, "B", self.model)

    @cached_property
    def refs(self) -> tuple[LayerRef, ...]:
        """The layers used."""
        return layer_refs(self.layers, self.model.check.themes)

    @cached_property
    def age(self) -> Text | None:
        """What is to be said of the register's own day."""
        if self.model.register is None:
            return None
        return register_age(self.layers[self.model.register.theme], self.on_date)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The subject's columns and values that facts show."""
        named = [ref.name for ref in self.model.show]
        if not self.model.people:
            named += [one.name for one in used(self.model)
                      if isinstance(one, Ref) and one.side == "subject"]  # fmt: skip
        named += [value.name for value in self.model.values]
        return tuple(name for name in dict.fromkeys(named) if name not in ("id", "name"))

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The register's columns that facts show."""
        named = {
            one.name for one in used(self.model) if isinstance(one, Ref) and one.side == "register"
        }
        return tuple(sorted(named - set(MATCH_COLUMNS)))

    def places(self, row: int) -> range:
        """The joined rows of a subject, by their number in `join.rows`."""
        if self.join is None:
            return range(0)
        start = self.join.rows.start
        return range(int(start[row]), int(start[row + 1]))

    def first(self, row: int) -> int | None:
        """The register row shown as the object: of several the surest."""
        found = self.places(row)
        return int(self.join.rows.register[found[0]]) if self.join is not None and found else None

    def placeholder(self, name: str, row: int, words: tuple[str, ...]) -> object:
        """What a placeholder stands for: the day, the words found, a limit, a cell or a value."""
        if name == "day":
            return self.on_date
        if name == "words":
            return "、".join(words) or None
        rule = self.scene.rule(name)
        if rule is not None:
            return written(rule)
        return self.subjects.cell(name, row) if name in self.scene.subject.kinds else None

    def facts(self, row: int) -> dict[str, Any]:
        """Masked cells the model looks at, its values, and the register rows found (at most five)."""
        facts = {name: self.subjects.cell(name, row) for name in self.told}
        facts["source_row"] = self.subjects.row_number(row)
        if self.join is not None:
            places = self.places(row)
            facts["register_rows"] = [self._joined(n) for n in places[:_MOST_ROWS]]
            facts["register_rows_found"] = len(places)
        return facts

    def _joined(self, place: int) -> dict[str, Any]:
        if self.join is None or self.register is None:
            return {}
        row, links = int(self.join.rows.register[place]), self.join.links
        told: dict[str, Any] = {"source_row": self.register.row_number(row)}
        if not self.model.people:
            told |= {"id": self.register.id(row), "name": self.register.name(row)}
            told |= {name: self.register.cell(name, row) for name in self.compared}
        told["zone"] = "same" if self.join.rows.sure[place] == TRUE else "ask"
        if links is not None:
            told |= {"score": float(links["score"].iloc[place]), "reasons": list(links["reasons"].iloc[place]),
                     "metres": masked("metres", links["metres"].iloc[place])}  # fmt: skip
        return told


@dataclass(frozen=True)
class Rows:
    """The rows of one side as people may see them."""

    frame: pd.DataFrame
    columns: Columns
    side: str
    model: Model

    @cached_property
    def _numbers(self) -> np.ndarray:
        return pd.to_numeric(self.frame["source_row"], errors="coerce").to_numpy(dtype=float)

    @cached_property
    def _ids(self) -> np.ndarray:
        return self.frame["id"].to_numpy(dtype=object)

    @cached_property
    def _names(self) -> np.ndarray:
        return self.frame["name"].to_numpy(dtype=object)

    @cached_property
    def _shapes(self) -> np.ndarray:
        return self.frame["geometry"].to_numpy()

    def row_number(self, row: int) -> int | None:
        """The row in the source file, by which an office finds the subject again."""
        number = self._numbers[row]
        return int(number) if np.isfinite(number) else None

    def cell(self, name: str, row: int) -> Any:  # noqa: ANN401 - cells are of many types
        """One cell, masked."""
        value = self.columns.cells(name)[row]
        if self.columns.kinds[name] == "flag":
            return None if value == UNKNOWN else bool(value == TRUE)
        return masked(name, value)

    def id(self, row: int) -> str:
        """The id of a row; of people a mark that does not tell who, the same in every run."""
        if not self.model.people:
            return str(self._ids[row])
        told = f"{self.model.check.id}\x1f{self.side}\x1f{self._ids[row]}"
        return f"P-{hashlib.blake2b(told.encode(), digest_size=5).hexdigest()}"

    def name(self, row: int) -> str | None:
        """The name of a row; none of people."""
        found = None if self.model.people else masked("name", self._names[row])
        return None if found is None else str(found)

    def place(self, row: int) -> BaseGeometry | None:
        """The place of a row as a point; none of people."""
        shape: BaseGeometry | None = self._shapes[row]
        if self.model.people or shape is None or shape.is_empty:
            return None
        return shape if isinstance(shape, Point) else shape.representative_point()


def written(rule: Rule) -> Text:
    """A limit in words, such as `180 天`, `180 days`."""
    unit = UNITS.get(rule.unit, Text(rule.unit, rule.unit))
    gap = "" if rule.unit == "percent" else " "
    return Text(f"{rule.value:g}{gap}{unit.zh}", f"{rule.value:g}{gap}{unit.en}")


def used(model: Model) -> Iterator[Operand]:
    """All columns, values and limits a model looks at."""
    for pair in model.keys:
        yield from pair
    for clause in model.clauses:
        yield from operands(clause.when)
    for value in model.values:
        yield from value_operands(value)
    for side in (model.subject, model.register):
        yield from operands(side.where if side else None)
