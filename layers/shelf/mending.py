"""A layer imported once more from its kept original: the settings of the version that stands."""

from __future__ import annotations

from pathlib import Path

from layers.errors import LayerError
from layers.importing.manifest import Manifest, manifest_from_dict
from layers.shelf.shelf import Shelf


def settings_to_mend(shelf: Shelf, name: str) -> tuple[Path, Manifest, str]:
    """The kept original of what stands, its settings, and the name it goes by.

    Raises `LayerError` where no import of it is recorded, or the original was not kept.
    """
    now = shelf.standing(name)
    if now is None or now.manifest is None or len(now.sources) != 1:
        raise LayerError(f"no import of {name} is recorded here", field="name",
                         remedy="import the file again")  # fmt: skip
    original = shelf.original(now.sources[0])
    if original is None:
        raise LayerError("the original is not kept here, or was altered", field="name",
                         remedy="import the file again")  # fmt: skip
    return original, manifest_from_dict(now.manifest), now.file
