"""Archives: every trick with names, sizes and structure is refused before a byte is unpacked."""

from __future__ import annotations

import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from imagery.guard import DEFAULT_LIMITS, Limits
from imagery.guard.archive import list_members, unpack
from layers.errors import ImageryError


def archive(path: Path, *names: str, data: bytes = b"data") -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        warnings.simplefilter("ignore", UserWarning)
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            made.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def refused(path: Path, limits: Limits = DEFAULT_LIMITS) -> ImageryError:
    with pytest.raises(ImageryError) as caught:
        list_members(path, limits)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    "name",
    [
        "../a.jpg", "a/../../b.jpg", "/etc/passwd", "C:/a.jpg", "C:a.jpg", "\\\\server\\share\\a.jpg", "..\\a.jpg",
        "a//b.jpg", "./a.jpg", "a/./b.jpg", "con.jpg", "a/NUL", "COM1.tif", "lpt9", "aux.jpg/b", "a./b.jpg", "a .jpg /b",
        "a.jpg.", "a.jpg ", "a\u202egpj.exe", "a\u200b.jpg", "a\x01.jpg", "a\n.jpg", "a<b.jpg", "a|b.jpg", "a?.jpg",
        "a*.jpg", 'a".jpg', "x" * 300 + ".jpg", "/".join("a" * 20), "a\0.jpg", "\ue000.jpg", "~/../a.jpg",
    ],
)  # fmt: skip
def test_names_that_lead_out_or_deceive(name: str, tmp_path: Path) -> None:
    refused(archive(tmp_path / "a.zip", name))


@pytest.mark.parametrize("name", ["航拍/六枝特区 1号.jpg", "a-b_c (1).tif", "z/18/207880/111137.png", "a\\b.jpg",
                                  "..a.jpg", "a..b/c.jpg", "control.jpg", "comx.tif", "é.jpg"])  # fmt: skip
def test_ordinary_names(name: str, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", name)
    members = list_members(path, DEFAULT_LIMITS)
    work = tmp_path / "work"
    (written,) = unpack(path, members, work, DEFAULT_LIMITS).values()
    assert written.is_relative_to(work)
    assert written.read_bytes() == b"data"


@pytest.mark.parametrize(
    "names",
    [("a.jpg", "a.jpg"), ("a.jpg", "A.JPG"), ("é.jpg", "e\u0301.jpg"), ("a", "a/b.jpg"), ("ａ.jpg", "a.jpg"),
     ("a/B", "A/b/c.jpg")],
)  # fmt: skip
def test_names_that_collide(names: tuple[str, ...], tmp_path: Path) -> None:
    refused(archive(tmp_path / "a.zip", *names))


@pytest.mark.parametrize("name", ["a.zip", "b/a.rar", "a.tar.gz", "A.7Z", "a.kmz"])
def test_archives_in_the_archive(name: str, tmp_path: Path) -> None:
    assert "another archive" in refused(archive(tmp_path / "a.zip", name)).problem


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices(kind: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo("a.jpg")
        info.external_attr = (kind | 0o777) << 16
        made.writestr(info, "/etc/passwd")
    assert "link" in refused(path).problem


def test_too_many_members(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", *(f"{n}.jpg" for n in range(20)))
    assert "members" in refused(path, Limits(max_members=10)).problem


def test_a_bomb_by_its_declared_size(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "a.tif", data=bytes(10_000_000))
    small = Limits(ratio_floor=1_000_000, max_unpacked_ratio=100)
    assert "bomb" in refused(path, small).problem
    assert list_members(path, DEFAULT_LIMITS)


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "a.tif", data=bytes(10_000_000))
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 10_000_000), struct.pack("<I", 1000)))
    small = Limits(ratio_floor=1_000_000, max_unpacked_ratio=100)
    members = list_members(path, small)
    with pytest.raises(ImageryError):
        unpack(path, members, tmp_path / "work", small)
    assert sum(p.stat().st_size for p in (tmp_path / "work").rglob("*")) <= 1_100_000


def test_members_that_share_bytes(tmp_path: Path) -> None:
    """The bomb without nesting: many entries of the directory point at one body."""
    path = archive(tmp_path / "a.zip", "a.tif", "b.tif", data=bytes(100_000))
    data = bytearray(path.read_bytes())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    path.write_bytes(data)
    assert "bomb" in refused(path).problem


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
def test_passwords(flag: int, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "a.jpg")
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02") + 8
    data[at : at + 2] = struct.pack("<H", flag)
    path.write_bytes(data)
    assert "password" in refused(path).problem


def test_other_compressions(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a.jpg", b"data")
    assert "packed" in refused(path).problem


def test_cut_off_at_every_place(tmp_path: Path) -> None:
    data = archive(
        tmp_path / "a.zip", *(f"{n}.jpg" for n in range(5)), data=bytes(range(256))
    ).read_bytes()
    for part in range(0, 100, 5):
        path = tmp_path / "cut.zip"
        path.write_bytes(data[: len(data) * part // 100])
        with pytest.raises(ImageryError):
            unpack(path, list_members(path, DEFAULT_LIMITS), tmp_path / f"w{part}", DEFAULT_LIMITS)


def test_a_directory_that_claims_to_be_huge(tmp_path: Path) -> None:
    data = bytearray(archive(tmp_path / "a.zip", "a.jpg").read_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 0xFFFFFFF0)
    (tmp_path / "a.zip").write_bytes(data)
    refused(tmp_path / "a.zip")


def test_a_damaged_body(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "a.jpg", data=bytes(range(256)) * 50)
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ImageryError, match="damaged"):
        unpack(path, list_members(path, DEFAULT_LIMITS), tmp_path / "work", DEFAULT_LIMITS)
