"""The earlier scene under the later one: by whole pixels where that is exact, averaged alike, parts told apart."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from imagery.align import Alignment
from imagery.detectors import Shot
from imagery.detectors._below import SAME_PX, averaged, grid_of, laid
from imagery.detectors._pairs import Paired, over_pairs
from imagery.detectors._parts import parts
from tests.imagery.detectors import made


def lying(shot: Shot, move: tuple[float, float] = (0.0, 0.0)) -> Alignment:
    """An alignment that moves by so many metres east and north."""
    matrix = ((1.0, 0.0, move[0]), (0.0, 1.0, move[1]))
    return Alignment(
        *move, matrix, "shift", "features", 0.01, 0.01, 100, 10, 0.0, 0.1,
        shot.ground.placement.crs, made.LON, made.LAT, True, "", "",
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(x=st.integers(-6, 12), y=st.integers(-6, 12), off=st.floats(-SAME_PX * 0.9, SAME_PX * 0.9))
def test_a_move_near_whole_pixels_is_a_slice(x: int, y: int, off: float) -> None:
    array = np.random.default_rng(1).integers(0, 255, (2, 30, 30)).astype(np.uint8)
    matrix = np.array([[1.0, 0.0, x + off], [0.0, 1.0, y + off]])
    moved, known = laid(array, np.ones((30, 30), bool), matrix, (20, 20))
    rows, columns = np.mgrid[y : y + 20, x : x + 20]
    inside = (rows >= 0) & (rows < 30) & (columns >= 0) & (columns < 30)
    assert (known == inside).all()
    assert (moved[:, inside] == array[:, rows[inside], columns[inside]]).all()


def test_a_move_by_half_a_pixel_is_drawn_between() -> None:
    array = np.tile(np.arange(0, 200, 10, dtype=np.uint8), (1, 20, 1))
    matrix = np.array([[1.0, 0.0, 2.5], [0.0, 1.0, 0.0]])
    moved, _ = laid(array, np.ones((20, 20), bool), matrix, (10, 10))
    assert (moved[0, :, :5] == np.array([25, 35, 45, 55, 65])).all()


@pytest.mark.parametrize("move", [(0.0, 0.0), (0.7, -1.1), (0.23, 0.4)])
@pytest.mark.parametrize("shrink", [1, 4])
def test_both_dates_show_the_same_ground(
    tmp_path: Path, move: tuple[float, float], shrink: int
) -> None:
    """The later scene is the earlier one, said to lie `move` metres off: aligned they are alike."""
    picture = cv2.GaussianBlur(np.moveaxis(made.ground(600, 620), 0, -1), (0, 0), 2)
    picture = np.ascontiguousarray(np.moveaxis(picture, -1, 0))
    before = made.shot(tmp_path / "a.tif", picture)
    after = made.shot(tmp_path / "b.tif", picture)
    whole = lying(after, move)
    right, down = move[0] / 0.1, -move[1] / 0.1
    found = list(
        over_pairs(lambda pair: pair, after, before, whole, shrink=shrink, size=256, halo=2)
    )
    seen = np.zeros((600 // shrink, 620 // shrink), int)
    for pair in found:
        assert isinstance(pair, Paired)
        rows, columns = (np.arange(one.start, one.stop) for one in pair.core)
        seen[np.ix_(pair.top + rows, pair.left + columns)] += 1
        if not pair.valid.any():
            continue
        at = np.indices(pair.valid.shape).reshape(2, -1).T[pair.valid.ravel()]
        fine = (at + [pair.top, pair.left] + 0.5) * shrink - 0.5 + [down, right]
        coarse = cv2.blur(picture[0].astype(np.float32), (shrink, shrink))
        lead = 0.5 if shrink % 2 == 0 else 0.0
        wanted = map_coordinates(coarse, (fine + lead).T, order=1, mode="nearest")
        apart = np.abs(pair.before[0][pair.valid].astype(float) - wanted)
        assert np.percentile(apart, 95) < 4
    assert (seen == 1).all()


def test_averages_are_valid_where_all_their_pixels_are() -> None:
    array = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    valid = np.ones((8, 8), bool)
    valid[0, 0] = False
    found, known = averaged(array, valid, 4)
    assert found[0, 1, 1] == round(float(array[0, 4:, 4:].mean()))
    assert known.tolist() == [[False, True], [True, True]]


def test_an_area_is_read_alone(tmp_path: Path) -> None:
    shot = made.shot(tmp_path / "a.tif", made.ground(1024, 1024))
    area = made.polygon(shot, 300, 40, 420, 90)
    pairs = list(
        over_pairs(
            lambda pair: pair, shot, shot, lying(shot), area=area, shrink=2, size=512, halo=4
        )
    )
    drawn = sum(int(pair.inside[pair.core].sum()) for pair in pairs)
    assert drawn == 60 * 25
    assert sum(pair.after[0].size for pair in pairs) < 80 * 40
    assert shapely.area(area) > 0
    assert grid_of(shot, 2).width == 512


def test_two_even_surfaces_are_told_apart_and_a_heap_is_not() -> None:
    random = np.random.default_rng(3)
    lab = np.full((80, 80, 3), 60.0, np.float32) + random.normal(0, 3, (80, 80, 3)).astype(
        np.float32
    )
    mask, grain = np.zeros((80, 80), np.uint8), np.ones((5, 5), np.uint8)
    mask[10:70, 10:70] = 1
    assert not list(parts(mask, lab, grain, 50))
    lab[20:45, 20:60, 2] -= 40
    ((where, own, smaller),) = parts(mask, lab, grain, 50)
    assert own.sum() == 3600
    assert smaller.sum() == pytest.approx(1000, rel=0.08)
    assert where == np.s_[10:70, 10:70]
    rubble = lab + np.where(random.random((80, 80, 1)) < 0.5, 40, 0)
    rubble[20:45, 20:60, 2] += 40
    assert not list(parts(mask, rubble.astype(np.float32), grain, 50))
