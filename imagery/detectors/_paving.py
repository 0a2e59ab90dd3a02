"""What a lane's own paving looks like, from one picture: large smooth ground, and what is not like it.

Paving is smooth and large: what is joined without an edge over more ground than any vehicle covers. Smaller
smooth pieces between lines are paving too where they have its colour. Everything that stands out from the
paving around it, is wide enough and not of ragged shape may be a thing: lines, kerbs and stains are narrower
or ragged, a shadow is paving in less light.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from imagery.detectors._things import cut_of, disc

_OFFSET = np.array([0.0, 128.0, 128.0], np.float32)
_SCALE = np.array([2.55, 1.0, 1.0], np.float32)
_BIN = 8
"""Levels of a colour that count as one."""
_COARSE = 4
_FEW = 0.02


@dataclass(frozen=True, slots=True)
class Paved:
    """How paving is told; lengths in metres, colours in Lab units.

    `flat`: an edge per pixel; `large_m2`, `piece_m2`: smooth ground that is paving by its size alone, or
    with a colour that `common` of the paving has; `near_m`, `far_m`: how far a pixel's paving is looked
    for. What stands out differs by `mads` and at least by `least`; it is `narrow_m` wide or more, not
    more than `slender` times as long, and fills `solid` of its rectangle.
    """

    flat: float = 3.0
    large_m2: float = 40.0
    piece_m2: float = 8.0
    common: float = 0.01
    near_m: float = 1.2
    far_m: float = 6.0
    mads: float = 7.0
    least: float = 5.5
    speck_m: float = 0.3
    core_m: float = 1.2
    narrow_m: float = 1.5
    slender: float = 7.0
    thin: float = 4.0
    thin_m: float = 2.0
    solid: float = 0.65


@dataclass(frozen=True)
class Paving:
    """`ground` (rows, columns, 3) Lab: the paving below every pixel; `free` bool, where it is seen."""

    ground: np.ndarray
    free: np.ndarray


def paving(lab: np.ndarray, good: np.ndarray, pixel_m: float, how: Paved) -> Paving:
    """The paving of the lane `good` in one picture (rows, columns, 3)."""
    code = cv2.medianBlur(np.clip(lab * _SCALE + _OFFSET, 0, 255).astype(np.uint8), 3)
    soft = (code.astype(np.float32) - _OFFSET) / _SCALE
    free = _free(_flat(soft, good, pixel_m, how), code, pixel_m**2, how)
    return Paving(_below(soft, free, pixel_m, how) if free.any() else soft, free)


def standing_out(
    lab: np.ndarray, good: np.ndarray, seen: Paving, how: Paved
) -> tuple[np.ndarray, float]:
    """Distance of every pixel from its paving, as multiples of the cut, and the cut."""
    apart = cv2.subtract(lab, seen.ground)
    found = np.sqrt(cv2.transform(apart * apart, np.ones((1, 3), np.float32)))
    cut = max(how.least, cut_of(found[seen.free & good], how.mads))
    return found / cut, cut


def hits(
    score: np.ndarray, good: np.ndarray, seen: Paving, pixel_m: float, how: Paved
) -> np.ndarray:
    """Pixels of things, (rows, columns) bool: lines and specks taken off."""
    found = ((score > 1) & good & ~seen.free).astype(np.uint8)
    return cv2.morphologyEx(found, cv2.MORPH_OPEN, disc(how.speck_m / pixel_m)) > 0


def _flat(soft: np.ndarray, good: np.ndarray, pixel_m: float, how: Paved) -> np.ndarray:
    across, down = (cv2.Scharr(soft, cv2.CV_32F, x, 1 - x, scale=1 / 32) for x in (1, 0))
    edge = cv2.transform(across * across + down * down, np.ones((1, 3), np.float32))
    flat = ((edge < how.flat**2) & good).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(flat, cv2.MORPH_OPEN, disc(0.2 / pixel_m)))


def _free(flat: np.ndarray, code: np.ndarray, pixel_m2: float, how: Paved) -> np.ndarray:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    size = stats[:, cv2.CC_STAT_AREA] * pixel_m2
    size[0] = 0
    kept = size >= how.large_m2
    free: np.ndarray = kept[labels]
    if not free.any():
        return free
    bins = (code // _BIN).astype(np.int32)
    colour = (bins[..., 0] * 32 + bins[..., 1]) * 32 + bins[..., 2]
    known = np.bincount(colour[free], minlength=32**3) > how.common * free.sum()
    for n in np.flatnonzero((size >= how.piece_m2) & ~kept):
        left, top, wide, high = (int(v) for v in stats[n][:4])
        where = np.s_[top : top + high, left : left + wide]
        kept[n] = known[colour[where][labels[where] == n]].mean() > 0.7
    found: np.ndarray = kept[labels]
    return found


def _below(soft: np.ndarray, free: np.ndarray, pixel_m: float, how: Paved) -> np.ndarray:
    """Means of the paving near by, and where there is none near of that farther off."""
    rows, columns = free.shape
    size = (-(-columns // _COARSE), -(-rows // _COARSE))
    weight = free.astype(np.float32)
    few = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(soft * weight[..., None], size, interpolation=cv2.INTER_AREA)
    near, far = ([cv2.GaussianBlur(one, (0, 0), reach / pixel_m / _COARSE) for one in (sums, few)]
                 for reach in (how.near_m, how.far_m))  # fmt: skip
    wide = far[0] / np.maximum(far[1], 1e-6)[..., None]
    mean = (near[0] + _FEW * wide) / (near[1] + _FEW)[..., None]
    found: np.ndarray = cv2.resize(mean, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return found


def wide_enough(mask: np.ndarray, pixel_m: float, how: Paved) -> np.ndarray:
    """The bodies of a mask that a disc of `core_m` fits into."""
    shape = disc(how.core_m / 2 / pixel_m)
    core = cv2.erode(mask.astype(np.uint8), shape, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    many, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    kept = np.zeros(many, bool)
    kept[np.unique(labels[core > 0])] = True
    kept[0] = False
    found: np.ndarray = kept[labels]
    return found


def shaped(mask: np.ndarray, pixel_m: float, how: Paved) -> np.ndarray:
    """The bodies of a mask whose rectangle is wide and filled as that of a thing."""
    many, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    kept = np.zeros(many, bool)
    for n, (long, wide, area) in enumerate(_sides(labels, stats), 1):
        slender = how.thin if wide * pixel_m < how.thin_m else how.slender
        kept[n] = (
            wide * pixel_m >= how.narrow_m
            and long <= slender * wide
            and area >= how.solid * long * wide
        )
    found: np.ndarray = kept[labels]
    return found


def _sides(labels: np.ndarray, stats: np.ndarray) -> Iterator[tuple[float, float, float]]:
    """Length, width of the rectangle around each component, and its area, in pixels."""
    for n in range(1, len(stats)):
        left, top, wide, high, area = (int(v) for v in stats[n])
        own = (labels[top : top + high, left : left + wide] == n).astype(np.uint8)
        rings, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        _, sides, _ = cv2.minAreaRect(max(rings, key=cv2.contourArea))
        yield max(sides) + 1, min(sides) + 1, area
