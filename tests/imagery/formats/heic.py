"""HEIC photos made for tests, as a phone writes them; the encoder is needed by tests only."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import pillow_heif
from PIL import Image

PHONE = {0x010F: "Apple", 0x0110: "iPhone 15"}
DAY = {0x9003: "2026:06:30 09:15:00", 0x9011: "+08:00"}


def heic(
    position: Mapping[int, object] | None = None,
    *,
    size: tuple[int, int] = (64, 48),
    orientation: int = 1,
    pixels: np.ndarray | None = None,
) -> bytes:
    """One photo; `orientation` as EXIF tells it: written as a turn of the picture itself."""
    exif = Image.Exif()
    for tag, value in {**PHONE, 0x0112: orientation}.items():
        exif[tag] = value
    exif.get_ifd(0x8769).update(DAY)
    exif.get_ifd(0x8825).update(position or {})
    picture = Image.new("RGB", size, (90, 120, 60)) if pixels is None else Image.fromarray(pixels)
    out = io.BytesIO()
    heif = pillow_heif.from_pillow(picture)
    heif.save(out, quality=80, exif=exif.tobytes())
    return out.getvalue()
