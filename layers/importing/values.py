"""Cells of a file become the columns of a theme; what was mended or emptied is told by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from layers.cleaning.codes import clean_codes, clean_credit_codes, clean_typecodes
from layers.cleaning.dates import parse_dates
from layers.cleaning.licences import clean_flags, clean_ownership, clean_states
from layers.cleaning.numbers import parse_numbers
from layers.cleaning.privacy import is_identity_number, mask_texts
from layers.cleaning.result import Cleaned
from layers.cleaning.text import clean_text
from layers.importing.manifest import Manifest
from layers.importing.report import RejectedRow, rejected_row
from layers.themes import Column, Theme

RAW = "raw_"
"""Prefix of the columns that keep a value as the file has it, where cleaning changed it."""

_ENDS = frozenset({"valid_to"})
_ELSEWHERE = {"school": ("kind",), "school_gate": ("role",)}
"""Columns that `members` reads, by theme: a school's kind comes from several columns at once."""
_IDENTITY_CHARS = 18
_TYPECODE = Column("typecode", "类别代码", "type code", "code")


@dataclass(frozen=True)
class Values:
    """The theme's columns of every row, and what happened on the way.

    `frame` has one column per mapped field, and `raw_<field>` where cleaning changed a value.
    `problem` and `note` hold reason codes by row and field; `masked` says how many texts of a
    row had a personal number masked; `cells` are the cells as they stand in the file.
    """

    frame: pd.DataFrame
    problem: pd.DataFrame
    note: pd.DataFrame
    masked: pd.Series
    cells: pd.DataFrame

    def problems(self, rows: pd.Series) -> tuple[RejectedRow, ...]:
        """The fields emptied in `rows` (row numbers of the file by index)."""
        found: list[RejectedRow] = []
        for name in self.problem:
            codes = self.problem[name].reindex(rows.index).dropna()
            cells = self.cells[name].reindex(codes.index)
            found += [rejected_row(rows[at], str(name), cell, code)
                      for at, cell, code in zip(codes.index, cells, codes, strict=True)]  # fmt: skip
        return tuple(found)

    def mended(self, index: pd.Index) -> dict[str, int]:
        """How many values were mended in the rows of `index`, by "field: reason"."""
        counts: dict[str, int] = {}
        for name in self.note:
            for code, count in self.note[name].reindex(index).value_counts().items():
                counts[f"{name}: {code}"] = int(count)
        return counts


def read_values(
    raw: pd.DataFrame, columns: Mapping[str, str], theme: Theme, manifest: Manifest
) -> Values:
    """Clean every mapped column of a theme; `raw` holds cells as text, `columns` field → header."""
    parts: dict[str, dict[str, pd.Series]] = {"frame": {}, "problem": {}, "note": {}, "cells": {}}
    masked = pd.Series(0, index=raw.index)
    elsewhere = ("source_row", *_ELSEWHERE.get(theme.name, ()))
    for column in dict.fromkeys((*theme.all_columns, _TYPECODE)):
        name = column.name
        if name not in columns or name in elsewhere:
            continue
        cells = raw[columns[name]]
        done = _clean(column, cells, manifest, columns[name])
        if column.kind == "code":
            done = _without_persons(done)
        values = done.values
        if column.kind == "text" and not column.values:
            values = mask_texts(done.values)[0]
            masked += (values != done.values) & values.notna()
        changed = _changed(cells, values) if column.kind in ("text", "code", "date") else None
        if changed is not None and changed.notna().any():
            parts["frame"][RAW + name] = mask_texts(changed)[0]
        parts["frame"][name] = values
        parts["problem"][name], parts["note"][name] = done.problem, done.note
        parts["cells"][name] = cells
    tables = {key: pd.DataFrame(found, index=raw.index) for key, found in parts.items()}
    return Values(tables["frame"], tables["problem"], tables["note"], masked, tables["cells"])


def read_numbers(column: pd.Series) -> Cleaned:
    """Numbers with thousands separators and metres behind ("15", "1,200 m"); else a problem."""
    return parse_numbers(column, "m")


def _clean(column: Column, cells: pd.Series, manifest: Manifest, header: str) -> Cleaned:
    if column.kind == "date":
        return parse_dates(
            _without_missing(cells), end=column.name in _ENDS,
            order=manifest.date_order, utc_offset_h=manifest.utc_offset,
        )  # fmt: skip
    if column.name in _BY_NAME:
        return _BY_NAME[column.name](_without_missing(cells))
    if column.kind == "number":
        return parse_numbers(_without_missing(cells), column.unit, header)
    if column.kind in _BY_KIND:
        return _BY_KIND[column.kind](_without_missing(cells))
    nothing = pd.Series(None, index=cells.index, dtype=object)
    return Cleaned(clean_text(cells), nothing, nothing)


def _without_persons(done: Cleaned) -> Cleaned:
    """Codes that are somebody's identity number (sole traders have been registered by it) go."""
    long = done.values.notna() & (done.values.str.len() == _IDENTITY_CHARS)
    persons = long.copy()
    persons[long] = done.values[long].map(is_identity_number).astype(bool)
    if not persons.any():
        return done
    return Cleaned(
        done.values.mask(persons, None), done.problem.mask(persons, "code_personal"), done.note
    )


def _without_missing(cells: pd.Series) -> pd.Series:
    """Cells that say "nothing" (`N/A`, `[]`, `--`) emptied, the others as they are."""
    return cells.where(clean_text(cells).notna(), None)


def _changed(cells: pd.Series, values: pd.Series) -> pd.Series:
    """The cell as it was, where the value is not simply the cell without blanks around it."""
    there = cells.notna()
    stripped = cells.where(there, "").astype(str).str.strip().astype(object)
    emptied = there & values.isna()
    emptied[emptied] = clean_text(stripped[emptied]).notna()
    different = emptied | (there & values.notna() & (stripped != values))
    return stripped.where(different, None)


_BY_NAME: Mapping[str, Callable[[pd.Series], Cleaned]] = {
    "typecode": clean_typecodes,
    "credit_code": clean_credit_codes,
    "licence_status": clean_states,
    "ownership": clean_ownership,
}
_BY_KIND: Mapping[str, Callable[[pd.Series], Cleaned]] = {
    "code": clean_codes,
    "flag": clean_flags,
}
