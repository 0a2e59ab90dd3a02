"""The leads as one table: the columns every format shares, and the shapes that go with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from checks import METHOD_WORDS, Text
from evidence.dossier import Dossier
from evidence.exports.marks import notices
from evidence.exports.texts import visible
from evidence.sheet.blocks import finding_hash, reasons, rules, sources, verdict
from evidence.words import Words
from layers.shelf import stale_sources
from leads.states import STATE_WORDS

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its key (also its name in a shapefile, at most ten signs) and what it says of a dossier."""

    key: str
    says: Callable[[Dossier, Words], Any]
    number: bool = False

    def title(self, words: Words) -> str:
        """Its heading."""
        return words(f"column.{self.key}")


def table(dossiers: Sequence[Dossier], words: Words, watermark: str) -> list[dict[str, Cell]]:
    """A row per dossier: key → cell, texts visible and on one line, numbers as numbers."""
    made = []
    for dossier in dossiers:
        row: dict[str, Cell] = {one.key: _cell(one, dossier, words) for one in FIELDS}
        row["copy"] = watermark or None
        made.append(row)
    return made


def place_of(dossier: Dossier) -> shapely.Point | None:
    """One point for the lead: its subject's, else the middle of what was measured; `None` without a place."""
    for shape in (dossier.subject, dossier.line):
        if shape is not None and not shape.is_empty:
            return shape if isinstance(shape, shapely.Point) else shape.representative_point()
    return None


def shape_of(dossier: Dossier) -> BaseGeometry | None:
    """What was measured (line or outline), else the subject; WGS 84 degrees."""
    for shape in (dossier.line, dossier.subject):
        if shape is not None and not shape.is_empty:
            return shape
    return None


def _cell(field: Field, dossier: Dossier, words: Words) -> Cell:
    value = field.says(dossier, words)
    if value is None or value == "":
        return None
    return float(value) if field.number else visible(str(value))


def _of(name: str) -> Callable[[Dossier, Words], Any]:
    return lambda dossier, _: dossier.finding.get(name)


def _subject(name: str) -> Callable[[Dossier, Words], Any]:
    return lambda dossier, _: (dossier.finding.get("subject") or {}).get(name)


def _fact(name: str) -> Callable[[Dossier, Words], Any]:
    return lambda dossier, _: (dossier.finding.get("facts") or {}).get(name)


def _degrees(axis: int) -> Callable[[Dossier, Words], Any]:
    def say(dossier: Dossier, _: Words) -> float | None:
        place = place_of(dossier)
        return None if place is None else round(float(shapely.get_coordinates(place)[0, axis]), 7)

    return say


def _state(dossier: Dossier, words: Words) -> str:
    state = STATE_WORDS.get(dossier.state)
    return words.of(state) if state else dossier.state


def _method(dossier: Dossier, words: Words) -> str:
    method = METHOD_WORDS.get(str(dossier.finding.get("method")))
    return words.of(method) if method else str(dossier.finding.get("method") or "")


def _datums(dossier: Dossier, words: Words) -> str:
    none = words("source.none")
    return "; ".join(f"{row[0]}: {row[3]}" for row in sources(dossier, words) if row[3] != none)


def _stale(dossier: Dossier, words: Words) -> str:
    layers = dossier.sources or dossier.finding.get("layers", ())
    ages = stale_sources(layers, str(dossier.finding["on_date"]))
    return "; ".join(words.of(Text(age.text("zh"), age.text("en"))) for age in ages)


def _rules(dossier: Dossier, words: Words) -> str:
    return "; ".join(text for _, text in rules(dossier, words))


FIELDS: tuple[Field, ...] = (
    Field("number", lambda d, _: d.number),
    Field("state", _state),
    Field("case_no", lambda d, _: d.case_number),
    Field("title", lambda d, words: words.of(d.title)),
    Field("verdict", verdict),
    Field("subject", lambda d, _: d.finding.get("subject_name") or d.finding.get("subject_id")),
    Field("address", _subject("address")),
    Field("credit", _subject("credit_code")),
    Field("object", _of("object_name")),
    Field("measured", _of("measured"), number=True),
    Field("low", _of("measured_low"), number=True),
    Field("high", _of("measured_high"), number=True),
    Field("limit", _of("limit"), number=True),
    Field("unit", _of("unit")),
    Field("comparator", _of("comparator")),
    Field("method", _method),
    Field("area_m2", _fact("area_m2"), number=True),
    Field("on_date", _of("on_date")),
    Field("reasons", lambda d, words: "; ".join(reasons(d, words))),
    Field("rule", _rules),
    Field("lon", _degrees(0), number=True),
    Field("lat", _degrees(1), number=True),
    Field("datums", _datums),
    Field("stale", _stale),
    Field("check", _of("check")),
    Field("lead_id", lambda d, _: d.lead_id),
    Field("record", lambda d, _: finding_hash(d.finding)),
    Field("made_at", lambda d, _: d.made_at),
    Field("notice", lambda d, words: "; ".join(notices(d, words))),
    Field("copy", lambda _d, _w: None),
)
"""`copy` is the watermark; `record` the hash of the finding, as on the sheet."""


def headings(words: Words) -> Mapping[str, str]:
    """Key → heading, in the order of the columns."""
    return {one.key: one.title(words) for one in FIELDS}
