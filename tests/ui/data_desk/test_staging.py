"""Tables on their way in: names are never paths, old ones are swept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from layers.errors import YichaError
from ui.data_desk.staging import Staging

TOLD = {"by": "王检", "at": "2026-07-01T08:00:00+08:00"}


@pytest.mark.parametrize(
    "name", ["../../etc/a.csv", "a/b.csv", "C:\\x.csv", "a\0.csv", "..", "con.csv", "a.exe", "a", "a.sh", ".csv/"],
)  # fmt: skip
def test_a_hostile_name_is_refused_or_never_used(tmp_path: Path, name: str) -> None:
    with pytest.raises(YichaError):
        Staging(tmp_path / "tables").begin(name, **TOLD)
    assert list(tmp_path.rglob("*")) == []


def test_the_bytes_lie_under_a_name_of_our_own(tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    made = staging.keep("学校 名录(2026).CSV.GZ", Path(__file__), **TOLD)
    assert made.path.read_bytes() == Path(__file__).read_bytes()
    assert made.path == tmp_path / made.id / "content.csv.gz"
    assert staging.get(made.id) == made
    assert made.name == "学校 名录(2026).CSV.GZ"
    staging.discard(made.id)
    assert staging.get(made.id) is None


@pytest.mark.parametrize("staged", [None, "", "..", "../x", "0" * 32, "g" * 32])
def test_an_id_is_never_a_path(tmp_path: Path, staged: str | None) -> None:
    assert Staging(tmp_path).get(staged) is None
    Staging(tmp_path).discard(staged or "..")
    assert tmp_path.is_dir()


def test_tables_nobody_put_up_are_swept(tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    old, new = (staging.keep(f"{n}.csv", Path(__file__), **TOLD) for n in "ab")
    os.utime(old.path.parent, (0, 0))
    staging.sweep(8 * 86_400.0)
    assert staging.get(old.id) is None
    assert staging.get(new.id) is not None
