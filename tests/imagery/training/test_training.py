"""The labelling loop: labels in, a model out, tested on scenes it has not seen, the old one kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from imagery.detectors import Shot
from imagery.detectors._boosted import CARD, TREES, Boosted
from imagery.detectors.waste import Settings, detect
from imagery.training import (
    Table,
    learn,
    models_in,
    present,
    read_labels,
    save_model,
    score_scene,
    switch_on,
    table_of,
)
from imagery.training.learn import folds
from imagery.training.score import SHARES, mean_recall
from imagery.training.table import places_of
from layers.errors import ImageryError
from tests.imagery.detectors.heaps import draw, ground

PLACES = {"a": (100, 120, 200, 200), "b": (300, 300, 420, 380), "c": (400, 60, 500, 180)}


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shot]:
    folder = tmp_path_factory.mktemp("scenes")
    return {
        name: draw(folder, name, [heap], seed=n) for n, (name, heap) in enumerate(PLACES.items())
    }


@pytest.fixture(scope="module")
def labels(shots: dict[str, Shot], tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = []
    for name, heap in PLACES.items():
        shot = shots[name]
        rows += [(name, "not", ground(shot, 0, 0, 640, 640)), (name, "waste", ground(shot, *heap)),
                 (name, "unsure", ground(shot, 560, 560, 640, 640))]  # fmt: skip
    frame = gpd.GeoDataFrame({
        "scene": [row[0] for row in rows], "label": [row[1] for row in rows],
        "who": "张某", "when": "2026-06-01", "geometry": [row[2] for row in rows],
    }, crs="EPSG:4326")  # fmt: skip
    path = tmp_path_factory.mktemp("labels") / "labels.geojson"
    frame.to_file(path, driver="GeoJSON")
    return path


@pytest.fixture(scope="module")
def table(labels: Path, shots: dict[str, Shot]) -> Table:
    return table_of(read_labels(labels), shots, 5.0)


def test_the_last_label_of_a_cell_counts_and_unsure_ones_drop_out(table: Table) -> None:
    heaps = {
        name: (right - left) * (bottom - top) / 400
        for name, (left, top, right, bottom) in PLACES.items()
    }
    assert table.waste.sum() == pytest.approx(sum(heaps.values()), rel=0.2)
    assert table.unsure == 3 * 16
    assert len(table.waste) == 3 * (32 * 32 - 16)
    assert table.places == (0, 0, 0)


def test_trees_find_the_heap_of_a_scene_they_have_not_seen(table: Table) -> None:
    parted = Table(table.rows, table.waste, table.scene, table.scenes, places=(0, 1, 2))
    learnt = learn(parted)
    assert mean_recall(learnt.scores, 0.1) > 0.9
    assert learn(parted).text == learnt.text


def test_scenes_of_one_place_are_left_out_together(table: Table) -> None:
    assert [part.tolist() for part in folds(table)] == [[0, 1, 2]]
    parted = Table(table.rows, table.waste, table.scene, table.scenes, places=(0, 1, 0))
    assert sorted(part.tolist() for part in folds(parted)) == [[0, 2], [1]]


def test_places_of_scenes(shots: dict[str, Shot]) -> None:
    shape = shots["a"].ground.footprint
    assert places_of([shape, affinity.translate(shape, 1.0), shape]) in ((0, 1, 0), (1, 0, 1))


def test_a_model_is_text_with_a_card_and_is_used_by_the_detector(
    table: Table, shots: dict[str, Shot], tmp_path: Path
) -> None:
    learnt = learn(Table(table.rows, table.waste, table.scene, table.scenes, places=(0, 1, 2)))
    folder = save_model(
        tmp_path / "models" / "first", learnt.text, {"features": list(table.names), "scenes": ["a"]}
    )
    assert (folder / TREES).read_text(encoding="utf-8").startswith("tree")
    area = ground(shots["b"], 0, 0, 640, 640)
    layer = detect(shots["b"], Settings(model=folder, sensitivity="low"), area=area)
    assert layer.frame.iloc[0].geometry.intersects(ground(shots["b"], *PLACES["b"]))
    assert "model first" in layer.provenance[0].transform
    with pytest.raises(ImageryError, match="of this name"):
        save_model(folder, learnt.text, {})


def test_the_old_model_stays(tmp_path: Path, table: Table) -> None:
    models = tmp_path / "models"
    text = learn(Table(table.rows, table.waste, table.scene, table.scenes, places=(0, 1, 2))).text
    for name, day in (("first", "2026-06-01"), ("second", "2026-07-01")):
        switch_on(save_model(models / name, text, {"features": list(table.names)}), day, "李某")
    assert present(models) == models / "second"
    assert [(one.name, one.present) for one in models_in(models)] == [
        ("first", False),
        ("second", True),
    ]
    told = json.loads((models / "present.json").read_text(encoding="utf-8"))
    assert told["before"] == "first"


def test_a_changed_model_is_refused(tmp_path: Path, table: Table) -> None:
    text = learn(Table(table.rows, table.waste, table.scene, table.scenes, places=(0, 1, 2))).text
    folder = save_model(tmp_path / "first", text, {"features": list(table.names)})
    (folder / TREES).write_text(text + "\n", encoding="utf-8")
    with pytest.raises(ImageryError, match="SHA-256"):
        Boosted.open(folder)
    shutil.rmtree(folder)
    with pytest.raises(ImageryError, match="no model folder"):
        Boosted.open(folder)


def test_a_model_of_other_features_is_refused(tmp_path: Path, table: Table) -> None:
    text = learn(Table(table.rows, table.waste, table.scene, table.scenes, places=(0, 1, 2))).text
    folder = save_model(tmp_path / "first", text, {"features": ["smell"]})
    assert (folder / CARD).is_file()
    with pytest.raises(ImageryError, match="smell"):
        Boosted.open(folder).predict(table.rows, table.names)


@pytest.mark.parametrize(
    ("column", "value"), [("label", "perhaps"), ("who", " "), ("when", "soon"), ("scene", "")]
)
def test_a_wrong_label_names_row_and_field(
    labels: Path, tmp_path: Path, column: str, value: str
) -> None:
    frame = gpd.read_file(labels)
    frame[column] = frame[column].astype(str).astype(object)
    frame.loc[4, column] = value
    path = tmp_path / "labels.parquet"
    frame.to_parquet(path)
    with pytest.raises(ImageryError) as caught:
        read_labels(path)
    assert (caught.value.field, caught.value.row) == (column, 5)


def test_labels_of_one_kind_teach_nothing(labels: Path, shots: dict[str, Shot]) -> None:
    frame = read_labels(labels)
    with pytest.raises(ImageryError, match="one kind only"):
        table_of(frame[frame["label"] == "not"], shots, 5.0)
    with pytest.raises(ImageryError, match="1 labelled scenes"):
        table_of(frame[frame["scene"] == "a"], shots, 5.0)


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_figures_of_a_ranking(waste: list[bool]) -> None:
    truth = np.array(waste)
    perfect = score_scene("s", truth.astype(float), truth)
    if not truth.any():
        assert np.isnan(perfect.precision)
        return
    assert perfect.precision == pytest.approx(1.0)
    worst = score_scene("s", -truth.astype(float), truth)
    assert worst.precision <= perfect.precision
    assert list(perfect.recall) == sorted(perfect.recall)
    assert len(perfect.recall) == len(SHARES)
