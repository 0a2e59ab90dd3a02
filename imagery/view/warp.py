"""Pixels of a scene on the view's grid.

The mapping is computed exactly on a net of points 16 pixels apart and linear in between: below
0.06 pixel for pixels up to 10 km. Colours are bilinear, weighted by validity, so that nothing
outside bleeds in; validity is that of the nearest pixel. Palettes are never mixed.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from imagery.view.grid import Mapping, ViewGrid
from imagery.view.source import Picture

NET = 16
_FAR = -1e7
Warped = tuple[np.ndarray, np.ndarray]
"""Pixels (rows, columns, bands) and validity (rows, columns) of 0 and 255."""


Place = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""From pixel coordinates of the target to those of the source (corner of the first pixel = 0)."""


def view_place(mapping: Mapping, grid: ViewGrid, corner: tuple[int, int]) -> Place:
    """Where the pixels of a view, counted from `corner` (left, top), lie in the source."""
    x0, y0 = grid.origin
    left, top = x0 + corner[0] * grid.pixel, y0 - corner[1] * grid.pixel
    return lambda across, down: mapping.from_plane(left + across * grid.pixel,
                                                   top - down * grid.pixel)  # fmt: skip


def warp(picture: Picture, place: Place, shape: tuple[int, int]) -> Warped | None:
    """The target's pixels, `shape` rows and columns; missing where nothing is valid."""
    size = picture.size
    columns, rows = _net(place, shape)
    if not (_meets(columns, size[0]) and _meets(rows, size[1])):
        return None
    step = _step(columns, rows)
    across, down = _window(columns, size[0], step), _window(rows, size[1], step)
    if across[0] >= across[1] or down[0] >= down[1]:
        return None
    array, mask = picture.read(across[0], down[0], across[1], down[1], step)
    scale_x = array.shape[1] / (across[1] - across[0])
    scale_y = array.shape[0] / (down[1] - down[0])
    x = _dense((columns - across[0]) * scale_x, shape)
    y = _dense((rows - down[0]) * scale_y, shape)
    limits = (-across[0] * scale_x, (size[0] - across[0]) * scale_x,
              -down[0] * scale_y, (size[1] - down[0]) * scale_y)  # fmt: skip
    return _resample(array, mask, x, y, limits, nearest=picture.layout.lut is not None)


