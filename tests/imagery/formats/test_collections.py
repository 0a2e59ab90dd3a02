"""Zips and folders of pictures: what is in them, what is refused, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.formats import read_scenes
from imagery.guard import Limits
from layers.errors import ImageryError
from tests.imagery.formats.made import bare, codes, content, write, zip_bytes, zipped


def test_several_pictures_are_several_scenes(tmp_path: Path, work: Path) -> None:
    members = {f"飞行/{n}.jpg": content(".jpg", tmp_path) for n in range(3)}
    scenes = read_scenes(zipped(tmp_path / "a.zip", members), work)
    assert [scene.member for scene in scenes] == sorted(members)
    assert all(scene.source.is_relative_to(work) for scene in scenes)


def test_sidecars_in_an_archive_place_their_picture(tmp_path: Path, work: Path) -> None:
    members = {
        "a/one.jpg": content(".jpg", tmp_path),
        "a/one.jgw": b"0.1\n0\n0\n-0.1\n747900.05\n2901499.95\n",
        "a/one.prj": b"EPSG:32648",
        "b/one.jpg": content(".jpg", tmp_path),
    }
    one, other = read_scenes(zipped(tmp_path / "a.zip", members), work)
    assert one.kind == "orthophoto"
    assert other.kind == "picture"


def test_a_bad_member_does_not_cost_the_others(tmp_path: Path, work: Path) -> None:
    members = {
        "1.jpg": content(".jpg", tmp_path),
        "2.jpg": content(".jpg", tmp_path)[:300],
        "3.heic": b"\0\0\0\x18ftypheic" + bytes(100),
        "list.docx": b"hello",
    }
    (scene,) = read_scenes(zipped(tmp_path / "a.zip", members), work)
    assert {"members_refused", "members_ignored"} <= codes(scene)
    refused = dict(scene.facts["refused"])
    assert set(refused) == {"2.jpg", "3.heic"}
    assert "damaged" in refused["3.heic"]
    assert sorted(path.name for path in work.iterdir()) == ["1.jpg", "2.jpg", "3.heic"]


def test_only_bad_members_are_a_refusal_that_names_them(tmp_path: Path, work: Path) -> None:
    broken = content(".jpg", tmp_path)[:300]
    with pytest.raises(ImageryError, match=r"1\.jpg") as caught:
        read_scenes(zipped(tmp_path / "a.zip", {"1.jpg": broken, "2.jpg": broken}), work)
    assert caught.value.remedy
    with pytest.raises(ImageryError, match=r"a\.zip ▸ 1\.jpg"):
        read_scenes(zipped(tmp_path / "a.zip", {"1.jpg": broken}), work / "b")


@pytest.mark.parametrize(
    "members", [{"a.txt": b"hello"}, {"__MACOSX/._a.jpg": b"x", "b.docx": b"x"}]
)
def test_nothing_to_see(members: dict[str, bytes], tmp_path: Path, work: Path) -> None:
    with pytest.raises(ImageryError, match=r"no picture|no file"):
        read_scenes(zipped(tmp_path / "a.zip", members), work)


def test_an_archive_in_an_archive(tmp_path: Path, work: Path) -> None:
    inner = zip_bytes({"a.jpg": content(".jpg", tmp_path)})
    for name in ("inner.zip", "inner.jpg"):
        with pytest.raises(ImageryError, match="another archive"):
            read_scenes(zipped(tmp_path / "a.zip", {name: inner}), work)


def test_a_folder_is_read_in_place(tmp_path: Path, work: Path) -> None:
    folder = tmp_path / "card" / "DCIM"
    folder.mkdir(parents=True)
    bare(folder / "a.jpg")
    write(folder / "b.tif")
    (folder / ".DS_Store").write_bytes(b"x")
    scenes = read_scenes(tmp_path / "card", work)
    assert [scene.member for scene in scenes] == ["DCIM/a.jpg", "DCIM/b.tif"]
    assert list(work.iterdir()) == []


def test_links_in_a_folder_are_not_followed(tmp_path: Path, work: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    bare(tmp_path / "secret.jpg")
    bare(folder / "a.jpg")
    try:
        (folder / "b.jpg").symlink_to(tmp_path / "secret.jpg")
    except OSError:
        pytest.skip("this system makes no links")
    assert len(read_scenes(folder, work)) == 1


def test_too_many_files_in_a_folder(tmp_path: Path, work: Path) -> None:
    for n in range(5):
        (tmp_path / f"{n}.txt").write_bytes(b"x")
    with pytest.raises(ImageryError, match="more than 3"):
        read_scenes(tmp_path, work, limits=Limits(max_members=3))


def test_names_in_gbk_are_read(tmp_path: Path, work: Path) -> None:
    import zipfile

    name = "航拍/六枝.jpg"
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X" * len(name.encode("gbk")), content(".jpg", tmp_path))
    data = path.read_bytes().replace(b"X" * len(name.encode("gbk")), name.encode("gbk"))
    path.write_bytes(data)
    (scene,) = read_scenes(path, work)
    assert scene.member == name
