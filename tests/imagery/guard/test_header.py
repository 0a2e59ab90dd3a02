"""Headers are held against the limits, and ends are looked for, before a library decodes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from imagery.guard import DEFAULT_LIMITS, Limits
from imagery.guard.header import check_file
from layers.errors import ImageryError
from tests.imagery.formats.made import bare, database, mbtiles, pixels, write


def refused(path: Path, limits: Limits = DEFAULT_LIMITS) -> ImageryError:
    with pytest.raises(ImageryError) as caught:
        check_file(path, limits)
    assert caught.value.remedy
    assert caught.value.file == str(path)
    return caught.value


def tiff(
    path: Path, entries: list[tuple[int, int, int, int]], following: int = 0, extra: bytes = b""
) -> Path:
    """A classic TIFF of one directory: (tag, type, count, value)."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    data = (
        b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", following) + extra
    )
    path.write_bytes(data)
    return path


def plain(
    width: int = 4, height: int = 4, offset: int = 8, length: int = 16
) -> list[tuple[int, int, int, int]]:
    return [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (273, 4, 1, offset),
            (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, length)]  # fmt: skip


def png(path: Path, width: int, height: int, data: bytes = b"", interlaced: int = 0) -> Path:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


@pytest.mark.parametrize(
    ("name", "driver"), [("a.tif", {}), ("b.tif", {"tiled": True, "blockxsize": 16, "blockysize": 16}),
                         ("c.tif", {"BIGTIFF": "YES", "compress": "deflate"}), ("d.tif", {"interleave": "band"}),
                         ("e.tif", {"ENDIANNESS": "BIG"}), ("f.tif", {"compress": "jpeg"}),
                         ("g.tif", {"driver": "COG"}), ("h.tif", {"SPARSE_OK": True, "compress": "lzw"})],
)  # fmt: skip
def test_tiffs_of_every_make(name: str, driver: dict[str, Any], tmp_path: Path) -> None:
    kind, shape = check_file(write(tmp_path / name, **driver), DEFAULT_LIMITS)
    assert kind.format == "tiff"
    assert shape is not None
    assert (shape.width, shape.height, shape.bands, shape.bits, shape.pages) == (64, 48, 3, 8, 1)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.jp2"])
def test_pictures(name: str, tmp_path: Path) -> None:
    _, shape = check_file(bare(tmp_path / name, pixels(size=(128, 96))), DEFAULT_LIMITS)
    assert shape is not None
    assert (shape.width, shape.height, shape.bands, shape.bits) == (128, 96, 3, 8)


