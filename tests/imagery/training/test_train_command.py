"""`python -m imagery train` on a store: figures, switched on only where it is better, kept anyway."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest

from imagery.__main__ import main
from imagery.detectors import Shot, shot_of
from imagery.ingest import ingest
from imagery.store import Store
from imagery.training import present
from tests.imagery.detectors.heaps import draw, ground

HEAPS = {"one": (100, 120, 200, 200), "two": (300, 300, 420, 380), "three": (400, 60, 500, 180)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store of three scenes, and labels of them."""
    folder = tmp_path_factory.mktemp("train")
    rows = []
    with_store = folder / "store"
    store = Store.open(with_store)
    for number, (name, heap) in enumerate(HEAPS.items()):
        drawn = draw(folder, name, [heap], seed=number)
        report = ingest(
            [drawn.scene.source], store, received="2026-06-01T09:00:00+08:00", generated=True
        )
        [scene] = [one for row in report.rows for one in row.scenes]
        rows += _labels(scene, drawn, heap)
        assert shot_of(store, scene).ground.gsd_m == pytest.approx(0.25, rel=0.01)
    labels = gpd.GeoDataFrame(rows, crs="EPSG:4326")
    path = folder / "labels.parquet"
    labels.to_parquet(path)
    return with_store, path


def _labels(scene: str, drawn: Shot, heap: tuple[int, int, int, int]) -> list[dict[str, object]]:
    said = {"who": "张某", "when": "2026-06-01", "scene": scene}
    return [said | {"label": "not", "geometry": ground(drawn, 0, 0, 640, 640)},
            said | {"label": "waste", "geometry": ground(drawn, *heap)}]  # fmt: skip


def test_train_keeps_the_model_and_its_card(
    place: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, labels = place
    models = tmp_path / "models"
    code = main(["train", "--labels", str(labels), "--store", str(store), "--out", str(models / "first"),
                 "--who", "李某", "--lang", "en"])  # fmt: skip
    told = capsys.readouterr().out
    card = json.loads((models / "first" / "card.json").read_text(encoding="utf-8"))
    assert (
        card["switched_on"]
        == (code == 0)
        == ("switched on" in told and "not switched on" not in told)
    )
    assert len(card["scenes"]) == 3
    assert card["split"].startswith("cross-validated")
    assert len(card["labels"]["sha256"]) == len(card["sha256"]) == 64
    assert (present(models) is not None) == (code == 0)
    assert (
        main(
            [
                "train",
                "--labels",
                str(labels),
                "--store",
                str(store),
                "--out",
                str(models / "second"),
                "--lang",
                "en",
            ]
        )
        == 1
    )
    if code == 0:
        assert "not seen" in capsys.readouterr().out
        assert present(models) == models / "first"
    assert main(["models", str(models), "--lang", "en"]) == 0
    listed = capsys.readouterr().out
    assert "first" in listed
    assert "second" in listed
