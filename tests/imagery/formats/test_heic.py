"""HEIC photos of phones: place, time and heading, pixels upright, nothing beyond the limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imagery.formats import open_raster, read_scenes
from imagery.formats.decoded import plain_picture
from imagery.guard import DEFAULT_LIMITS
from imagery.guard.header import check_file
from imagery.guard.magic import identify
from imagery.ingest import ingest
from imagery.photos import read_photo
from imagery.store import Store
from imagery.view import TileReader
from layers.errors import ImageryError
from tests.imagery.formats.heic import heic
from tests.imagery.formats.made import codes, content, read_one, zipped
from tests.imagery.photos.made import PLACE, gps

CORNER = np.zeros((48, 80, 3), np.uint8)
CORNER[:24, :40] = 255


def saved(folder: Path, data: bytes, name: str = "IMG_0001.HEIC") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_place_time_and_heading_are_read_without_decoding(tmp_path: Path) -> None:
    found = read_photo(saved(tmp_path, heic(gps(*PLACE, tag_16="T", tag_17=123.5))))
    assert found.camera is not None
    assert (found.camera.lon, found.camera.lat) == pytest.approx(PLACE, abs=1e-6)
    assert found.camera.yaw == pytest.approx(123.5)
    assert found.taken.utc == "2026-06-30T01:15:00Z"
    assert found.sensor.platform == "phone"


def test_a_heading_by_the_compass_needle_is_no_true_one(tmp_path: Path) -> None:
    found = read_photo(saved(tmp_path, heic(gps(*PLACE, tag_16="M", tag_17=123.5))))
    assert found.camera is not None
    assert found.camera.yaw is None


@pytest.mark.parametrize(("orientation", "size", "corner"), [
    (1, (80, 48), (0, 0)), (3, (80, 48), (-1, -1)), (6, (48, 80), (0, -1)), (8, (48, 80), (-1, 0)),
])  # fmt: skip
def test_the_photo_is_upright(
    orientation: int, size: tuple[int, int], corner: tuple[int, int], tmp_path: Path, work: Path
) -> None:
    scene = read_one(saved(tmp_path, heic(orientation=orientation, pixels=CORNER)), work)
    assert (scene.width, scene.height) == size
    assert "orientation_tag" not in codes(scene)
    with open_raster(scene.source, scene.driver) as dataset:
        pixels = dataset.read(1)
    assert pixels[corner] > 200
    assert np.count_nonzero(pixels > 128) == pytest.approx(CORNER[:, :, 0].size / 4, rel=0.1)


def test_a_scene_that_says_what_decoded_it(tmp_path: Path, work: Path) -> None:
    scene = read_one(saved(tmp_path, heic(gps(*PLACE))), work)
    assert (scene.kind, scene.format, scene.driver) == ("photo", "HEIF", "GTiff")
    assert "phone_photo" in codes(scene)
    assert not codes(scene) & {"height_missing", "angles_missing", "focal_missing"}
    assert scene.facts["decoded"]["media_type"] == "image/heic"
    assert scene.source.is_relative_to(work)


@pytest.mark.parametrize("name", ["photo.jpg", "photo.heif", "photo.tif", "photo"])
def test_content_counts_and_not_the_name(name: str, tmp_path: Path, work: Path) -> None:
    scene = read_one(saved(tmp_path, heic(gps(*PLACE)), name), work)
    assert scene.format == "HEIF"
    assert ("misnamed" in codes(scene)) == (Path(name).suffix in {".jpg", ".tif"})


def test_a_jpeg_called_heic_is_read_as_what_it_is(tmp_path: Path, work: Path) -> None:
    scene = read_one(saved(tmp_path, content(".jpg", tmp_path)), work)
    assert scene.format == "JPEG"
    assert "misnamed" in codes(scene)


def test_photos_of_a_phone_in_an_archive(tmp_path: Path, work: Path) -> None:
    members = {"1.heic": heic(gps(*PLACE)), "2.HEIC": heic(), "3.jpg": content(".jpg", tmp_path),
               "4.heic": heic()[:-40]}  # fmt: skip
    scenes = read_scenes(zipped(tmp_path / "a.zip", members), work)
    assert sorted(scene.member or "" for scene in scenes) == ["1.heic", "2.HEIC", "3.jpg"]
    assert [name for one in scenes for name, _ in one.facts.get("refused", ())] == ["4.heic"]


def test_heic_among_tiles_is_no_tile(tmp_path: Path, work: Path) -> None:
    members = {f"18/{207_880 + n}/111137.png": heic(size=(256, 256)) for n in range(3)}
    with pytest.raises(ImageryError):
        read_scenes(zipped(tmp_path / "tiles.zip", members), work)


def larger(data: bytes, width: int, height: int) -> bytes:
    """The same file, whose header says that its pictures are of another size."""
    at = data.index(b"ispe") + 8
    return data[:at] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + data[at + 8 :]


@pytest.mark.parametrize("size", [(60_000, 60_000), (0, 48), (1 << 31, 1 << 31)])
def test_a_bomb_is_refused_before_it_is_decoded(
    size: tuple[int, int], tmp_path: Path, work: Path
) -> None:
    path = saved(tmp_path, larger(heic(), *size))
    with pytest.raises(ImageryError):
        check_file(path, DEFAULT_LIMITS)
    with pytest.raises(ImageryError):
        read_scenes(path, work)
    assert not list(work.iterdir())


def test_a_header_that_says_another_size_than_the_pixels_is_damage(
    tmp_path: Path, work: Path
) -> None:
    with pytest.raises(ImageryError, match="damaged"):
        read_scenes(saved(tmp_path, larger(heic(), 640, 480)), work)


def test_the_limits_of_the_process_count_for_the_decoder(tmp_path: Path, work: Path) -> None:
    with pytest.raises(ImageryError):
        read_scenes(saved(tmp_path, heic(size=(1024, 1024))), work,
                    limits=replace(DEFAULT_LIMITS, max_block_bytes=1 << 20))  # fmt: skip


def test_a_cut_photo_is_refused_wherever_it_was_cut(tmp_path: Path, work: Path) -> None:
    data = heic(gps(*PLACE))
    for length in range(0, len(data), 13):
        with pytest.raises(ImageryError):
            read_scenes(saved(tmp_path, data[:length], f"{length}.heic"), work)


def test_avif_is_told_from_heic(tmp_path: Path) -> None:
    path = saved(tmp_path, b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf" + bytes(60), "a.heic")
    with pytest.raises(ImageryError, match="AVIF"):
        identify(path, DEFAULT_LIMITS)


def test_taken_into_the_store_byte_for_byte_with_a_view_copy(tmp_path: Path) -> None:
    data = heic(gps(*PLACE, tag_16="T", tag_17=45.0), pixels=CORNER)
    path, store = saved(tmp_path, data), Store.open(tmp_path / "store", create=True)
    report = ingest([path], store, received="2026-07-01T00:00:00Z")
    (row,) = report.rows
    assert row.status == "accepted"
    (scene,) = row.scenes
    assert store.original(scene).read_bytes() == data
    told = store.document(scene)
    assert told["assets"]["original"]["type"] == "image/heic"
    assert told["properties"]["yicha:camera"]["yaw"] == pytest.approx(45.0)
    steps = [step["step"] for step in told["properties"]["yicha:lineage"]]
    assert steps == ["received", "decoded", "view"]
    reader = TileReader(store)
    preview = reader.preview(scene)
    reader.close()
    assert preview is not None
    assert preview.media_type == "image/jpeg"
    assert plain_picture(store.original(scene), tmp_path).suffix == ".tif"
