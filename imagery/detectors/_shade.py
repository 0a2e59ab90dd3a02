"""Shadow told from glass and dark paint: what each pixel says for being part of a thing.

The sun gives all shadows of a scene one direction. A dark pixel on the lit side of a thing is no shadow;
one that is followed, away from the sun, by something darker still is part of the thing that casts it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from imagery.detectors._things import Body, Views, disc, shadow_like, whole

_SOLID_M, _NEAR_M = 0.2, 1.2
_ONE_WAY = 0.25
"""Share of the ways from things to their shade that does not cancel out: below it there is no direction."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a square metre counts for (+) or against (-) lying inside a thing; lengths in metres.

    `thing` differs and is no shadow; `shade` may be shadow; `glass` is shade with darker shade behind
    it; `lit` shade on the side of the sun; `own` does not differ, but the body closes over it; `hole`
    does not differ but lies among what does; `ground` is unchanged; `other` another thing.
    """

    thing: float = 1.0
    shade: float = -0.1
    glass: float = 0.9
    lit: float = 0.4
    own: float = 0.1
    hole: float = -0.05
    ground: float = -0.6
    other: float = -1.0
    darker: float = 1.2
    behind_m: float = 0.9
    near_m: float = 1.8
    dark_share: float = 0.35


@dataclass(frozen=True)
class Shaded:
    """A picture against its reference, all (rows, columns).

    `hit` differs, `shade` of it is shadow-like, `ratio` of luminance, `good` where both are seen;
    `views` the pictures; `away` the direction (2,) in which shadows fall, where there is one.
    """

    hit: np.ndarray
    shade: np.ndarray
    ratio: np.ndarray
    good: np.ndarray
    views: Views
    away: np.ndarray | None = None

    @classmethod
    def of(cls, hit: np.ndarray, good: np.ndarray, views: Views, how: Body) -> Shaded:
        """Tell them apart."""
        shade, ratio = shadow_like(views.after, views.before, how)
        return cls(hit, shade & hit, ratio.astype(np.float32), good, views)

    def cut(self, where: tuple[slice, slice]) -> Shaded:
        """A piece."""
        return Shaded(self.hit[where], self.shade[where], self.ratio[where], self.good[where],
                      self.views.cut(where), self.away)  # fmt: skip


def leaning(seen: Shaded) -> np.ndarray:
    """(3,) how the shade lies about the things: the sum of the ways (columns, rows) from the nearest thing
    to each shaded pixel, and the sum of their lengths. Of several windows these add up.
    """
    pixel_m = seen.views.pixel_m
    thing = (seen.hit & ~seen.shade).astype(np.uint8)
    thing = cv2.morphologyEx(thing, cv2.MORPH_OPEN, disc(_SOLID_M / pixel_m))
    if not thing.any():
        return np.zeros(3)
    far, nearest = cv2.distanceTransformWithLabels(
        1 - thing, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    places = np.zeros((int(nearest.max()) + 1, 2), np.float32)
    rows, columns = np.nonzero(thing)
    places[nearest[rows, columns]] = np.column_stack([columns, rows])
    rows, columns = np.nonzero(seen.shade & (far > 0) & (far * pixel_m < _NEAR_M))
    ways = np.column_stack([columns, rows]) - places[nearest[rows, columns]]
    return np.array([*ways.sum(axis=0), np.hypot(*ways.T).sum()], float)


def direction(found: np.ndarray) -> np.ndarray | None:
    """The one direction (2,) in which shadows fall, of the sum of `leaning`; `None` where there is none."""
    length = float(np.hypot(*found[:2]))
    return found[:2] / length if length > _ONE_WAY * max(found[2], 1e-6) else None


def worth(own: np.ndarray, other: np.ndarray, seen: Shaded, how: Worth, body: Body) -> np.ndarray:
    """(rows, columns) float32: what each pixel counts for the thing whose body is `own`; `other` bodies."""
    pixel_m = seen.views.pixel_m
    thing = seen.hit & ~seen.shade
    solid = own & thing
    found = np.full(own.shape, how.ground, np.float32)
    among = whole(seen.hit.astype(np.uint8), body.speck_m / pixel_m, body.join_m / pixel_m)
    found[among > 0] = how.hole
    found[seen.shade] = how.shade
    if seen.away is not None:
        near = cv2.dilate(solid.astype(np.uint8), disc(how.near_m / pixel_m)) > 0
        behind = _darkest_behind(seen.ratio, seen.away, how.behind_m / pixel_m)
        found[seen.shade & (seen.ratio > behind * how.darker + 0.02) & near] = how.glass
    found[thing] = how.thing
    found[own & ~seen.hit] = how.own
    if solid.sum() < how.dark_share * own.sum():
        found[own & seen.shade] = 0.0
    if seen.away is not None and solid.any():
        row, column = np.argwhere(solid).mean(axis=0)
        down, across = np.indices(own.shape)
        to_sun = (across - column) * seen.away[0] + (down - row) * seen.away[1] < 0
        found[seen.shade & to_sun] = how.lit
    found[other] = how.other
    found[~seen.good] = np.minimum(found[~seen.good], 0)
    return found


def _darkest_behind(ratio: np.ndarray, away: np.ndarray, reach: float) -> np.ndarray:
    """The least ratio within `reach` pixels in a direction."""
    rows, columns = ratio.shape
    pad = int(np.ceil(reach)) + 1
    wide = cv2.copyMakeBorder(ratio, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    least = np.full(ratio.shape, np.inf, np.float32)
    for far in range(1, int(reach) + 1):
        x, y = (pad + round(far * float(part)) for part in away)
        np.minimum(least, wide[y : y + rows, x : x + columns], out=least)
    return least
