"""The data folder: what it is called, when it changed, and what is said when it is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from layers.errors import LayerError
from ui.settings import DEMO, VARIABLE, data_folder, is_demo
from ui.workplace import layer_folder, open_workplace, stamp_of


def test_a_folder_with_its_name_and_day(hamlet_folder: Path) -> None:
    place = open_workplace(hamlet_folder)
    assert (place.name("zh"), place.name("en"), place.name("fr")) == ("石桥县", "Shiqiao", "石桥县")
    assert place.generated
    assert (place.on_date, place.rules) == ("2026-06-30", "demo")
    assert "school" in place.layers


def test_layers_may_lie_in_the_folder_itself(hamlet_folder: Path) -> None:
    inner = hamlet_folder / "layers"
    assert layer_folder(inner) == inner
    place = open_workplace(inner)
    assert place.name("zh") == "layers"
    assert not place.generated


def test_an_import_changes_the_stamp(hamlet_folder: Path) -> None:
    before = stamp_of(hamlet_folder)
    assert stamp_of(hamlet_folder) == before
    file = hamlet_folder / "layers" / "place.parquet"
    os.utime(file, (1, 1))
    assert stamp_of(hamlet_folder) != before


def test_a_missing_folder_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="python -m layers import"):
        open_workplace(tmp_path / "nothing")
    with pytest.raises(LayerError, match="python -m layers import"):
        open_workplace(tmp_path)


def test_a_damaged_description_is_named(hamlet_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    source = hamlet_folder / "layers" / "school.parquet"
    (tmp_path / "layers" / "school.parquet").write_bytes(source.read_bytes())
    (tmp_path / "county.json").write_text("{", encoding="utf-8")
    with pytest.raises(LayerError, match=r"county\.json"):
        open_workplace(tmp_path)


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert data_folder() == DEMO
    assert is_demo(data_folder())
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert data_folder() == tmp_path.resolve()
    assert not is_demo(data_folder())