def _net(place: Place, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Source pixel coordinates at the middles of the net's cells, one cell more all around."""
    down, across = ((np.arange(-(-side // NET) + 2) - 0.5) * NET for side in shape)
    columns, rows = place(*np.meshgrid(across, down))
    good = np.isfinite(columns) & np.isfinite(rows)
    return np.where(good, columns, _FAR), np.where(good, rows, _FAR)


def _meets(where: np.ndarray, limit: int) -> bool:
    """Whether some of the net lies in the source, or the source between points of the net."""
    return bool(where.min() < limit + 1 and where.max() > -1)


def _step(columns: np.ndarray, rows: np.ndarray) -> int:
    """How many source pixels fall on one of the view, as a whole number (1 in the usual case)."""
    steps = [np.median(np.abs(np.diff(one, axis=axis)))
             for one in (columns, rows) for axis in (0, 1)]  # fmt: skip
    reach = max(np.hypot(steps[0], steps[2]), np.hypot(steps[1], steps[3]))
    return max(1, int(reach / NET / 2)) if reach < 1e6 else 1


def _window(where: np.ndarray, limit: int, step: int) -> tuple[int, int]:
    near = where[(where > -limit - 1e5) & (where < 2 * limit + 1e5)]
    if not near.size:
        return 0, 0
    margin = 2 * step + 1
    return (max(0, int(np.floor(near.min())) - margin),
            min(limit, int(np.ceil(near.max())) + margin))  # fmt: skip


def _dense(net: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The net at every pixel's middle, as pixel indices (middle of the first pixel = 0)."""
    whole = cv2.resize(net.astype(np.float32), None, fx=NET, fy=NET, interpolation=cv2.INTER_LINEAR)
    return whole[NET : NET + shape[0], NET : NET + shape[1]] - np.float32(0.5)


def _resample(
    array: np.ndarray, mask: np.ndarray | None, x: np.ndarray, y: np.ndarray,
    limits: tuple[float, float, float, float], *, nearest: bool,
) -> Warped | None:  # fmt: skip
    half = np.float32(0.5)
    valid = (x >= limits[0] - half) & (x <= limits[1] - half)
    valid &= (y >= limits[2] - half) & (y <= limits[3] - half)
    seen = valid.astype(np.uint8) * 255
    whole = mask is None or bool(mask.all())
    if not whole and mask is not None:
        seen = np.minimum(seen, _remap(mask[:, :, None], x, y, cv2.INTER_NEAREST)[:, :, 0])
    if not seen.any():
        return None
    if nearest:
        out = _remap(array, x, y, cv2.INTER_NEAREST)
    elif whole or mask is None:
        out = _remap(array, x, y, cv2.INTER_LINEAR)
    else:
        out = _weighted(array, mask, x, y)
    if not seen.all():
        out[seen == 0] = 0
    return out, seen


def _weighted(array: np.ndarray, mask: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    known = (mask > 0).astype(_precise(array.dtype))[:, :, None]
    weight = np.maximum(_remap(known, x, y, cv2.INTER_LINEAR), 1e-6)
    mixed = _remap(array.astype(known.dtype) * known, x, y, cv2.INTER_LINEAR) / weight
    if array.dtype.kind == "f":
        return mixed.astype(array.dtype)
    info = np.iinfo(array.dtype)
    return np.clip(np.rint(mixed), info.min, info.max).astype(array.dtype)


def _precise(dtype: np.dtype) -> type[np.floating]:
    return np.float32 if dtype.itemsize <= 2 or dtype == np.float32 else np.float64


def _remap(array: np.ndarray, x: np.ndarray, y: np.ndarray, how: int) -> np.ndarray:
    """`cv2.remap` for any number of bands and number type; edges are repeated outwards."""
    direct = array.dtype in (np.uint8, np.uint16, np.int16, np.float32, np.float64)
    table = array if direct else array.astype(np.float64)
    parts = [cv2.remap(np.ascontiguousarray(table[:, :, at : at + 4]), x, y, how,
                       borderMode=cv2.BORDER_REPLICATE).reshape(*x.shape, -1)
             for at in range(0, table.shape[2], 4)]  # fmt: skip
    out = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)
    if direct:
        return out
    return (np.rint(out) if array.dtype.kind in "ui" else out).astype(array.dtype)


def halved(array: np.ndarray, mask: np.ndarray, *, nearest: bool) -> Warped:
    """Half the size: the mean of the valid ones of each four; valid where one of the four is."""
    if nearest:
        return np.ascontiguousarray(array[::2, ::2]), np.ascontiguousarray(mask[::2, ::2])
    rows, columns = mask.shape[0] // 2, mask.shape[1] // 2
    if mask.all():
        return _mean(array, rows, columns), np.full((rows, columns), 255, np.uint8)
    known = (mask > 0).astype(_precise(array.dtype))
    share = _mean(known[:, :, None], rows, columns)
    mixed = _mean(array.astype(known.dtype) * known[:, :, None], rows, columns)
    out = mixed / np.maximum(share, 1e-6)
    seen = (share[:, :, 0] > 0).astype(np.uint8) * 255
    if array.dtype.kind in "ui":
        info = np.iinfo(array.dtype)
        out = np.clip(np.rint(out), info.min, info.max)
    return out.astype(array.dtype), seen


def _mean(array: np.ndarray, rows: int, columns: int) -> np.ndarray:
    if array.dtype in (np.uint8, np.uint16, np.int16, np.float32) and array.shape[2] <= 4:
        small = cv2.resize(array, (columns, rows), interpolation=cv2.INTER_AREA)
        return small.reshape(rows, columns, -1)
    four = array.reshape(rows, 2, columns, 2, -1).mean(axis=(1, 3), dtype=np.float64)
    return (np.rint(four) if array.dtype.kind in "ui" else four).astype(array.dtype)
