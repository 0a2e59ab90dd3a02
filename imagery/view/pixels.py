"""Pixels of one tile out of an open view: through rio-tiler, or as the block lies in the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rasterio.windows import Window
from rio_tiler.errors import TileOutsideBounds

from imagery.view import mercator
from imagery.view.facts import ViewFacts
from imagery.view.grid import BLOCK
from imagery.view.opened import OpenView
from imagery.view.render import chosen, displayed

Bands = Sequence[str] | str | None
"""A named combination, names of one or three bands, or missing (true colour)."""


def pixels(
    view: OpenView, tile: tuple[int, int, int], size: int, bands: Bands
) -> tuple[np.ndarray, np.ndarray] | None:
    """Colours (size, size, 3) and validity of a tile; missing where nothing is valid.

    On a stored level the tile is a window of whole pixels and is read as such; rio-tiler
    resamples for the zooms below and above.
    """
    numbers = chosen(view.facts, bands)
    zoom = tile[0] + (size == BLOCK)
    if view.reader is None or view.facts.min_zoom <= zoom <= view.facts.max_zoom:
        return _window(view, tile, size, numbers)
    coarse = "average" if zoom < view.facts.min_zoom else "bilinear"
    how = "nearest" if view.facts.resampling == "nearest" else coarse
    z, x, y = tile
    try:
        found = view.reader.tile(x, y, z, tilesize=size, indexes=numbers, resampling_method=how)
    except TileOutsideBounds:
        return None
    mask = found.mask
    return (displayed(found.data, view.facts, numbers), mask) if mask.any() else None


def _window(
    view: OpenView, tile: tuple[int, int, int], size: int, numbers: Sequence[int]
) -> tuple[np.ndarray, np.ndarray] | None:
    z, x, y = tile
    dataset = view.dataset
    spread = 256.0 * 2.0 ** (view.facts.max_zoom - z)
    left, top = x * spread, y * spread
    if view.facts.placed:
        left -= _first(view.facts, dataset, 0, 0) * BLOCK
        top -= _first(view.facts, dataset, 1, 0) * BLOCK
    if min(left, top) < 0 or left + spread > dataset.width or top + spread > dataset.height:
        return None
    window = Window(left, top, spread, spread)
    mask = dataset.dataset_mask(window=window, out_shape=(size, size))
    if not mask.any():
        return None
    planes = dataset.read(numbers, window=window, out_shape=(len(numbers), size, size))
    return displayed(planes, view.facts, numbers), mask


def stored_block(view: OpenView, z: int, x: int, y: int) -> bytes | None:
    """The bytes of a block that is just this tile: colour, fully valid, on a stored level."""
    facts, dataset = view.facts, view.dataset
    level = facts.max_zoom - 1 - z
    if facts.compression != "jpeg" or not 0 <= level <= len(dataset.overviews(1)):
        return None
    column, row = x - _first(facts, dataset, 0, level), y - _first(facts, dataset, 1, level)
    if not (0 <= column < dataset.width >> level + 9 and 0 <= row < dataset.height >> level + 9):
        return None
    window = Window(column * BLOCK << level, row * BLOCK << level, BLOCK << level, BLOCK << level)
    if not dataset.dataset_mask(window=window, out_shape=(BLOCK, BLOCK)).all():
        return None
    at, many = (dataset.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", 1, level - 1)
                if level else dataset.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", 1)
                for what in ("OFFSET", "SIZE"))  # fmt: skip
    if at is None or many is None:
        return None
    with Path(dataset.name).open("rb") as file:
        file.seek(int(at))
        return file.read(int(many))


def _first(facts: ViewFacts, dataset: object, axis: int, level: int) -> int:
    """Number of the view's first 512-pixel tile on a level."""
    if not facts.placed:
        return 0
    transform = dataset.transform  # type: ignore[attr-defined]
    size = BLOCK * transform.a * 2**level
    edge = transform.c + mercator.HALF if axis == 0 else mercator.HALF - transform.f
    return round(edge / size)


def covers(facts: ViewFacts, z: int, x: int, y: int) -> bool:
    """Whether the scene's box meets the tile."""
    left, bottom, right, top = mercator.tile_bounds(z, x, y)
    if facts.bounds is None:
        return False
    west, south, east, north = facts.bounds
    xs, ys = mercator.to_plane(np.array([west, east]), np.array([south, north]))
    return bool(xs[0] < right and xs[1] > left and ys[0] < top and ys[1] > bottom)
