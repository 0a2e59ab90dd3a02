"""Table models in the catalogue: found by their folder, alike in every command, broken ones told."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from checks import catalogue, get_check, load_rules, run
from checks.__main__ import FAILED, main
from checks._catalogue import broken_models
from checks._docs import page
from checks._rulebook.reading import catalogue_checks as checks_by_id
from checks._rulebook.reading import parse_pack
from checks._tables.model import FOLDER, VARIABLE, model_folders, models
from layers import LayerSet
from layers.errors import RuleError
from tests.checks.tables import DAY, HEAD, SIDES, VERDICT, layers_of

OWN = (HEAD + SIDES + VERDICT).replace("paid-twice", "own-model")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An office's folder: one model that is fine, one that is not."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "own-model.toml").write_text(OWN, encoding="utf-8")
    (folder / "bad-model.toml").write_text('id = "bad-model"\ntitel = "x"\n', encoding="utf-8")
    return folder


@pytest.fixture
def office(own: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(own))
    return own


def test_every_model_of_the_project_is_in_the_catalogue() -> None:
    assert not broken_models()
    for file in FOLDER.glob("*.toml"):
        entry = catalogue()[file.stem]
        assert entry.is_model
        assert entry.file == f"data/models/{file.name}"
    assert catalogue()["bar-near-school"].file == "checks/bar_near_school.py"


@pytest.mark.usefixtures("office")
def test_a_broken_model_takes_down_no_other() -> None:
    assert "own-model" in catalogue()
    assert "bad-model" not in catalogue()
    assert set(broken_models()) == {"bad-model"}
    with pytest.raises(RuleError, match=r"titel.*did you mean 'title'"):
        get_check("bad-model")
    result = run(["own-model"], LayerSet({}), None, DAY)
    assert result.no_data("own-model")


def test_a_mended_file_is_read_again(office: Path) -> None:
    bad = office / "bad-model.toml"
    assert "bad-model" in broken_models()
    bad.write_text(OWN.replace("own-model", "bad-model"), encoding="utf-8")
    os.utime(bad, (time.time() + 2, time.time() + 2))
    assert "bad-model" in catalogue()
    assert not broken_models()


@pytest.mark.usefixtures("office")
def test_an_id_is_used_once(own: Path) -> None:
    (own / "soil-water-fee.toml").write_text(
        OWN.replace("own-model", "soil-water-fee"), encoding="utf-8"
    )
    (own / "bar-near-school.toml").write_text(
        OWN.replace("own-model", "bar-near-school"), encoding="utf-8"
    )
    told = broken_models()
    assert "used twice" in str(told["soil-water-fee"])
    assert "checks/" in str(told["bar-near-school"])
    assert catalogue()["soil-water-fee"].file.startswith("data/models")
    assert not catalogue()["bar-near-school"].is_model


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such folder"):
        models((tmp_path / "none",))
    assert model_folders()[0] == FOLDER


def test_the_commands_take_a_folder_of_models(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["--models", str(own), "--lang", "en"]
    assert main(["list", *told]) == 0
    listed = capsys.readouterr().out
    assert "own-model" in listed
    assert "broken model, not run: " in listed
    assert main(["explain", "own-model", *told]) == 0
    assert "false alarm" in capsys.readouterr().out
    assert main(["explain", "bad-model", *told]) == 1
    assert "did you mean 'title'" in capsys.readouterr().err
    tables = {
        "project": [{"id": "a", "name": "甲", "project_no": "1"}],
        "fee_ledger": [{"id": "1", "project_no": "2"}],
    }
    for theme, layer in layers_of(tables).items():
        layer.write(tmp_path / "layers" / f"{theme}.parquet")
    out = tmp_path / "found.geojson"
    ask = ["--layers", str(tmp_path / "layers"), "--on", DAY, "--out", str(out), *told]
    assert main(["run", "own-model", *ask]) == 0
    (feature,) = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert feature["geometry"] is None
    assert feature["properties"]["reasons"][0] == "none of 甲"
    assert main(["run", "all", *ask]) == FAILED
    assert "bad-model: broken model" in capsys.readouterr().err
    assert VARIABLE not in os.environ
    assert "own-model" not in catalogue()


@pytest.mark.usefixtures("office")
def test_the_projects_page_has_no_model_of_an_office() -> None:
    assert "own-model" not in page()
    assert "data/models/soil-water-fee.toml" in page()


def test_a_rule_pack_sets_the_limit_of_a_model() -> None:
    (rule,) = load_rules("demo").of("site-certificate")
    assert (rule.value, rule.unit, rule.comparator, rule.is_distance) == (180, "days", ">", False)
    raw = (
        Path("data/rules/demo.toml")
        .read_bytes()
        .replace(b'limit = "filter_days"', b'limit = "filter"')
    )
    with pytest.raises(RuleError, match="filter_days"):
        parse_pack(raw, Path("demo.toml"), checks_by_id())
