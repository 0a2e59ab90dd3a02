"""Local base maps: raster tiles in PMTiles files in the folder `basemaps/` of the data folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import TileType

from layers.errors import LayerError

FOLDER = "basemaps"
_KINDS = {TileType.PNG: "image/png", TileType.JPEG: "image/jpeg", TileType.WEBP: "image/webp"}


@dataclass(frozen=True)
class TileFile:
    """One file of tiles; opened when first asked for."""

    path: Path

    @cached_property
    def _reader(self) -> Any:  # noqa: ANN401 - the library has no types
        with self.path.open("rb") as stream:
            return Reader(MmapSource(stream))

    @cached_property
    def header(self) -> dict[str, Any]:
        """The file's own header; raises `LayerError` where it is no PMTiles file of pictures."""
        try:
            found: dict[str, Any] = self._reader.header()
            kind = found["tile_type"]
        except Exception as error:
            raise LayerError(
                "this is no PMTiles file", file=self.path, remedy="make it again"
            ) from error
        if kind not in _KINDS:
            raise LayerError("this PMTiles file holds no pictures", file=self.path, field="tile_type",
                             remedy="give raster tiles (PNG, JPEG or WebP)")  # fmt: skip
        return found

    @property
    def kind(self) -> str:
        """The media type of its tiles."""
        return _KINDS[self.header["tile_type"]]

    @property
    def zooms(self) -> tuple[int, int]:
        """First and last zoom."""
        return int(self.header["min_zoom"]), int(self.header["max_zoom"])

    @cached_property
    def _lock(self) -> Lock:
        return Lock()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A tile, or `None` where the file has none."""
        first, last = self.zooms
        if not (first <= z <= last and 0 <= x < 2**z and 0 <= y < 2**z):
            return None
        with self._lock:
            found: bytes | None = self._reader.get(z, x, y)
        return found


def tile_files(folder: Path) -> dict[str, TileFile]:
    """The base maps of a data folder by name; files that are none are passed over."""
    found = {}
    for file in sorted((folder / FOLDER).glob("*.pmtiles")):
        one = TileFile(file)
        try:
            one.header  # noqa: B018 - reads it
        except LayerError:
            continue
        found[file.stem] = one
    return found
