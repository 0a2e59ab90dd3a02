"""Outlines out of masks: known shapes, seams, holes, areas with their errors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from imagery.scene import Placement
from imagery.vectorise import (
    MU_M2,
    Outline,
    PixelGrid,
    ScoreWindow,
    area_error,
    smooth_outline,
    vectorise,
)
from layers.datum.ground import DEGREES, WEB_MERCATOR, local_plane

LON, LAT = 109.3, 27.6


def grid(side: int, pixel: float = 0.5) -> PixelGrid:
    """A grid of `side` pixels on a plane around a point, north up."""
    return PixelGrid(
        Placement(local_plane(LON, LAT), (pixel, 0, 0, 0, -pixel, 0), "georeference", 1.0, "stated"),
        side, side,
    )  # fmt: skip


def cut(mask: np.ndarray, size: int) -> Iterator[ScoreWindow]:
    """The mask in windows, scored by the row it stands in."""
    score = np.repeat(np.arange(mask.shape[0], dtype=np.float32)[:, None], mask.shape[1], axis=1)
    for top in range(0, mask.shape[0], size):
        for left in range(0, mask.shape[1], size):
            here = (slice(top, top + size), slice(left, left + size))
            yield ScoreWindow(left, top, mask[here], score[here][None])


def found(mask: np.ndarray, size: int = 64, least_m2: float = 1.0, u_edge_m: float = 0.3,
          pixel: float = 0.5) -> list[Outline]:  # fmt: skip
    return vectorise(
        cut(mask, size), grid(mask.shape[0], pixel), least_m2=least_m2, u_edge_m=u_edge_m
    )


def pixels_of(one: Outline) -> shapely.Polygon:
    """The outline in pixels of `grid`."""
    return shapely.transform(one.polygon, grid(200).pixels)


def disc(side: int, radius: float) -> np.ndarray:
    row, column = np.indices((side, side)) + 0.5
    inside: np.ndarray = np.hypot(row - side / 2, column - side / 2) < radius
    return inside


@pytest.mark.parametrize("radius", [5, 12, 40, 90])
def test_a_disc_keeps_its_area_and_perimeter(radius: float) -> None:
    (one,) = found(disc(200, radius))
    assert one.area_m2 == pytest.approx(np.pi * radius**2 / 4, rel=0.03 if radius < 10 else 0.02)
    assert one.perimeter_m == pytest.approx(np.pi * radius, rel=0.07)


def test_a_rectangle_keeps_its_corners_within_a_pixel() -> None:
    mask = np.zeros((200, 200), bool)
    mask[30:90, 20:170] = True
    (one,) = found(mask)
    corners = grid(200).pixels(shapely.get_coordinates(one.polygon))
    assert shapely.hausdorff_distance(shapely.box(20, 30, 170, 90), shapely.Polygon(corners)) <= 1
    assert one.area_m2 == pytest.approx(60 * 150 / 4, rel=0.005)


@settings(deadline=None, max_examples=40)
@given(angle=st.floats(0, 180), across=st.integers(6, 60), along=st.integers(6, 90))
def test_no_outline_leaves_its_pixels_by_more_than_one(
    angle: float, across: int, along: int
) -> None:
    row, column = np.indices((128, 128)) - 64.0
    turn = np.radians(angle)
    first = np.abs(column * np.cos(turn) + row * np.sin(turn)) < along / 2
    mask = first & (np.abs(row * np.cos(turn) - column * np.sin(turn)) < across / 2)
    (one,) = found(mask, 256)
    drawn = shapely.Polygon(grid(128).pixels(shapely.get_coordinates(one.polygon)))
    squares = shapely.union_all([shapely.box(c, r, c + 1, r + 1) for r, c in np.argwhere(mask)])
    assert shapely.hausdorff_distance(drawn, squares) <= 1.0
    assert one.area_m2 == pytest.approx(mask.sum() / 4, rel=0.04, abs=1.0)


@pytest.mark.parametrize("size", [16, 37, 64, 100])
def test_seams_do_not_show(size: int) -> None:
    mask = disc(200, 70) & ~disc(200, 30)
    mask[:, 5:9] = True
    whole, parts = found(mask, 200), found(mask, size)
    assert len(whole) == len(parts) == 2
    for one, other in zip(whole, parts, strict=True):
        apart = shapely.hausdorff_distance(pixels_of(one), pixels_of(other))
        assert apart <= 1.0
        assert other.area_m2 == pytest.approx(one.area_m2, rel=0.01)
        assert other.score == pytest.approx(one.score)


def test_things_that_meet_at_a_corner_are_two_even_on_a_seam() -> None:
    mask = np.zeros((64, 64), bool)
    mask[10:32, 10:32] = mask[32:50, 32:50] = True
    assert len(found(mask, 32)) == len(found(mask, 64)) == 2


def test_small_things_and_small_holes_go_large_ones_stay() -> None:
    mask = np.zeros((100, 100), bool)
    mask[10:60, 10:60] = True
    mask[20, 20] = False  # a quarter of a square metre
    mask[30:40, 30:40] = False  # 25 square metres
    mask[80:82, 80:82] = True
    (one,) = found(mask, least_m2=2.0)
    assert len(one.polygon.interiors) == 1
    assert one.area_m2 == pytest.approx(2500 / 4 - 25, rel=0.01)


def test_a_small_part_across_a_seam_is_no_small_thing() -> None:
    mask = np.zeros((64, 64), bool)
    mask[20:30, 31:50] = True
    (one,) = found(mask, 32, least_m2=20.0)
    assert one.area_m2 == pytest.approx(190 / 4, rel=0.02)


def test_the_error_of_an_area_is_that_of_edge_and_scale() -> None:
    assert area_error(3860, 220, 0.3) == pytest.approx(77, abs=1)
    (one,) = found(disc(200, 70), u_edge_m=0.2)
    assert one.u_area_m2 == pytest.approx(
        np.hypot(one.perimeter_m * 0.2, 0.01 * one.area_m2), rel=1e-6
    )
    assert one.area_mu == pytest.approx(one.area_m2 / MU_M2)


@pytest.mark.parametrize(
    ("crs", "pixel"), [(WEB_MERCATOR, 0.5 / np.cos(np.radians(LAT))), (DEGREES, 0.5 / 111_320)]
)
def test_areas_are_those_of_the_globe_whatever_the_pixels_lie_on(crs: str, pixel: float) -> None:
    x, y = (12167220.0, 3199000.0) if crs == WEB_MERCATOR else (LON, LAT)
    placed = PixelGrid(
        Placement(crs, (pixel, 0, x, 0, -pixel, y), "georeference", 1.0, "stated"), 200, 200
    )
    (one,) = vectorise(cut(disc(200, 80), 64), placed, least_m2=1.0, u_edge_m=0.3)
    true = np.pi * 80**2 / 4
    across = 1.0 if crs == WEB_MERCATOR else np.cos(np.radians(LAT))
    assert one.area_m2 == pytest.approx(true * across, rel=0.012)


def test_nothing_found_is_an_empty_list() -> None:
    assert found(np.zeros((64, 64), bool)) == []


def test_an_outline_of_one_pixel_is_valid() -> None:
    assert smooth_outline(shapely.box(3, 4, 4, 5)).is_valid
