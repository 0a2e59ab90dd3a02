"""What stands in a folder of layers, file by file, told without reading a row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from layers.errors import LayerError
from layers.layer import METADATA
from layers.provenance import Provenance
from layers.shelf.freshness import Age, age_of
from layers.shelf.records import Version
from layers.shelf.shelf import Shelf


@dataclass(frozen=True)
class Held:
    """One layer file: theme, rows, where it came from, its age on a day, what is recorded of it."""

    name: str
    theme: str
    rows: int
    sha256: str
    provenance: tuple[Provenance, ...]
    ages: tuple[Age, ...]
    version: Version | None
    versions: int

    @property
    def late(self) -> bool:
        """Whether one of its sources should have come anew, or has no date."""
        return any(age.state != "fresh" for age in self.ages)


def held(shelf: Shelf, on_date: str) -> tuple[Held, ...]:
    """The layer files that stand, by name; raises `LayerError` for one that is none."""
    return tuple(_held(shelf, name, on_date) for name in shelf.names())


def _held(shelf: Shelf, name: str, on_date: str) -> Held:
    theme, rows, provenance = about_file(shelf.file(name))
    ages = tuple(age_of(theme, one.as_dict(), on_date) for one in provenance)
    return Held(name, theme, rows, shelf.hash(name) or "", provenance, ages, shelf.standing(name),
                len(shelf.versions(name)))  # fmt: skip


def about_file(file: Path) -> tuple[str, int, tuple[Provenance, ...]]:
    """Theme, rows and sources of a layer file; raises `LayerError` for any other file."""
    try:
        found = pq.read_metadata(file)
        told = json.loads((found.metadata or {})[b"PANDAS_ATTRS"])[METADATA]
        return (
            str(told["theme"]),
            found.num_rows,
            tuple(Provenance(**one) for one in told["provenance"]),
        )
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise LayerError("this is not a layer file", file=file,
                         remedy="make one with `python -m layers import`") from error  # fmt: skip
