"""Places that two photos share: SIFT once per photo, matched, kept where one similarity agrees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from imagery.photos.pixels import read_pixels
from imagery.photos.views import View
from layers.errors import Cancelled

LONGEST_PX, FEATURES, RATIO = 2000, 8000, 0.8
NEIGHBOURS = 10
"""Each photo is compared with so many of its nearest."""
FEWEST, KEPT = 15, 120
"""Chance finds up to 7 agreeing matches between real photos that share nothing."""
AGREE = 0.02
"""Matches agree within this share of the flying height: relief moves them by more than noise."""


_BLOCK = 1024


@dataclass(frozen=True)
class Tie:
    """Places seen in two photos: (n, 2) pixels in each."""

    first: int
    second: int
    pixels_first: np.ndarray
    pixels_second: np.ndarray


@dataclass(frozen=True)
class Features:
    """(n, 2) pixels of the photo as stored and (n, 128) SIFT descriptors."""

    pixels: np.ndarray
    words: np.ndarray


def find_ties(
    views: Sequence[View],
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Tie, ...]:
    """The ties of all photos that can overlap; needs 1 MB a photo."""
    pairs = _near(views)
    total = len(views) + len(pairs)
    features = []
    for at, view in enumerate(views):
        _look(at, total, view.name, progress, cancelled)
        features.append(find_features(read_pixels(view.path, LONGEST_PX), view.lens.width))
    ties = []
    for at, (first, second) in enumerate(pairs, len(views)):
        _look(at, total, f"{views[first].name} – {views[second].name}", progress, cancelled)
        tie = _tie(views, features, first, second)
        ties += [tie] if tie is not None else []
    return tuple(ties)


def find_features(pixels: np.ndarray, width: int) -> Features:
    """SIFT of a (3, h, w) picture, places scaled to a photo of `width` pixels."""
    grey = cv2.cvtColor(np.ascontiguousarray(np.moveaxis(pixels, 0, 2)), cv2.COLOR_RGB2GRAY)
    points, words = cv2.SIFT.create(nfeatures=FEATURES).detectAndCompute(grey, None)
    if not points:
        return Features(np.zeros((0, 2)), np.zeros((0, 128), np.float32))
    places = (np.array([point.pt for point in points]) + 0.5) * (width / grey.shape[1])
    return Features(places, words.astype(np.uint8))


def match(one: Features, other: Features) -> np.ndarray:
    """(n, 2) rows of features that are each other's best and clearly better than the next."""
    if min(len(one.words), len(other.words)) < 2:
        return np.zeros((0, 2), dtype=int)
    best, clear, back = _best(_rooted(one.words), _rooted(other.words))
    rows = np.arange(len(best))
    kept = clear & (back[best] == rows)
    return np.column_stack([rows[kept], best[kept]])


def _rooted(words: np.ndarray) -> np.ndarray:
    """Unit descriptors whose distance is Hellinger's: it tells them apart better."""
    share = words / np.maximum(words.sum(axis=1, dtype=np.float32, keepdims=True), 1e-9)
    return np.sqrt(share, dtype=np.float32)


def _best(words: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) the most alike of `others`, whether the next is clearly farther, and (m,) the way back."""
    best, clear = np.zeros(len(words), int), np.zeros(len(words), bool)
    back, found = np.zeros(len(others), int), np.full(len(others), -2.0, np.float32)
    for start in range(0, len(words), _BLOCK):
        alike = words[start : start + _BLOCK] @ others.T
        columns = alike.argmax(axis=0)
        value = alike[columns, np.arange(len(others))]
        back = np.where(value > found, columns + start, back)
        found = np.maximum(found, value)
        rows, first = np.arange(len(alike)), alike.argmax(axis=1)
        top = alike[rows, first]
        alike[rows, first] = -1.0
        near, next_near = (np.maximum(2 - 2 * a, 0) for a in (top, alike.max(axis=1)))
        best[start : start + _BLOCK] = first
        clear[start : start + _BLOCK] = near + 1e-6 < RATIO**2 * next_near
    return best, clear, back


def _near(views: Sequence[View]) -> list[tuple[int, int]]:
    here = np.array([view.here for view in views])
    reach = np.array([view.reach_m for view in views])
    apart = np.abs(here[:, None] - here[None, :])
    pairs = set()
    for first in range(len(views)):
        for second in np.argsort(apart[first])[1 : NEIGHBOURS + 1]:
            if apart[first, second] < reach[first] + reach[second]:
                pairs.add((min(first, int(second)), max(first, int(second))))
    return sorted(pairs)


def _tie(
    views: Sequence[View], features: Sequence[Features], first: int, second: int
) -> Tie | None:  # fmt: skip
    rows = match(features[first], features[second])
    if len(rows) < FEWEST:
        return None
    here, there = features[first].pixels[rows[:, 0]], features[second].pixels[rows[:, 1]]
    ground, other = (_plain(views[v].level(p)) for v, p in ((first, here), (second, there)))
    tolerance = AGREE * max(views[first].lens.above_m, views[second].lens.above_m)
    cv2.setRNGSeed(0)  # the same pair gives the same answer
    move, kept = cv2.estimateAffinePartial2D(other, ground, method=cv2.RANSAC,
        ransacReprojThreshold=tolerance, maxIters=5000, confidence=0.999)  # fmt: skip
    if move is None or kept.sum() < FEWEST or not 0.7 < np.hypot(move[0, 0], move[1, 0]) < 1.4:
        return None
    chosen = np.flatnonzero(kept.ravel())
    chosen = chosen[np.linspace(0, len(chosen) - 1, min(KEPT, len(chosen))).astype(int)]
    return Tie(first, second, here[chosen], there[chosen])


def _plain(ground: np.ndarray) -> np.ndarray:
    return np.column_stack([ground.real, ground.imag])


def _look(
    done: int,
    total: int,
    name: str,
    progress: Callable[[int, int, str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled("matching was cancelled")
    if progress is not None:
        progress(done, total, name)
