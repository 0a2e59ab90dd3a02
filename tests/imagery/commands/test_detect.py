"""`python -m imagery detect` and `detectors`: settings and the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagery.__main__ import main
from imagery.commands.detect import settings_of
from imagery.detectors import catalogue, detector
from imagery.store import Store
from layers.errors import ImageryError


def test_the_list_names_every_detector_with_its_caveat(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detectors", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert all(entry.detector.caveat_en in said for entry in catalogue().values())


def test_the_cards_are_written(tmp_path: Path) -> None:
    assert main(["detectors", "--write", str(tmp_path / "cards.md")]) == 0
    assert "## obstruction" in (tmp_path / "cards.md").read_text(encoding="utf-8")


def test_settings_are_set_by_name_and_others_refused() -> None:
    entry = detector("change_multispectral")
    assert settings_of(entry, ["least_px=9"], 4.5) == entry.settings(least_px=9.0, cut=4.5)
    for word in ("alignment=3", "no_such=1", "least_px=many", "least_px"):
        with pytest.raises(ImageryError, match="no such setting"):
            settings_of(entry, [word], None)


def test_scenes_are_named_by_file_or_by_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Store.open(tmp_path)
    said = ["detect", "waste", "no_such.tif", "--store", str(tmp_path), "--out", "x.parquet"]
    assert main(said) == 1
    assert "no such scene" in capsys.readouterr().err
