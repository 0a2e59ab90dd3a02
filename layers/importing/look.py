"""A first look at a file before it is imported: what was read, what is proposed, what is open.

Nothing is decided here and nothing is written. Personal columns are masked in every cell shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from layers.cleaning.privacy import mask_column, mask_text, personal_columns
from layers.errors import YichaError
from layers.importing.columns import ColumnMap, SeveralColumnsError, fields_of, settle_columns
from layers.importing.declared import Request, has_columns
from layers.importing.manifest import Manifest
from layers.importing.readings import Ground, Readings, readings_of
from layers.importing.values import read_values
from layers.sources import RawTable
from layers.themes import Theme, theme

ROWS, CELLS, LONGEST = 12, 40, 60
"""Rows and columns of the sample, and characters of a cell."""


def look_at(table: RawTable, manifest: Manifest, ground: Ground) -> dict[str, Any]:
    """What a file looks like under the settings so far, in plain JSON types.

    Keys: `format`, `encoding`, `sheets`, `sheet`, `header_row`, `rows`, `notes`; `columns` (header,
    share filled, kind of personal data); `sample` (row numbers and masked cells); `mapping`,
    `guessed`, `choices`, `open` (fields that two columns fit equally well); `fields` (name, words,
    whether it must be there); `declared` (datum by file or headers); `datum` (the readings, or
    nothing where no row has a position). Raises `YichaError` for settings that cannot be.
    """
    about = theme(manifest.theme or "")
    personal = {h: kind for h, kind in personal_columns(table.frame).items()
                if h not in manifest.not_personal}  # fmt: skip
    columns, open_fields = _columns(table, about, manifest, personal)
    return {
        "file": table.path.name, "sha256": table.sha256, "format": table.format,
        "encoding": table.encoding, "sheets": list(table.sheets), "sheet": table.sheet,
        "header_row": table.header_row, "rows": len(table), "notes": list(table.notes),
        "columns": [_column(table.frame[h], h, personal) for h in map(str, table.frame.columns)],
        "sample": _sample(table, personal), "mapping": dict(columns.columns),
        "guessed": list(columns.guessed), "choices": {k: list(v) for k, v in columns.choices.items()},
        "open": open_fields, "fields": _fields(about), "geometry": table.geometry is not None,
        "declared": columns.datum or table.datum,
        "datum": _readings(table, about, columns, manifest, ground),
    }  # fmt: skip


def text_of_rows(frame: pd.DataFrame) -> pd.Series:
    """Name and address of rows as one text, for layers of streets."""
    texts = pd.Series("", index=frame.index, dtype=object)
    for name in ("name", "address"):
        if name in frame:
            texts = texts + " " + frame[name].where(frame[name].notna(), "").astype(str)
    return texts


def readings_for(
    table: RawTable, about: Theme, columns: ColumnMap, manifest: Manifest, ground: Ground
) -> Readings | None:
    """The rows in every datum; `None` where the file has no positions."""
    if table.geometry is None and not has_columns(columns.columns):
        return None
    kept = {n: h for n, h in columns.columns.items() if n in ("name", "address")}
    values = read_values(table.frame, kept, about, manifest)
    none = pd.Series(None, index=table.frame.index, dtype=object)
    names = values.frame.get("name", none)
    request = Request(table, table.frame, table.geometry, columns, manifest, about, names)
    return readings_of(request, text_of_rows(values.frame), ground)


def _columns(
    table: RawTable, about: Theme, manifest: Manifest, personal: Mapping[str, str]
) -> tuple[ColumnMap, dict[str, list[str]]]:
    """The mapping, and the fields left open because two columns fit them."""
    told, open_fields = dict(manifest.columns), dict[str, list[str]]()
    for _ in range(len(fields_of(about))):
        try:
            return settle_columns(
                table.frame, about, told, propose=not manifest.complete,
                placed_by_geometry=table.geometry is not None, barred=tuple(personal), file=table.path,
            ), open_fields  # fmt: skip
        except SeveralColumnsError as error:
            name = str(error.field)
            open_fields[name], told[name] = list(error.headers), ""
    return ColumnMap({}), open_fields


def _readings(
    table: RawTable, about: Theme, columns: ColumnMap, manifest: Manifest, ground: Ground
) -> dict[str, Any] | None:
    try:
        found = readings_for(table, about, columns, manifest, ground)
    except YichaError:  # numbers that are none: the dry run says which
        return None
    return None if found is None else found.as_dict()


def _column(cells: pd.Series, header: str, personal: Mapping[str, str]) -> dict[str, Any]:
    filled = float(cells.notna().mean()) if len(cells) else 0.0
    return {"header": header, "filled": round(filled, 4), "personal": personal.get(header)}


def _sample(table: RawTable, personal: Mapping[str, str]) -> dict[str, Any]:
    """The first rows with their row numbers; personal columns masked, long cells cut."""
    headers = [str(h) for h in table.frame.columns[:CELLS]]
    head = table.frame[headers].head(ROWS)
    shown = head.assign(**{h: mask_column(head[h], personal[h]) for h in headers if h in personal})
    cells = [[_cell(value) for value in row] for row in shown.itertuples(index=False, name=None)]
    return {"headers": headers, "rows": [int(n) for n in table.rows[:ROWS]], "cells": cells}


def _cell(value: object) -> str:
    text = mask_text("" if value is None or value != value else str(value)[:4096])  # noqa: PLR0124
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _fields(about: Theme) -> list[dict[str, Any]]:
    """What a file may bring for the theme, with words for people."""
    known = {column.name: column for column in about.all_columns}
    made = []
    for name in fields_of(about):
        column = known.get(name)
        made.append({"name": name, "zh": column.zh if column else "", "en": column.en if column else "",
                     "required": bool(column and column.required and name != "id")})  # fmt: skip
    return made
