"""What cells look like: sums of a few planes per cell, which add up over windows, then features.

Reading an orthophoto is quick; what is done to every pixel is therefore compiled and done once.
"""

from __future__ import annotations

import cv2
import numpy as np
from numba import njit

OWN = (
    "light", "light_sd", "red_green", "blue", "colour_sd", "saturation", "green", "green_sd",
    "edge", "edge_sd", "fine", "along", "dark", "white",
)  # fmt: skip
"""What a cell looks like: brightness, colour, vegetation, texture (0..1 of the number's range);
`along` is how much of the texture runs one way, `white` and `dark` are shares of pixels."""
SUMS = 16
DARK, WHITE = 0.15, 0.9


def shrunk(array: np.ndarray, factor: int, full: float) -> np.ndarray:
    """Red, green and blue (3, rows, columns) float32, 0..1 of `full`, averaged by `factor`, a power of two.

    The first three bands; a single band stands for all three.
    """
    planes = [_halved(band, factor) for band in array[:3]]
    picture = np.empty((3, *planes[0].shape), np.float32)
    for out, plane in zip(picture, planes if len(planes) == 3 else planes[:1] * 3, strict=True):
        np.multiply(plane, np.float32(1 / full), out=out, dtype=np.float32)
    if array.dtype != np.uint8:
        np.clip(np.nan_to_num(picture, copy=False), 0.0, 1.0, out=picture)
    return picture


