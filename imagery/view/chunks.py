"""One part of a view copy: warped once, encoded on its finest levels, handed up as one block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import numpy as np

from imagery.view.cog import Pixels
from imagery.view.encode import encode_mask, encode_planes
from imagery.view.grid import BLOCK, Mapping, ViewGrid
from imagery.view.source import Opener, Picture
from imagery.view.warp import Warped, halved, view_place, warp

LEVELS = 2
"""A part is one block of this level: 4 × 4 blocks of the base, 2048 pixels wide."""
_SAMPLE = 8


@dataclass(frozen=True)
class Encoded:
    """One stored block."""

    level: int
    row: int
    column: int
    planes: list[bytes]
    mask: bytes


@dataclass
class Part:
    """What a part gives: its blocks, its coarsest pixels, a sample of its values (n, bands)."""

    row: int
    column: int
    blocks: list[Encoded] = field(default_factory=list)
    top: Warped | None = None
    sample: np.ndarray | None = None


def part_level(grid: ViewGrid) -> int:
    """The level whose blocks are the parts."""
    return min(LEVELS, grid.levels - 1)


@dataclass(frozen=True)
class Plan:
    """How every part of a view copy is made: its grid, where its pixels come from, how they are
    stored; `nearest` where values must not be mixed. No `mapping` means pixel space.
    """

    grid: ViewGrid
    mapping: Mapping | None
    pixels: Pixels
    nearest: bool


def maker(
    opener: Opener, plan: Plan
) -> Callable[[], AbstractContextManager[Callable[[tuple[int, int]], Part]]]:
    """For each thread a function from a part's (row, column) to the part."""

    @contextmanager
    def opened() -> Iterator[Callable[[tuple[int, int]], Part]]:
        with opener() as picture:
            yield lambda at: _part(picture, plan, at)

    return opened


def _part(picture: Picture, plan: Plan, at: tuple[int, int]) -> Part:
    level = part_level(plan.grid)
    size = BLOCK << level
    part = Part(*at)
    corner = (at[1] * size, at[0] * size)
    found = (_straight(picture, corner, size) if plan.mapping is None
             else warp(picture, view_place(plan.mapping, plan.grid, corner), (size, size)))  # fmt: skip
    for depth in range(level + 1):
        if found is None:
            return part
        spread = 1 << (level - depth)
        part.blocks += _blocks(found, depth, (at[0] * spread, at[1] * spread), plan.pixels)
        if depth < level:
            found = halved(*found, nearest=plan.nearest)
    part.top = found
    if found is not None:
        part.sample = _sampled(*found)
    return part


def _sampled(array: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Some of the valid values (n, bands); all of them where a sparse sample meets none."""
    few = array[::_SAMPLE, ::_SAMPLE][mask[::_SAMPLE, ::_SAMPLE] > 0]
    return few if len(few) else array[mask > 0]


def _straight(picture: Picture, corner: tuple[int, int], size: int) -> Warped | None:
    """Pixels as they are, in pixel space."""
    left, top = corner
    wide, high = picture.size
    right, bottom = min(left + size, wide), min(top + size, high)
    if right <= left or bottom <= top:
        return None
    array, mask = picture.read(left, top, right, bottom)
    out = np.zeros((size, size, array.shape[2]), array.dtype)
    seen = np.zeros((size, size), np.uint8)
    out[: bottom - top, : right - left] = array
    seen[: bottom - top, : right - left] = 255 if mask is None else mask
    return (out, seen) if seen.any() else None


def _blocks(found: Warped, level: int, first: tuple[int, int], pixels: Pixels) -> Iterator[Encoded]:
    """The non-empty blocks of a square of pixels whose first block is `first`."""
    array, mask = found
    for down in range(mask.shape[0] // BLOCK):
        for right in range(mask.shape[1] // BLOCK):
            cut = np.s_[down * BLOCK : (down + 1) * BLOCK, right * BLOCK : (right + 1) * BLOCK]
            if mask[cut].any():
                at = (first[0] + down, first[1] + right)
                yield encoded((array[cut], mask[cut]), level, at, pixels)


def encoded(found: Warped, level: int, at: tuple[int, int], pixels: Pixels) -> Encoded:
    """One block as it is stored."""
    array, mask = found
    return Encoded(level, *at, encode_planes(array, mask, pixels), encode_mask(mask))


def joined(four: dict[tuple[int, int], Warped]) -> Warped:
    """Up to four neighbouring blocks as one square; what is missing is invalid."""
    some = next(iter(four.values()))[0]
    out = np.zeros((2 * BLOCK, 2 * BLOCK, some.shape[2]), some.dtype)
    seen = np.zeros((2 * BLOCK, 2 * BLOCK), np.uint8)
    for (down, right), (array, mask) in four.items():
        cut = np.s_[down * BLOCK : (down + 1) * BLOCK, right * BLOCK : (right + 1) * BLOCK]
        out[cut], seen[cut] = array, mask
    return out, seen
