"""Photos of one rendered field laid together: where things come to lie is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio

from imagery.photos.adjust import TURNED_DEG, adjust, apart, written
from imagery.photos.headings import check_headings
from imagery.photos.mosaic import NOT_AN_ORTHOPHOTO, mosaic
from imagery.photos.pinhole import Lens
from imagery.photos.system import Rows
from imagery.photos.ties import Tie, find_ties, match
from imagery.photos.views import View, open_views
from layers.datum.ground import ground_crs
from layers.errors import Cancelled, ImageryError
from tests.imagery.photos.made import PLACE, TEXEL_M, camera, drone, flight, gimbal, ground

SPOTS = {"a.jpg": (-30.0, 0.0, 90.0), "b.jpg": (0.0, 2.0, 90.0), "c.jpg": (30.0, -2.0, 85.0),
         "d.jpg": (28.0, 30.0, -90.0), "e.jpg": (-2.0, 31.0, -94.0), "f.jpg": (-31.0, 29.0, -90.0)}  # fmt: skip


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Path]:
    """A flight whose second line was turned by a viewer, positions 1 m off; and its preview."""
    folder = tmp_path_factory.mktemp("flight")
    photos = flight(folder, SPOTS, off_m=1.0, turned=("d.jpg", "f.jpg"), size=(600, 400))
    out = folder / "preview.tif"
    mosaic(photos, out, gsd_m=0.2)
    return photos, out


def test_things_lie_where_they_are(laid: tuple[list[Path], Path]) -> None:
    """Against the field itself: the preview's shift is that of the positions, its shape is true."""
    _, out = laid
    with rasterio.open(out) as preview:
        grey = preview.read([1, 2, 3]).mean(axis=0)
        seen = preview.read(4) > 0
        plane, place = ground_crs(preview.crs.to_wkt()), preview.transform
    middle = plane.from_wgs84(np.array([PLACE[0]]), np.array([PLACE[1]]))
    field, side = ground().mean(axis=2), ground().shape[0]
    misses = []
    for row in range(120, grey.shape[0] - 120, 60):
        for col in range(120, grey.shape[1] - 120, 60):
            patch = np.s_[row - 20 : row + 20, col - 20 : col + 20]
            if seen[patch].all():
                x, y = place * (col, row)
                east, north = x - middle[0][0], y - middle[1][0]
                misses.append(_shift(grey[patch], field, side, east, north))
    found = np.array(misses)
    assert len(found) > 20
    assert np.linalg.norm(np.median(found, axis=0)) < 2.0
    spread = np.linalg.norm(found - np.median(found, axis=0), axis=1)
    assert np.percentile(spread, 90) < 1.0


