"""Things in a lane by difference to a clear scene: found, measured, told from shadows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely

from imagery.detectors import Shot, obstruction
from imagery.detectors._regular import Regular, regular
from imagery.detectors._shade import Shaded, direction, leaning
from imagery.detectors._things import Body, Views, bodies, fit_match, least_difference, to_lab
from layers import Layer
from layers.errors import ImageryError
from tests.imagery.detectors import made

ROWS, COLUMNS = 400, 1400
LANE = (40, 150, 1360, 250)


def pair(folder: Path, change: np.ndarray | None = None, *, east: float = 0.0) -> tuple[Shot, Shot]:
    """A clear scene, and a later one with a blue van, a white board, and a shadow on the lane."""
    before = made.ground(ROWS, COLUMNS)
    before[:, 150:250] = (0.1 * before[:, 150:250] + 100).astype(np.uint8)
    later = np.clip(before * 0.9 + 12, 0, 255).astype(np.uint8)
    if change is None:
        later[:, 170:190, 300:355] = np.array([40, 60, 160])[:, None, None]
        later[:, 200:210, 700:760] = 235
        later[:, 160:240, 1000:1100] = later[:, 160:240, 1000:1100] // 2
    else:
        later = change
    return (made.shot(folder / "before.tif", before, day="2025-10-18"),
            made.shot(folder / "after.tif", later, east=east))  # fmt: skip


def found(folder: Path, **how: float) -> tuple[Shot, Layer]:
    before, after = pair(folder, **how)  # type: ignore[arg-type]
    lane = made.polygon(after, *LANE)
    return after, obstruction.detect(after, before=before, area=lane)


@pytest.mark.parametrize("east", [0.0, 1.3])
def test_things_are_outlined_and_a_shadow_is_not_even_where_the_scene_was_misplaced(
    tmp_path: Path, east: float
) -> None:
    after, layer = found(tmp_path, east=east)
    frame = layer.frame.sort_values("area_m2")
    things = [made.polygon(after, 700, 200, 760, 210), made.polygon(after, 300, 170, 355, 190)]
    solid = [g for g in frame.geometry if max(made.share(g, thing) for thing in things) > 0.6]
    assert len(solid) == 2
    shade = made.polygon(after, 1000, 160, 1100, 240)
    assert all(
        made.share(g, shade) < 0.9 or why
        for g, why in zip(frame.geometry, frame["why_en"], strict=True)
    )
    margin = Regular().margin_m
    van = (5.5 + 2 * margin) * (2.0 + 2 * margin)
    for geometry, true, drawn in zip(
        sorted(solid, key=lambda g: g.area), (6.0, 11.0), (6.0, van), strict=True
    ):
        row = frame.loc[frame.geometry == geometry].iloc[0]
        assert row.area_m2 == pytest.approx(drawn, rel=0.15)
        assert abs(row.area_m2 - true) <= row.u_area_m2


def test_the_layer_says_who_saw_it_when_and_that_nobody_confirmed(tmp_path: Path) -> None:
    after, layer = found(tmp_path)
    row = layer.frame.iloc[0]
    assert layer.theme.name == "obstacle"
    assert row["scene_id"] == after.id
    assert row["day"] == "2026-05-21"
    assert row["detector"] == obstruction.DETECTOR.label
    assert layer.frame["confirmed"].isna().all()
    assert (layer.frame["u_outline_m"] > 0).all()
    assert "2025-10-18" in row["why_en"]
    assert "2025-10-18" in row["why_zh"]
    assert layer.provenance[0].generated


def test_nothing_outside_the_lane_is_looked_at(tmp_path: Path) -> None:
    before, after = pair(tmp_path)
    narrow = made.polygon(after, 40, 230, 1360, 250)
    layer = obstruction.detect(after, before=before, area=narrow)
    lane = shapely.buffer(narrow, 1e-6)
    assert shapely.covers(lane, shapely.union_all(layer.frame.geometry.array)) or len(layer) == 0


def test_the_same_light_and_no_thing_finds_nothing(tmp_path: Path) -> None:
    before = made.ground(ROWS, COLUMNS)
    first, second = pair(tmp_path, np.clip(before * 0.8 + 20, 0, 255).astype(np.uint8))
    clear = made.shot(tmp_path / "clear.tif", before)
    assert len(obstruction.detect(second, before=clear, area=made.polygon(first, *LANE))) == 0


def test_without_a_reference_it_refuses_and_says_what_to_do(tmp_path: Path) -> None:
    _, after = pair(tmp_path)
    with pytest.raises(ImageryError, match="draw the obstacles by hand"):
        obstruction.detect(after, area=made.polygon(after, *LANE))


def test_another_place_is_no_reference(tmp_path: Path) -> None:
    _, after = pair(tmp_path)
    other = made.shot(tmp_path / "other.tif", made.ground(ROWS, COLUMNS, seed=5))
    with pytest.raises(ImageryError, match="cannot be compared"):
        obstruction.detect(after, before=other, area=made.polygon(after, *LANE))


def test_a_shadow_beside_a_bright_thing_is_taken_off() -> None:
    before = np.full((3, 200, 200), 120, np.uint8)
    after = before.copy()
    after[:, 60:100, 60:140] = 225
    after[:, 100:130, 70:150] = 60
    first, second = to_lab(after), to_lab(before)
    hit = least_difference(first, second) > 8
    mask = bodies(hit, Views(first, second, 0.1), 2.0, Body())
    thing, shade = np.s_[60:100, 60:140], np.s_[104:130, 70:150]
    assert mask[thing].mean() > 0.95
    assert mask[shade].mean() < 0.1


def test_ground_that_was_in_shadow_and_is_lit_now_is_no_change() -> None:
    random = np.random.default_rng(3)
    lit = np.clip(random.normal(140, 4, (3, 120, 300)), 0, 255)
    before, after = lit.copy(), lit.copy()
    before[:, :, 150:] *= 0.45
    first, second = (to_lab(one.astype(np.uint8)) for one in (after, before))
    match = fit_match(first.reshape(-1, 3), second.reshape(-1, 3))
    assert match.shaded is not None
    assert np.percentile(least_difference(first, match.apply(second)), 99) < 6


def test_a_move_of_two_pixels_is_no_difference() -> None:
    lab = to_lab(made.ground(80, 80))
    apart = least_difference(np.roll(lab, (2, -2), (0, 1)), lab)
    assert apart[4:-4, 4:-4].max() < 1e-3


def car(angle: float = 0.0) -> tuple[Shaded, np.ndarray, np.ndarray]:
    """A white car with dark glass and a grey boot, its shadow to the right and below, as seen; where it is.

    The boot lies behind the rear window, in the shade's own range of brightness.
    """
    pixel_m = 0.1
    before = np.full((3, 160, 200), 120, np.float32)
    after = before.copy()
    turn = cv2.getRotationMatrix2D((100.0, 80.0), angle, 1.0)

    def draw(left: float, top: float, right: float, bottom: float, value: float) -> np.ndarray:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        moved = corners @ turn[:, :2].T + turn[:, 2]
        mask = np.zeros(before.shape[1:], np.uint8)
        cv2.fillPoly(mask, [np.round(moved * 16).astype(np.int32)], 1, shift=4)
        after[:, mask > 0] = value
        return mask > 0

    draw(84, 76, 131, 95, 55)
    whole = draw(78, 71, 122, 89, 230)
    draw(88, 72, 94, 88, 50)
    draw(112, 72, 116, 88, 45)
    draw(116, 71, 122, 89, 85)
    first, second = (to_lab(one.astype(np.uint8)) for one in (after, before))
    hit = least_difference(first, second) > 8
    seen = Shaded.of(hit, np.ones_like(hit), Views(first, second, pixel_m), Body())
    return replace(seen, away=direction(leaning(seen))), whole, after


@pytest.mark.parametrize("angle", [0.0, 12.0, -35.0, 90.0])
def test_a_car_is_drawn_with_its_glass_and_boot_and_without_its_shadow(angle: float) -> None:
    seen, whole, _ = car(angle)
    mask = regular(bodies(seen.hit, seen.views, 2.5, Body()), seen, 2.5, Body(),
                   replace(Regular(), margin_m=0.0))  # fmt: skip
    assert (mask & whole).sum() / (mask | whole).sum() > 0.85
    plain = bodies(seen.hit, seen.views, 2.5, Body())
    assert (mask & whole).sum() > (plain & whole).sum()


def test_shadows_of_a_scene_fall_one_way_and_without_them_there_is_none() -> None:
    seen, _, _ = car()
    assert seen.away is not None
    assert (seen.away > 0.2).all()
    assert direction(np.zeros(3)) is None
    assert direction(np.array([1.0, 1.0, 100.0])) is None
    clear = replace(seen, hit=np.zeros_like(seen.hit))
    assert direction(leaning(clear)) is None


def test_what_is_no_rectangle_keeps_its_outline() -> None:
    before = np.full((3, 200, 200), 120, np.uint8)
    after = before.copy()
    ring = np.zeros((200, 200), np.uint8)
    cv2.ellipse(ring, (100, 100), (80, 80), 0, 0, 150, 1, 18)
    after[:, ring > 0] = 220
    first, second = to_lab(after), to_lab(before)
    hit = least_difference(first, second) > 8
    both = Views(first, second, 0.1)
    mask = bodies(hit, both, 2.5, Body())
    seen = Shaded.of(hit, np.ones_like(hit), both, Body())
    assert (regular(mask, seen, 2.5, Body(), Regular()) == mask).all()
