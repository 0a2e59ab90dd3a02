"""Sentinel-2: products as folder and zip, and single bands by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.formats import open_raster, read_scenes
from imagery.scene import Scene, Stated
from layers.errors import ImageryError
from tests.imagery.formats.made import codes, read_one, zipped
from tests.imagery.formats.safe import NAME, TILE, band, main_xml, product


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return product(tmp_path_factory.mktemp("safe"))


def by_size(scenes: tuple[Scene, ...]) -> dict[int, Scene]:
    return {round(scene.gsd_m or 0): scene for scene in scenes}


@pytest.mark.parametrize("packed", [True, False])
def test_a_product(packed: bool, safe: Path, tmp_path: Path, work: Path) -> None:
    source = safe
    if packed:
        members = {f"{NAME}/{path.relative_to(safe).as_posix()}": path.read_bytes()
                   for path in safe.rglob("*") if path.is_file()}  # fmt: skip
        source = zipped(tmp_path / "a.zip", members)
    scenes = by_size(read_scenes(source, work))
    assert set(scenes) == {10, 20, 60}
    ten = scenes[10]
    assert [(b.name, b.common) for b in ten.bands] == [
        ("B02", "blue"), ("B03", "green"), ("B04", "red"), ("B08", "nir")]  # fmt: skip
    assert [b.name for b in scenes[20].bands] == ["B05", "B06", "B07", "B11", "B12", "B8A"]
    assert [b.name for b in scenes[60].bands] == ["B01", "B09"]
    assert {(b.scale, b.offset, b.nodata) for b in ten.bands} == {(0.0001, -0.1, 0.0)}
    assert ten.taken.utc == "2024-06-12T03:44:07Z"
    assert ten.taken.how == "metadata"
    assert ten.facts["sun_zenith_deg"] == 18.9
    assert ten.facts["sun_azimuth_deg"] == 97.2
    assert ten.facts["cloud_percent"] == 12.5
    assert ten.facts["baseline"] == "05.10"
    assert ten.sensor is not None
    assert (ten.sensor.platform, ten.sensor.model) == ("satellite", "Sentinel-2A")
    assert ten.kind == "satellite"
    assert ten.placement is not None
    assert (ten.placement.u_m, ten.placement.known_by) == (12.5, "assumed")
    assert len({scene.member for scene in scenes.values()}) == 3


def test_the_stack_holds_the_values_of_the_bands(safe: Path, work: Path) -> None:
    ten = by_size(read_scenes(safe, work))[10]
    with open_raster(ten.source, ten.driver) as stack:
        assert stack.count == 4
        assert stack.descriptions == ("B02", "B03", "B04", "B08")
        read = stack.read()
    original = next(safe.rglob(f"{TILE}_B04_10m.jp2"))
    with open_raster(original, "JP2OpenJPEG") as alone:
        assert (alone.read(1) == read[2]).all()
    assert ten.source.is_relative_to(work)
    assert next(safe.rglob("*.vrt"), None) is None


def test_a_stated_zone_gives_the_local_time(safe: Path, work: Path) -> None:
    scene = read_scenes(safe, work, Stated(zone="+08:00"))[0]
    assert scene.taken.local == "2024-06-12T11:44:07"
    assert scene.taken.day == "2024-06-12"


def test_before_baseline_four_nothing_is_added(tmp_path: Path, work: Path) -> None:
    old = product(tmp_path, main_xml("03.01", offsets=""))
    assert {b.offset for b in by_size(read_scenes(old, work))[10].bands} == {0.0}


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (main_xml("05.10", offsets=""), "offsets"),
        (main_xml().replace("10000", "0"), "quantification"),
        (main_xml().replace("<?xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><?xml"), "damaged|entities"),
        (main_xml().replace('encoding="UTF-8"?>', 'encoding="UTF-8"?><!DOCTYPE a [<!ENTITY b "c">]>'), "entities"),
        (main_xml()[:400], "damaged"),
        ("<a>" * 500 + "</a>" * 500, "nested"),
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_used(xml: str, says: str, tmp_path: Path, work: Path) -> None:
    with pytest.raises(ImageryError, match=says):
        read_scenes(product(tmp_path, xml), work)


def test_a_product_with_missing_bands_says_so(tmp_path: Path, work: Path) -> None:
    root = product(tmp_path)
    next(root.rglob(f"{TILE}_B11_20m.jp2")).unlink()
    scenes = by_size(read_scenes(root, work))
    assert "B11" not in {b.name for b in scenes[20].bands}
    assert "tiles_missing" in codes(scenes[20])


def test_a_single_band_by_its_name(tmp_path: Path, work: Path) -> None:
    scene = read_one(band(tmp_path / f"{TILE}_B04_10m.jp2", 10), work)
    assert (scene.bands[0].name, scene.bands[0].common) == ("B04", "red")
    assert (scene.taken.utc, scene.taken.how) == ("2024-06-12T03:35:41Z", "file_name")
    assert "scale_unknown" in codes(scene)


def test_bands_of_a_folder_are_one_scene(tmp_path: Path, work: Path) -> None:
    folder = tmp_path / "S2B_48RXU_20240612_0_L2A"
    folder.mkdir()
    for name in ("B02", "B03", "B04"):
        band(folder / f"{name}.tif", 10, driver="GTiff")
    members = {f"{folder.name}/{p.name}": p.read_bytes() for p in sorted(folder.iterdir())}
    scene = read_one(zipped(tmp_path / "a.zip", members), work)
    assert [b.common for b in scene.bands] == ["blue", "green", "red"]
    assert scene.taken.local == "2024-06-12"
    assert scene.sensor is not None
    assert scene.sensor.model == "Sentinel-2B"


def test_level_1c(tmp_path: Path, work: Path) -> None:
    root = tmp_path / NAME.replace("L2A", "L1C")
    images = root / "GRANULE" / "L1C_T48RXU_A046872_20240612T034407" / "IMG_DATA"
    images.mkdir(parents=True)
    for name, metres in (("B02", 10), ("B04", 10), ("B8A", 20), ("B10", 60), ("TCI", 10)):
        band(images / f"{TILE}_{name}.jp2", metres)
    xml = main_xml().replace("BOA_QUANTIFICATION", "QUANTIFICATION").replace("BOA_ADD", "RADIO_ADD")
    (root / "MTD_MSIL1C.xml").write_text(xml, encoding="utf-8")
    scenes = by_size(read_scenes(root, work))
    assert {size: [b.name for b in scene.bands] for size, scene in scenes.items()} == {
        10: ["B02", "B04"], 20: ["B8A"], 60: ["B10"]}  # fmt: skip
    assert scenes[10].bands[0].offset == -0.1
    assert scenes[60].bands[0].common == "cirrus"
    assert scenes[10].taken.utc == "2024-06-12T03:35:41Z"
    assert scenes[10].facts["level"] == "L1C"
