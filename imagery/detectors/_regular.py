"""Bodies with straight sides: the oriented rectangle that explains best what was seen.

Cars, boxes, boards and huts are rectangles from above. A rectangle that holds what differs, glass and dark
paint included, and leaves ground and shadow out is nearer to their edge than any threshold. What fits
no rectangle keeps the outline it had.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from imagery.detectors._shade import Shaded, Worth, worth
from imagery.detectors._things import Body, disc, opened

_STEP = 0.75
"""Grid of the search, in pixels."""
_EDGE_LAB = 10.0
_MOST_OUTSIDE_M = 1.2
_VEHICLE_M = (3.0, 1.4)
"""Length and width from which on a rectangle may be a vehicle: it has mirrors."""
_APART = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Regular:
    """How rectangles are fitted; lengths in metres.

    `length_m`, `width_m`: what cars measure; a rectangle of about that size pays the square of what it lies
    outside, `long` and `wide` times. `margin_m` is added all round where it may be a vehicle: mirrors, and the
    edge of a bumper that is dark. `fill`: the share of a rectangle that must not be ground, and of a body that must lie in it.
    """

    length_m: tuple[float, float] = (4.6, 5.6)
    width_m: tuple[float, float] = (1.75, 2.2)
    long: float = 2.0
    wide: float = 10.0
    other_m: tuple[float, float] = (6.0, 2.6)
    edge: float = 0.3
    reach_m: float = 2.6
    aside_m: float = 0.6
    margin_m: float = 0.2
    corner_m: float = 0.35
    fill: float = 0.6
    seed_m: float = 0.65
    angles: tuple[float, ...] = (-9.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 9.0)
    worth: Worth = field(default_factory=Worth)


@dataclass(frozen=True)
class _Field:
    """What pixels count, and the difference picture (rows, columns, 3) whose edges ends look for."""

    value: np.ndarray
    edges: np.ndarray
    pixel_m: float


@dataclass(frozen=True)
class _Usual:
    """What a side usually measures (from, to), what it costs to lie outside, and the least."""

    metres: tuple[float, float]
    weight: float
    least_m: float


@dataclass(frozen=True)
class _Box:
    """A rectangle: middle (column, row), length and width in pixels, degrees; what it scored."""

    score: float
    middle: tuple[float, float]
    size: tuple[float, float]
    angle: float


def regular(
    mask: np.ndarray, seen: Shaded, least_m2: float, body: Body, how: Regular
) -> np.ndarray:
    """The bodies of `mask` (rows, columns) with straight sides where they have such."""
    pixel_m = seen.views.pixel_m
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    out = np.zeros(mask.shape, np.uint8)
    pad = int((how.reach_m + 1.5) / pixel_m)
    for n in np.argsort(-stats[1:, cv2.CC_STAT_AREA]) + 1:
        left, top, wide, high = (int(v) for v in stats[n][:4])
        where = np.s_[max(0, top - pad) : top + high + pad, max(0, left - pad) : left + wide + pad]
        own, here = labels[where] == n, seen.cut(where)
        other = (labels[where] > 0) & ~own
        field_ = _Field(worth(own, other, here, how.worth, body),
                        here.views.after - here.views.before, pixel_m)  # fmt: skip
        for one in _drawn(own, field_, how):
            free = cv2.dilate(out[where], _APART) == 0
            out[where] |= (one & ~other & here.good & free).astype(np.uint8)
    return large(out, least_m2 / pixel_m**2)


def _drawn(own: np.ndarray, seen: _Field, how: Regular) -> list[np.ndarray]:
    """Masks of the rectangles of a body, or the body itself where they do not explain it."""
    parts = _seeds(own, seen.pixel_m, how)
    found = []
    for part in parts:
        value = seen.value.copy()
        for other in parts:
            value[other & ~part] = how.worth.other
        box = _fitted(part, replace(seen, value=value), how)
        mask = _mask(own.shape, box, seen.pixel_m, how)
        solid = mask.any() and (value[mask] > 0.7 * how.worth.ground).mean() >= how.fill
        if not solid or mask[part].mean() < how.fill:
            return [own]
        found.append(mask)
    covered = np.logical_or.reduce(found)
    return found if (own & covered).sum() >= how.fill * own.sum() else [own]


def _seeds(own: np.ndarray, pixel_m: float, how: Regular) -> list[np.ndarray]:
    """The pieces a large body falls into where its necks are cut: neighbours that touch."""
    if own.sum() * pixel_m**2 < 9.0:
        return [own]
    many, labels, stats, _ = cv2.connectedComponentsWithStats(
        opened(own.astype(np.uint8), how.seed_m / pixel_m), connectivity=4
    )
    parts = [labels == n for n in range(1, many) if stats[n, cv2.CC_STAT_AREA] * pixel_m**2 >= 2.5]
    return parts if len(parts) > 1 else [own]


def _fitted(own: np.ndarray, seen: _Field, how: Regular) -> _Box:
    rings, _ = cv2.findContours(own.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    middle, (length, width), angle = cv2.minAreaRect(max(rings, key=cv2.contourArea))
    length, width = length + 1, width + 1
    if length < width:
        length, width, angle = width, length, angle + 90
    start = _Box(0.0, (float(middle[0]), float(middle[1])), (length, width), angle)
    return max((_turned(start, angle + turn, seen, how) for turn in how.angles),
               key=lambda box: box.score)  # fmt: skip


def _turned(start: _Box, angle: float, seen: _Field, how: Regular) -> _Box:
    """The best rectangle at one angle: ends and sides in turn, each pair searched in full."""
    step = seen.pixel_m * _STEP
    half = [int(np.ceil((size * seen.pixel_m / 2 + more) / step)) for size, more in
            zip(start.size, (how.reach_m + 0.5, how.aside_m + 1.0), strict=True)]  # fmt: skip
    move = _turn(start.middle, angle, half)
    size = (2 * half[0] + 1, 2 * half[1] + 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    flat = cv2.warpAffine(seen.value, move, size, flags=flags, borderValue=how.worth.ground)
    total = cv2.integral(flat * step**2)
    turned = cv2.warpAffine(seen.edges, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    along, across = (_jumps(turned, axis) * step * how.edge for axis in (1, 0))
    ends, sides = (_around(m, s / _STEP) for m, s in zip(half, start.size, strict=True))
    score, rim = 0.0, 0.0
    for _ in range(3):
        before = ends, sides
        narrow = (sides[1] - sides[0]) * step < how.other_m[1]
        usual = _Usual(how.length_m, how.long * narrow, 0.8)
        line = total[sides[1]] - total[sides[0]]
        ends, _, rim = _best(line, along[sides[0] : sides[1]].sum(axis=0), step, usual)
        short = (ends[1] - ends[0]) * step < how.other_m[0]
        usual = _Usual(how.width_m, how.wide * short, 0.5)
        line = total[:, ends[1]] - total[:, ends[0]]
        sides, score, _ = _best(line, across[:, ends[0] : ends[1]].sum(axis=1), step, usual)
        if (ends, sides) == before:
            break
    at = move @ [sum(ends) / 2 - 0.5, sum(sides) / 2 - 0.5, 1.0]
    long, wide = ((two[1] - two[0]) * _STEP for two in (ends, sides))
    return _Box(score + rim, (float(at[0]), float(at[1])), (long, wide), angle)


def _turn(middle: tuple[float, float], angle: float, half: list[int]) -> np.ndarray:
    """(2, 3) from the turned grid, whose middle is `half`, to the picture."""
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * _STEP
    turn = np.array([[along[0], -along[1]], [along[1], along[0]]])
    return np.column_stack([turn, np.array(middle) - turn @ half])


def _jumps(picture: np.ndarray, axis: int) -> np.ndarray:
    """How much of an edge lies between neighbours along an axis, 0..1; one longer than the picture."""
    apart = np.linalg.norm(np.diff(picture, axis=axis), axis=2) / _EDGE_LAB
    pad = [(1, 1) if n == axis else (0, 0) for n in range(2)]
    return np.pad(np.minimum(apart, 1.0), pad)


def _around(half: int, size: float) -> tuple[int, int]:
    return round(half + 0.5 - size / 2), round(half + 0.5 + size / 2)


def _best(
    line: np.ndarray, edge: np.ndarray, step: float, usual: _Usual
) -> tuple[tuple[int, int], float, float]:
    """The pair of ends with the best score, that score, and what of it the ends themselves count.

    `line` is what lies before each place, summed up from one side; `edge` what an end there counts.
    """
    far = np.arange(len(line)) * step
    size = far[None] - far[:, None]
    outside = np.clip(
        np.maximum(usual.metres[0] - size, size - usual.metres[1]), 0, _MOST_OUTSIDE_M
    )
    rim = edge[None] + edge[:, None] - usual.weight * outside**2
    score = line[None] - line[:, None] + rim
    score[size < usual.least_m] = -np.inf
    first, second = np.unravel_index(int(score.argmax()), score.shape)
    at = (int(first), int(second))
    return at, float(score[at]), float(rim[at])


def _mask(shape: tuple[int, ...], box: _Box, pixel_m: float, how: Regular) -> np.ndarray:
    """The rectangle with its margin, its corners rounded."""
    vehicle = min(box.size) * pixel_m >= _VEHICLE_M[1] and max(box.size) * pixel_m >= _VEHICLE_M[0]
    margin = how.margin_m if vehicle else 0.0
    long, wide = (size + 2 * margin / pixel_m for size in box.size)
    corner = round(min(how.corner_m / pixel_m, long / 4, wide / 4))
    inner = (max(0.1, long - 2 * corner - 1), max(0.1, wide - 2 * corner - 1))
    points = cv2.boxPoints((box.middle, inner, box.angle))
    found = np.zeros(shape, np.uint8)
    cv2.fillPoly(found, [np.round(points * 16).astype(np.int32)], 1, shift=4)
    return np.asarray(cv2.dilate(found, disc(corner)) if corner else found) > 0


def large(mask: np.ndarray, least: float) -> np.ndarray:
    """The components of at least so many pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    kept = stats[:, cv2.CC_STAT_AREA] >= least
    kept[0] = False
    found: np.ndarray = kept[labels]
    return found
