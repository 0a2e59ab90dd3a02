from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from layers.errors import SourceError
from layers.importing.originals import keep_original, parts_of


def test_an_original_is_kept_byte_for_byte_and_read_only(tmp_path: Path) -> None:
    source = tmp_path / "店铺.csv"
    source.write_bytes(b"\xff\x00a\r\n")
    copy = keep_original(source, tmp_path / "sources")
    assert copy.read_bytes() == source.read_bytes()
    assert copy.parent.name == hashlib.sha256(source.read_bytes()).hexdigest()
    assert not copy.stat().st_mode & 0o222
    assert keep_original(source, tmp_path / "sources") == copy
    assert [p.name for p in copy.parent.iterdir()] == ["店铺.csv"]


def test_a_damaged_copy_is_replaced(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"abc")
    copy = keep_original(source, tmp_path / "k")
    copy.chmod(0o600)
    copy.write_bytes(b"ab")
    assert keep_original(source, tmp_path / "k").read_bytes() == b"abc"


def test_companions_of_a_shapefile_go_along(tmp_path: Path) -> None:
    for name in ("a.shp", "a.dbf", "a.prj", "a.txt", "b.dbf"):
        (tmp_path / name).write_bytes(name.encode())
    assert [p.name for p in parts_of(tmp_path / "a.shp")] == ["a.shp", "a.dbf", "a.prj"]
    kept = keep_original(tmp_path / "a.shp", tmp_path / "k").parent
    assert sorted(p.name for p in kept.iterdir()) == ["a.dbf", "a.prj", "a.shp"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"abc")
    with pytest.raises(SourceError) as caught:
        keep_original(source, source / "inside a file")
    assert "--keep" in caught.value.remedy
