"""From camera to ground: known cameras over a known ground, known answers to centimetres."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from imagery.photos import footprint, photo_placement
from imagery.photos.pinhole import lens_of, on_plane, plane_map, rotation
from imagery.scene import Camera
from layers.datum.ground import ground_crs, local_plane
from layers.measures import geodesic_area, geodesic_distance
from tests.imagery.photos.made import PLACE, camera

WIDTH, HEIGHT = 6000, 4000
HALF = (37.5, 25.0)
"""Half the ground of a 15 × 10 mm picture behind 10 mm of lens, 50 m up."""


def _plane(one: Camera, shape: shapely.Geometry) -> np.ndarray:
    lon, lat = shapely.get_coordinates(shape).T
    return np.column_stack(ground_crs(local_plane(one.lon, one.lat)).from_wgs84(lon, lat))


def _outline(**values: object) -> np.ndarray:
    one = camera(**values)
    outline = footprint(one, WIDTH, HEIGHT).outline
    assert outline is not None
    return _plane(one, outline)[:-1]


def test_straight_down_to_the_north() -> None:
    expected = [(-37.5, 25), (37.5, 25), (37.5, -25), (-37.5, -25)]
    np.testing.assert_allclose(_outline(), expected, atol=1e-6)


def test_heading_turns_clockwise_from_true_north() -> None:
    np.testing.assert_allclose(_outline(yaw=90.0),
                               [(25, 37.5), (25, -37.5), (-25, -37.5), (-25, 37.5)], atol=1e-6)  # fmt: skip
    top = _outline(yaw=30.0)[:2].mean(axis=0)
    assert math.degrees(math.atan2(*top)) == pytest.approx(30.0, abs=1e-6)


def test_north_is_true_north_far_from_any_central_meridian() -> None:
    one = camera(lon=106.99, lat=52.9)
    outline = footprint(one, WIDTH, HEIGHT).outline
    assert outline is not None
    lon = shapely.get_coordinates(outline)[:4, 0]
    middle_top = (lon[0] + lon[1]) / 2
    assert geodesic_distance(middle_top, one.lat, one.lon, one.lat) < 0.001


def test_half_a_turn_of_roll_is_half_a_turn_of_heading() -> None:
    np.testing.assert_allclose(_outline(roll=180.0), _outline(yaw=180.0), atol=1e-6)


def test_pitch_moves_the_view_ahead() -> None:
    ahead = _outline(pitch=-70.0)
    half_up, tilt = math.atan(0.5), math.radians(20)
    near, far = 50 * math.tan(tilt - half_up), 50 * math.tan(tilt + half_up)
    assert ahead[0, 1] == pytest.approx(far, abs=1e-6)
    assert ahead[2, 1] == pytest.approx(near, abs=1e-6)
    slant = 50 / math.cos(tilt + half_up)
    assert ahead[1, 0] == pytest.approx(slant * math.cos(half_up) * 0.75, abs=1e-6)


def test_roll_is_about_the_optical_axis() -> None:
    np.testing.assert_allclose(_outline(roll=10.0), _outline(yaw=10.0), atol=1e-6)
    np.testing.assert_allclose(_outline(yaw=80.0, roll=-25.0), _outline(yaw=55.0), atol=1e-6)


def test_a_lean_looks_to_the_side() -> None:
    lens = lens_of(camera(), WIDTH, HEIGHT)
    assert lens is not None
    middle = np.array([[WIDTH / 2, HEIGHT / 2]])
    east = 50 * math.tan(math.radians(2))
    np.testing.assert_allclose(on_plane(lens.changed(lean=2.0), middle), [[east, 0]], atol=1e-9)


def test_area_and_ground_size_are_those_of_the_ground() -> None:
    seen = footprint(camera(), WIDTH, HEIGHT)
    assert seen.outline is not None
    assert geodesic_area(seen.outline) == pytest.approx(75 * 50, rel=1e-6)
    assert seen.gsd_m == pytest.approx(75 / 6000, rel=1e-9)
    tilted = footprint(camera(pitch=-70.0), WIDTH, HEIGHT).gsd_m
    assert tilted == pytest.approx(75 / 6000 / math.cos(math.radians(20)) ** 2, rel=1e-6)


def test_a_resized_or_upright_photo_shows_the_same_ground() -> None:
    small = footprint(camera(), 600, 400)
    whole = footprint(camera(), WIDTH, HEIGHT)
    assert small.outline is not None
    assert whole.outline is not None
    assert small.outline.equals_exact(whole.outline, 1e-9)
    outline = footprint(camera(), HEIGHT, WIDTH).outline
    assert outline is not None
    upright = _plane(camera(), outline)
    np.testing.assert_allclose(upright.max(axis=0), (25, 37.5), atol=1e-6)


def test_the_error_band_by_hand() -> None:
    seen = footprint(camera(), WIDTH, HEIGHT)
    corner = math.hypot(*HALF)
    assert seen.parts["position"] == 10.0
    assert seen.parts["height"] == pytest.approx(2 * 5.0 * corner / 50)
    assert seen.parts["heading"] == pytest.approx(2 * 2 * corner * math.sin(math.radians(1.5)))
    assert seen.parts["focal"] == pytest.approx(2 * corner * (1 / 0.97 - 1))
    assert seen.parts["tilt"] == pytest.approx(
        2 * 50 * math.radians(1) * math.hypot(1 + 0.75**2, 1 + 0.5**2, 0.75 * 0.5 * 2**0.5),
        rel=0.05,
    )
    assert seen.u_m == pytest.approx(math.sqrt(sum(part**2 for part in seen.parts.values())))


def test_the_error_band_is_a_95_percent_figure() -> None:
    """Cameras whose words are wrong by the stated deviations: at least 95 % of corners lie within."""
    rng, inside, count = np.random.default_rng(11), 0, 1500
    one = camera()
    lens = lens_of(one, WIDTH, HEIGHT)
    assert lens is not None
    corner = np.array([[0.0, 0.0]])
    stated = footprint(one, WIDTH, HEIGHT).u_m
    assert stated is not None
    truth = on_plane(lens, corner)[0]
    for _ in range(count):
        wrong = lens.changed(
            above_m=50 + 5 * rng.standard_normal(), yaw=3 * rng.standard_normal(),
            pitch=-90 + rng.standard_normal(), lean=rng.standard_normal(),
            focal_px=lens.focal_px * (1 + 0.03 * rng.standard_normal()),
        )  # fmt: skip
        moved = on_plane(wrong, corner)[0] + 5 / math.sqrt(2) * rng.standard_normal(2)
        inside += int(np.linalg.norm(moved - truth) <= stated)
    assert 0.93 < inside / count < 0.99


def test_better_words_give_a_smaller_band() -> None:
    def u(**values: object) -> float:
        found = footprint(camera(**values), WIDTH, HEIGHT).u_m
        assert found is not None
        return found

    plain = u()
    assert u(rtk=True, u_horizontal_m=0.02) < plain
    assert u(height_of="ground") < plain
    assert u(sensor_by="calibrated") < plain < u(sensor_by="equivalent")
    assert u(rtk=True) == pytest.approx(u(rtk=True, u_horizontal_m=0.05))
    assert u(height_m=100.0) > plain
    assert footprint(camera(rtk=True, height_of="ground", sensor_by="calibrated"),
                     WIDTH, HEIGHT).parts["position"] == pytest.approx(0.1)  # fmt: skip


def test_how_the_error_is_known() -> None:
    def known(**values: object) -> str:
        placed = photo_placement(camera(**values), WIDTH, HEIGHT)
        assert placed is not None
        return placed.known_by

    assert known() == "assumed"
    assert known(rtk=True, u_horizontal_m=0.02) == "rtk"
    assert known(u_horizontal_m=3.0) == "gnss"


@pytest.mark.parametrize("pitch", [-59.9, -45.0, 0.0, 20.0, 90.0])
def test_an_oblique_photo_has_a_cone_and_no_outline(pitch: float) -> None:
    one = camera(pitch=pitch, yaw=100.0)
    seen = footprint(one, WIDTH, HEIGHT)
    assert seen.outline is None
    assert seen.cone is not None
    assert photo_placement(one, WIDTH, HEIGHT) is None
    ring = _plane(one, seen.cone)
    reach = np.linalg.norm(ring, axis=1).max()
    assert 50 < reach <= 500 + 1e-6
    assert np.linalg.norm(ring, axis=1).min() < 1e-6
    middle = ring[1:-1].mean(axis=0)
    assert math.degrees(math.atan2(*middle)) == pytest.approx(100.0, abs=1e-6)
    assert "oblique" in {remark.code for remark in seen.remarks}
    assert seen.u_m == 10.0


def test_the_cone_is_as_wide_as_the_view() -> None:
    one = camera(pitch=0.0)
    seen = footprint(one, WIDTH, HEIGHT)
    assert seen.cone is not None
    ring = _plane(one, seen.cone)[1:-1]
    bearings = np.degrees(np.arctan2(ring[:, 0], ring[:, 1]))
    assert bearings.max() == pytest.approx(math.degrees(math.atan(0.75)), abs=1e-6)


def test_a_leaning_camera_that_sees_the_horizon_has_no_outline() -> None:
    seen = footprint(camera(pitch=-61.0, focal_mm=3.0), WIDTH, HEIGHT)
    assert seen.outline is None
    assert seen.cone is not None


@pytest.mark.parametrize(
    ("missing", "code"),
    [("height_m", "height_missing"), ("yaw", "angles_missing"), ("pitch", "angles_missing"),
     ("focal_mm", "focal_missing"), ("sensor_width_mm", "focal_missing")],
)  # fmt: skip
def test_what_is_missing_is_said(missing: str, code: str) -> None:
    seen = footprint(camera(**{missing: None}), WIDTH, HEIGHT)
    assert seen.outline is None
    assert code in {remark.code for remark in seen.remarks}
    assert seen.u_m == 10.0
    assert photo_placement(camera(**{missing: None}), WIDTH, HEIGHT) is None


def test_a_direction_without_a_height_is_still_a_cone() -> None:
    seen = footprint(camera(height_m=None, pitch=-10.0, yaw=45.0), WIDTH, HEIGHT)
    assert seen.cone is not None
    assert seen.outline is None


def test_one_photo_says_what_it_cannot_know() -> None:
    codes = {remark.code for remark in footprint(camera(), WIDTH, HEIGHT).remarks}
    assert codes == {"yaw_unchecked", "ground_assumed"}
    stated = footprint(camera(height_of="stated"), WIDTH, HEIGHT)
    assert {remark.code for remark in stated.remarks} == {"yaw_unchecked"}


@given(st.floats(-180, 180), st.floats(-90, -60), st.floats(-8, 8))
def test_placement_and_outline_agree(yaw: float, pitch: float, roll: float) -> None:
    one = camera(yaw=yaw, pitch=pitch, roll=roll, focal_mm=15.0)
    seen, placed = footprint(one, WIDTH, HEIGHT), photo_placement(one, WIDTH, HEIGHT)
    assert seen.outline is not None
    assert placed is not None
    a, b, c, d, e, f = placed.transform
    pixels = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]])
    laid = np.column_stack([pixels @ (a, b) + c, pixels @ (d, e) + f])
    gap = np.linalg.norm(laid - _plane(one, seen.outline)[:-1], axis=1).max()
    assert seen.u_m is not None
    assert math.hypot(seen.u_m, gap) <= placed.u_m + 1e-6
    if pitch == -90 and roll == 0:
        assert gap < 1e-6


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_rotations_keep_lengths_and_hands(yaw: float, pitch: float, roll: float) -> None:
    turn = rotation(yaw, pitch, roll)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1.0)


def test_the_homography_is_the_ray_on_the_plane() -> None:
    lens = lens_of(camera(yaw=17.0, pitch=-75.0, roll=4.0), WIDTH, HEIGHT)
    assert lens is not None
    pixels = np.random.default_rng(1).uniform((0, 0), (WIDTH, HEIGHT), (50, 2))
    flat = np.column_stack([pixels, np.ones(50)]) @ plane_map(lens).T
    np.testing.assert_allclose(flat[:, :2] / flat[:, 2:], on_plane(lens, pixels), atol=1e-9)


def test_the_middle_of_a_nadir_photo_is_the_camera() -> None:
    placed = photo_placement(camera(yaw=33.0), WIDTH, HEIGHT)
    assert placed is not None
    a, b, c, d, e, f = placed.transform
    assert a * WIDTH / 2 + b * HEIGHT / 2 + c == pytest.approx(0, abs=1e-6)
    assert d * WIDTH / 2 + e * HEIGHT / 2 + f == pytest.approx(0, abs=1e-6)
    assert placed.by == "camera"
    lon, lat = ground_crs(placed.crs).to_wgs84(np.array([0.0]), np.array([0.0]))
    assert (lon[0], lat[0]) == pytest.approx(PLACE, abs=1e-12)
