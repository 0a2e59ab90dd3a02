"""`python -m layers osm`: what it writes, prints, replaces and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import LayerFolder
from layers.__main__ import main
from layers.shelf import Shelf
from layers.shelf.shelf import VERSIONS
from tests.layers.towns import OsmTown, layer, point


def _town(*, shop: bool = True, way: bool = True) -> OsmTown:
    town = OsmTown()
    town.campus(1, 0, 0, 100, amenity="school", name="云溪小学")
    town.node(20, 300, 0)
    town.node(21, 400, 0)
    if way:
        town.way(2, [20, 21], highway="residential")
    if shop:
        town.node(30, 350, 10, shop="tobacco")
    return town


def _run(tmp_path: Path, town: OsmTown, *more: str) -> int:
    file = town.save(tmp_path / "town.osm")
    return main(["osm", str(file), "--out", str(tmp_path / "out"), "--lang", "en", *more])


def _names(tmp_path: Path) -> set[str]:
    """What is read; the versions lie beside it."""
    return {file.name for file in (tmp_path / "out").iterdir()} - {VERSIONS}


def test_it_writes_the_themes_found_and_the_network(tmp_path: Path) -> None:
    assert _run(tmp_path, _town()) == 0
    assert _names(tmp_path) == {
        "school.parquet", "tobacco_retailer.parquet", "road.parquet", "walking",
    }  # fmt: skip
    folder = LayerFolder(tmp_path / "out")
    assert folder["school"].frame["name"].tolist() == ["云溪小学"]
    assert folder.walking is not None
    assert len(folder.walking.edge_m) == 1


def test_it_says_what_is_there_and_what_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(tmp_path, _town(shop=False))
    said = capsys.readouterr().out
    assert "school                      1 rows" in said
    assert "walking                     1 rows" in said
    last = said.splitlines()[-1]
    assert last.startswith("Not in this extract (not the same as none on the ground)")
    assert "tobacco_retailer" in last
    assert "school," not in last


def test_it_speaks_chinese_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(tmp_path, _town(), "--lang", "zh")
    said = capsys.readouterr().out
    assert "学校与幼儿园" in said
    assert "不等于实地没有" in said


def test_a_second_run_replaces_what_the_first_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(tmp_path, _town())
    assert _run(tmp_path, _town(shop=False, way=False)) == 0
    assert _names(tmp_path) == {"school.parquet"}
    said = capsys.readouterr().out
    assert "removed, left by an earlier run: tobacco_retailer.parquet" in said
    assert "no walking network" in said


def test_every_run_is_a_version_that_can_be_brought_back(tmp_path: Path) -> None:
    _run(tmp_path, _town(), "--by", "李检")
    _run(tmp_path, _town(shop=False))
    shelf = Shelf(tmp_path / "out")
    assert [one.number for one in shelf.versions("school")] == [1, 2]
    assert shelf.standing("tobacco_retailer") is None
    [shops] = shelf.versions("tobacco_retailer")
    assert (shops.by, shops.rows, shops.file, shops.datum) == ("李检", 1, "town.osm", "wgs84")
    assert shops.undone
    shelf.bring_back("tobacco_retailer", 1, by="李检", at="2026-07-01T10:00:00+08:00")
    assert "tobacco_retailer" in LayerFolder(tmp_path / "out")


def test_shops_that_may_sell_tobacco_are_an_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = _town()
    town.node(31, 360, 10, shop="kiosk")
    _run(tmp_path, town, "--proxy-tobacco")
    assert len(LayerFolder(tmp_path / "out")["tobacco_retailer"]) == 2
    assert "candidates only" in capsys.readouterr().out


def test_layers_of_other_sources_are_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shops = layer("tobacco_retailer", [point(0, 0)]).write(
        tmp_path / "out" / "tobacco_retailer.parquet"
    )
    before = shops.read_bytes()
    assert _run(tmp_path, _town()) == 1
    assert "another source" in capsys.readouterr().err
    assert shops.read_bytes() == before
    assert _names(tmp_path) == {shops.name}
    assert _run(tmp_path, _town(shop=False)) == 0  # nothing to write there: left alone
    assert shops.read_bytes() == before


def test_a_damaged_file_leaves_the_folder_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(tmp_path, _town())
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out").iterdir()}
    (tmp_path / "town.osm").write_text("<osm version='0.6'><node", encoding="utf-8")
    assert main(["osm", str(tmp_path / "town.osm"), "--out", str(tmp_path / "out")]) == 1
    assert "Remedy" in capsys.readouterr().err
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out").iterdir()} == before


@pytest.mark.shared
def test_guixi_says_that_it_has_no_shops(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared_data / "osm-cn-guixi" / "guixi_jiangxi_2024.osm.pbf"
    assert main(["osm", str(file), "--out", str(tmp_path), "--lang", "en"]) == 0
    assert "tobacco_retailer, ecig_retailer" in capsys.readouterr().out.splitlines()[-1]
    assert "tobacco_retailer" not in LayerFolder(tmp_path)
