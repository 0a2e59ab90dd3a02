"""Shifts by correlation of gradients: for the whole picture, and window by window as a check."""

from __future__ import annotations

import cv2
import numpy as np

WINDOW = 256
LEAST_WINDOW = 64
MAX_WINDOWS = 36
FULL = 0.9
"""Share of a window that must be valid in both pictures."""


def whole_shift(before: np.ndarray, after: np.ndarray, valid: np.ndarray) -> tuple[float, float]:
    """Columns and rows by which `after` must be moved to lie on `before`, (height, width)."""
    column, row, _ = _correlate(_edges(before, valid), _edges(after, valid))
    return column, row


def local_shifts(before: np.ndarray, after: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """The same for windows spread over the picture: (n, 2).

    Fields that were ploughed correlate with nothing: a window counts only where its peak is
    higher than those of windows laid on a wrong place, which are noise by construction.
    """
    height, width = before.shape
    side = min(WINDOW, max(LEAST_WINDOW, min(height, width) // 3))
    first, second = _edges(before, valid), _edges(after, valid)
    windows = [(slice(top, top + side), slice(left, left + side))
               for top, left in _corners(height, width, side)]  # fmt: skip
    windows = [here for here in windows if valid[here].mean() >= FULL]
    half = len(windows) // 2
    wrong = [
        _correlate(first[here], second[windows[n - half]])[2] for n, here in enumerate(windows)
    ]
    noise = max(wrong, default=0.0) if half else 0.0
    found = [_correlate(first[here], second[here]) for here in windows]
    return np.array([(column, row) for column, row, peak in found if peak > noise]).reshape(-1, 2)


def warp(
    picture: np.ndarray, valid: np.ndarray, pixels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A picture and its validity moved by the (2, 3) matrix on pixel centres."""
    size = (picture.shape[1], picture.shape[0])
    moved = cv2.warpAffine(picture, pixels, size, flags=cv2.INTER_LINEAR)
    seen = cv2.warpAffine(valid.astype(np.uint8), pixels, size, flags=cv2.INTER_NEAREST)
    return moved, seen > 0


def _corners(height: int, width: int, side: int) -> list[tuple[int, int]]:
    per_side = int(np.sqrt(MAX_WINDOWS))
    tops, lefts = (
        np.unique(np.linspace(0, max(0, span - side), per_side).astype(int))
        for span in (height, width)
    )
    return [(int(top), int(left)) for top in tops for left in lefts]


def _edges(picture: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Length of the gradient, zero where a neighbour is not valid: the rim is no feature."""
    across = cv2.Sobel(picture, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(picture, cv2.CV_32F, 0, 1)
    inner = cv2.erode(valid.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=0)
    edges: np.ndarray = cv2.magnitude(across, down) * inner
    return edges


def _correlate(first: np.ndarray, second: np.ndarray) -> tuple[float, float, float]:
    """Move of `second` onto `first` and the height of the peak."""
    window = cv2.createHanningWindow((first.shape[1], first.shape[0]), cv2.CV_32F)
    (column, row), response = cv2.phaseCorrelate(second, first, window)
    return float(column), float(row), float(response)
