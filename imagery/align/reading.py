"""A raster's brightness on another grid: read once, averaged to the grid's pixel, then moved onto it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from rasterio.enums import Resampling
from rasterio.transform import Affine
from rasterio.windows import Window
from scipy.interpolate import RectBivariateSpline

from imagery.formats import open_raster
from imagery.scene import Placement
from layers.datum.ground import ground_crs

_NODES = 17
"""Places a side where the way from the grid to the raster is computed; a cubic runs between them."""
_MARGIN = 4


def on_grid(
    raster: tuple[Any, str, Placement], crs: str, transform: Affine, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the first bands, float32, and what is valid, on `size` (rows, columns) of a grid.

    `raster` is path, driver and placement, `transform` the grid's in metres of `crs`. Pixels
    finer than the grid's are averaged, in an overview of the file where it has one.
    """
    path, driver, placement = raster
    down, across = _there(placement, crs, transform, size)
    with open_raster(path, driver) as source:
        low = np.floor([across.min(), down.min()]).astype(int) - _MARGIN
        high = np.ceil([across.max(), down.max()]).astype(int) + _MARGIN
        left, top = (int(v) for v in np.maximum(low, 0))
        right, bottom = (int(v) for v in np.minimum(high, [source.width, source.height]))
        if right <= left or bottom <= top:
            return np.zeros(size, np.float32), np.zeros(size, bool)
        window = Window(left, top, right - left, bottom - top)
        steps = _steps(across, down)
        picture, valid = _averaged(source, window, steps)
    x = ((across - left) * (picture.shape[1] / (right - left)) - 0.5).astype(np.float32)
    y = ((down - top) * (picture.shape[0] / (bottom - top)) - 0.5).astype(np.float32)
    moved = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    # Half a pixel beyond the file's middle points is still in the file.
    seen = cv2.remap(valid, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return moved, seen > 0


def _there(
    placement: Placement, crs: str, transform: Affine, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns (from the corner) in the raster of the middle of every pixel of the grid."""
    rows, columns = size
    at = np.linspace(0, rows, _NODES), np.linspace(0, columns, _NODES)
    row, column = np.meshgrid(*at, indexing="ij")
    a, b, c, d, e, f = tuple(transform)[:6]
    x = a * column.ravel() + b * row.ravel() + c
    y = d * column.ravel() + e * row.ravel() + f
    plane, own = ground_crs(crs), ground_crs(placement.crs)
    x, y = own.from_wgs84(*plane.to_wgs84(x, y))
    a, b, c, d, e, f = placement.transform
    found = np.linalg.inv([[a, b], [d, e]]) @ np.vstack([x - c, y - f])
    middles = np.arange(rows) + 0.5, np.arange(columns) + 0.5
    across, down = (
        RectBivariateSpline(*at, one.reshape(_NODES, _NODES))(*middles) for one in found
    )
    return down, across


def _steps(across: np.ndarray, down: np.ndarray) -> tuple[float, float]:
    """Pixels of the raster, across and down, under one of the grid, at least 1."""
    row, column = (side // 2 for side in across.shape)
    here = np.s_[max(0, row - 1) : row + 1, max(0, column - 1) : column + 1]
    spans = []
    for one in (across[here], down[here]):
        moves = [np.abs(np.diff(one, axis=axis)).max(initial=0.0) for axis in (0, 1)]
        spans.append(max(1.0, float(np.hypot(*moves))))
    return spans[0], spans[1]


def _averaged(
    source: Any,  # noqa: ANN401 - a rasterio dataset
    window: Window,
    steps: tuple[float, float],
) -> tuple[np.ndarray, np.ndarray]:
    bands = [n for n, role in enumerate(source.colorinterp, 1) if role.name != "alpha"][:3]
    size = (max(1, round(window.height / steps[1])), max(1, round(window.width / steps[0])))
    how = Resampling.nearest if max(steps) < 1.5 else Resampling.average
    if how is Resampling.nearest:
        size = (int(window.height), int(window.width))
    array = source.read(bands, window=window, out_shape=(len(bands), *size), resampling=how,
                        out_dtype="float32")  # fmt: skip
    valid = source.dataset_mask(window=window, out_shape=size)
    return array.mean(axis=0), np.asarray(valid > 0, np.uint8)
