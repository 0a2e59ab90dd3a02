"""Where a score is cut when nobody said where: Otsu's level on what is not extreme."""

from __future__ import annotations

import cv2
import numpy as np

_TOP = 99.9


def otsu(scores: np.ndarray) -> float:
    """The level that parts the scores (n,) best into two; a few extremes do not stretch the scale."""
    high = float(np.percentile(scores, _TOP)) if len(scores) else 0.0
    if high <= 0:
        return 0.0
    steps = np.clip(scores / high * 255, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(steps, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return float(level) / 255 * high
