"""A change that is two even surfaces side by side: a roof and the yard around it are two things."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

UNLIKE, WHOLE = 0.7, 0.75
"""Two parts explain so much of the colour's variance, and each lies in one piece to so much of it.

Set on the drawn demo (a shed 0.77 and a greenhouse 0.89 against heaps of 0.5, whose halves lie in scraps)."""
_SAMPLE = 20_000


def parts(
    mask: np.ndarray, lab: np.ndarray, grain: np.ndarray, least_px: float
) -> Iterator[tuple[tuple[slice, slice], np.ndarray, np.ndarray]]:
    """Where a component of `mask` falls into two unlike surfaces, all of it, and the smaller of them.

    `mask` (rows, columns) of 0 and 1, `lab` (rows, columns, 3), `grain` the shape scraps are told by.
    """
    many, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    for n in range(1, many):
        left, top, width, height, area = (int(value) for value in stats[n])
        if area >= 2 * least_px:
            where = np.s_[top : top + height, left : left + width]
            own = labels[where] == n
            found = _smaller(own, lab[where], grain, least_px)
            if found is not None:
                yield where, own, found


def _smaller(
    own: np.ndarray, lab: np.ndarray, grain: np.ndarray, least_px: float
) -> np.ndarray | None:
    soft = cv2.blur(np.ascontiguousarray(lab, np.float32), (3, 3))
    near = _nearer(soft[own])
    if near is None:
        return None
    second = np.zeros(own.shape, bool)
    second[own] = near
    if second.sum() * 2 > own.sum():
        second = own & ~second
    pieces = [_largest(one, grain) for one in (second, own & ~second)]
    whole = all(piece.sum() >= WHOLE * one.sum() for piece, one in
                zip(pieces, (second, own & ~second), strict=True))  # fmt: skip
    return pieces[0] if whole and pieces[0].sum() >= least_px else None


def _nearer(colours: np.ndarray) -> np.ndarray | None:
    """(n,) which of two surfaces each of (n, 3) colours belongs to; `None` where they are not two."""
    some = colours[:: max(1, len(colours) // _SAMPLE)]
    cv2.setRNGSeed(0)  # the same pair gives the same answer
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.1)
    start = np.zeros((len(some), 1), np.int32)
    left, _, centres = cv2.kmeans(some, 2, start, stop, 3, cv2.KMEANS_PP_CENTERS)
    all_ = float(((some - some.mean(axis=0)) ** 2).sum())
    if all_ <= 0 or 1 - left / all_ < UNLIKE:
        return None
    away = [((colours - centre) ** 2).sum(axis=1) for centre in centres]
    found: np.ndarray = away[1] < away[0]
    return found


def _largest(mask: np.ndarray, grain: np.ndarray) -> np.ndarray:
    """The largest piece once scraps are taken off."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, grain)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    if len(stats) < 2:
        return np.zeros(mask.shape, bool)
    return np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))
