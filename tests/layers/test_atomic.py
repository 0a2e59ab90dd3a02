"""Whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from layers.atomic import write_text, written_whole


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
