"""The subject of every record, taken from the row of the layer it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd
from shapely.geometry.base import BaseGeometry

from checks._records import Finding, Undecided
from checks._subject import Subject
from layers import LayerSet
from layers.errors import YichaError

_TEXTS = ("address", "admin_code", "credit_code", "licence_no")
_Record = TypeVar("_Record", Finding, Undecided)


def with_subjects(records: Iterable[_Record], layers: LayerSet) -> list[_Record]:
    """The records with `subject` filled from the layer of their `subject_theme`.

    A record whose row cannot be found (a subject made by the check itself) stays as it is.
    """
    themes: dict[str, _Rows] = {}
    made: list[_Record] = []
    for record in records:
        theme = record.subject_theme
        if record.subject_id is None or theme is None:
            made.append(record)
            continue
        if theme not in themes:
            themes[theme] = _rows(layers, theme)
        made.append(replace(record, subject=themes[theme].subject(record.subject_id)))
    return made


@dataclass(frozen=True, slots=True)
class _Rows:
    """The columns asked for as plain lists: a table is asked once, not once per record."""

    at: Mapping[str, int]
    texts: Mapping[str, list[str | None]]
    u_source_m: list[float | None]
    geometry: list[BaseGeometry | None]

    def subject(self, subject_id: str) -> Subject | None:
        row = self.at.get(subject_id)
        if row is None:
            return None
        texts = {name: column[row] for name, column in self.texts.items()}
        return Subject(**texts, u_source_m=self.u_source_m[row], geometry=self.geometry[row])


def _rows(layers: LayerSet, theme: str) -> _Rows:
    try:
        frame = layers[theme].frame
    except (KeyError, YichaError):
        return _Rows({}, {}, [], [])
    texts = {name: [None if pd.isna(value) else str(value) for value in frame[name]]
             for name in _TEXTS if name in frame.columns}  # fmt: skip
    return _Rows(
        at={str(one): row for row, one in enumerate(frame["id"])},
        texts=texts,
        u_source_m=[None if pd.isna(value) else float(value) for value in frame["u_source_m"]],
        geometry=list(frame.geometry),
    )
