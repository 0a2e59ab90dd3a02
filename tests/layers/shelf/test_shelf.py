"""Versions of a layer file: put up whole, undone, brought back; a kill leaves the old layer or the new."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from layers import LayerFolder, read_layer
from layers.errors import LayerError
from layers.provenance import sha256_of
from layers.shelf import Shelf, Version
from layers.shelf.about import held
from tests.layers.shelf.conftest import schools

AT = "2026-07-01T08:00:00+08:00"
TOLD = {
    "theme": "school",
    "rows": 12,
    "file": "名录.xlsx",
    "sources": ("b" * 64,),
    "datum": "wgs84",
}


def put(shelf: Shelf, made: Path, expected: str | None = None) -> Version:
    return shelf.put("school", made, TOLD, by="王检", at=AT, expected=expected)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    return schools("b" * 64).write(tmp_path / "made.parquet")


def test_what_lay_there_is_kept_and_undo_brings_it_back(folder: Path, newer: Path) -> None:
    shelf, first = Shelf(folder), sha256_of(folder / "school.parquet")
    made = put(shelf, newer)
    assert (made.number, made.before, made.by) == (2, 1, "王检")
    assert shelf.hash("school") == sha256_of(newer) != first
    assert [one.kind for one in shelf.versions("school")] == ["found", "imported"]
    now = shelf.undo("school", by="李复核", at=AT, why="坐标系有误")
    assert now is not None
    assert (now.number, shelf.hash("school")) == (1, first)
    undone = shelf.versions("school")[1]
    assert undone.undone
    assert undone.deeds[0]["why"] == "坐标系有误"
    back = shelf.bring_back("school", 2, by="王检", at=AT)
    assert not back.undone
    assert shelf.hash("school") == sha256_of(newer)
    assert set(LayerFolder(folder)) == {"road", "school", "township"}  # versions are no layers


def test_a_layer_that_people_draw_is_not_imported_over(folder: Path, newer: Path) -> None:
    shelf, drawn = Shelf(folder), folder / "drawn-school.parquet"
    drawn.write_bytes(b"drawn by hand")
    with pytest.raises(LayerError, match="drawn, not imported"):
        shelf.put("drawn-school", newer, TOLD, by="王检", at=AT)
    assert drawn.read_bytes() == b"drawn by hand"
    assert shelf.versions("drawn-school") == ()


def test_the_first_import_of_a_layer_is_undone_to_none(folder: Path, newer: Path) -> None:
    shelf = Shelf(folder)
    shelf.put("bar", newer, {**TOLD, "theme": "bar"}, by="", at=AT)
    assert shelf.undo("bar", by="", at=AT) is None
    assert not (folder / "bar.parquet").exists()
    assert shelf.standing("bar") is None
    with pytest.raises(LayerError, match="undone"):
        shelf.undo("bar", by="", at=AT)


def test_what_nobody_imported_here_cannot_be_undone(folder: Path, newer: Path) -> None:
    shelf = Shelf(folder)
    with pytest.raises(LayerError, match="no import of it"):
        shelf.undo("school", by="", at=AT)
    put(shelf, newer)
    shelf.undo("school", by="", at=AT)
    with pytest.raises(LayerError, match="no import of it"):
        shelf.undo("school", by="", at=AT)


def test_somebody_elses_import_is_not_overwritten(folder: Path, newer: Path) -> None:
    shelf = Shelf(folder)
    seen = shelf.hash("school") or ""
    put(shelf, newer, seen)
    with pytest.raises(LayerError, match="meanwhile"):
        put(shelf, newer, seen)
    with pytest.raises(LayerError, match="meanwhile"):
        shelf.undo("school", by="", at=AT, expected=seen)
    assert len(shelf.versions("school")) == 2


@pytest.mark.parametrize(
    "name", ["../school", "School", "", "a/b", "drawn-fire_lane", "..", "x" * 81]
)
def test_a_name_is_never_a_path(folder: Path, newer: Path, name: str) -> None:
    with pytest.raises(LayerError):
        Shelf(folder).put(name, newer, TOLD, by="", at=AT)
    assert sorted(one.name for one in folder.parent.iterdir()) == ["layers", "made.parquet"]


def test_what_a_kill_left_half_made_is_passed_over(folder: Path, newer: Path) -> None:
    shelf = Shelf(folder)
    first = put(shelf, newer)
    place = folder / "versions" / "school"
    (place / "0003.json").touch()  # the number was taken, nothing more
    (place / "0004.json").write_text(json.dumps({"number": 4})[:9], encoding="utf-8")
    (place / ".school.parquet.1-1.partial").write_bytes(b"PAR1")
    assert shelf.standing("school") == first
    assert [one.number for one in shelf.versions("school")] == [1, 2]
    assert put(shelf, newer).number == 5
    now = shelf.undo("school", by="", at=AT)
    assert now is not None
    assert now.number == 2


def test_a_killed_import_leaves_a_whole_layer(folder: Path, newer: Path) -> None:
    code = ("import sys\nfrom layers.shelf import Shelf\nfrom pathlib import Path\n"
            "shelf = Shelf(sys.argv[1])\n"
            "for n in range(10_000):\n"
            "    told = {'theme': 'school', 'rows': 12, 'file': str(n), 'sources': (), 'datum': ''}\n"
            "    shelf.put('school', Path(sys.argv[2]), told, by='', at='')\n"
            "    print(n, flush=True)\n")  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(newer)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(5):
            process.stdout.readline()
        process.kill()
    shelf = Shelf(folder)
    assert len(read_layer(folder / "school.parquet")) == 12
    standing = shelf.standing("school")
    assert standing is not None
    assert standing.layer_sha256 == sha256_of(newer)
    assert put(shelf, newer).number > standing.number


def test_an_original_is_found_by_its_hash_alone(folder: Path) -> None:
    shelf = Shelf(folder)
    kept = folder / "sources" / ("c" * 64)
    kept.mkdir(parents=True)
    (kept / "a.csv").write_text("x", encoding="utf-8")
    assert shelf.original("c" * 64) is None  # other bytes than its name says
    assert shelf.original("../school.parquet") is None
    digest = sha256_of(kept / "a.csv")
    kept.rename(kept.with_name(digest))
    assert shelf.original(digest) == folder / "sources" / digest / "a.csv"


def test_the_folder_is_told_without_reading_rows(folder: Path, newer: Path) -> None:
    shelf = Shelf(folder)
    put(shelf, newer)
    found = {one.name: one for one in held(shelf, "2026-12-01")}
    assert sorted(found) == ["road", "school", "township"]
    school = found["school"]
    assert (school.rows, school.versions, school.theme) == (12, 2, "school")
    assert [age.state for age in school.ages] == ["fresh"]
    assert not found["road"].late
    late = {one.name for one in held(shelf, "2027-06-01") if one.late}
    assert late == {"school"}
