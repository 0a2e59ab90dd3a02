"""`TileReader`: tiles, previews, points and crops of stored scenes, by id and never by a path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imagery.store import Store


@dataclass(frozen=True, slots=True)
class Tile:
    """An encoded tile: its bytes, media type and entity tag (changes with view or parameters)."""

    content: bytes
    media_type: str
    etag: str


class TileReader:
    """Reads view copies of `store`; safe to share between threads."""

    def __init__(self, store: Store, *, keep: int = 16) -> None:
        self.store = store
        self.keep = keep

    def tile(self, scene_id: str, z: int, x: int, y: int, *, size: int = 256,
             bands: Sequence[str] | str | None = None) -> Tile | None:  # fmt: skip
        """One tile; missing where the scene has no pixel there."""
        raise NotImplementedError(scene_id, z, x, y, size, bands)
