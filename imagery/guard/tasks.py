"""The tasks of the process that reads files of others: plain values in, plain values out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from imagery.guard.assemble import Tile, assemble
from imagery.guard.heif_pixels import decode_heif
from imagery.guard.probe import probe


def probe_file(path: str, driver: str, sample_blocks: int) -> dict[str, Any]:
    """See `imagery.guard.probe.probe`."""
    return probe(Path(path), driver, sample_blocks)


def decode_file(path: str, out: str) -> dict[str, str]:
    """See `imagery.guard.heif_pixels.decode_heif`."""
    return decode_heif(Path(path), Path(out))


def assemble_tiles(tiles: list[list[Any]], out: str, **grid: Any) -> dict[str, Any]:  # noqa: ANN401
    """See `imagery.guard.assemble.assemble`; a tile is (path, driver, column, row)."""
    made = [Tile(Path(path), driver, column, row) for path, driver, column, row in tiles]
    return assemble(made, Path(out), **grid)
