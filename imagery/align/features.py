"""Features that two pictures share: SIFT on plain brightness, matched both ways, robustly kept.

Evening the contrast first was tried on summers four years apart and lost matches.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

MAX_FEATURES = 8000
RATIO = 0.85
"""A match counts when the second best is clearly farther (Lowe's test)."""
RANSAC_PX = 3.0
_ROWS = 512


@dataclass(frozen=True)
class Matches:
    """Matched places: `before` and `after` are (n, 2) column and row of pixel centres."""

    before: np.ndarray
    after: np.ndarray

    def __len__(self) -> int:
        return len(self.before)

    def only(self, kept: np.ndarray) -> Matches:
        """Those where `kept` (n,) is true."""
        return Matches(self.before[kept], self.after[kept])


NONE = Matches(np.zeros((0, 2)), np.zeros((0, 2)))


def match_features(before: np.ndarray, after: np.ndarray, valid: np.ndarray) -> Matches:
    """Places found in both pictures, (height, width) 0..1, that agree on one affine move."""
    sift = cv2.SIFT.create(nfeatures=MAX_FEATURES, contrastThreshold=0.02)
    # Features at the rim of what is valid would match the rim, not the ground.
    mask = cv2.erode(valid.astype(np.uint8), np.ones((9, 9), np.uint8), borderValue=0)
    (points_1, words_1), (points_2, words_2) = (
        sift.detectAndCompute((picture * 255).astype(np.uint8), mask) for picture in (before, after)
    )
    if words_1 is None or words_2 is None or min(len(words_1), len(words_2)) < 4:
        return NONE
    pairs = _mutual(_root(words_1), _root(words_2))
    if len(pairs) < 4:
        return NONE
    first = np.array([points_1[a].pt for a, _ in pairs], dtype=float)
    second = np.array([points_2[b].pt for _, b in pairs], dtype=float)
    return _agreeing(Matches(first, second))


def _root(words: np.ndarray) -> np.ndarray:
    """Root-SIFT: the Hellinger distance tells descriptors apart better than the plain one."""
    rooted: np.ndarray = np.sqrt(words / np.maximum(words.sum(axis=1, keepdims=True), 1e-9))
    return rooted.astype(np.float32)


def _mutual(first: np.ndarray, second: np.ndarray) -> list[tuple[int, int]]:
    """Pairs that are each other's best and clearly better than the second best."""
    if min(len(first), len(second)) < 2:
        return []
    (there, clear), (back, sure) = _clear(first, second), _clear(second, first)
    own = np.arange(len(first))
    kept = clear & sure[there] & (back[there] == own)
    return [(int(a), int(b)) for a, b in zip(own[kept], there[kept], strict=True)]


def _clear(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best of `second` for each of `first` (n,), and whether it passes Lowe's test.

    Of words of length one the distance is known from their product, some rows at a time.
    """
    best = np.empty(len(first), np.intp)
    clear = np.empty(len(first), bool)
    for start in range(0, len(first), _ROWS):
        alike = first[start : start + _ROWS] @ second.T
        row, at = np.arange(len(alike)), alike.argmax(axis=1)
        top = alike[row, at]
        alike[row, at] = -np.inf
        apart = [np.maximum(2 - 2 * one, 0) for one in (top, alike.max(axis=1))]
        best[start : start + _ROWS] = at
        clear[start : start + _ROWS] = apart[0] < RATIO**2 * apart[1]
    return best, clear


def _agreeing(found: Matches) -> Matches:
    cv2.setRNGSeed(0)  # the same pair gives the same answer
    _, kept = cv2.estimateAffine2D(
        found.after, found.before, method=cv2.RANSAC, ransacReprojThreshold=RANSAC_PX,
        maxIters=5000, confidence=0.999,
    )  # fmt: skip
    return NONE if kept is None else found.only(kept.ravel().astype(bool))
