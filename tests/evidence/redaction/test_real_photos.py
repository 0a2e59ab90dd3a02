"""A drone's own photos: serial number, position, thumbnail and preview stay in the original."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from shapely.geometry import box

from evidence.redaction import cover, redacted_picture
from evidence.redaction.cover import mask_of


@pytest.mark.shared
def test_a_drone_s_photo_keeps_its_secrets(shared_imagery: Path) -> None:
    source = min((shared_imagery / "dji_brighton_beach").rglob("*.JPG"))
    before = source.read_bytes()
    assert before.count(b"\xff\xd8\xff") > 1, "it carries a thumbnail"
    assert b"drone-dji" in before
    with Image.open(io.BytesIO(before)) as image:
        was = np.asarray(image.convert("RGB"))
    tall, wide = was.shape[:2]
    areas = [
        box(wide * 0.4, tall * 0.4, wide * 0.5, tall * 0.5),
        box(10, tall - 300, 500, tall - 10),
    ]
    made = redacted_picture(before, areas, ["pixelate", "blur"], text="李明 → 市院")
    assert source.read_bytes() == before
    assert made.count(b"\xff\xd8\xff") == 1
    assert not re.search(rb"Exif|drone-dji|http://ns\.adobe|ICC_PROFILE|MPF\0|GPS|DJI", made[:4096])
    with Image.open(io.BytesIO(made)) as image:
        assert not image.getexif()
        now = np.asarray(image)
    for area in areas:
        mask = mask_of(area, (tall, wide))
        residual = was[mask].astype(float).mean(1) - was[mask].mean()
        painted = now[mask].astype(float).mean(1)
        assert abs(np.corrcoef(residual, painted)[0, 1]) < 0.2
    other = was.copy()
    for area in areas:
        other[mask_of(area, (tall, wide))] = 0
    how = ["pixelate", "blur"]
    assert np.array_equal(cover(was, areas, how)[0], cover(other, areas, how)[0])  # type: ignore[arg-type]
