"""A table on its way in: the wrong datum is told with its shift, and mended from the kept original."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import layers.commands
from layers import read_layer
from layers.errors import Cancelled, LayerError, SourceError
from layers.importing.look import look_at
from layers.importing.manifest import Manifest
from layers.importing.report_table import rejected_csv
from layers.measures import geodesic_distance
from layers.shelf import Shelf, ground_of, prepare, put_up, raw_table, settings_to_mend, told_of
from layers.shell import run_commands
from tests.layers.shelf.conftest import gbk_csv, schools, workbook

AT = "2026-07-01T08:00:00+08:00"


def bring(folder: Path, file: Path, datum: str, target: Path) -> Shelf:
    shelf, manifest = Shelf(folder), Manifest(theme="school", datum=datum)
    table = raw_table(file, manifest, "名录.csv")
    taken = prepare(table, manifest, shelf, target, ground_of(folder, "school", table.sha256))
    put_up(shelf, "school", target, told_of(taken, "名录.csv"), file, by="王检", at=AT)
    return shelf


@pytest.mark.parametrize("make", [gbk_csv, workbook])
def test_every_reading_is_told_and_the_right_one_proposed(
    folder: Path, tmp_path: Path, make: Callable[[Path, str], Path]
) -> None:
    table = raw_table(make(tmp_path / "t.bin", "gcj02"), Manifest(theme="school"), "名录")
    found = look_at(table, Manifest(theme="school"), ground_of(folder, "school", table.sha256))
    assert found["header_row"] == 2
    assert found["datum"]["best"] == "gcj02"
    off = {one["datum"]: one["offset_m"] for one in found["datum"]["readings"]}
    assert off["gcj02"] < 1 < 300 < off["wgs84"] < off["bd09"]
    assert {one["header"]: one["personal"] for one in found["columns"]}["联系电话"] == "phone"
    cells = str(found["sample"]["cells"])
    assert "13800138000" not in cells
    assert "王小明" not in cells
    assert all(one["read"] == 11 for one in found["datum"]["readings"])


def test_a_layer_of_the_same_file_is_no_witness(folder: Path, tmp_path: Path) -> None:
    file = gbk_csv(tmp_path / "a.csv", "gcj02")
    table = raw_table(file, Manifest(theme="school"))
    schools(table.sha256).write(folder / "school.parquet")
    assert "school" not in (ground_of(folder, "school", table.sha256).trusted or {})
    assert "school" in (ground_of(folder, "school", "0" * 64).trusted or {})


def test_wrong_datum_is_doubted_then_mended_then_undone(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    schools().write(folder / "school-survey.parquet")  # a second file that stays a witness
    shelf = bring(folder, gbk_csv(tmp_path / "a.csv", "gcj02"), "wgs84", tmp_path / "ready.parquet")
    wrong = shelf.standing("school")
    assert wrong is not None
    assert wrong.doubt is not None
    assert (wrong.doubt["best"], wrong.counts) == ("gcj02", {"in": 12, "out": 11, "rejected": 1, "aside": 0, "unplaced": 0, "fields": 0})  # fmt: skip
    assert shift(folder) > 300
    assert (
        len((ground_of(folder, "school", "0" * 64).trusted or {})["school"]) == 12
    )  # not the doubted one
    original, manifest, shown = settings_to_mend(shelf, "school")
    assert original.read_bytes() == (tmp_path / "a.csv").read_bytes()
    assert (manifest.datum, shown) == ("wgs84", "名录.csv")
    told = [
        "mend",
        str(folder / "school.parquet"),
        "--datum",
        "gcj02",
        "--by",
        "王检",
        "--lang",
        "zh",
    ]
    assert run_commands(layers.commands, "layers", "", told) == 0
    assert shift(folder) < 1
    assert "导入报告" in capsys.readouterr().out
    assert (
        run_commands(
            layers.commands, "layers", "", ["undo", str(folder / "school.parquet"), "--lang", "zh"]
        )
        == 0
    )
    assert "第 2 版" in capsys.readouterr().out
    assert shift(folder) > 300


def shift(folder: Path) -> float:
    found = read_layer(folder / "school.parquet").frame.set_index("name").geometry
    at = schools().frame.set_index("name").geometry["西河小学"]
    here = found["西河小学"]
    return float(geodesic_distance(here.x, here.y, at.x, at.y))


def test_the_right_datum_is_not_doubted(folder: Path, tmp_path: Path) -> None:
    shelf = bring(folder, gbk_csv(tmp_path / "a.csv", "gcj02"), "gcj02", tmp_path / "ready.parquet")
    now = shelf.standing("school")
    assert now is not None
    assert now.doubt is None
    assert now.quality is not None
    assert (now.quality["rows"], now.quality["outside"], now.quality["twice"]) == (11, 0, 0)
    report = shelf.report("school", now.number)
    assert report is not None
    table = rejected_csv(report, "zh")
    assert table.startswith("\ufeff行号")
    assert "坐标无法读取" in table
    assert "\n5," in table


def test_a_stop_between_two_steps_writes_nothing(folder: Path, tmp_path: Path) -> None:
    manifest = Manifest(theme="school", datum="gcj02")
    table = raw_table(gbk_csv(tmp_path / "a.csv", "gcj02"), manifest)
    with pytest.raises(Cancelled):
        prepare(
            table,
            manifest,
            Shelf(folder),
            tmp_path / "r.parquet",
            ground_of(folder, "school", "0"),
            stopped=lambda: True,
        )
    assert not (tmp_path / "r.parquet").exists()


def test_errors_name_the_file_as_it_is_called_not_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "content.csv").write_bytes(b"\0\1\2" * 400)
    with pytest.raises(SourceError) as told:
        raw_table(tmp_path / "content.csv", Manifest(theme="school"), "名录.csv")
    assert str(tmp_path) not in str(told.value)


def test_the_header_row_a_person_names_is_obeyed(tmp_path: Path) -> None:
    file = gbk_csv(tmp_path / "a.csv", "wgs84")
    assert raw_table(file, Manifest(theme="school", header_row=1)).header_row == 1
    none = raw_table(file, Manifest(theme="school", header_row=0))
    assert (none.header_row, len(none)) == (0, 14)
    assert none.frame.columns[0] == "column 1"
    with pytest.raises(SourceError, match="row 99"):
        raw_table(file, Manifest(theme="school", header_row=99))


def test_without_a_kept_original_nothing_can_be_mended(folder: Path) -> None:
    with pytest.raises(LayerError, match="no import"):
        settings_to_mend(Shelf(folder), "school")