@pytest.mark.parametrize("name", ["a.tif", "a.jpg", "a.png", "a.jp2", "tiled.tif"])
def test_cut_off_at_every_twentieth(name: str, tmp_path: Path) -> None:
    options = {"tiled": True, "blockxsize": 16, "blockysize": 16} if name == "tiled.tif" else {}
    data = bare(tmp_path / name, pixels(size=(128, 96)), **options).read_bytes()
    for part in range(0, 100, 5):
        (tmp_path / name).write_bytes(data[: len(data) * part // 100])
        refused(tmp_path / name)
    (tmp_path / name).write_bytes(data[:-1])
    refused(tmp_path / name)


def test_a_circle_of_directories(tmp_path: Path) -> None:
    assert "circle" in refused(tiff(tmp_path / "a.tif", plain(), following=8)).problem


@pytest.mark.parametrize(
    "entries",
    [
        [], plain(width=0), plain(offset=1_000_000), plain(length=4_000_000_000), plain()[1:], plain()[:4],
        [*plain()[:4], (273, 4, 0xFFFFFFFF, 8), *plain()[5:]], [*plain()[:4], (273, 5, 1, 8), *plain()[5:]],
        [*plain()[:4], (273, 4, 1000, 8), *plain()[5:]], [(256, 2, 1, 4), *plain()[1:]],
        [*plain(), (322, 4, 1, 0), (323, 4, 1, 0)], [*plain()[:6], (278, 4, 1, 1), (279, 4, 1, 16)],
    ],
)  # fmt: skip
def test_directories_that_cannot_be(
    entries: list[tuple[int, int, int, int]], tmp_path: Path
) -> None:
    refused(tiff(tmp_path / "a.tif", entries))


def test_sums_of_offsets_do_not_wrap_round(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", BIGTIFF="YES")
    data = bytearray(path.read_bytes())
    at = data.find(struct.pack("<HH", 279, 4)) if data.find(struct.pack("<HH", 279, 4)) > 0 else data.find(
        struct.pack("<HHQ", 279, 16, 1))  # fmt: skip
    data[at + 2 : at + 20] = struct.pack("<HQQ", 16, 1, 2**64 - 1)
    path.write_bytes(data)
    refused(path)


def test_huge_sizes_are_refused_from_the_header(tmp_path: Path) -> None:
    assert "pixels" in refused(png(tmp_path / "a.png", 2_000_000_000, 2_000_000_000)).problem
    assert (
        "pixels" in refused(tiff(tmp_path / "a.tif", plain(4_000_000_000, 4_000_000_000))).problem
    )
    assert "unpacks" in refused(png(tmp_path / "b.png", 60_000, 60_000)).problem
    assert (
        "unpacks"
        in refused(png(tmp_path / "c.png", 30_000, 30_000, bytes(9_000_000), interlaced=1)).problem
    )
    assert "bands" in refused(write(tmp_path / "b.tif", pixels(20))).problem
    assert "no pixels" in refused(png(tmp_path / "d.png", 0, 10)).problem


def test_a_deflate_bomb_in_a_tiff(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", pixels(1, (4000, 4000)) * 0, compress="deflate", zlevel=9,
                 tiled=True, blockxsize=256, blockysize=256)  # fmt: skip
    assert check_file(path, DEFAULT_LIMITS)
    small = Limits(max_ratio=100, ratio_floor=1_000_000)
    assert "bomb" in refused(path, small).problem


def test_one_huge_strip(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", pixels(3, (2000, 2000)), compress="lzw", blockysize=2000)
    assert "one huge piece" in refused(path, Limits(max_block_bytes=1_000_000)).problem
    plain_one = write(tmp_path / "b.tif", pixels(3, (2000, 2000)), blockysize=2000)
    assert check_file(plain_one, Limits(max_block_bytes=1_000_000))


@pytest.mark.parametrize("data", [b"", b"\0" * 1000, b"hello", b"<html>", b"%PDF-1.4", b"Rar!\x1a\x07", b"GIF89a",
                                  b"\x1f\x8b\x08", b"BM" + bytes(60), b"RIFF\0\0\0\0WEBPVP8 ", b"{}", b"\xff\xd8\xff",
                                  b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*\0\0\0\x08", b"\xff\x4f\xff\x51",
                                  b"SQLite format 3\0", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif", b"\0\0\0\x18ftypisom",
                                  b"<VRTDataset rasterXSize='1'/>", bytes(257) + b"ustar", b"8BPS"])  # fmt: skip
def test_what_is_no_picture(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    refused(path)


def test_size_existence_and_folders(tmp_path: Path) -> None:
    refused(tmp_path / "missing.tif")
    refused(tmp_path)
    path = write(tmp_path / "a.tif")
    assert "bytes" in refused(path, Limits(max_bytes=1000)).problem


def test_a_cut_off_database(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles")
    assert check_file(path, DEFAULT_LIMITS)[0].format == "mbtiles"
    path.write_bytes(path.read_bytes()[:-4096])
    assert "end" in refused(path).problem
    other = database(tmp_path / "b.sqlite", "CREATE TABLE a (b)")
    assert "MBTiles" in refused(other).problem


def test_bytes_after_the_end_do_no_harm(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.png", "a.tif"):
        path = bare(tmp_path / name)
        path.write_bytes(path.read_bytes() + b"PK\x03\x04" + bytes(500))
        assert check_file(path, DEFAULT_LIMITS)[1] is not None
