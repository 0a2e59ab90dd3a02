"""The layer files of a folder with all they were: versions, undo, quality, freshness, a kept original."""

from layers.shelf.freshness import Age, age_of, periods, stale_sources
from layers.shelf.mending import settings_to_mend
from layers.shelf.quality import partner_of, quality_of
from layers.shelf.records import Version
from layers.shelf.shelf import Shelf
from layers.shelf.taking import Taken, ground_of, prepare, put_up, raw_table, told_of

__all__ = [
    "Age", "Shelf", "Taken", "Version", "age_of", "ground_of", "partner_of", "periods", "prepare",
    "put_up", "quality_of", "raw_table", "settings_to_mend", "stale_sources", "told_of",
]  # fmt: skip
