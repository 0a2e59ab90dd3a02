"""The same rows read in one datum after another, and what known ground says of each reading.

For the person who has to declare the datum: not only which one is proposed, but where the rows would
lie in each of them, how many of them inside the county, how many on a building.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.datum import DatumProposal, parse_datum, propose_datum
from layers.errors import DatumError
from layers.importing.declared import Request, told_columns, trial_numbers
from layers.importing.places import places_from_geometry, places_from_numbers, read_numbers
from layers.layer import Layer

SAMPLE = 2_000
"""Rows that are read in every datum; enough for a share of a percent."""
SHOWN = 300
"""Of these so many are handed out for a map."""
DEGREES = ("wgs84", "gcj02", "bd09")
_PLANES = 3
_LARGEST_DEGREE = 180.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of a place: its area, its buildings, and layers with named places by theme."""

    area: BaseGeometry | None = None
    buildings: Sequence[BaseGeometry] = ()
    trusted: Mapping[str, Layer] | None = None


@dataclass(frozen=True)
class Reading:
    """The sampled rows in one datum.

    `lonlat` (n, 2) holds WGS 84 degrees, NaN where a row has no position in this datum; `inside` counts rows
    in the area, `built` rows on a building (`None` where that is not known), `offset_m` is how
    far the named places lie from those of the same name (median, metres).
    """

    datum: str
    lonlat: np.ndarray
    inside: int | None
    built: int | None
    offset_m: float | None

    @property
    def read(self) -> int:
        """Rows that have a position in this datum."""
        return int(np.isfinite(self.lonlat[:, 0]).sum())

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types; points of at most `SHOWN` rows, the same rows in every reading."""
        step = max(len(self.lonlat) // SHOWN, 1)
        shown = [None if np.isnan(lon) else [round(float(lon), 6), round(float(lat), 6)]
                 for lon, lat in self.lonlat[::step][:SHOWN]]  # fmt: skip
        return {"datum": self.datum, "read": self.read, "inside": self.inside, "built": self.built,
                "offset_m": self.offset_m, "points": shown}  # fmt: skip


@dataclass(frozen=True)
class Readings:
    """Every reading, and the proposal with the theme of the layer whose names speak for it."""

    readings: tuple[Reading, ...]
    rows: int
    proposal: DatumProposal | None = None
    by: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        told = self.proposal
        return {
            "rows": self.rows, "readings": [one.as_dict() for one in self.readings], "by": self.by,
            "best": told.best if told else None, "confidence": told.confidence if told else 0.0,
            "matched": told.matched if told else 0,
            "zh": told.text_zh if told else "", "en": told.text_en if told else "",
        }  # fmt: skip


def readings_of(request: Request, texts: pd.Series, ground: Ground) -> Readings:
    """A request's rows in every datum that its numbers can be in.

    `texts` holds name and address of the rows, for layers of streets.
    """
    x, y = trial_numbers(request)
    proposal, by = _proposal(request, texts, x, y, ground.trusted or {})
    sample = _sampled(request, np.isfinite(x) & np.isfinite(y))
    offsets = {one.datum: one.offset_m for one in proposal.ranking} if proposal else {}
    tree = shapely.STRtree(list(ground.buildings)) if len(ground.buildings) else None
    if ground.area is not None:
        shapely.prepare(ground.area)
    found = [_reading(sample, name, ground.area, tree, offsets) for name in _names(x, y, proposal)]
    return Readings(tuple(found), len(sample.raw), proposal, by)


def _proposal(
    request: Request, texts: pd.Series, x: np.ndarray, y: np.ndarray, trusted: Mapping[str, Layer]
) -> tuple[DatumProposal | None, str | None]:
    """What the layer says whose names speak most clearly."""
    best: tuple[DatumProposal | None, str | None] = (None, None)
    for theme, layer in trusted.items():
        lines = "line" in layer.theme.shapes
        told = propose_datum(texts if lines else request.names, x, y, layer)
        if told.best and (best[0] is None or told.confidence > best[0].confidence):
            best = (told, theme)
    return best


def _sampled(request: Request, there: np.ndarray) -> Request:
    """The request with at most `SAMPLE` of its rows that have numbers."""
    rows = np.flatnonzero(there)
    rows = rows[:: max(len(rows) // SAMPLE, 1)][:SAMPLE]
    geometry = None if request.geometry is None else request.geometry.iloc[rows]
    return Request(request.table, request.raw.iloc[rows], geometry, request.columns,
                   request.manifest, request.theme, request.names.iloc[rows])  # fmt: skip


def _names(x: np.ndarray, y: np.ndarray, proposal: DatumProposal | None) -> list[str]:
    with np.errstate(invalid="ignore"):
        degrees = not np.isfinite(x).any() or bool(
            np.nanmedian(np.abs(x)) <= _LARGEST_DEGREE
            and np.nanmedian(np.abs(y)) <= _LARGEST_DEGREE
        )
    if degrees:
        return list(DEGREES)
    ranked = [one.datum for one in proposal.ranking] if proposal else []
    return (ranked or ["cgcs2000-gk3", "bd09mc"])[:_PLANES]


def _reading(
    sample: Request, name: str, area: BaseGeometry | None, tree: shapely.STRtree | None,
    offsets: Mapping[str, float],
) -> Reading:  # fmt: skip
    shapes = _placed(sample, name)
    lonlat = np.full((len(shapes), 2), np.nan)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    centres = shapely.centroid(shapes[there])
    lonlat[there] = shapely.get_coordinates(centres)
    inside = None if area is None else int(shapely.contains(area, centres).sum())
    built = None if tree is None else len(np.unique(tree.query(centres, predicate="intersects")[0]))
    offset = offsets.get(name)
    known = offset is not None and np.isfinite(offset)
    return Reading(name, lonlat, inside, built, round(float(offset), 1) if known and offset is not None else None)  # fmt: skip


def _placed(sample: Request, name: str) -> np.ndarray:
    """Geometries of the rows in WGS 84 if they were in the datum called `name`; missing where not."""
    datum = parse_datum(name)
    nothing = np.full(len(sample.raw), None, dtype=object)
    if not len(sample.raw):
        return nothing
    try:
        if sample.geometry is not None and not told_columns(sample):
            places = places_from_geometry(
                sample.geometry, datum, sample.theme.shapes, sample.table.path
            )
        else:
            pairs, shown = read_numbers(sample.raw, sample.columns.columns)
            places = places_from_numbers(sample.raw.index, pairs, shown, datum=datum)
    except DatumError:  # most rows are none of this datum
        return nothing
    return np.asarray(places.geometry.to_numpy(), dtype=object)
