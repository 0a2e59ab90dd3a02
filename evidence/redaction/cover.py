"""Pixels under an area are painted anew from what lies around it: nothing under it is read.

A blur is a sum with known weights and can be turned back; small mosaic cells keep means of what was
there, enough to tell plates and faces from candidates. So neither is computed from the area: cells
and blur take their colours from the pixels *around* it. Two pictures that differ only under an area
therefore give the same copy, byte for byte; that is what the tests hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from shapely.geometry import Polygon

Treatment = Literal["pixelate", "blur", "fill"]
TREATMENTS: tuple[Treatment, ...] = ("pixelate", "blur", "fill")
GRID = 16
"""JPEG codes colour in blocks of 16 pixels: an area grows to whole blocks, for what lay under it
also rings in the rest of its blocks."""
_BLEED = 2
"""Pixels by which a decoder smooths colour across the edge of a block."""
_AROUND = 24
_CELLS = 6
_GREY = 0.35


def cover(
    picture: np.ndarray, shapes: Sequence[Polygon], treatments: Sequence[Treatment]
) -> tuple[np.ndarray, np.ndarray]:
    """A copy of `picture` (rows, columns, bands) with the shapes covered, and the mask of it.

    `shapes` in pixels (x, y; corner of the first pixel = 0), one treatment each; any dtype of
    integers or floats. The mask (rows, columns) is True where pixels were painted anew.
    """
    masks = [mask_of(shape, picture.shape[:2]) for shape in shapes]
    gone = np.zeros(picture.shape[:2], bool)
    for mask in masks:
        gone |= mask
    made = picture.copy()
    for mask, treatment in zip(masks, treatments, strict=True):
        if mask.any():
            _paint(made, picture, mask, gone, treatment)
    return made, gone


def mask_of(shape: Polygon, size: tuple[int, int]) -> np.ndarray:
    """The pixels an area takes: every block of `GRID` it touches, and the bleed around them."""
    rows, columns = size
    wide, tall = -(-columns // GRID), -(-rows // GRID)
    touched = np.zeros((tall, wide), bool)
    west, north, east, south = (int(value // GRID) for value in shape.bounds)
    west, north = max(west, 0), max(north, 0)
    east, south = min(east, wide - 1), min(south, tall - 1)
    if west <= east and north <= south:
        # drawn finer than the blocks, with its outline, so that none it touches is missed
        fine = Image.new("1", ((east - west + 1) * GRID, (south - north + 1) * GRID))
        points = [(x - west * GRID, y - north * GRID) for x, y in shape.exterior.coords]
        ImageDraw.Draw(fine).polygon(points, fill=1, outline=1, width=3)
        blocks = np.asarray(fine).reshape(south - north + 1, GRID, east - west + 1, GRID)
        touched[north : south + 1, west : east + 1] = blocks.any(axis=(1, 3))
    whole = np.kron(touched, np.ones((GRID, GRID), bool))[:rows, :columns]
    return ndimage.binary_dilation(whole, np.ones((3, 3), bool), _BLEED) if whole.any() else whole


def _paint(
    made: np.ndarray, picture: np.ndarray, mask: np.ndarray, gone: np.ndarray, treatment: Treatment
) -> None:
    """Paint one area into `made`; of `picture` only what lies outside `gone` is read."""
    at = ndimage.find_objects(mask.astype(np.int8))[0]
    tall, wide = (one.stop - one.start for one in at)
    bands = picture.shape[2]
    if treatment == "fill":
        painted = np.full((tall, wide, bands), _grey(picture.dtype), picture.dtype)
    else:
        side = max(GRID, -(-max(tall, wide) // _CELLS))
        cells = (-(-tall // side), -(-wide // side))
        colours = _sampled(_around(picture, gone, at), cells, picture.dtype)
        painted = np.repeat(np.repeat(colours, side, 0), side, 1)[:tall, :wide]
        if treatment == "blur":
            smooth = ndimage.gaussian_filter(painted.astype(np.float64), (side / 2, side / 2, 0))
            painted = smooth.astype(picture.dtype)
    made[at][mask[at]] = painted[mask[at]]


def _around(
    picture: np.ndarray, gone: np.ndarray, at: tuple[slice, slice]
) -> np.ndarray:  # fmt: skip
    """The pixels (n, bands) around an area that no area takes; grey where there are none."""
    near = tuple(slice(max(one.start - _AROUND, 0), one.stop + _AROUND) for one in at)
    found: np.ndarray = picture[near][~gone[near]]
    if len(found):
        return found
    return np.full((1, picture.shape[2]), _grey(picture.dtype), picture.dtype)


def _sampled(around: np.ndarray, cells: tuple[int, int], dtype: np.dtype) -> np.ndarray:
    """A colour per cell, chosen by a fixed draw: the same surroundings give the same cells."""
    chosen = np.random.default_rng(0).integers(0, len(around), cells)
    return around[chosen].astype(dtype)


def _grey(dtype: np.dtype) -> int | float:
    return round(np.iinfo(dtype).max * _GREY) if np.issubdtype(dtype, np.integer) else 0.0
