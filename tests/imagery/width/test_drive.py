"""The drive-through, room to turn, heights and vehicle profiles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from shapely import LineString, Polygon, box

from imagery.width import Width, clear_width
from imagery.width.drive import drive_through
from imagery.width.height import Headroom, headroom, passed_under, things_in_lane
from imagery.width.place import Plane
from imagery.width.turning import room_to_turn
from imagery.width.vehicles import FILE, Vehicle, vehicle, vehicles
from layers.errors import ImageryError
from tests.imagery.width.lanes import GATES, LANE, known_answers

PUMP = vehicle("pump")


def _driven(
    lane: Polygon, obstacles: list[Polygon], gates: list[LineString], which: Vehicle = PUMP
) -> tuple[Width, bool | None]:
    width = clear_width(lane, obstacles, gates)
    drive = drive_through(width, which)
    if drive.passes:
        assert drive.swept is not None
        assert drive.path is not None
        body = shapely.intersection(drive.swept, width.scene.inside)
        assert shapely.intersection(body, shapely.union_all(list(width.scene.blocks))).area < 1e-6
        assert _bends_enough(drive.path, which)
    return width, drive.passes


def _bends_enough(path: LineString, which: Vehicle) -> bool:
    """No three poses lie on a tighter bend than the rear axle can run."""
    xy = shapely.get_coordinates(path)
    way = np.diff(xy, axis=0)
    turn = np.diff(np.unwrap(np.arctan2(way[:, 1], way[:, 0])))
    return bool((np.abs(turn) <= 1.0 / which.rear_radius + 1e-6).all())


@pytest.mark.parametrize("name", ["empty", "car at the kerb", "slalom of 4 m", "at the gate"])
def test_where_it_gets_through(name: str) -> None:
    lane, obstacles, _ = known_answers()[name]
    assert _driven(lane, obstacles, GATES)[1] is True  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["shut", "two poles", "car off the kerb", "island and car"])
def test_where_it_cannot(name: str) -> None:
    lane, obstacles, wanted = known_answers()[name]
    assert wanted < PUMP.width
    assert _driven(lane, obstacles, GATES)[1] is False  # type: ignore[arg-type]


def test_a_wide_disc_passes_a_bend_where_a_long_vehicle_does_not() -> None:
    narrow = Polygon([(0, 0), (40, 0), (40, 40), (36, 40), (36, 4), (0, 4)])
    width, passes = _driven(
        narrow, [], [LineString([(0, 0), (0, 4)]), LineString([(36, 40), (40, 40)])]
    )
    assert width.metres == pytest.approx(4.0)
    assert passes is False
    wide = Polygon([(0, 0), (40, 0), (40, 40), (32, 40), (32, 8), (0, 8)])
    gates = [LineString([(0, 0), (0, 8)]), LineString([(32, 40), (40, 40)])]
    assert _driven(wide, [], gates)[1] is True
    assert _driven(wide, [], gates, vehicle("special"))[1] is False


def test_into_a_dead_end() -> None:
    assert _driven(LANE, [], GATES[:1])[1] is True
    assert _driven(LANE, [box(90, 0, 92, 6)], GATES[:1])[1] is False


def test_too_large_a_lane_is_not_judged() -> None:
    wide = box(0, 0, 3000, 3000)
    width = clear_width(
        wide,
        [],
        [LineString([(0, 0), (0, 3000)]), LineString([(3000, 0), (3000, 3000)])],
        sections=False,
    )
    assert drive_through(width, PUMP).passes is None


def test_room_to_turn() -> None:
    head = Polygon([(0, 0), (50, 0), (50, -4), (64, -4), (64, 10), (50, 10), (50, 6), (0, 6)])
    room = room_to_turn(clear_width(head, [], [LineString([(0, 0), (0, 6)])]))
    assert room.circle_m == pytest.approx(14.0, abs=0.1)
    assert room.square_m == pytest.approx(14.0, abs=0.3)
    assert room.length_m == pytest.approx(64.0, abs=4.0)
    parked = clear_width(head, [box(58, -4, 64, 10)], [LineString([(0, 0), (0, 6)])])
    assert room_to_turn(parked).square_m == pytest.approx(8.0, abs=0.6)


def test_a_turned_square() -> None:
    plain = room_to_turn(clear_width(LANE, [], GATES)).square_m
    turned = shapely.affinity.rotate(LANE, 33, origin=(0, 0))
    gates = [shapely.affinity.rotate(gate, 33, origin=(0, 0)) for gate in GATES]
    assert room_to_turn(clear_width(turned, [], gates)).square_m == pytest.approx(plain, abs=0.3)


def test_what_is_known_of_the_height() -> None:
    assert headroom([], []) == Headroom(None, None)
    assert headroom([None, None], [4.5, 5.0]) == Headroom(4.5, 4.5)
    assert headroom([3.0, None], [None, 5.0]) == Headroom(None, 3.0)
    assert passed_under([None, 3.9, 4.0, 4.5], 4.0) == [False, False, True, True]
    assert passed_under([4.5], None) == [False]


@pytest.mark.parametrize("above_ground", [True, False])
def test_things_of_a_height_model(tmp_path: Path, above_ground: bool) -> None:
    lane = box(109.3, 27.6, 109.3008, 27.60006)
    rows, columns = 60, 900
    transform = from_origin(109.29995, 27.60008, 1e-6, 2e-6)
    heights = np.zeros((rows, columns), np.float32)
    heights[15:35, 300:340] = 2.5
    heights[:, 600:620] = 6.0
    if not above_ground:
        heights += 300 + 0.001 * np.arange(columns)
    file = tmp_path / "heights.tif"
    with rasterio.open(file, "w", driver="GTiff", width=columns, height=rows, count=1,
                       dtype="float32", crs="EPSG:4326", transform=transform) as raster:  # fmt: skip
        raster.write(heights, 1)
    found = sorted(thing.top_m for thing in things_in_lane(file, lane, above_ground=above_ground))
    assert found == pytest.approx([2.5, 6.0], abs=0.1)
    with pytest.raises(ImageryError, match="does not cover"):
        things_in_lane(file, box(109.4, 27.6, 109.4008, 27.60006), above_ground=True)


def test_the_profiles() -> None:
    assert {"pump", "ladder"} <= set(vehicles())
    assert (PUMP.turning_radius, vehicle("ladder").turning_radius) == (9.0, 12.0)
    assert not any(one.verified for one in vehicles().values())
    assert all(one.source for one in vehicles().values())
    with pytest.raises(ImageryError, match="pump"):
        vehicle("tank")


def test_a_profile_that_cannot_be_driven_is_refused(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8").replace("turning_radius = 9.0", "turning_radius = 4.0")
    wrong = tmp_path / "vehicles.toml"
    wrong.write_text(text, encoding="utf-8")
    with pytest.raises(ImageryError, match="cannot be driven"):
        vehicles(wrong)


def test_there_and_back_between_plane_and_globe() -> None:
    lane = box(109.3, 27.6, 109.301, 27.6001)
    plane = Plane(lane)
    assert plane.degrees(plane.metres(lane)).equals_exact(lane, 1e-10)
