"""JPEG and PNG: placed by a world file, by a camera, or kept as a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.formats import read_scenes
from imagery.scene import Stated
from layers.errors import ImageryError
from tests.imagery.formats.made import AT_LIUZHI, bare, codes, pixels, read_one

WORLD = "0.1\n0\n0\n-0.1\n747900.05\n2901499.95\n"
"""Centre of the first pixel: its corner is 747900, 2901500."""


def with_world(path: Path, suffix: str, text: str = WORLD) -> Path:
    bare(path)
    path.with_suffix(suffix).write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.jpg", ".jgw"), ("a.jpg", ".jpgw"), ("a.JPG", ".JGW"), ("a.jpg", ".jpw"), ("a.png", ".pgw"),
     ("a.png", ".wld"), ("a.tif", ".tfw"), ("正射 影像.png", ".pngw")],
)  # fmt: skip
def test_world_files_with_a_stated_crs(name: str, suffix: str, tmp_path: Path, work: Path) -> None:
    scene = read_one(with_world(tmp_path / name, suffix), work, Stated(crs="EPSG:32648"))
    assert scene.placement is not None
    assert scene.placement.by == "world_file"
    assert scene.placement.transform == pytest.approx(tuple(AT_LIUZHI)[:6])
    assert scene.kind == "orthophoto"
    assert scene.gsd_m == pytest.approx(0.1, rel=0.01)


def test_a_prj_beside_says_the_crs(tmp_path: Path, work: Path) -> None:
    path = with_world(tmp_path / "a.jpg", ".jgw")
    (tmp_path / "a.prj").write_text("EPSG:32648", encoding="utf-8")
    scene = read_one(path, work, Stated(crs="EPSG:3857"))
    assert scene.facts["epsg"] == 32648
    assert "crs_stated" not in codes(scene)


def test_an_aux_xml_beside_says_the_crs(tmp_path: Path, work: Path) -> None:
    path = with_world(tmp_path / "a.jpg", ".jgw")
    text = "<PAMDataset><SRS>EPSG:32648</SRS></PAMDataset>"
    (tmp_path / "a.jpg.aux.xml").write_text(text, encoding="utf-8")
    assert read_one(path, work).facts["epsg"] == 32648


def test_a_hostile_aux_xml_is_refused(tmp_path: Path, work: Path) -> None:
    path = with_world(tmp_path / "a.jpg", ".jgw")
    (tmp_path / "a.jpg.aux.xml").write_text(
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><PAMDataset><SRS>&b;</SRS></PAMDataset>',
        encoding="utf-8",
    )
    with pytest.raises(ImageryError, match="entities"):
        read_scenes(path, work)


def test_a_world_file_without_a_crs_is_refused_with_both_ways_out(
    tmp_path: Path, work: Path
) -> None:
    path = with_world(tmp_path / "a.jpg", ".jgw")
    with pytest.raises(ImageryError, match="coordinate system") as caught:
        read_scenes(path, work)
    assert ".prj" in caught.value.remedy
    assert "picture" in caught.value.remedy
    assert read_one(path, work, Stated(kind="picture")).placement is None


@pytest.mark.parametrize("text", ["", "1 2 3", "a\nb\nc\nd\ne\nf", "nan\n0\n0\n-1\n0\n0", "0\n0\n0\n0\n1\n1",
                                  "1e999\n0\n0\n-1\n0\n0", "9" * 100_000])  # fmt: skip
def test_world_files_that_place_nothing(text: str, tmp_path: Path, work: Path) -> None:
    path = with_world(tmp_path / "a.jpg", ".jgw", text)
    with pytest.raises(ImageryError):
        read_scenes(path, work, Stated(crs="EPSG:32648"))


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_a_bare_picture_is_kept_and_never_measured(name: str, tmp_path: Path, work: Path) -> None:
    scene = read_one(bare(tmp_path / name), work)
    assert (scene.kind, scene.placement, scene.footprint, scene.gsd_m) == (
        "picture",
        None,
        None,
        None,
    )
    assert {"unplaced", "time_missing"} <= codes(scene)


def test_a_stated_kind_makes_a_bare_jpeg_a_photo(tmp_path: Path, work: Path) -> None:
    scene = read_one(bare(tmp_path / "a.jpg"), work, Stated(kind="photo", platform="phone"))
    assert scene.kind == "photo"
    assert scene.sensor is not None
    assert scene.sensor.platform == "phone"


def test_jpeg_2000(tmp_path: Path, work: Path) -> None:
    from tests.imagery.formats.made import write

    path = write(tmp_path / "a.jp2", pixels(3, size=(256, 200)), driver="JP2OpenJPEG")
    scene = read_one(path, work)
    assert scene.driver == "JP2OpenJPEG"
    assert scene.facts["epsg"] == 32648
