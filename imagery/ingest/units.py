"""Which folders are one scene as a whole: tiles of a map, the folder of a satellite product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import shapely

from imagery.formats.sidecars import item_of, world_file
from imagery.formats.tile_names import tile_names
from imagery.formats.where import Affine
from imagery.guard import Limits
from imagery.guard.header import check_file
from layers.errors import YichaError

_SATELLITE = re.compile(r".*\.safe", re.IGNORECASE)
_PICTURE = re.compile(r"\.(png|jpe?g|tiff?|webp)", re.IGNORECASE)
_DEEPEST = 24
_SHALLOWEST = 5
"""Zooms below this show half a continent in a tile; names of frames look like that."""
_OFF_GRID = 0.05
_MOST_OVERLAP = 0.02


def is_one_scene(folder: Path, entries: Sequence[Path], limits: Limits) -> bool:
    """Whether a folder with these `entries` stands for one scene.

    A Sentinel-2 SAFE folder; a tree zoom/column/row.png; a folder of tiles named x-y-z or
    z-x-y, or of pieces that world files lay side by side on one grid. Anything else is walked
    into.
    """
    if _SATELLITE.fullmatch(folder.name):
        return True
    zooms = [path for path in entries if path.name.isdigit() and path.is_dir()]
    if zooms and all(_is_zoom(zoom) for zoom in zooms):
        return True
    pictures = [path for path in entries if _PICTURE.fullmatch(path.suffix) and path.is_file()]
    if len(pictures) < 2 or any(path.is_dir() for path in entries):
        return False
    return _named_tiles([path.name for path in pictures]) or _one_grid(pictures, limits)


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
    found = tile_names(names)
    return len(found) == len(names) and min(tile.z for tile in found.values()) >= _SHALLOWEST


def _one_grid(pictures: Sequence[Path], limits: Limits) -> bool:
    """Whether world files lay all pictures side by side on one grid of pixels."""
    boxes = []
    first: Affine | None = None
    for path in pictures:
        try:
            laid = _laid(path, limits)
        except YichaError:
            return False
        if laid is None:
            return False
        transform, width, height = laid
        first = first or transform
        column, row = (transform[2] - first[2]) / first[0], (transform[5] - first[5]) / first[4]
        if transform[:2] + transform[3:5] != first[:2] + first[3:5] or max(
            abs(column - round(column)), abs(row - round(row))
        ) > _OFF_GRID:  # fmt: skip
            return False
        boxes.append(shapely.box(column, row, column + width, row + height))
    whole = shapely.union_all(boxes)
    near = shapely.union_all([box.buffer(1, join_style="mitre") for box in boxes])
    overlap = sum(box.area for box in boxes) - whole.area
    return overlap <= _MOST_OVERLAP * whole.area and near.geom_type == "Polygon"


def _laid(path: Path, limits: Limits) -> tuple[Affine, int, int] | None:
    """The six numbers of the world file and the size in pixels; None without a world file."""
    kind, shape = check_file(path, limits)
    transform = world_file(item_of(path), kind.format)
    if transform is None or shape is None:
        return None
    return transform, shape.width, shape.height
