"""Real photos of one flight over a beach: where the same things come to lie, from each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely

from imagery.photos import footprint, read_photo, track_remarks
from imagery.photos.adjust import Adjusted, adjust, apart, written
from imagery.photos.budget import parts_at, sigmas_of, whole
from imagery.photos.mosaic import mosaic
from imagery.photos.ties import Tie, find_ties
from imagery.photos.views import View, open_views
from layers.measures import geodesic_area, geodesic_distance

pytestmark = pytest.mark.shared
TURNED = {"DJI_0026.JPG", "DJI_0028.JPG"}


@pytest.fixture(scope="module")
def photos(shared_data: Path) -> list[Path]:
    return sorted((shared_data.parent / "imagery" / "dji_brighton_beach").glob("*.JPG"))


@pytest.fixture(scope="module")
def flight(photos: list[Path]) -> tuple[tuple[View, ...], tuple[Tie, ...], Adjusted]:
    _, views = open_views(photos)
    ties = find_ties(views)
    return views, ties, adjust(views, ties)


def _stated(views: Sequence[View], tie: Tie, *, in_flight: bool) -> np.ndarray:
    """Metres (95 %) that the two photos of a tie may differ by, at every tied place."""
    both = [whole(parts_at(views[at].lens, sigmas_of(views[at].camera, in_flight=in_flight), pixels))
            for at, pixels in ((tie.first, tie.pixels_first), (tie.second, tie.pixels_second))]  # fmt: skip
    return np.hypot(*both)


def test_what_the_files_say(photos: list[Path]) -> None:
    assert len(photos) == 5
    for path in photos:
        found = read_photo(path)
        camera = found.camera
        assert camera is not None
        assert geodesic_distance(camera.lon, camera.lat, -91.9946, 46.8426) < 150
        assert 39 < (camera.height_m or 0) < 41
        assert (camera.pitch, camera.sensor_by) == (-89.9, "calibrated")
        assert found.taken.day == "2016-06-23"
        assert (found.sensor.make, found.sensor.model) == ("DJI", "FC300S")
        codes = {remark.code for remark in found.remarks}
        assert ("rewritten" in codes) == (path.name in TURNED)


def test_ground_size_and_area(photos: list[Path]) -> None:
    for path in photos:
        camera = read_photo(path).camera
        assert camera is not None
        seen = footprint(camera, 4000, 2250)
        assert seen.outline is not None
        assert seen.gsd_m == pytest.approx(0.017, abs=0.0005)
        assert geodesic_area(seen.outline) == pytest.approx(67.5 * 38, rel=0.05)
        assert 10 < (seen.u_m or 0) < 18
        assert seen.outline.contains(shapely.Point(camera.lon, camera.lat))


def test_the_photos_a_viewer_turned_are_found(
    flight: tuple[tuple[View, ...], tuple[Tie, ...], Adjusted],
) -> None:
    views, _, laid = flight
    off = {view.name: abs(turn) for view, turn in zip(views, laid.off_deg, strict=True) if turn}
    assert off == dict.fromkeys(TURNED, 180.0)


def test_the_track_alone_cannot_see_it(photos: list[Path]) -> None:
    """The drone flew as its heading says; only the pixels were turned, later, by the viewer."""
    assert track_remarks({path.name: read_photo(path) for path in photos}) == {}


def test_places_agree_within_the_stated_error(
    flight: tuple[tuple[View, ...], tuple[Tie, ...], Adjusted],
) -> None:
    views, ties, laid = flight
    as_written = np.concatenate(apart(views, ties, written(views)))
    mended = apart(views, ties, written(views, laid.off_deg))
    direct, after = np.concatenate(mended), np.concatenate(apart(views, ties, laid))
    assert len(direct) > 300
    for in_flight in (False, True):
        stated = np.concatenate([_stated(views, tie, in_flight=in_flight) for tie in ties])
        assert (direct <= stated).mean() >= 0.95
    assert np.median(as_written) > 15
    assert np.median(direct) < 4
    assert np.percentile(direct, 90) < 8
    assert np.median(after) < 0.25
    assert np.percentile(after, 90) < 0.5


def test_the_band_is_no_excuse(
    flight: tuple[tuple[View, ...], tuple[Tie, ...], Adjusted],
) -> None:
    """A band that holds anything says nothing: the worst place uses more than half of it."""
    views, ties, laid = flight
    direct = apart(views, ties, written(views, laid.off_deg))
    used = [gap / _stated(views, tie, in_flight=True)
            for gap, tie in zip(direct, ties, strict=True)]  # fmt: skip
    assert 0.5 < np.concatenate(used).max() <= 1.0


def test_what_each_part_of_the_band_turned_out_to_be(
    flight: tuple[tuple[View, ...], tuple[Tie, ...], Adjusted],
) -> None:
    """After adjustment each photo's own error is seen: none is beyond twice its deviation."""
    views, _, laid = flight
    sigma = sigmas_of(views[0].camera, in_flight=True)
    moved = np.abs(laid.shift - np.array([view.here for view in views]))
    yaw = np.array([view.lens.yaw for view in views]) - laid.off_deg
    turned = (yaw + np.degrees(np.angle(laid.turn)) + 180) % 360 - 180
    assert np.sqrt(np.mean(moved**2)) < sigma.position_m
    assert np.sqrt(np.mean(turned**2)) < 2 * sigma.yaw_deg
    assert abs(laid.scale - 1) < 2 * sigma.height_m / 40


def test_single_objects_seen_in_three_photos(
    flight: tuple[tuple[View, ...], tuple[Tie, ...], Adjusted],
) -> None:
    """Things that SIFT found in three photos lie in one place from all of them, and in each outline."""
    views, ties, laid = flight
    objects = [track for track in _tracks(ties) if len(track) >= 3]
    assert len(objects) >= 3
    direct = written(views, laid.off_deg)
    for track in objects:
        places, bands = [], []
        for at, pixel in track.items():
            spot = pixel[None, :]
            places.append((direct.turn[at] * views[at].level(spot) + direct.shift[at])[0])
            sigmas = sigmas_of(views[at].camera, in_flight=True)
            bands.append(whole(parts_at(views[at].lens, sigmas, spot))[0])
        gaps = np.abs(np.subtract.outer(places, places))
        assert (gaps <= np.hypot.outer(bands, bands)).all()


def _tracks(ties: Sequence[Tie], near_px: float = 3.0) -> list[dict[int, np.ndarray]]:
    """Places followed from tie to tie: by photo, the pixel."""
    tracks: list[dict[int, np.ndarray]] = []
    for tie in ties:
        for one, other in zip(tie.pixels_first, tie.pixels_second, strict=True):
            ends = {tie.first: one, tie.second: other}
            known = next((track for track in tracks if any(
                at in track and np.linalg.norm(track[at] - pixel) < near_px
                for at, pixel in ends.items())), None)  # fmt: skip
            if known is None:
                tracks.append(ends)
            else:
                known |= {at: pixel for at, pixel in ends.items() if at not in known}
    return tracks


def test_the_preview_of_the_flight(photos: list[Path], tmp_path: Path) -> None:
    facts = mosaic(photos[2:], tmp_path / "preview.tif", gsd_m=0.1)
    assert facts.photos == 3
    assert facts.residual_m < 0.25
    assert facts.off_deg == dict.fromkeys(sorted(TURNED), 180.0)
    assert 10 < facts.u_m < 20
    assert 0.9 < facts.scale < 1.05
