"""Scenes in a store are moved with item, view and record; the original is never touched."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from rasterio.transform import Affine

from imagery.__main__ import main
from imagery.align import estimate, ground_of
from imagery.ingest import ingest
from imagery.scene import Stated
from imagery.store import Store
from layers.provenance import sha256_of
from tests.imagery.align.pictures import moved, texture, write

SHIFT = np.array([[1.0, 0.0, 6.0], [0.0, 1.0, -4.0]])
GROUND = texture(700)


@pytest.fixture
def store(tmp_path: Path) -> tuple[Store, str, str]:
    grid = Affine(0.5, 0, 640000, 0, -0.5, 4030000)
    files = [write(tmp_path / "before.tif", GROUND, grid, "EPSG:32649"),
             write(tmp_path / "after.tif", moved(GROUND, SHIFT), grid, "EPSG:32649")]  # fmt: skip
    held = Store.open(tmp_path / "store")
    report = ingest([file.path for file in files], held, received="2026-06-01T09:00:00+08:00",
                    stated=Stated(u_m=1.0, taken="2026-05-01T10:00:00", zone="+08:00"))  # fmt: skip
    assert not report.refused, report.text("en")
    by_name = {row.file: row.scenes[0] for row in report.rows}
    return held, by_name["before.tif"], by_name["after.tif"]


def test_a_scene_is_laid_on_another(
    store: tuple[Store, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, before, after = store
    original = sha256_of(held.original(after))
    view = sha256_of(held.view(after) or Path())
    picture = tmp_path / "pair.png"
    code = main(["align", after, "--on", before, "--store", str(held.root), "--take", "--who", "王一",
                 "--picture", str(picture), "--lang", "en"])  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["comparable"]
    assert np.hypot(told["east_m"] - 3.0, told["north_m"] - 2.0) < 0.1
    assert picture.is_file()
    assert sha256_of(held.original(after)) == original, "the original stays as received"
    assert sha256_of(held.view(after) or Path()) != view, "the view copy lies anew"
    item = held.item(after)
    assert item.properties["yicha:placed_by"] == "alignment"
    assert item.properties["yicha:received_as"]["placed_by"] == "georeference"
    assert item.properties["yicha:lineage"][-1]["who"] == "王一"
    assert held.record(after)[-1]["event"] == "moved"
    assert held.verify().good
    assert estimate(ground_of(held, before), ground_of(held, after)).distance_m < 0.1


def test_a_move_by_hand_needs_name_reason_and_error(
    store: tuple[Store, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    held, _, after = store
    base = ["align", after, "--store", str(held.root), "--by-hand", "10", "-5"]
    assert main(base) == 1
    assert "--u-m" in capsys.readouterr().err
    assert main([*base, "--u-m", "2"]) == 1
    assert "name and the reason" in capsys.readouterr().err
    assert main([*base, "--u-m", "2", "--who", "王一", "--why", "按道路交叉口"]) == 0
    told = held.item(after).properties
    assert (told["yicha:placed_by"], told["yicha:u_m"], told["yicha:known_by"]) == (
        "hand",
        2.0,
        "stated",
    )
    west = held.item(after).bbox
    assert west is not None


def test_a_scene_is_not_taken_without_a_name(
    store: tuple[Store, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    held, before, after = store
    assert main(["align", after, "--on", before, "--store", str(held.root), "--take"]) == 1
    assert "--who" in capsys.readouterr().err
    assert held.item(after).properties["yicha:placed_by"] == "georeference"
