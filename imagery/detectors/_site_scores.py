"""How much colour and texture differ between two dates, on arrays alone."""

from __future__ import annotations

import cv2
import numpy as np

from imagery.detectors._things import Body, least_difference, shadow_like

_LIGHT_WEIGHT = 0.4
"""Lightness counts less than colour: it changes with the sun."""
_FLAT = 1.5
"""Lab units: texture below this is noise."""
_SHADE = 8.0
"""Lab units of lightness from which a pixel may have been shaded."""


def spread(values: np.ndarray) -> tuple[float, float]:
    """Median, and the spread that a bell curve of this median deviation has."""
    middle = float(np.median(values))
    return middle, max(1e-3, 1.4826 * float(np.median(np.abs(values - middle))))


def standing_out(
    colour: np.ndarray, texture: np.ndarray, one: tuple[float, float], other: tuple[float, float]
) -> np.ndarray:
    """Spreads above the usual of both, put together; `one`, `other`: usual value and spread of each."""
    first = np.maximum(colour - one[0], 0) / one[1]
    second = np.maximum(texture - other[0], 0) / other[1]
    found: np.ndarray = np.hypot(first, second).astype(np.float32)
    return found


def differences(
    after: np.ndarray, before: np.ndarray, pixel_m: float, smooth_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Colour and texture difference (rows, columns), averaged; Lab pictures in one light.

    Colour: least within two pixels, nothing where only the light fell or rose. Texture: how much
    rougher or smoother, as the absolute logarithm of the ratio.
    """
    weights = np.array([_LIGHT_WEIGHT, 1.0, 1.0], np.float32)
    colour = least_difference(after * weights, before * weights)
    body = Body()
    shade = shadow_like(after, before, body)[0] | shadow_like(before, after, body)[0]
    colour[shade & (_light_apart(after, before) > _SHADE)] = 0
    side = max(3, round(smooth_m / pixel_m))
    rough = [np.log(_rough(lab[..., 0], side) + _FLAT) for lab in (after, before)]
    texture = np.abs(rough[0] - rough[1]).astype(np.float32)
    return cv2.blur(colour, (side, side)), cv2.blur(texture, (side, side))


def _light_apart(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    apart: np.ndarray = np.abs(after[..., 0] - before[..., 0])
    return apart


def _rough(lightness: np.ndarray, side: int) -> np.ndarray:
    """Standard deviation of what is left of the local mean."""
    mean = cv2.blur(lightness, (side, side))
    square = cv2.blur(lightness * lightness, (side, side))
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)))
