"""The time of a photo: the camera's clock, zones, and the satellites' word."""

from __future__ import annotations

import pytest
from PIL.TiffImagePlugin import IFDRational

from imagery.photos import PhotoFacts, photo_facts
from tests.imagery.photos.made import MAVIC, PLACE, gimbal, gps, jpeg


def _found(local: str | None = None, zone: str | None = None, day: str | None = None,
           clock: tuple[int, int, int] | None = None, exposed: str = "") -> PhotoFacts:  # fmt: skip
    detail = {tag: value for tag, value in ((0x9003, local), (0x9011, zone)) if value}
    position = gps(*PLACE)
    if day:
        position[29] = day
    if clock:
        position[7] = tuple(IFDRational(part, 1) for part in clock)
    packet = gimbal(0.0, UTCAtExposure=exposed) if exposed else gimbal(0.0)
    return photo_facts(jpeg(main=MAVIC, detail=detail, position=position, packet=packet))


def _codes(found: PhotoFacts) -> set[str]:
    return {r.code for r in found.remarks if r.code.startswith(("time", "clock", "zone"))}


def test_the_zone_follows_from_the_satellites() -> None:
    found = _found("2026:06:30 09:15:30", day="2026:06:30", clock=(1, 15, 0))
    assert (found.taken.utc, found.taken.zone, found.taken.how) == (
        "2026-06-30T01:15:00Z", "+08:00", "gps")  # fmt: skip
    assert _codes(found) == {"zone_from_gps"}


@pytest.mark.parametrize(
    ("local", "clock", "zone"),
    [("2026:06:30 06:45:00", (1, 15, 0), "+05:30"), ("2026:06:29 21:15:00", (1, 15, 0), "-04:00"),
     ("2026:06:30 01:15:00", (1, 15, 0), "+00:00")],
)  # fmt: skip
def test_other_zones(local: str, clock: tuple[int, int, int], zone: str) -> None:
    assert _found(local, day="2026:06:30", clock=clock).taken.zone == zone


def test_a_local_time_alone_has_no_zone() -> None:
    found = _found("2026:06:30 09:15:00")
    assert (found.taken.local, found.taken.utc, found.taken.zone) == (
        "2026-06-30T09:15:00", None, None)  # fmt: skip
    assert _codes(found) == {"zone_unknown"}


def test_satellite_time_alone() -> None:
    found = _found(day="2026:06:30", clock=(23, 59, 59))
    assert (found.taken.utc, found.taken.local) == ("2026-06-30T23:59:59Z", None)
    assert found.taken.day == "2026-06-30"


def test_the_exposures_own_utc_comes_first() -> None:
    found = _found("2026:06:30 09:15:02", day="2026:06:30", clock=(1, 15, 9),
                   exposed="2026-06-30 01:15:02.123")  # fmt: skip
    assert found.taken.utc == "2026-06-30T01:15:02Z"


def test_clocks_that_disagree() -> None:
    far = _found("2024:06:30 09:15:00", day="2026:06:30", clock=(1, 15, 0))
    assert _codes(far) == {"clock_differs"}
    assert "17512.0 h" in next(r.en for r in far.remarks if r.code == "clock_differs")
    assert (far.taken.utc, far.taken.local) == ("2026-06-30T01:15:00Z", "2024-06-30T09:15:00")
    near = _found("2026:06:30 09:22:00", day="2026:06:30", clock=(1, 15, 0))
    assert _codes(near) == {"clock_differs"}
    said = _found("2026:06:30 09:15:00", "+07:00", day="2026:06:30", clock=(1, 15, 0))
    assert _codes(said) == {"clock_differs"}
    assert said.taken.zone == "+07:00"


@pytest.mark.parametrize(
    ("local", "code"),
    [("2000:01:01 00:00:05", "clock_reset"), ("1990:03:02 10:00:00", "clock_reset"),
     ("2023:01:01 00:03:00", "clock_reset"), ("2026:13:30 09:15:00", "time_nonsense"),
     ("2026:02:30 09:15:00", "time_nonsense"), ("9999:99:99 99:99:99", "time_nonsense"),
     ("yesterday", "time_nonsense"), ("0000:00:00 00:00:00", "time_missing"),
     ("    :  :     :  :  ", "time_missing"), (None, "time_missing")],
)  # fmt: skip
def test_nonsense(local: str | None, code: str) -> None:
    assert code in _codes(_found(local))


@pytest.mark.parametrize("clock", [(25, 0, 0), (1, 61, 0)])
def test_nonsense_from_the_sky(clock: tuple[int, int, int]) -> None:
    found = _found("2026:06:30 09:15:00", day="2026:06:30", clock=clock)
    assert "time_nonsense" in _codes(found)
    assert found.taken.utc is None