def _halved(plane: np.ndarray, factor: int) -> np.ndarray:
    """By two and again by two: that is what the library does fast."""
    if plane.dtype.name not in ("uint8", "uint16", "int16", "float32"):
        plane = plane.astype(np.float32)
    while factor > 1:
        size = (plane.shape[1] // 2, plane.shape[0] // 2)
        plane = cv2.resize(plane[: size[1] * 2, : size[0] * 2], size, interpolation=cv2.INTER_AREA)
        factor //= 2
    return plane


def summed(rgb: np.ndarray, corner: tuple[int, int], side: int) -> np.ndarray:
    """Sums (SUMS, rows, columns) over the cells of `side` pixels that `rgb` (3, rows, columns) meets.

    `corner`: row and column of its first pixel; cells are counted from 0, those it holds in part
    get the part's sum.
    """
    down, across = (_edges(at, many, side) for at, many in zip(corner, rgb.shape[1:], strict=True))
    found = np.zeros((SUMS, len(down) - 1, len(across) - 1), np.float32)
    light = rgb[0] + rgb[1]
    light += rgb[2]
    light *= np.float32(1 / 3)
    light = cv2.copyMakeBorder(light, 1, 1, 1, 1, cv2.BORDER_REFLECT_101)
    columns = np.empty((SUMS, rgb.shape[2]), np.float32)
    for row in range(len(down) - 1):
        columns.fill(0)
        add_colours(rgb, light, down[row], down[row + 1], columns)
        add_texture(light, down[row], down[row + 1], columns)
        found[:, row] = _by_cell(columns, across, side)
    return found


def _by_cell(columns: np.ndarray, cells: np.ndarray, side: int) -> np.ndarray:
    """Sums of columns (planes, n) over cells; the first may lack its beginning, the last its end."""
    before, after = side - (cells[1] - cells[0]), side - (cells[-1] - cells[-2])
    if len(cells) == 2:
        before = 0
    if before or after:
        columns = np.pad(columns, ((0, 0), (before, after)))
    found: np.ndarray = columns.reshape(len(columns), -1, side).sum(axis=2)
    return found


def counted(planes: np.ndarray, corner: tuple[int, int], side: int) -> np.ndarray:
    """The plain sums (planes, rows, columns) over the cells of `side` pixels, counted as in `summed`."""
    down, across = (
        _edges(at, many, side) for at, many in zip(corner, planes.shape[1:], strict=True)
    )
    rows = np.add.reduceat(planes, down[:-1], axis=1)
    found: np.ndarray = np.add.reduceat(rows, across[:-1], axis=2)
    return found


def _edges(start: int, many: int, side: int) -> np.ndarray:
    """Where cells begin in a run of pixels that starts at `start`, and its end."""
    ends = np.arange(start // side + 1, (start + many - 1) // side + 1) * side - start
    return np.concatenate([[0], ends, [many]])


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def add_colours(rgb: np.ndarray, light: np.ndarray, top: int, bottom: int, out: np.ndarray) -> None:
    """Add the rows' planes of colour to the sums of columns; `light` has a rim of one pixel.

    A row at a time, so that pixels stay in the cache and the compiler works on several at once.
    """
    one, three, little = np.float32(1), np.float32(3), np.float32(1e-3)
    light_1, light_2, warm_1, cold_1, warm_2, saturation_1, green_1, green_2 = (
        out[0], out[1], out[2], out[3], out[4], out[5], out[6], out[7])  # fmt: skip
    dark, white = out[14], out[15]
    for i in range(top, bottom):
        reds, greens, blues, here = rgb[0, i], rgb[1, i], rgb[2, i], light[i + 1]
        for j in range(rgb.shape[2]):
            red, green, blue, level = reds[j], greens[j], blues[j], here[j + 1]
            total = red + green + blue
            share = one / (total + little)
            most, least = max(red, green, blue), min(red, green, blue)
            warm, leafy = (red - green) * share, (three * green - total) * share
            light_1[j] += level
            light_2[j] += level * level
            warm_1[j] += warm
            warm_2[j] += warm * warm
            cold_1[j] += (blue - level) * share
            saturation_1[j] += (most - least) / (most + little)
            green_1[j] += leafy
            green_2[j] += leafy * leafy
        for j in range(rgb.shape[2]):
            dark[j] += np.float32(here[j + 1] < np.float32(DARK))
            white[j] += np.float32(here[j + 1] > np.float32(WHITE))


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def add_texture(light: np.ndarray, top: int, bottom: int, out: np.ndarray) -> None:
    """Add slopes (Sobel's), their length and the difference from the mean of nine likewise."""
    two, ninth = np.float32(2), np.float32(1 / 9)
    length_1, length_2, fine, across_2, down_2, both = out[8], out[9], out[10], out[11], out[12], out[13]  # fmt: skip
    for i in range(top, bottom):
        above, here, below = light[i], light[i + 1], light[i + 2]
        for j in range(out.shape[1]):
            left, middle, right = (
                above[j] + below[j],
                above[j + 1] + below[j + 1],
                above[j + 2] + below[j + 2],
            )
            across = right - left + two * (here[j + 2] - here[j])
            down = (
                below[j]
                - above[j]
                + two * (below[j + 1] - above[j + 1])
                + below[j + 2]
                - above[j + 2]
            )
            mean = (left + middle + right + here[j] + here[j + 1] + here[j + 2]) * ninth
            square = across * across + down * down
            length_1[j] += np.sqrt(square)
            length_2[j] += square
            fine[j] += abs(here[j + 1] - mean)
            across_2[j] += across * across
            down_2[j] += down * down
            both[j] += across * down


def features(sums: np.ndarray, pixels: int) -> np.ndarray:
    """(features, rows, columns) of `OWN` out of the sums over cells of so many pixels."""
    means = sums / np.float32(pixels)
    light, warm, green, edge = means[0], means[2], means[6], means[8]
    xx, yy, xy = means[11:14]
    along = np.hypot(xx - yy, 2 * xy) / (xx + yy + 1e-4)
    return np.stack([
        light, _spread(means[1], light), warm, means[3], _spread(means[4], warm), means[5],
        green, _spread(means[7], green), edge, _spread(means[9], edge), means[10], along,
        means[14], means[15],
    ]).astype(np.float32)  # fmt: skip


def _spread(square: np.ndarray, mean: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return found
