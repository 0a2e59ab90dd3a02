"""`python -m checks` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks import catalogue
from checks.__main__ import FAILED, main
from layers import LayerFolder
from tests.cases import FOLDER, Case

DAY = "2026-06-30"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of layers as `python -m layers` leaves it."""
    layers = Case(FOLDER / "tobacco-near-school" / "finding.toml").layers()
    for theme, layer in layers.items():
        layer.write(tmp_path / "layers" / f"{theme}.parquet")
    assert layers.walking is not None
    layers.walking.save(tmp_path / "layers" / "walking")
    return tmp_path / "layers"


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert all(name in out and entry.check.title.en in out for name, entry in catalogue().items())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explain_shows_the_rule_of_the_day(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["explain", "tobacco-near-school", "--rules", "demo", "--lang", lang]
    assert main([*asked, "--on", DAY]) == 0
    now = capsys.readouterr().out
    limit = {"zh": "<= 100 米", "en": "<= 100 m"}[lang]
    assert limit in now
    assert {"zh": "未核实", "en": "unverified"}[lang] in now
    assert main([*asked, "--on", "2020-01-01"]) == 0
    before = capsys.readouterr().out
    assert limit not in before
    assert "2021-06-01" in before


def test_rules_lists_packs_with_their_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "us-philadelphia" in out
    assert "(0/1 verified)" in out
    assert "draft" in out


def test_run_writes_and_tells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder.parent / "out" / "findings.geojson"
    code = main(["run", "tobacco-near-school", "--layers", str(folder), "--rules", "demo",
                 "--on", DAY, "--out", str(out), "--lang", "en"])  # fmt: skip
    said = capsys.readouterr().out
    assert code == 0
    assert "tobacco-near-school" in said
    assert "not verified" in said
    (feature,) = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert feature["properties"]["verdict"] == "inside"
    assert feature["properties"]["licence_class"] == "issued_after_rule"
    assert feature["geometry"]["type"] == "LineString"
    themes = {layer["theme"]: layer["sha256"] for layer in feature["properties"]["layers"]}
    assert all(len(digest) == 64 for digest in themes.values())
    assert "tobacco_licence" in themes


def test_run_all_says_no_data_and_never_clear(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder.parent / "all.geojson"
    assert main(["run", "all", "--layers", str(folder), "--rules", "demo", "--on", DAY,
                 "--all", "--out", str(out), "--lang", "en"]) == 0  # fmt: skip
    said = capsys.readouterr().out
    there = set(LayerFolder(folder))
    without = [name for name, one in catalogue().items() if not set(one.check.needs) <= there]
    assert said.count("no data (not the same as clear)") == len(without) >= 7
    assert "python -m layers import" in said
    assert len(json.loads(out.read_text(encoding="utf-8"))["yicha"]["no_data"]) == len(without)


def test_two_checks_by_comma(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "tobacco-near-school, bar-near-school", "--layers", str(folder),
                 "--on", DAY, "--out", str(folder.parent / "x.geojson")]) == 0  # fmt: skip
    assert "bar-near-school" in capsys.readouterr().out


def test_a_failed_check_gives_its_own_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "walking" / "edge_m.npy").write_bytes(b"cut")
    out = folder.parent / "x.geojson"
    code = main(["run", "tobacco-near-school", "--layers", str(folder), "--rules", "demo",
                 "--on", DAY, "--out", str(out), "--lang", "en"])  # fmt: skip
    said = capsys.readouterr()
    assert code == FAILED
    assert "failed" in said.out
    assert "Traceback" in said.err
    read = json.loads(out.read_text(encoding="utf-8"))
    assert read["features"] == []
    assert read["yicha"]["failures"][0]["check"] == "tobacco-near-school"


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"--rules": "atlantis"}, "foshan"),
        ({"--on": "30/06/2026"}, "YYYY-MM-DD"),
        ({"--layers": "nowhere"}, "python -m layers"),
    ],
)
def test_a_mistake_is_explained(
    change: dict[str, str], wanted: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"--layers": str(folder), "--rules": "demo", "--on": DAY,
               "--out": str(folder.parent / "x.geojson")} | change  # fmt: skip
    assert main(["run", "tobacco-near-school", *(w for pair in options.items() for w in pair)]) == 1
    said = capsys.readouterr().err
    assert "Remedy" in said
    assert wanted in said
    assert not (folder.parent / "x.geojson").exists()


def test_an_unknown_check_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "chess"]) == 1
    assert "bar-near-school" in capsys.readouterr().err


def test_docs_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "--check"]) == 0
    assert "current" in capsys.readouterr().out
