"""Things in a lane by difference to a clear scene: found, measured, told from shadows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from imagery.detectors import Shot, obstruction
from imagery.detectors._regular import Regular, regular
from imagery.detectors._shade import Shaded, direction, leaning
from imagery.detectors._things import Body, Views, bodies, fit_match, least_difference, to_lab
from imagery.windows.window import Place
from layers import Layer
from layers.datum.ground import local_plane
from layers.errors import Cancelled, ImageryError
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


def street(folder: Path, pixel: float = 0.1) -> Shot:
    """A lane of two surfaces with a van, a dark box, dashes, a stop line and a wet patch; no reference."""
    random = np.random.default_rng(4)
    rows, columns = round(40 / pixel), round(140 / pixel)
    picture = random.normal(110, 2.5, (3, rows, columns))
    picture[:, :, columns // 2 :] -= 25

    def draw(left: float, top: float, right: float, bottom: float, value: object) -> None:
        there = np.s_[:, round(top / pixel) : round(bottom / pixel), round(left / pixel) : round(right / pixel)]  # fmt: skip
        picture[there] = np.array(value, float).reshape(-1, 1, 1)

    for start in range(6, 134, 6):
        draw(start, 19.9, start + 3, 20.05, 235)
    draw(20, 15.5, 20.5, 19.5, 235)
    draw(30, 16, 35.5, 18, [40, 60, 160])
    draw(90, 21, 94, 23.2, [35, 35, 40])
    cv2.ellipse(wet := np.zeros((rows, columns), np.uint8), (round(60 / pixel), round(22 / pixel)),
                (round(3 / pixel), round(0.6 / pixel)), 20, 0, 360, 1, -1)  # fmt: skip
    picture[:, wet > 0] *= 0.8
    return made.shot(folder / f"street{pixel}.tif", np.clip(picture, 0, 255).astype(np.uint8), pixel=pixel)  # fmt: skip


def in_metres(of: Shot, left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    return made.polygon(of, *(side / of.ground.gsd_m for side in (left, top, right, bottom)))


@pytest.mark.parametrize("pixel", [0.1, 0.05])
def test_without_a_reference_what_stands_out_from_the_paving_is_seen(
    tmp_path: Path, pixel: float
) -> None:
    shot = street(tmp_path, pixel)
    layer = obstruction.detect(shot, area=in_metres(shot, 2, 15, 138, 25))
    van, box = in_metres(shot, 30, 16, 35.5, 18), in_metres(shot, 90, 21, 94, 23.2)
    assert len(layer) == 2
    for thing in (van, box):
        assert max(made.share(one, thing) for one in layer.frame.geometry) > 0.6
    assert layer.frame["why_en"].str.contains("no scene of the clear lane").all()
    assert layer.frame["why_zh"].str.contains("没有畅通时的影像").all()
    assert "bare paving" in layer.provenance[0].transform


def test_where_hardly_any_paving_is_seen_it_says_that_it_cannot_tell(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    rubble = cv2.resize(random.integers(0, 255, (3, 80, 280)).astype(np.uint8).transpose(1, 2, 0), (1400, 400))  # fmt: skip
    shot = made.shot(tmp_path / "rubble.tif", np.ascontiguousarray(rubble.transpose(2, 0, 1)))
    lane = in_metres(shot, 2, 15, 138, 25)
    with pytest.raises(ImageryError, match="bare paving") as refused:
        obstruction.detect(shot, area=lane)
    assert "--before" in refused.value.remedy
    heights = model(tmp_path / "dsm.tif", [(50, 17, 54, 20, 2.5)])
    layer = obstruction.detect(shot, obstruction.Settings(heights=heights), area=lane)
    assert len(layer) == 1


def model(path: Path, things: list[tuple[float, float, float, float, float]]) -> Path:
    """Surface heights over the street, sloping, with boxes (left, top, right, bottom, height), metres."""
    cell = 0.2
    surface = 50 + 0.01 * np.indices((200, 700))[1] * cell
    for left, top, right, bottom, height in things:
        surface[round(top / cell) : round(bottom / cell), round(left / cell) : round(right / cell)] += height  # fmt: skip
    with rasterio.open(path, "w", driver="GTiff", count=1, width=700, height=200, dtype="float32",
                       crs=local_plane(made.LON, made.LAT), transform=from_origin(0, 0, cell, cell)) as file:  # fmt: skip
        file.write(surface.astype(np.float32), 1)
    return path


def test_heights_add_what_colour_does_not_show_and_say_how_high(tmp_path: Path) -> None:
    shot = street(tmp_path)
    heights = model(tmp_path / "dsm.tif", [(30, 16, 35.4, 18, 2.1), (110, 18, 113, 20, 1.4)])
    layer = obstruction.detect(shot, obstruction.Settings(heights=heights),
                               area=in_metres(shot, 2, 15, 138, 25))  # fmt: skip
    assert len(layer) == 3
    tops = layer.frame["height_m"]
    van = layer.frame.loc[[made.share(g, in_metres(shot, 30, 16, 35.5, 18)) > 0.6 for g in layer.frame.geometry]]  # fmt: skip
    assert van.iloc[0].height_m == pytest.approx(2.1, abs=0.1)
    assert "2.1 m high" in van.iloc[0].why_en
    unseen = layer.frame.loc[np.isclose(tops, 1.4, atol=0.1)].iloc[0]
    assert unseen.area_m2 == pytest.approx(6.0, rel=0.1)
    assert "not seen by colour" in unseen.why_en
    assert "颜色未显示" in unseen.why_zh
    assert tops.isna().sum() == 1


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


@pytest.mark.parametrize("referred", [True, False])
def test_it_tells_how_far_it_is_and_stops_when_asked(tmp_path: Path, referred: bool) -> None:
    before, after = pair(tmp_path)
    said: list[tuple[int, int]] = []
    lane = made.polygon(after, *LANE)
    reference = before if referred else None
    obstruction.detect(after, before=reference, area=lane, progress=lambda *far: said.append(far))
    assert said
    assert said[-1][0] == said[-1][1] > 0
    with pytest.raises(Cancelled):
        obstruction.detect(after, before=reference, area=lane, cancelled=lambda: True)


def test_windows_for_the_light_and_the_others_are_all_windows_once() -> None:
    for many in (1, 7, 8, 9, 40):
        places = [Place(n, n, 0, n + 1, 1) for n in range(many)]
        some, rest = obstruction._some(places), obstruction._rest(places)
        assert 0 < len(some) <= 8
        assert sorted(one.index for one in [*some, *rest]) == list(range(many))
