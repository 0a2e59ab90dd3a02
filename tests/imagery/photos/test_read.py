"""What a photo says: every field, and every way in which it can be missing or nonsense."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL.TiffImagePlugin import IFDRational

from imagery.photos import photo_facts, read_photo
from layers.errors import ImageryError
from layers.measures import geodesic_distance
from tests.imagery.photos.made import DAY, LENS_MM, MAVIC, PLACE, drone, gimbal, gps, jpeg, xmp

RTK = {"RtkFlag": 50, "RtkStdLon": 0.012, "RtkStdLat": 0.016, "RtkStdHgt": 0.03}


def _codes(data: bytes) -> set[str]:
    return {remark.code for remark in photo_facts(data).remarks}


def test_everything_a_drone_says(tmp_path: Path) -> None:
    packet = gimbal(-121.5, -89.9, 0.4, 73.2, AbsoluteAltitude="+1204.10", FlightYawDegree="-119.0",
                    DroneSerialNumber="1581F5", **RTK)  # fmt: skip
    path = tmp_path / "无人机.JPG"
    path.write_bytes(drone(packet=packet, detail={0x9011: "+08:00", 0xA405: 24}))
    found = read_photo(path)
    camera = found.camera
    assert camera is not None
    assert geodesic_distance(camera.lon, camera.lat, *PLACE) < 0.001
    assert (camera.yaw, camera.pitch, camera.roll, camera.flight_yaw) == (-121.5, -89.9, 0.4, -119)
    assert (camera.height_m, camera.height_of, camera.sea_height_m) == (73.2, "take_off", 1204.1)
    assert (camera.focal_mm, camera.sensor_width_mm, camera.sensor_by) == (8.8, 13.2, "table")
    assert camera.focal_35mm == 24
    assert (camera.rtk, camera.u_horizontal_m, camera.u_vertical_m) == (True, 0.02, 0.03)
    assert (found.sensor.platform, found.sensor.make, found.sensor.model, found.sensor.serial) == (
        "drone", "DJI", "FC6310", "1581F5")  # fmt: skip
    assert (found.taken.local, found.taken.zone, found.taken.utc, found.taken.how) == (
        "2026-06-30T09:15:00", "+08:00", "2026-06-30T01:15:00Z", "exif")  # fmt: skip
    assert found.remarks == ()
    assert (found.facts["width"], found.facts["height"]) == (64, 48)


def test_a_photo_in_the_south_and_west() -> None:
    camera = photo_facts(drone(-70.25, -33.5)).camera
    assert camera is not None
    assert geodesic_distance(camera.lon, camera.lat, -70.25, -33.5) < 0.001


def test_xmp_as_elements_and_its_famous_misspelling() -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-'
        b'syntax-ns#"><r:Description xmlns:d="http://www.dji.com/drone-dji/1.0/">'
        b"<d:GpsLatitude>+26.5</d:GpsLatitude><d:GpsLongtitude>105.25</d:GpsLongtitude>"
        b"<d:GimbalYawDegree>10</d:GimbalYawDegree><d:GimbalPitchDegree>-90</d:GimbalPitchDegree>"
        b"</r:Description></r:RDF></x:xmpmeta>"
    )
    camera = photo_facts(jpeg(main=MAVIC, packet=packet)).camera
    assert camera is not None
    assert (camera.lon, camera.lat, camera.yaw) == (105.25, 26.5, 10)


def test_pix4d_angles_become_a_gimbals() -> None:
    packet = xmp({"Yaw": 45, "Pitch": 5, "Roll": 1, "GPSXYAccuracy": 1.5, "GPSZAccuracy": 3,
                  "AboveGroundAltitude": 80}, "http://pix4d.com/camera/1.0", "Camera")  # fmt: skip
    found = photo_facts(jpeg(main={0x010F: "Parrot", 0x0110: "Sequoia"}, packet=packet,
                             position=gps(*PLACE)))  # fmt: skip
    camera = found.camera
    assert camera is not None
    assert (camera.yaw, camera.pitch, camera.roll) == (45, -85, 1)
    assert (camera.height_m, camera.height_of) == (80, "ground")
    assert (camera.u_horizontal_m, camera.u_vertical_m) == (1.5, 3)
    assert "pitch_from_nadir" in {remark.code for remark in found.remarks}


def test_a_phone_has_a_position_and_its_error_only() -> None:
    data = jpeg(main={0x010F: "HUAWEI", 0x0110: "ALN-AL00"}, detail={**DAY, 0x9011: "+08:00"},
                position=gps(*PLACE, tag_31=IFDRational(48, 10)))  # fmt: skip
    found = photo_facts(data)
    assert found.sensor.platform == "phone"
    assert found.camera is not None
    assert (found.camera.u_horizontal_m, found.camera.yaw, found.camera.height_m) == (
        4.8,
        None,
        None,
    )
    assert {remark.code for remark in found.remarks} == {"position_maybe_shifted"}


@pytest.mark.parametrize(
    ("position", "code"),
    [
        ({}, "position_missing"),
        (gps(0.0, 0.0), "position_zero"),
        (gps(*PLACE, tag_18="GCJ-02"), "position_datum"),
        (gps(*PLACE, tag_18="TOKYO"), "position_datum"),
        ({**gps(*PLACE), 2: (IFDRational(95, 1), IFDRational(0, 1), IFDRational(0, 1))},
         "position_nonsense"),
        ({**gps(*PLACE), 4: (IFDRational(1, 0), IFDRational(0, 0), IFDRational(0, 1))},
         "position_nonsense"),
    ],
)  # fmt: skip
def test_positions_that_are_not_used(position: dict[int, object], code: str) -> None:
    found = photo_facts(jpeg(main=MAVIC, position=position, packet=gimbal(0.0)))
    assert found.camera is None
    assert code in {remark.code for remark in found.remarks}


@pytest.mark.parametrize("datum", ["WGS-84", "WGS84", "wgs 84", "CGCS2000", ""])
def test_datums_that_are_wgs84(datum: str) -> None:
    assert photo_facts(jpeg(main=MAVIC, position=gps(*PLACE, tag_18=datum))).camera is not None


def test_a_missing_hemisphere_is_assumed_and_said() -> None:
    position = gps(*PLACE)
    del position[1], position[3]
    found = photo_facts(jpeg(main=MAVIC, position=position))
    assert found.camera is not None
    assert found.camera.lon > 0
    assert "position_ref_missing" in {remark.code for remark in found.remarks}


def test_exif_and_xmp_that_disagree_are_said() -> None:
    near = gimbal(0.0, GpsLatitude=PLACE[1] + 1e-6, GpsLongitude=PLACE[0])
    far = gimbal(0.0, GpsLatitude=PLACE[1] + 0.01, GpsLongitude=PLACE[0])
    assert "position_differs" not in _codes(drone(packet=near))
    assert "position_differs" in _codes(drone(packet=far))


def test_rtk_that_is_not_fixed_or_says_no_deviation() -> None:
    single = photo_facts(drone(packet=gimbal(0.0, RtkFlag=16, RtkStdLon=1.2, RtkStdLat=1.1)))
    assert single.camera is not None
    assert (single.camera.rtk, single.camera.u_horizontal_m) == (False, None)
    assert "rtk_not_fixed" in {remark.code for remark in single.remarks}
    silent = photo_facts(drone(packet=gimbal(0.0, RtkFlag=50)))
    assert silent.camera is not None
    assert (silent.camera.rtk, silent.camera.u_horizontal_m) == (True, None)
    assert "rtk_std_missing" in {remark.code for remark in silent.remarks}
    none = photo_facts(drone(packet=gimbal(0.0, RtkFlag=0)))
    assert none.camera is not None
    assert none.camera.rtk is False


def test_height_below_sea_and_heights_that_are_nonsense() -> None:
    below = photo_facts(
        jpeg(main=MAVIC, position=gps(*PLACE, tag_5=b"\x01", tag_6=IFDRational(1540, 10)))
    )
    assert below.camera is not None
    assert below.camera.sea_height_m == -154
    for height in (-3.0, 0.0, 20_000.0):
        found = photo_facts(drone(packet=gimbal(0.0, height=height)))
        assert found.camera is not None
        assert found.camera.height_m is None
        assert "height_nonsense" in {remark.code for remark in found.remarks}


def test_where_the_sensor_width_comes_from() -> None:
    def width(model: str, detail: Mapping[int, object], packet: bytes = b"",
              size: tuple[int, int] = (64, 48)) -> tuple[float | None, str | None]:  # fmt: skip
        found = photo_facts(jpeg(main={0x010F: "DJI", 0x0110: model}, detail=dict(detail),
                                 position=gps(*PLACE), packet=packet, size=size)).camera  # fmt: skip
        assert found is not None
        return found.sensor_width_mm, found.sensor_by

    focal = {0x920A: IFDRational(10, 1)}
    plane = {**focal, 0xA20E: IFDRational(4000, 1), 0xA210: 3, 0xA002: 6000}
    assert width("FC6310", focal) == (13.2, "table")
    assert width("fc6310", focal) == (13.2, "table")
    assert width("FC6310", {**focal, 0xA404: IFDRational(2, 1)}) == (6.6, "table")
    assert width("NEW1", plane) == (15.0, "resolution")
    assert width("NEW1", {**focal, 0xA405: 24}) == (15.0, "equivalent")
    assert width("NEW1", {0xA405: 24}) == (36.0, "equivalent")
    assert width("NEW1", focal) == (None, None)
    assert width("NEW1", {}) == (None, None)
    exact, by = width("FC6310", focal, xmp({"CalibratedFocalLength": 48.0}))
    assert by == "calibrated"
    assert exact == pytest.approx(10 * 64 / 48)
    exact, by = width("FC300S", {0x920A: IFDRational(361, 100)})
    assert by == "calibrated"
    assert exact == pytest.approx(6.087, abs=1e-3)


def test_what_lacks_for_a_footprint_is_said() -> None:
    bare = _codes(jpeg(main={0x010F: "DJI", 0x0110: "NEW1"}, position=gps(*PLACE)))
    assert {"height_missing", "angles_missing", "focal_missing", "time_missing"} <= bare
    assumed = _codes(jpeg(main={0x010F: "DJI"}, detail={0xA405: 24}, position=gps(*PLACE)))
    assert "sensor_assumed" in assumed


def test_a_photo_written_again_is_said() -> None:
    viewer = {**MAVIC, 0x0131: "Microsoft Windows Photo Viewer 10.0"}
    assert "rewritten" in _codes(jpeg(main=viewer, detail=DAY, position=gps(*PLACE)))
    later = {**MAVIC, 0x0131: "v01.23", 0x0132: "2026:06:30 12:00:00"}
    assert "rewritten" in _codes(jpeg(main=later, detail=DAY, position=gps(*PLACE)))
    camera = {**MAVIC, 0x0131: "v01.23", 0x0132: "2026:06:30 09:15:01"}
    assert "rewritten" not in _codes(jpeg(main=camera, detail=DAY, position=gps(*PLACE)))


def test_a_cropped_photo_and_an_orientation_are_said() -> None:
    same = {0xA002: 64, 0xA003: 48}
    assert "size_differs" not in _codes(drone(detail=same))
    assert "size_differs" in _codes(drone(detail={0xA002: 5472, 0xA003: 3648}))
    turned = _codes(jpeg(main={**MAVIC, 0x0112: 6}, detail=LENS_MM, position=gps(*PLACE)))
    assert "orientation_tag" in turned


def test_no_metadata_and_no_jpeg(tmp_path: Path) -> None:
    from PIL import Image

    plain, text = tmp_path / "a.jpg", tmp_path / "b.jpg"
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(plain)
    text.write_text("no photo", encoding="utf-8")
    for path in (plain, text):
        found = read_photo(path)
        assert found.camera is None
        assert "metadata_missing" in {remark.code for remark in found.remarks}
    with pytest.raises(ImageryError, match="cannot be opened"):
        read_photo(tmp_path / "gone.jpg")


def test_texts_are_in_both_languages_and_filled() -> None:
    for data in (drone(packet=gimbal(0.0, RtkFlag=16)), jpeg(), drone(0.0, 0.0)):
        for remark in photo_facts(data).remarks:
            assert remark.zh
            assert remark.en
            assert "{" not in remark.zh + remark.en
