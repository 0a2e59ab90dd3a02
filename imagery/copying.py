"""A raster copied for somebody else: chosen pixels painted anew, and nothing but pixels and place.

Every block is written once, already painted: no block of the copy ever held what was covered, and
no overview, tag, thumbnail or list beside it comes along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.windows import Window, intersect, intersection
from shapely import affinity
from shapely.geometry import Polygon

from imagery.formats import open_raster
from layers.atomic import written_whole
from layers.errors import ImageryError

Paint = Callable[[np.ndarray, Sequence[Polygon]], tuple[np.ndarray, np.ndarray]]
"""(rows, columns, bands) and areas in its pixels -> the painted copy and the mask of what was painted."""
_BLOCK, _GRID, _RING = 512, 16, 48
_MOST_PIXELS = 60_000_000


@dataclass(frozen=True, slots=True)
class Patch:
    """Pixels that replace those from (`row`, `column`) on, where `mask` is True."""

    row: int
    column: int
    pixels: np.ndarray
    mask: np.ndarray


def painted_copy(
    source: Path, target: Path, areas: Sequence[Polygon], paint: Paint, *, more: Callable[[int, int], Sequence[Patch]] | None = None,
) -> None:  # fmt: skip
    """Write `source` (GeoTIFF) to `target` with `areas` (in its pixels) painted by `paint`.

    `more(width, height)` may add patches of three bands of bytes (a stamp), drawn on pictures of
    such bands only. Raises `ImageryError` for a palette and for an area too large to paint at once.
    """
    with open_raster(source, "GTiff") as read:
        if read.count == 1 and read.colorinterp[0].name == "palette":
            raise ImageryError("a picture of palette numbers cannot be painted over", file=source,
                               remedy="convert it to RGB first")  # fmt: skip
        patches = [_patch(read, number, areas, paint, source) for number in range(len(areas))]
        if more is not None and read.count >= 3 and set(read.dtypes) == {"uint8"}:
            patches += more(read.width, read.height)
        with written_whole(target) as beside, rasterio.open(beside, "w", **_profile(read)) as out:
            out.colorinterp = read.colorinterp
            masked = any(
                flags == [rasterio.enums.MaskFlags.per_dataset] for flags in read.mask_flag_enums
            )
            for _, window in out.block_windows(1):
                _copy(read, out, window, [p for p in patches if p is not None], masked)


def _profile(read: Any) -> dict[str, Any]:  # noqa: ANN401 - a rasterio dataset
    return {"driver": "GTiff", "width": read.width, "height": read.height, "count": read.count,
            "dtype": read.dtypes[0], "crs": read.crs, "transform": read.transform, "nodata": read.nodata,
            "tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK, "compress": "deflate",
            "interleave": "pixel", "BIGTIFF": "IF_SAFER"}  # fmt: skip


def _patch(
    read: Any, number: int, areas: Sequence[Polygon], paint: Paint, source: Path  # noqa: ANN401
) -> Patch | None:  # fmt: skip
    """One area painted from its surroundings; the window lies on the grid the painter grows to."""
    west, north, east, south = areas[number].bounds
    left, top = (max(0, int(edge) // _GRID * _GRID - _RING) for edge in (west, north))
    right, bottom = (
        min(side, int(edge) + 2 * _RING)
        for edge, side in ((east, read.width), (south, read.height))
    )
    if right <= left or bottom <= top:
        return None
    if (right - left) * (bottom - top) > _MOST_PIXELS:
        raise ImageryError("an area is too large to be painted at once", file=source, field="area",
                           remedy="draw several smaller areas")  # fmt: skip
    pixels = read.read(window=Window(left, top, right - left, bottom - top))
    moved = [affinity.translate(one, -left, -top) for one in areas]
    made, gone = paint(np.moveaxis(pixels, 0, -1), moved)
    return Patch(top, left, made, gone)


def _copy(read: Any, out: Any, window: Window, patches: Sequence[Patch], masked: bool) -> None:  # noqa: ANN401
    pixels = read.read(window=window)
    seen = read.dataset_mask(window=window) if masked else None
    for patch in patches:
        rows, columns = patch.mask.shape
        there = Window(patch.column, patch.row, columns, rows)
        if not intersect([window, there]):
            continue
        both = intersection(window, there)
        inside = _slices(both, window)
        own = _slices(both, there)
        mask, bands = patch.mask[own], patch.pixels.shape[2]
        pixels[(slice(0, bands), *inside)][:, mask] = np.moveaxis(patch.pixels[own], -1, 0)[:, mask]
        if seen is not None:
            seen[inside][mask] = 255
    out.write(pixels, window=window)
    if seen is not None:
        out.write_mask(seen, window=window)


def _slices(part: Window, of: Window) -> tuple[slice, slice]:
    row, column = int(part.row_off - of.row_off), int(part.col_off - of.col_off)
    return slice(row, row + int(part.height)), slice(column, column + int(part.width))
