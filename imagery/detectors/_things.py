"""Things that stand where a clear reference shows bare ground: pixels, then bodies without shadow.

Works on arrays alone. Colours are compared in CIE Lab after the reference has been matched to the
light of the later picture; a pixel counts only if nothing within two pixels of it looks alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit

_LEAST_ZONE = 0.05
_TWO_LIGHTS, _SHADOW = 0.75, 0.6
"""Two lights: their difference explains most of the variance, the darker has so much less light."""
_LEAVES = 0.1
_BRIGHT = 0.25
_MOST_CUT = 12.0
"""Lab units: what differs more is no noise of the ground, however restless the lane."""


@dataclass(frozen=True, slots=True)
class Body:
    """How bodies are told from shadows and specks; lengths in metres, chroma in Lab units.

    A pixel is shadow-like where brightness falls to between `darkest` and `lightest` of the
    reference's while its colour stays within `chroma`. `thing`: share of a body that must not be
    shadow-like for the rest to be taken off as its shadow; where even that share is darker than `dark`
    of the ground, nothing is taken off: it is a dark thing, whose rim looks like shadow.
    """

    speck_m: float = 0.15
    join_m: float = 0.45
    rejoin_m: float = 0.62
    grow_m: float = 0.2
    split_m: float = 0.4
    resplit_m: float = 0.3
    chroma: float = 7.0
    darkest: float = 0.12
    lightest: float = 0.95
    thing: float = 0.35
    dark: float = 0.9


@dataclass(frozen=True, slots=True)
class Shift:
    """Lab in another light: gain · (Lab - middle) + level."""

    gain: np.ndarray
    middle: np.ndarray
    level: np.ndarray

    def apply(self, lab: np.ndarray) -> np.ndarray:
        """(…, 3) in the other light."""
        less = (self.level - self.middle * self.gain).astype(np.float32)
        found: np.ndarray = lab * self.gain.astype(np.float32) + less
        return found


@dataclass(frozen=True, slots=True)
class Match:
    """How the reference is brought to the later picture's light.

    Ground that lay in the shadow of a building then and is lit now (or the other way round) has a
    light of its own: where the reference is darker than `split`, `shaded` holds.
    """

    lit: Shift
    shaded: Shift | None = None
    split: float = 0.0

    def apply(self, lab: np.ndarray) -> np.ndarray:
        """The reference (rows, columns, 3) in the light of the later picture."""
        if self.shaded is None:
            return self.lit.apply(lab)
        dark = lab[..., :1] < self.split
        found: np.ndarray = np.where(dark, self.shaded.apply(lab), self.lit.apply(lab))
        return found


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """(3, rows, columns) uint8 as (rows, columns, 3) float32 CIE Lab."""
    picture = np.ascontiguousarray(np.moveaxis(rgb[:3], 0, -1), dtype=np.float32)
    found: np.ndarray = cv2.cvtColor(picture / 255, cv2.COLOR_RGB2LAB)
    return found


def fit_match(after: np.ndarray, before: np.ndarray) -> Match:
    """Fit the light on samples (n, 3) of ground that is mostly unchanged; robust to the rest."""
    split = _shadow_split(before)
    if split is None:
        return Match(_shift(after, before))
    dark = before[:, 0] < split
    return Match(_shift(after[~dark], before[~dark]), _shift(after[dark], before[dark]), split)


def _shadow_split(lab: np.ndarray) -> float | None:
    """The lightness between shadow and light where clear ground falls into the two, else `None`."""
    light = np.clip(lab[:, 0] * 2.55, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(light, 0, 255, cv2.THRESH_OTSU)
    dark = light <= level
    share = float(dark.mean())
    if not _LEAST_ZONE < share < 1 - _LEAST_ZONE:
        return None
    between = share * (1 - share) * float(light[dark].mean() - light[~dark].mean()) ** 2
    low, high = (((float(np.median(lab[one, 0])) + 16) / 116) ** 3 for one in (dark, ~dark))
    apart = between > _TWO_LIGHTS * float(light.var()) and low < _SHADOW * high
    return level / 2.55 + 0.2 if apart else None


def _shift(after: np.ndarray, before: np.ndarray) -> Shift:
    """Only lightness gets a gain: a gain on colour would stretch noise."""
    middle, level = np.median(before, axis=0), np.median(after, axis=0)
    wide, narrow = (np.median(np.abs(one[:, 0] - mid[0])) + 1e-3
                    for one, mid in ((after, level), (before, middle)))  # fmt: skip
    gain = np.array([float(np.clip(wide / narrow, 0.7, 1.4)), 1.0, 1.0])
    left = after - ((before - middle) * gain + level)
    kept = np.ones(left.shape, bool)
    for _ in range(3):
        centre = np.array([np.median(left[kept[:, n], n]) for n in range(3)])
        spread = [1.4826 * np.median(np.abs(left[kept[:, n], n] - centre[n])) for n in range(3)]
        kept = np.abs(left - centre) < 3 * (np.array(spread) + 1e-3)
    return Shift(gain, middle, level + centre)


def green_in_both(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Where both pictures (3, rows, columns) show leaves: a crown over the lane hides what is below."""
    found: np.ndarray = np.logical_and(*(_green(one) for one in (after, before)))
    return cv2.dilate(found.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0


def _green(rgb: np.ndarray) -> np.ndarray:
    red, green, blue = (plane.astype(np.float32) for plane in rgb[:3])
    found: np.ndarray = (2 * green - red - blue) > _LEAVES * (red + green + blue + 1)
    return found


def least_difference(
    after: np.ndarray, before: np.ndarray, reach: int = 2, enough: float = 0.0
) -> np.ndarray:
    """(rows, columns): the smallest Lab distance to anything within `reach` pixels.

    What lies a pixel or two aside is no change; the price is an outline that is too tight by
    as much at corners, which growing makes good. Where something within `enough` is found, the search
    of that pixel ends: the distance is then no more than that.
    """
    wide = cv2.copyMakeBorder(before, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    return np.asarray(_nearest(_float32(after), _float32(wide), reach, float(enough) ** 2))


def _float32(lab: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(lab, dtype=np.float32)


@njit(cache=True, nogil=True)
def _nearest(after: np.ndarray, wide: np.ndarray, reach: int, enough: float) -> np.ndarray:
    rows, columns = after.shape[:2]
    found = np.empty((rows, columns), np.float32)
    for row in range(rows):
        for column in range(columns):
            light, red, blue = after[row, column, 0], after[row, column, 1], after[row, column, 2]
            middle = wide[row + reach, column + reach]
            best = (light - middle[0]) ** 2 + (red - middle[1]) ** 2 + (blue - middle[2]) ** 2
            if best > enough:
                for down in range(2 * reach + 1):
                    for across in range(2 * reach + 1):
                        there = wide[row + down, column + across]
                        apart = (
                            (light - there[0]) ** 2 + (red - there[1]) ** 2 + (blue - there[2]) ** 2
                        )
                        best = min(best, apart)
            found[row, column] = np.sqrt(best)
    return found


def cut_of(differences: np.ndarray, mads: float) -> float:
    """The median plus so many median deviations, within reason."""
    middle = float(np.median(differences))
    return min(_MOST_CUT, middle + mads * float(np.median(np.abs(differences - middle))))


@dataclass(frozen=True)
class Views:
    """Both pictures in Lab, in one light (rows, columns, 3), and the ground size of a pixel."""

    after: np.ndarray
    before: np.ndarray
    pixel_m: float

    def cut(self, where: tuple[slice, slice]) -> Views:
        """A piece of both."""
        return Views(self.after[where], self.before[where], self.pixel_m)


def bodies(hit: np.ndarray, views: Views, least_m2: float, how: Body) -> np.ndarray:
    """Mask of things out of changed pixels `hit` (rows, columns)."""
    pixel_m = views.pixel_m
    found = np.zeros(hit.shape, np.uint8)
    joined = whole(hit.astype(np.uint8), how.speck_m / pixel_m, how.join_m / pixel_m)
    for where, own in _components(joined, least_m2 / pixel_m**2):
        body = _without_shadow(own, hit[where] & (own > 0), views.cut(where), how)
        least = least_m2 / pixel_m**2
        for inner, part in _components(body, least):
            found[where][inner] |= part
    return found > 0


def shadow_like(after: np.ndarray, before: np.ndarray, how: Body) -> tuple[np.ndarray, np.ndarray]:
    """Where only the light fell, and the ratio of luminance after to before."""
    first, second = (((lab[..., 0] + 16) / 116) ** 3 for lab in (after, before))
    ratio = first / np.maximum(second, 1e-4)
    colour = np.hypot(after[..., 1] - before[..., 1], after[..., 2] - before[..., 2])
    return (ratio < how.lightest) & (ratio > how.darkest) & (colour < how.chroma), ratio


def _without_shadow(own: np.ndarray, hit: np.ndarray, views: Views, how: Body) -> np.ndarray:
    pixel_m = views.pixel_m
    shade, ratio = shadow_like(views.after, views.before, how)
    thing = hit & ~shade
    share = float(thing.sum() / max(1, hit.sum()))
    if share <= how.thing or _all_dark(ratio[thing], how):
        return opened(own, how.split_m / pixel_m)
    body = whole(thing.astype(np.uint8), how.speck_m / pixel_m, how.rejoin_m / pixel_m) & own
    grown = cv2.dilate(body, disc(how.grow_m / pixel_m)) & own
    parted = opened(grown, how.resplit_m / pixel_m)
    return parted if parted.any() else opened(own, how.split_m / pixel_m)


def _all_dark(ratio: np.ndarray, how: Body) -> bool:
    """A dark thing by itself: dark in the middle, and hardly anywhere brighter than the ground."""
    bright = float((ratio > 1.1).mean()) if len(ratio) else 0.0
    return len(ratio) > 0 and bright < _BRIGHT and float(np.median(ratio)) < how.dark


def whole(mask: np.ndarray, speck: float, join: float) -> np.ndarray:
    """Specks taken off, pieces joined, holes filled; the picture's edge is no wall."""
    pad = int(np.ceil(join)) + 2
    wide = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    wide = cv2.morphologyEx(wide, cv2.MORPH_OPEN, disc(speck))
    wide = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, disc(join))
    rings, _ = cv2.findContours(wide, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(wide)
    cv2.drawContours(filled, rings, -1, 1, -1)
    return filled[pad:-pad, pad:-pad]


def opened(mask: np.ndarray, radius: float) -> np.ndarray:
    """Necks between neighbours cut."""
    pad = int(np.ceil(radius)) + 2
    wide = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.morphologyEx(wide, cv2.MORPH_OPEN, disc(radius))[pad:-pad, pad:-pad])


def disc(radius: float) -> np.ndarray:
    """A round structuring element of about so many pixels, at least one."""
    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def _components(mask: np.ndarray, least: float) -> Iterator[tuple[tuple[slice, slice], np.ndarray]]:
    """Where each component of at least so many pixels lies, and its mask there (0 or 1)."""
    many, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    for n in range(1, many):
        left, top, width, height, area = (int(v) for v in stats[n])
        if area >= least:
            where = np.s_[top : top + height, left : left + width]
            yield where, (labels[where] == n).astype(np.uint8)
