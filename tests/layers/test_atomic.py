"""Whole or not at all."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from layers.atomic import sweep_partials, write_text, written_whole


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = write_text(tmp_path / "deep" / "a.txt", "old")
    with pytest.raises(UnicodeEncodeError), written_whole(target) as partial:
        partial.write_text("half" * 10_000 + "\ud800", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(target.parent.iterdir()) == [target]


def test_writers_of_one_target_do_not_meet(tmp_path: Path) -> None:
    texts = [str(number) * 10_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_text(tmp_path / "a.txt", text), texts * 20))
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") in texts
    assert len(list(tmp_path.iterdir())) == 1


def test_what_killed_writers_left_is_swept_after_a_day(tmp_path: Path) -> None:
    names = (".a.json.7-9.partial", ".b.partial.geojson", "deep/.c.partial", "own/.d.partial", "e.partial", ".f")  # fmt: skip
    for name in names:
        write_text(tmp_path / name, "half")
        os.utime(tmp_path / name, (1000, 1000))
    write_text(tmp_path / ".new.partial", "half")
    os.utime(tmp_path / ".new.partial", (90_000, 90_000))
    assert sweep_partials(tmp_path, 1000 + 3600, skip=tmp_path / "own") == 0
    assert sweep_partials(tmp_path, 1001 + 86_400, skip=tmp_path / "own") == 3
    left = {one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*") if one.is_file()}
    assert left == {"own/.d.partial", "e.partial", ".f", ".new.partial"}
    assert sweep_partials(tmp_path / "none", 0) == 0
