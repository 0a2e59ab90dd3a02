"""Stored pixels to what a screen shows: which bands, how stretched, as which kind of picture."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from imagery.view.facts import ViewFacts
from layers.errors import ImageryError

TRUE_COLOUR = ("red", "green", "blue")
FALSE_COLOUR = ("nir", "red", "green")
COMBINATIONS = {"true": TRUE_COLOUR, "false": FALSE_COLOUR}
"""Named band combinations; `false` shows living plants red."""
JPEG_QUALITY, WEBP_QUALITY = 85, 85


def chosen(facts: ViewFacts, bands: Sequence[str] | str | None) -> tuple[int, ...]:
    """Band numbers (from 1) to show as red, green, blue, or one of them as grey.

    `bands` is a named combination, names (or common names) of one or three bands, or missing:
    true colour where the view has it, else its first three bands or its first.
    """
    if bands is None:
        if all(name in facts.common for name in TRUE_COLOUR):
            return _numbers(facts, TRUE_COLOUR)
        return (1, 2, 3) if len(facts.bands) >= 3 else (1,)
    names = COMBINATIONS.get(bands, (bands,)) if isinstance(bands, str) else tuple(bands)
    if len(names) not in {1, 3}:
        raise ImageryError("a picture shows one band or three", field="bands",
                           remedy="name one band or three")  # fmt: skip
    return _numbers(facts, names)


def _numbers(facts: ViewFacts, names: Sequence[str]) -> tuple[int, ...]:
    found = []
    for name in names:
        at = [
            i
            for i, pair in enumerate(zip(facts.bands, facts.common, strict=True), 1)
            if name in pair
        ]
        if not at:
            raise ImageryError(f"the scene has no band {name!r}", field="bands",
                               remedy=f"choose among {', '.join(facts.bands)}")  # fmt: skip
        found.append(at[0])
    return tuple(found)


def displayed(planes: np.ndarray, facts: ViewFacts, numbers: Sequence[int]) -> np.ndarray:
    """Planes (bands, rows, columns) as 8 bits (rows, columns, 3) red, green, blue."""
    if facts.dtype != "uint8":
        table = np.empty(planes.shape, np.uint8)
        for at, number in enumerate(numbers):
            low, high = facts.stretch[number - 1]
            scale = 255.0 / max(high - low, 1e-12)
            table[at] = np.clip((planes[at].astype(np.float32) - low) * scale, 0, 255)
        planes = table
    if len(planes) == 1:
        return np.repeat(planes[0][:, :, None], 3, axis=2)
    return np.ascontiguousarray(planes.transpose(1, 2, 0))


def encoded_picture(
    colours: np.ndarray, mask: np.ndarray, *, lossless: bool = False
) -> tuple[bytes, str]:
    """Bytes and media type: JPEG where all is valid, WebP with transparency where not.

    `lossless` (classes, not photographs) gives PNG.
    """
    picture = cv2.cvtColor(colours, cv2.COLOR_RGB2BGR)
    whole = bool(mask.all())
    if not whole:
        picture = np.dstack([picture, np.where(mask > 0, 255, 0).astype(np.uint8)])
    if lossless:
        kind, suffix, options = "image/png", ".png", [cv2.IMWRITE_PNG_COMPRESSION, 3]
    elif whole:
        kind, suffix, options = "image/jpeg", ".jpg", [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    else:
        kind, suffix, options = "image/webp", ".webp", [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY]
    done, data = cv2.imencode(suffix, picture, options)
    if not done:
        raise ImageryError("the tile cannot be encoded", remedy="make the view copy again")
    return bytes(data), kind
