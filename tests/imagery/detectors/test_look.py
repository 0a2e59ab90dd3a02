"""What cells look like: the compiled sums against plain arithmetic, whatever the windows."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagery.detectors._cells import cells_of, factor_of, side_of
from imagery.detectors._look import OWN, SUMS, counted, features, shrunk, summed
from tests.imagery.detectors import made


def plain(rgb: np.ndarray, side: int) -> dict[str, np.ndarray]:
    """The same features by whole planes, for a picture of whole cells."""
    red, green, blue = rgb.astype(np.float64)
    light = (red + green + blue) / 3
    total = red + green + blue + 1e-3
    padded = np.pad(light, 1, mode="reflect").astype(np.float32)
    slopes = [cv2.Sobel(padded, cv2.CV_32F, *axes)[1:-1, 1:-1] for axes in ((1, 0), (0, 1))]
    rough = np.abs(padded - cv2.blur(padded, (3, 3)))[1:-1, 1:-1]
    rows, columns = (size // side for size in light.shape)

    def mean(plane: np.ndarray) -> np.ndarray:
        found: np.ndarray = plane.reshape(rows, side, columns, side).mean(axis=(1, 3))
        return found

    def spread(plane: np.ndarray) -> np.ndarray:
        found: np.ndarray = plane.reshape(rows, side, columns, side).std(axis=(1, 3))
        return found

    edge = np.hypot(*slopes)
    vegetation = (2 * green - red - blue) / total
    return {
        "light": mean(light), "light_sd": spread(light), "red_green": mean((red - green) / total),
        "blue": mean((blue - light) / total), "colour_sd": spread((red - green) / total),
        "saturation": mean((rgb.max(axis=0) - rgb.min(axis=0)) / (rgb.max(axis=0) + 1e-3)),
        "green": mean(vegetation), "green_sd": spread(vegetation), "edge": mean(edge),
        "edge_sd": spread(edge), "fine": mean(rough), "dark": mean(light < 0.15), "white": mean(light > 0.9),
    }  # fmt: skip


def test_the_compiled_sums_are_those_of_plain_arithmetic() -> None:
    rgb = shrunk(made.ground(64, 96), 1, 255.0)
    told = features(summed(rgb, (0, 0), 16), 256)
    for name, wanted in plain(rgb, 16).items():
        assert np.allclose(told[OWN.index(name)], wanted, atol=2e-3), name


@settings(max_examples=25, deadline=None)
@given(top=st.integers(0, 40), left=st.integers(0, 40), rows=st.integers(1, 50),
       columns=st.integers(1, 60), side=st.integers(2, 20))  # fmt: skip
def test_sums_of_parts_count_every_pixel_once(
    top: int, left: int, rows: int, columns: int, side: int
) -> None:
    """A picture cut anywhere gives each cell the light it has: nothing twice, nothing lost."""
    rgb = np.random.default_rng(rows).random((3, rows, columns)).astype(np.float32)
    found = summed(rgb, (top, left), side)
    assert found[0].sum() == pytest.approx(rgb.mean(axis=0).sum(), rel=1e-4)
    many = counted(np.ones((1, rows, columns), np.float32), (top, left), side)
    assert many.sum() == rows * columns
    assert many.max() <= side * side
    assert found.shape == (SUMS, *many.shape[1:])
    first = rgb[:, : side - top % side, : side - left % side].mean(axis=0).sum()
    assert found[0, 0, 0] == pytest.approx(first, rel=1e-4, abs=1e-5)


def test_cells_do_not_depend_on_the_files_blocks(tmp_path: Path) -> None:
    """Cells of 50 pixels over blocks of 256: most lie in two windows or four."""
    picture = made.ground(610, 730)
    shot = made.shot(tmp_path / "a.tif", picture, pixel=0.1)
    cells = cells_of(shot, 5.0)
    whole = features(summed(shrunk(picture, 2, 255.0), (0, 0), 25), 625)[:, :12, :14]
    assert cells.seen.shape == (12, 14)
    assert cells.seen.all()
    assert np.allclose(cells.features[: len(OWN)], whole, atol=0.02)
    assert np.allclose(cells.plane("light"), whole[0], atol=1e-3)


@pytest.mark.parametrize(("pixel", "factor", "side"), [(0.04, 8, 128), (0.1, 2, 50), (0.15, 2, 34),
                                                       (0.25, 1, 20), (10.0, 1, 8)])  # fmt: skip
def test_pixels_are_averaged_to_about_a_quarter_metre(
    tmp_path: Path, pixel: float, factor: int, side: int
) -> None:
    shot = made.shot(tmp_path / "a.tif", made.ground(300, 300), pixel=pixel)
    assert (factor_of(shot, 5.0), side_of(shot, 5.0)) == (factor, side)


def test_what_is_not_seen_is_no_cell(tmp_path: Path) -> None:
    picture = np.full((1, 256, 256), np.nan, np.float32)
    picture[:, :128] = made.ground(256, 256)[0, :128]
    cells = cells_of(made.shot(tmp_path / "a.tif", picture, pixel=0.25), 5.0)
    assert cells.seen[:6].all()
    assert not cells.seen[7:].any()
    assert np.isfinite(cells.features[:, cells.seen]).all()
