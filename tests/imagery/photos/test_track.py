"""Headings against the way flown."""

from __future__ import annotations

import pytest

from imagery.photos import PhotoFacts, photo_facts, track_remarks
from layers.datum.ground import step_m
from tests.imagery.photos.made import PLACE, drone, gimbal


def _line(yaw: float, course: tuple[float, float], seconds: int = 5) -> dict[str, PhotoFacts]:
    photos = {}
    for at in range(3):
        lon, lat = step_m(*PLACE, course[0] * at, course[1] * at)
        photos[f"{at}.jpg"] = photo_facts(
            drone(lon, lat, packet=gimbal(yaw), detail={0x9003: f"2026:06:30 09:{15 + at * seconds // 60:02d}:{at * seconds % 60:02d}"})
        )  # fmt: skip
    return photos


@pytest.mark.parametrize(
    ("yaw", "course", "doubted"),
    [(0.0, (0, 20), 0), (180.0, (0, 20), 3), (-90.0, (20, 0), 3), (90.0, (20, 0), 0),
     (90.0, (0, 20), 0), (-135.0, (15, 15), 3), (180.0, (0, 3), 0)],
)  # fmt: skip
def test_looking_back_along_the_track_is_a_doubt(
    yaw: float, course: tuple[float, float], doubted: int
) -> None:
    found = track_remarks(_line(yaw, course))
    assert len(found) == doubted
    assert {remark.code for remark in found.values()} <= {"yaw_against_track"}


def test_photos_far_apart_in_time_are_no_track() -> None:
    assert track_remarks(_line(180.0, (0, 20), seconds=120)) == {}


def test_photos_without_time_position_or_heading_are_passed_over() -> None:
    photos = _line(180.0, (0, 20))
    assert track_remarks({"1.jpg": photos["1.jpg"], "x.jpg": photo_facts(b""),
                          "y.jpg": photo_facts(drone(0.0, 0.0))}) == {}  # fmt: skip
