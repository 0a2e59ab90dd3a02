"""Many tiles become one GeoTIFF, tile by tile: the memory does not grow with their number."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning
from rasterio.windows import Window

from imagery.guard.raster import OPTIONS, UNREADABLE, damaged, open_raster
from layers.errors import ImageryError

_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Tile:
    """A checked raster file and where its upper left pixel goes."""

    path: Path
    driver: str
    column: int
    row: int


def assemble(
    tiles: Sequence[Tile], out: Path, *, width: int, height: int, size: Sequence[int] | None,
    bands: int, dtype: str, crs: str, transform: Sequence[float],
) -> dict[str, Any]:  # fmt: skip
    """Write `out` (GeoTIFF, `bands` + alpha, lossless, sparse) from the tiles.

    `size` is (width, height) every tile must have, None where each brings its own. A tile of
    another size or one that does not decode is left out: `{"left_out": [[path, why], …]}`.
    """
    profile = {
        "driver": "GTiff", "width": width, "height": height, "count": bands + 1, "dtype": dtype,
        "crs": crs, "transform": rasterio.Affine(*transform), "tiled": True, "blockxsize": _BLOCK,
        "blockysize": _BLOCK, "compress": "deflate", "zlevel": 1, "sparse_ok": True,
        "bigtiff": "if_safer", "interleave": "pixel", "alpha": "unspecified",
    }  # fmt: skip
    left_out: list[list[str]] = []
    # Row by row: a block that several tiles share is still in the cache.
    ordered = sorted(tiles, key=lambda tile: (tile.row, tile.column))
    with warnings.catch_warnings(), rasterio.Env(**OPTIONS):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(out, "w", **profile) as target:
            colours = [ColorInterp.gray] if bands == 1 else [
                ColorInterp.red, ColorInterp.green, ColorInterp.blue][:bands]  # fmt: skip
            colours += [ColorInterp.undefined] * (bands - len(colours))
            target.colorinterp = [*colours, ColorInterp.alpha]
            for tile in ordered:
                try:
                    _place(tile, target, size, bands)
                except ImageryError as error:
                    left_out.append([str(tile.path), error.problem])
    return {"left_out": left_out}


def _place(tile: Tile, target: Any, size: Sequence[int] | None, bands: int) -> None:  # noqa: ANN401
    with open_raster(tile.path, tile.driver) as source:
        here = [source.width, source.height]
        if size is not None and here != list(size):
            raise ImageryError(f"a tile of {here[0]} × {here[1]} pixels among others",
                               remedy="export the tiles again", file=tile.path)  # fmt: skip
        try:
            colours, valid = _pixels(source, bands, target.dtypes[0])
        except UNREADABLE as error:
            raise damaged(tile.path, error) from error
    window = Window(tile.column, tile.row, here[0], here[1])
    alpha = np.where(valid > 0, np.iinfo(np.uint8).max, 0).astype(target.dtypes[0])
    target.write(np.concatenate([colours, alpha[np.newaxis]]), window=window)


def _pixels(source: Any, bands: int, dtype: str) -> tuple[np.ndarray, np.ndarray]:  # noqa: ANN401
    """(bands, height, width) and the mask; a palette is resolved, grey is repeated."""
    valid = source.dataset_mask()
    if source.colorinterp[0] is ColorInterp.palette:
        table = np.zeros((256, 4), np.uint8)
        for value, colour in source.colormap(1).items():
            table[value % 256] = colour
        looked_up = table[source.read(1).astype(np.intp) % len(table)]
        valid = np.where(looked_up[..., 3] > 0, valid, 0)
        return looked_up[..., :bands].transpose(2, 0, 1).astype(dtype), valid
    wanted = [n for n, colour in zip(source.indexes, source.colorinterp, strict=True)
              if colour is not ColorInterp.alpha]  # fmt: skip
    read = source.read(wanted[:bands]).astype(dtype)
    return np.repeat(read, bands, axis=0) if len(read) == 1 else _filled(read, bands), valid


def _filled(read: np.ndarray, bands: int) -> np.ndarray:
    missing = bands - len(read)
    return np.concatenate([read, np.repeat(read[-1:], missing, axis=0)]) if missing else read
