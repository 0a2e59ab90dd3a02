"""Which folders are one scene as a whole: tiles of a map, the folder of a satellite product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from imagery.formats.tile_names import tile_names

_SATELLITE = re.compile(r".*\.safe", re.IGNORECASE)
_PICTURE = re.compile(r"\.(png|jpe?g|tiff?|webp)", re.IGNORECASE)
_DEEPEST = 24
_SHALLOWEST = 5
"""Zooms below this show half a continent in a tile; names of frames look like that."""


def is_one_scene(folder: Path, entries: Sequence[Path]) -> bool:
    """Whether a folder with these `entries` stands for one scene.

    A Sentinel-2 SAFE folder; a tree zoom/column/row.png; a folder of tiles named x-y-z or
    z-x-y. Anything else is walked into.
    """
    if _SATELLITE.fullmatch(folder.name):
        return True
    zooms = [path for path in entries if path.name.isdigit() and path.is_dir()]
    if zooms and all(_is_zoom(zoom) for zoom in zooms):
        return True
    return _named_tiles([path.name for path in entries if path.is_file()])


def _is_zoom(folder: Path) -> bool:
    """A folder named by a zoom with folders named by columns that hold rows."""
    if int(folder.name) > _DEEPEST:
        return False
    columns = [path for path in folder.iterdir() if path.is_dir()]
    if not columns or not all(column.name.isdigit() for column in columns):
        return False
    rows = [path for path in columns[0].iterdir() if path.is_file() and path.name[0] != "."]
    return bool(rows) and all(p.stem.isdigit() and _PICTURE.fullmatch(p.suffix) for p in rows)


def _named_tiles(names: Sequence[str]) -> bool:
    """Whether every picture's name speaks of a tile, all in the same way."""
    pictures = [name for name in names if _PICTURE.fullmatch(Path(name).suffix)]
    if len(pictures) < 2:
        return False
    found = tile_names(pictures)
    return len(found) == len(pictures) and min(tile.z for tile in found.values()) >= _SHALLOWEST
