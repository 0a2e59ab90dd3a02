"""Known moves are found; what cannot be known is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine

from imagery.align import Ground, adjusted, before_after, by_hand, common_grid, comparable, estimate
from imagery.align.estimate import Alignment, estimate_pair
from layers.errors import ImageryError
from tests.imagery.align.pictures import CRS, LAT, LON, moved, pair, texture, write

SHIFT = np.array([[1.0, 0.0, 7.3], [0.0, 1.0, -4.6]])
SIMILARITY = np.array([[1.004, -0.006, 3.0], [0.006, 1.004, -2.0]])
AFFINE = np.array([[1.01, 0.004, 2.0], [-0.008, 0.99, 5.0]])
GROUND = texture(600)


@pytest.fixture(scope="module")
def shifted() -> Alignment:
    """What is found where the ground moved by `SHIFT`, half a metre a pixel."""
    return estimate_pair(pair(GROUND, moved(GROUND, SHIFT), pixel_m=0.5))


def test_a_shift_is_found_to_a_tenth_of_a_pixel(shifted: Alignment) -> None:
    assert shifted.accepted
    assert (shifted.model, shifted.method) == ("shift", "features")
    assert shifted.east_m == pytest.approx(7.3 * 0.5, abs=0.05)
    assert shifted.north_m == pytest.approx(4.6 * 0.5, abs=0.05), "north is up, rows go down"
    assert shifted.residual_m < 0.5 * 0.5


@pytest.mark.parametrize(("pixels", "model"), [(SIMILARITY, "similarity"), (AFFINE, "affine")])
def test_a_richer_model_is_taken_where_it_is_justified(pixels: np.ndarray, model: str) -> None:
    found = estimate_pair(pair(GROUND, moved(GROUND, pixels)))
    assert found.accepted, found.why_en
    assert found.model == model
    assert found.residual_m < 0.5


def test_light_haze_and_noise_change_little() -> None:
    random = np.random.default_rng(5)
    dull = moved(GROUND, SHIFT) ** 1.8 * 0.6 + 0.2 + random.normal(0, 0.03, GROUND.shape)
    found = estimate_pair(pair(GROUND, np.clip(dull, 0, 1).astype(np.float32)))
    assert found.accepted
    assert np.hypot(found.east_m - 3.65, found.north_m - 2.3) < 0.15


def test_two_places_are_not_aligned() -> None:
    found = estimate_pair(pair(GROUND, texture(600, seed=77)))
    assert not found.accepted
    assert found.why_zh
    assert found.why_en


def test_bare_ground_is_not_aligned() -> None:
    flat = np.full((300, 300), 0.5, np.float32)
    found = estimate_pair(pair(flat, flat))
    assert not found.accepted


@settings(max_examples=5, deadline=None)
@given(st.floats(-25, 25), st.floats(-25, 25))
@example(25.0, -25.0)
@example(-25.0, 0.5)
@example(0.0, 0.0)
def test_any_shift_within_reach_is_found(columns: float, rows: float) -> None:
    move = np.array([[1.0, 0.0, columns], [0.0, 1.0, rows]])
    small = GROUND[:400, :400]
    found = estimate_pair(pair(small, moved(small, move), pixel_m=1.0))
    assert found.accepted, found.why_en
    assert np.hypot(found.east_m - columns, found.north_m + rows) < 0.25


def test_the_way_back_is_the_opposite_move(shifted: Alignment) -> None:
    back = estimate_pair(pair(moved(GROUND, SHIFT), GROUND))
    assert np.hypot(shifted.east_m + back.east_m, shifted.north_m + back.north_m) < 0.1


def _files(folder: Path) -> tuple[Ground, Ground]:
    grid = Affine(0.5, 0, -150, 0, -0.5, 150)
    before = write(folder / "before.tif", GROUND, grid)
    after = write(folder / "after.tif", moved(GROUND, SHIFT), grid)
    return before, after


def test_files_are_aligned_and_the_placement_moved(tmp_path: Path) -> None:
    before, after = _files(tmp_path)
    found = estimate(before, after)
    assert found.accepted
    placement, entry = adjusted(after.placement, found, who="王一", when="2026-06-30T10:00:00",
                                against="before", u_against_m=1.0)  # fmt: skip
    assert placement.by == "alignment"
    assert placement.u_m == pytest.approx(np.hypot(1.0, found.residual_m))
    assert entry.as_dict()["against"] == "before"
    assert placement.transform[2] - after.placement.transform[2] == pytest.approx(3.65, abs=0.06)
    assert placement.transform[5] - after.placement.transform[5] == pytest.approx(2.3, abs=0.06)
    again = estimate(before, type(after)(after.path, after.driver, placement, after.footprint, 0.5))
    assert again.distance_m < 0.06


def test_a_move_in_degrees_is_the_same_move(tmp_path: Path) -> None:
    before, after = _files(tmp_path)
    placement, entry = by_hand(after.placement, (LON, LAT), (30.0, -20.0), u_m=2.0,
                               who="王一", when="2026-06-30", why="按道路交叉口对齐")  # fmt: skip
    assert placement.transform[2] - after.placement.transform[2] == pytest.approx(30.0, abs=1e-3)
    assert placement.transform[5] - after.placement.transform[5] == pytest.approx(-20.0, abs=1e-3)
    assert (placement.by, placement.known_by, placement.u_m) == ("hand", "stated", 2.0)
    assert entry.who == "王一"
    with pytest.raises(ImageryError, match="name and the reason"):
        by_hand(before.placement, (LON, LAT), (1, 1), u_m=1, who=" ", when="2026", why="x")


def test_an_alignment_that_was_refused_moves_nothing(shifted: Alignment, tmp_path: Path) -> None:
    _before, after = _files(tmp_path)
    refused = replace(shifted, accepted=False)
    with pytest.raises(ImageryError, match="not accepted"):
        adjusted(after.placement, refused, who="a", when="b", against="c", u_against_m=0)


def test_scenes_apart_are_an_error(tmp_path: Path) -> None:
    before = write(tmp_path / "a.tif", GROUND, Affine(0.5, 0, 0, 0, -0.5, 0))
    after = write(tmp_path / "b.tif", GROUND, Affine(0.5, 0, 5000, 0, -0.5, 0))
    with pytest.raises(ImageryError, match="do not overlap"):
        common_grid(before, after)


def test_a_comparison_is_refused_where_the_residual_is_larger_than_the_thing(
    shifted: Alignment,
) -> None:
    assert comparable(shifted, 4.0, 0.5, 0.5).yes
    for size, fine, coarse, word in ((shifted.residual_m, 0.01, 0.01, "left after"), (4.0, 0.5, 1.5, "factor"), (0.6, 0.5, 0.5, "pixels")):  # fmt: skip
        answer = comparable(shifted, size, fine, coarse)
        assert not answer.yes
        assert word in answer.why_en
        assert answer.why_zh


def test_the_picture_shows_both_states(shifted: Alignment, tmp_path: Path) -> None:
    both = pair(GROUND, moved(GROUND, SHIFT))
    file = before_after(both, shifted, tmp_path / "pair.png")
    assert file.read_bytes().startswith(b"\x89PNG")


def test_the_plane_of_the_tests_is_metres() -> None:
    assert "metre" in CRS