def _shift(
    patch: np.ndarray, field: np.ndarray, side: int, east: float, north: float
) -> np.ndarray:
    """Metres between a patch of the preview and the same piece of the field."""
    import cv2

    reach = 45
    fine = cv2.resize(patch.astype(np.float32), None, fx=0.2 / TEXEL_M, fy=0.2 / TEXEL_M)
    col, row = side / 2 + east / TEXEL_M, side / 2 - north / TEXEL_M
    half = fine.shape[0] // 2
    top, left = round(row) - half - reach, round(col) - half - reach
    area = field[top : top + 2 * (half + reach), left : left + 2 * (half + reach)]
    score = cv2.matchTemplate(area.astype(np.float32), fine, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(score)
    assert best > 0.7
    return np.array([(x - reach) * TEXEL_M, -(y - reach) * TEXEL_M])


def test_the_picture_says_what_it_is(laid: tuple[list[Path], Path]) -> None:
    photos, out = laid
    with rasterio.open(out) as preview:
        tags = preview.tags()
        assert preview.count == 4
        assert preview.overviews(1)
        assert preview.transform.a == 0.2
    assert tags["TIFFTAG_IMAGEDESCRIPTION"] == NOT_AN_ORTHOPHOTO
    told = json.loads(tags["YICHA_LINEAGE"])
    assert told["not_an_orthophoto"] is True
    assert [source["file"] for source in told["from"]] == [photo.name for photo in photos]
    assert all(len(source["sha256"]) == 64 for source in told["from"])
    assert set(told["off_deg"]) == {"d.jpg", "f.jpg"}
    assert told["residual_m"] < 0.1 < 10 < told["before_m"]
    assert told["u_m"] > 10


def test_turned_photos_are_found_and_their_cameras_mended(tmp_path: Path) -> None:
    spots = {"a.jpg": (-14.0, 0.0, 90.0), "b.jpg": (14.0, 0.0, 90.0), "c.jpg": (12.0, 20.0, -90.0)}
    photos = flight(tmp_path, spots, turned=("c.jpg",), size=(600, 400))
    checked = {one.path.name: one for one in check_headings(photos)}
    assert {name for name, one in checked.items() if one.turned_deg} == {"c.jpg"}
    assert checked["c.jpg"].camera.yaw == pytest.approx(90.0)
    assert [remark.code for remark in checked["c.jpg"].remarks] == ["yaw_turned"]
    assert checked["a.jpg"].camera.yaw == 90.0
    assert checked["a.jpg"].remarks == ()


def test_the_adjustment_does_not_shrink_the_flight(laid: tuple[list[Path], Path]) -> None:
    _, views = open_views(laid[0])
    ties = find_ties(views)
    done = adjust(views, ties)
    assert done.scale == pytest.approx(1.0, abs=0.03)
    assert np.abs(np.abs(done.turn) / done.scale - 1).max() < 0.005
    before = np.concatenate(apart(views, ties, written(views, done.off_deg)))
    after = np.concatenate(apart(views, ties, done))
    assert np.median(after) < 0.1 < np.median(before)


def test_an_unmatched_photo_is_named_and_refused(tmp_path: Path) -> None:
    photos = flight(tmp_path, {"a.jpg": (-30, 0, 0), "b.jpg": (-15, 0, 0), "lost.jpg": (75, 70, 0)},
                    size=(600, 400))  # fmt: skip
    with pytest.raises(ImageryError, match=r"1 of 3 photos .*: lost\.jpg") as error:
        mosaic(photos, tmp_path / "out.tif")
    assert "overlap" in error.value.remedy
    assert not (tmp_path / "out.tif").exists()


def test_photos_that_cannot_take_part(tmp_path: Path) -> None:
    good = flight(tmp_path, {"a.jpg": (0, 0, 0)})
    cases = {"no position": drone(0.0, 0.0), "lacks height": drone(packet=gimbal(0, height=-1)),
             "looks to the side": drone(packet=gimbal(0, -30.0))}  # fmt: skip
    for why, data in cases.items():
        bad = tmp_path / "bad.jpg"
        bad.write_bytes(data)
        with pytest.raises(
            ImageryError, match=why.replace("no position", "no usable position")
        ) as e:
            mosaic([*good, bad], tmp_path / "out.tif")
        assert str(bad) in str(e.value)
    with pytest.raises(ImageryError, match="at least two"):
        mosaic(good, tmp_path / "out.tif")
    with pytest.raises(ImageryError, match="would take hours"):
        mosaic(good * 301, tmp_path / "out.tif")


def test_a_cut_photo_is_named(tmp_path: Path) -> None:
    photos = flight(tmp_path, {"a.jpg": (0, 0, 0), "b.jpg": (10, 0, 0)})
    data = photos[1].read_bytes()
    photos[1].write_bytes(data[: len(data) // 2])
    with pytest.raises(ImageryError, match=r"b\.jpg"):
        mosaic(photos, tmp_path / "out.tif")


def _after(count: int, asks: Iterator[int]) -> Callable[[], bool]:
    return lambda: next(asks) >= count


def test_progress_and_cancel(tmp_path: Path) -> None:
    photos = flight(tmp_path, {"a.jpg": (0, 0, 0), "b.jpg": (12, 0, 0)}, size=(600, 400))
    steps: list[tuple[int, int, str]] = []
    mosaic(photos, tmp_path / "out.tif", gsd_m=0.5, progress=lambda *step: steps.append(step))
    assert {"a.jpg", "draw"} <= {what for _, _, what in steps}
    assert all(0 <= done <= total for done, total, _ in steps)
    for stop_at in (0, 2, 3):
        asks = iter(range(100))
        with pytest.raises(Cancelled):
            mosaic(photos, tmp_path / "never.tif", cancelled=_after(stop_at, asks))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jpg", "b.jpg", "out.tif"]


def test_an_absurd_preview_is_refused(tmp_path: Path) -> None:
    photos = flight(tmp_path, {"a.jpg": (0, 0, 0), "b.jpg": (12, 0, 0)}, size=(600, 400))
    with pytest.raises(ImageryError, match="thousand million pixels"):
        mosaic(photos, tmp_path / "out.tif", gsd_m=0.001)


def _views(yaws: list[float], spots: list[complex]) -> list[View]:
    return [View(Path(f"{at}.jpg"), camera(yaw=yaw, height_m=60.0),
                 Lens(600.0, 900, 600, yaw, -90.0, 0.0, 60.0), spot)
            for at, (yaw, spot) in enumerate(zip(yaws, spots, strict=True))]  # fmt: skip


def _ties(truth: list[View], pairs: list[tuple[int, int]], noise_px: float = 0.0) -> list[Tie]:
    rng, ties = np.random.default_rng(5), []
    for first, second in pairs:
        one, other = truth[first], truth[second]
        pixels = rng.uniform((0, 0), (900, 600), (400, 2))
        land = np.exp(-1j * np.radians(one.lens.yaw)) * one.level(pixels) + one.here
        back = (land - other.here) * np.exp(1j * np.radians(other.lens.yaw))
        seen = np.column_stack([back.real, -back.imag]) * 600 / 60 + (450, 300)
        inside = ((seen > 0) & (seen < (900, 600))).all(axis=1)
        noise = noise_px * rng.standard_normal((int(inside.sum()), 2))
        ties.append(Tie(first, second, pixels[inside][:60], (seen[inside] + noise)[:60]))
    return ties


SPREAD = [0j, 30 + 0j, 60 + 0j, 60 + 30j, 30 + 30j, 30j]
RING = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (1, 4)]


@pytest.mark.parametrize("turned", [(), (0,), (3, 4, 5), (0, 1, 2, 3)])
def test_headings_off_by_half_a_turn_are_found_whoever_has_the_majority(
    turned: tuple[int, ...],
) -> None:
    yaws = [90.0, 91, 89, -90, -88, -91]
    truth = _views(yaws, SPREAD)
    told = _views([yaw + 180 * (at in turned) + 2 for at, yaw in enumerate(yaws)], SPREAD)
    found = adjust(told, _ties(truth, RING))
    assert {at for at, off in enumerate(found.off_deg) if off} == set(turned)
    assert all(abs(off) in {0, 180} for off in found.off_deg)


def test_where_positions_cannot_tell_the_majority_counts() -> None:
    close = [0j, 2 + 0j, 4 + 0j]
    told = _views([10.0, 10.0, 190.0], close)
    found = adjust(told, _ties(_views([10.0] * 3, close), [(0, 1), (1, 2)]))
    assert list(np.abs(found.off_deg)) == [0, 0, 180]


def test_a_compass_error_is_no_turn() -> None:
    truth = _views([0.0] * 6, SPREAD)
    told = _views([12.0, -9.0, 5.0, 0.0, 14.0, -11.0], SPREAD)
    found = adjust(told, _ties(truth, RING))
    assert not found.off_deg.any()
    np.testing.assert_allclose(np.degrees(np.angle(found.turn)), 0, atol=2.0)
    assert TURNED_DEG == 30


def test_a_flight_that_is_higher_than_it_says_is_scaled() -> None:
    """Files say 60 m where it was 66 m: 90 m of positions pull the scale most of the way."""
    truth = _views([0.0] * 6, [1.5 * spot for spot in SPREAD])
    ties = _ties(truth, RING)
    moved = [View(v.path, v.camera, v.lens, 1.1 * v.here) for v in truth]
    found = adjust(moved, ties)
    assert found.scale == pytest.approx(1.09, abs=0.015)


def test_one_failed_fix_does_not_drag_the_flight() -> None:
    truth = _views([0.0] * 6, SPREAD)
    wrong = [View(v.path, v.camera, v.lens, v.here + 80 * (at == 2)) for at, v in enumerate(truth)]
    found = adjust(wrong, _ties(truth, RING, noise_px=0.5))
    off = np.abs(found.shift - np.array(SPREAD))
    assert off.max() < 4.0


def test_matching_is_mutual_and_clear() -> None:
    from imagery.photos.ties import Features

    rng = np.random.default_rng(2)
    words = rng.random((300, 128), dtype=np.float32)
    words /= np.linalg.norm(words, axis=1, keepdims=True)
    order = rng.permutation(300)
    here, there = Features(np.zeros((300, 2)), words), Features(np.zeros((300, 2)), words[order])
    pairs = match(here, there)
    assert len(pairs) == 300
    assert (order[pairs[:, 1]] == pairs[:, 0]).all()
    twice = Features(np.zeros((600, 2)), np.vstack([words, words]))
    assert len(match(here, twice)) == 0
    assert match(Features(np.zeros((0, 2)), words[:0]), there).shape == (0, 2)


def test_the_system_solves_what_it_is_told() -> None:
    rows = Rows()
    rows.position(0, 3 + 4j, 1.0)
    rows.orientation(0, 0.5 + 0.5j, 1.0, 1.0)
    turn, shift = rows.solved(1)
    assert turn[0] == pytest.approx(0.5 + 0.5j)
    assert shift[0] == pytest.approx(3 + 4j)
