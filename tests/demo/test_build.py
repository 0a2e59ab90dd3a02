"""The build: same bytes for the same seed, nothing when nothing changed, all or nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from demo.__main__ import main
from demo.build import SEED, STAMP, build, stamp_of
from layers import LayerFolder, read_layer
from layers.errors import YichaError


def _hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*")) if file.is_file()
    }  # fmt: skip


def test_the_same_seed_gives_the_same_bytes(county: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert build(again, SEED)
    assert _hashes(again) == _hashes(county)


def test_a_second_run_costs_nothing(county: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in county.rglob("*")}
    assert not build(county, SEED)
    assert {file: file.stat().st_mtime_ns for file in county.rglob("*")} == before


def test_another_seed_has_another_stamp() -> None:
    assert stamp_of(SEED) == stamp_of(SEED)
    assert stamp_of(SEED) != stamp_of(SEED + 1)


def test_a_kill_between_the_renames_leaves_the_old_county(county: Path, tmp_path: Path) -> None:
    out = tmp_path / "county"
    shutil.copytree(county, tmp_path / ".county.old")
    assert not build(out, SEED)
    assert _hashes(out) == _hashes(county)
    assert [entry.name for entry in tmp_path.iterdir()] == ["county"]


def test_a_kill_while_building_leaves_no_trace(county: Path, tmp_path: Path) -> None:
    out, half = tmp_path / "county", tmp_path / ".county.partial"
    shutil.copytree(county, out)
    (half / "layers").mkdir(parents=True)
    assert not build(out, SEED)
    assert _hashes(out) == _hashes(county)


def test_a_folder_with_other_things_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(YichaError, match="something else"):
        build(tmp_path, SEED)
    assert main(["--out", str(tmp_path)]) == 1
    assert "Remedy" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_everything_says_that_it_is_generated(county: Path) -> None:
    about = json.loads((county / "county.json").read_text(encoding="utf-8"))
    assert about["generated"] is True
    assert about["name"]["zh"] == "云溪县"
    assert (about["on_date"], about["rules"]) == ("2026-06-30", "demo")
    for file in (county / "layers").glob("*.parquet"):
        layer = read_layer(file)
        assert layer.provenance, file.name
        assert all(entry.generated for entry in layer.provenance), file.name
        assert all("generated" in entry.source for entry in layer.provenance), file.name


def test_the_counts_are_those_of_the_layers(county: Path) -> None:
    about = json.loads((county / "county.json").read_text(encoding="utf-8"))
    layers = LayerFolder(county / "layers")
    assert about["counts"] == {name: len(layers[name]) for name in about["counts"]}
    assert set(about["counts"]) == set(layers)
    assert layers.walking is not None
    assert about["counts"]["school"] == 40 + 10, "campuses of the map, signs of a patrol"


def test_people_are_not_carried_along(county: Path) -> None:
    for file in (county / "layers").glob("*.parquet"):
        frame = read_layer(file).frame.drop(columns="geometry")
        assert not {"负责人", "联系电话", "校长"} & set(frame.columns), file.name
        text = frame.astype(str).to_csv(index=False)
        assert "1540000" not in text, file.name


def test_the_stamp_is_the_last_thing_written(county: Path) -> None:
    assert (county / STAMP).read_text(encoding="utf-8").strip() == stamp_of(SEED)
