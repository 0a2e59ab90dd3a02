"""When a scene was taken: what counts, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.formats import read_scenes
from imagery.formats.when import taken_of
from imagery.scene import Stated
from layers.errors import ImageryError
from tests.imagery.formats.made import codes, read_one, write

HERE = Path("a.tif")


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("m_4709963_se_14_1_20100629.tif", "2010-06-29"), ("DJI_20240612103045_0001.tif", "2024-06-12T10:30:45"),
        ("六枝_2024-06-12_正射.tif", "2024-06-12"), ("2024年6月2日 水库.tif", "2024-06-02"),
        ("IMG_20240612_103045.jpg", "2024-06-12T10:30:45"), ("flight/2024.06.12/a.tif", "2024-06-12"),
        ("OSBS_029.tif", None), ("5b90f92da0d7280005fab355_4310.tif", None), ("1985.tif", None),
        ("2018_SJER_3_252000_4107000_image_477.tif", None), ("20241399.tif", None), ("a_00000000.tif", None),
        ("20240230.tif", None), ("OAM-386697-220243-19.tif", None), ("123456789012345678.tif", None),
    ],
)  # fmt: skip
def test_dates_in_names(name: str, local: str | None) -> None:
    taken, remarks = taken_of({}, name, Stated(), HERE)
    assert taken.local == local
    assert taken.how == ("missing" if local is None else "file_name")
    assert [note.code for note in remarks] == (["time_missing"] if local is None else [])


def test_a_tag_is_local_without_zone(tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "20200101.tif", tags={"TIFFTAG_DATETIME": "2024:06:12 10:30:00"})
    scene = read_one(path, work)
    assert scene.taken.local == "2024-06-12T10:30:00"
    assert (scene.taken.utc, scene.taken.zone, scene.taken.how) == (None, None, "metadata")
    assert "time_of_file" in codes(scene)
    zoned = read_one(path, work, Stated(zone="+08:00"))
    assert zoned.taken.utc == "2024-06-12T02:30:00Z"


def test_the_exposure_counts_before_the_file() -> None:
    tags = {
        "TIFFTAG_DATETIME": "2024:07:01 09:00:00",
        "ACQUISITIONDATETIME": "2024-06-12T03:35:41Z",
    }
    taken, remarks = taken_of(tags, "a.tif", Stated(), HERE)
    assert taken.utc == "2024-06-12T03:35:41Z"
    assert remarks == []


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "1970:01:01 00:00:00", "2024:13:45 99:00:00", "soon",
                                  "9999:12:31 23:59:59", "\x00\x01"])  # fmt: skip
def test_nonsense_is_said_and_not_used(text: str) -> None:
    taken, remarks = taken_of({"TIFFTAG_DATETIME": text}, "20240612.tif", Stated(), HERE)
    assert taken.how == "file_name"
    assert "time_nonsense" in {note.code for note in remarks}


def test_what_the_person_says_fills_a_gap_and_is_compared() -> None:
    stated = Stated(taken="2024-06-12T10:30", zone="+08:00")
    taken, _ = taken_of({}, "20200101.tif", stated, HERE)
    assert (taken.how, taken.utc) == ("stated", "2024-06-12T02:30:00Z")
    own, remarks = taken_of({"TIFFTAG_DATETIME": "2023:01:01 00:00:00"}, "a.tif", stated, HERE)
    assert own.day == "2023-01-01"
    assert "time_differs" in {note.code for note in remarks}


def test_an_offset_in_the_text_counts_before_the_stated_zone() -> None:
    taken, _ = taken_of({}, "a.tif", Stated(taken="2024-06-12T10:30:00+09:00", zone="+08:00"), HERE)
    assert (taken.utc, taken.zone) == ("2024-06-12T01:30:00Z", "+09:00")


@pytest.mark.parametrize(
    "stated",
    [Stated(taken="yesterday"), Stated(zone="Beijing"), Stated(zone="+25:00"), Stated(u_m=-1.0),
     Stated(u_m=float("nan")), Stated(height_m=0.0), Stated(crs="nonsense")],
)  # fmt: skip
def test_nonsense_of_the_person_is_refused(stated: Stated, tmp_path: Path, work: Path) -> None:
    path = write(tmp_path / "a.tif", crs=None)
    with pytest.raises(ImageryError):
        read_scenes(path, work, stated)
