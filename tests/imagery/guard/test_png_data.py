"""Every byte that a PNG promises is there, in every colour, depth and interlacing."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imagery.guard.png_data import check_png_data
from layers.errors import ImageryError
from tests.imagery.fuzz.hostile import _png

ALL = 1 << 30


def _saved(mode: str, size: tuple[int, int]) -> bytes:
    random = np.random.default_rng(3)
    bands = {"L": 1, "RGB": 3, "RGBA": 4, "LA": 2, "P": 1, "1": 1, "I;16": 1}[mode]
    kind = np.uint16 if mode == "I;16" else np.uint8
    cells = random.integers(0, 255, (size[1], size[0], bands)).astype(kind)
    picture = Image.fromarray(
        cells[..., 0] if bands == 1 else cells, None if mode != "LA" else "LA"
    )
    stream = io.BytesIO()
    (picture if mode in ("RGB", "RGBA", "LA", "L", "I;16") else picture.convert(mode)).save(
        stream, "PNG"
    )
    return stream.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "1", "I;16"])
def test_whole_pictures_pass(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(_saved(mode, (37, 23)))
    check_png_data(path, ALL)


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    interlaced=st.booleans(),
    missing=st.integers(1, 60),
)
def test_one_byte_too_few_is_told(
    width: int, height: int, interlaced: bool, missing: int, tmp_path_factory: pytest.TempPathFactory
) -> None:  # fmt: skip
    path = tmp_path_factory.mktemp("png") / "a.png"
    passes = (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    )
    sizes = [
        (len(range(x, width, across)), len(range(y, height, down))) for x, y, across, down in passes
    ]
    rows = [(c, r) for c, r in sizes if c and r] if interlaced else [(width, height)]
    total = sum(r * (1 + c) for c, r in rows)
    path.write_bytes(_png(width, height, zlib.compress(bytes(total)), int(interlaced)))
    check_png_data(path, ALL)
    path.write_bytes(
        _png(width, height, zlib.compress(bytes(max(0, total - missing))), int(interlaced))
    )
    with pytest.raises(ImageryError, match="Remedy"):
        check_png_data(path, ALL)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png(40_000, 40_000, zlib.compress(bytes(30_000_000), 9)))
    check_png_data(path, 10_000_000)
    with pytest.raises(ImageryError, match="Remedy"):
        check_png_data(path, ALL)
