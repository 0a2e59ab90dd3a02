"""Runs: the same is the same, a thing seen twice is asked once; layers, yield and labels of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from imagery.align.apply import by_hand
from imagery.align.stored import ground_of, middle_of, move
from imagery.detectors import Shot, detector, shot_of
from imagery.queue import Queue, settings_told
from imagery.queue.labels import COLUMNS
from imagery.training import read_labels, table_of
from layers import LayerFolder, make_layer, read_layer
from layers.errors import ImageryError, LayerError
from tests.imagery.queue import made
from tests.imagery.queue.conftest import Place
from tests.imagery.queue.made import AT, DETECTOR


def _again(place: Place, **changed: object) -> str:
    asked: dict[str, object] = {
        "detector": DETECTOR, "scene_id": place.after, "before_id": place.before,
        "area": shot_of(place.queue.store, place.after).ground.footprint, "settings": {"least_m2": 40.0},
        "actor": "李某", "at": AT,
    }  # fmt: skip
    layer = made.seen(place.after, place.shapes)
    return place.queue.add(layer, **(asked | changed)).id  # type: ignore[arg-type]


def test_running_again_is_the_same_run_with_its_answers(place: Place) -> None:
    place.queue.decide(place.ids["one"], "yes", actor="李某", at=AT)
    assert _again(place) == place.run.id
    assert place.queue.candidate(place.ids["one"]).answer == "yes"
    [run] = place.queue.runs()
    assert (run.added_by, run.candidates, run.day) == ("张某", 3, "2026-05-21")
    assert run.area is not None


@pytest.mark.parametrize("changed", [
    {"detector": "waste 1.0.1"}, {"settings": {"least_m2": 50.0}}, {"before_id": None}, {"area": None},
])  # fmt: skip
def test_other_questions_are_other_runs(place: Place, changed: dict[str, object]) -> None:
    assert _again(place, **changed) != place.run.id
    assert len(place.queue.runs()) == 2


def test_a_thing_seen_twice_is_asked_once_and_counts_for_both(place: Place) -> None:
    shapes = dict(place.shapes)
    shapes["one"] = shapely.affinity.translate(shapes["one"], 1e-5, 0)
    shapes["two"] = shapely.affinity.translate(shapes["two"], 0, -0.0003)
    place.queue.decide(place.ids["one"], "no", reason="shadow", actor="李某", at=AT)
    layer = made.seen(place.after, shapes)
    other = place.queue.add(layer, detector="onnx_model 2", scene_id=place.after, before_id=place.before,
                            actor="李某", at=AT)  # fmt: skip
    assert other.candidates == 3
    waiting = place.queue.candidates()
    assert len(waiting) == 3
    assert sum(one.run_id == other.id for one in waiting) == 1
    told = {one.detector: one for one in place.queue.yield_()}
    assert (told["onnx_model 2"].no, told["onnx_model 2"].open) == (1, 2)
    assert len(place.queue.layer("waste_candidate")) == 4


def test_another_date_is_asked_again(place: Place) -> None:
    place.queue.add(made.seen(place.before, place.shapes), detector=DETECTOR, scene_id=place.before,
                    actor="李某", at=AT)  # fmt: skip
    assert len(place.queue.candidates()) == 6


def test_an_unknown_scene_is_refused(place: Place) -> None:
    with pytest.raises(ImageryError, match="no such scene"):
        _again(place, scene_id="0" * 16)
    with pytest.raises(ImageryError, match="no such scene"):
        _again(place, before_id="0" * 16)
    with pytest.raises(ImageryError, match="plain JSON"):
        _again(place, settings={"area": shapely.Point(0, 0)})


def test_the_layer_says_what_people_said(place: Place) -> None:
    ids = place.ids
    drawn = place.shapes["one"].buffer(-1e-5)
    place.queue.decide(ids["one"], "yes", outline=drawn, actor="李某", at=AT)
    place.queue.decide(ids["two"], "no", reason="quarry", actor="李某", at=AT)
    place.queue.decide(ids["three"], "unsure", reason="on_site", actor="李某", at=AT)
    layer = place.queue.layer("waste_candidate")
    rows = layer.frame.set_index("id")
    assert rows.loc[ids["one"], "confirmed"] is True or bool(rows.loc[ids["one"], "confirmed"])
    assert not rows.loc[ids["two"], "confirmed"]
    assert rows["confirmed"].isna().sum() == 1
    assert list(rows.loc[[ids["one"], ids["two"]], "outline_by"]) == ["person", "machine"]
    assert rows.loc[ids["one"], "geometry"].equals(drawn)
    assert rows.loc[ids["one"], "area_m2"] < rows.loc[ids["two"], "area_m2"] * 1.3
    assert rows.loc[ids["one"], "area_mu"] == pytest.approx(
        rows.loc[ids["one"], "area_m2"] * 3 / 2000, abs=1e-4
    )
    assert "李某" not in layer.frame.to_json()
    assert layer.provenance[0].source == DETECTOR
    with pytest.raises(ImageryError, match="no detector of obstacle ran"):
        place.queue.layer("obstacle")


def test_published_layers_are_read_by_checks_and_spare_what_was_there(
    place: Place, tmp_path: Path
) -> None:
    folder = tmp_path / "layers"
    other = made.seen(
        place.after, {"far": shapely.affinity.translate(place.shapes["one"], 0.01, 0)}
    )
    other.write(folder / "waste_candidate.parquet")
    place.queue.decide(place.ids["one"], "yes", actor="李某", at=AT)
    assert list(place.queue.publish(folder)) == ["waste_candidate"]
    place.queue.publish(folder, ["waste_candidate"])
    layer = LayerFolder(folder)["waste_candidate"]
    assert len(layer) == 4
    assert layer.frame["confirmed"].eq(True).sum() == 1
    assert not list(folder.glob(".*"))


def test_what_waits_is_left_out_where_another_file_answers(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "layers"
    by_hand = made.seen(place.after, place.shapes)
    answers = pd.array([True, True, pd.NA], dtype="boolean")
    hand = make_layer(
        "waste_candidate", by_hand.frame.assign(confirmed=answers), *by_hand.provenance
    )
    hand.write(folder / "waste_candidate.parquet")
    for _ in range(2):
        place.queue.publish(folder)
        told = read_layer(folder / "waste_candidate.queue.parquet").frame
        assert set(told["id"]) == {place.ids["three"]}
    place.queue.decide(place.ids["two"], "no", reason="quarry", actor="李某", at=AT)
    place.queue.publish(folder)
    told = read_layer(folder / "waste_candidate.queue.parquet").frame
    assert set(told["id"]) == {place.ids["two"], place.ids["three"]}


def test_a_run_that_found_nothing_is_kept(place: Place) -> None:
    none = made.seen(place.after, place.shapes).frame.iloc[:0]
    place.queue.add(make_layer("obstacle", none), detector="obstruction 1.0.0", scene_id=place.after,
                    actor="李某", at=AT)  # fmt: skip
    assert len(place.queue.layer("obstacle")) == 0
    told = {one.detector: one for one in place.queue.yield_()}["obstruction 1.0.0"]
    assert (told.runs, told.candidates, told.share_yes) == (1, 0, None)


def test_yield_counts_answers_and_reasons(place: Place) -> None:
    ids = place.ids
    place.queue.decide(ids["one"], "yes", actor="李某", at=AT)
    place.queue.decide(ids["two"], "no", reason="shadow", actor="李某", at=AT)
    place.queue.decide(ids["three"], "no", actor="李某", at=AT)
    [told] = place.queue.yield_()
    assert (told.yes, told.no, told.unsure, told.open) == (1, 2, 0, 0)
    assert told.refusals == {"shadow": 1, "none": 1}
    assert told.share_yes == pytest.approx(1 / 3)
    # Wilson's interval of 1 in 3, as tables have it
    assert told.share_low == pytest.approx(0.0615, abs=1e-3)
    assert told.share_high == pytest.approx(0.7923, abs=1e-3)


def test_answers_become_labels_and_cells(place: Place, tmp_path: Path) -> None:
    ids = place.ids
    shots: dict[str, Shot] = {}
    for name, answer in (("one", "yes"), ("two", "no"), ("three", "unsure")):
        place.queue.decide(ids[name], answer, actor="李某", at=AT)  # type: ignore[arg-type]
    other = place.queue.add(made.seen(place.before, place.shapes), detector=DETECTOR, scene_id=place.before,
                            actor="张某", at=AT)  # fmt: skip
    for one in place.queue.candidates(run=other.id):
        place.queue.decide(one.id, "no", reason="shadow", actor="李某", at=AT)
    labels = place.queue.training("waste_candidate")
    assert list(labels.columns) == [*COLUMNS, "geometry"]
    assert sorted(labels["label"]) == ["not", "not", "not", "not", "unsure", "waste"]
    labels.to_parquet(tmp_path / "labels.parquet")
    assert len(read_labels(tmp_path / "labels.parquet")) == 6
    shots = {scene: shot_of(place.queue.store, scene) for scene in (place.before, place.after)}
    table = table_of(labels, shots, 5.0)
    assert int(table.waste.sum()) == 20
    assert table.unsure == 36
    around = place.queue.training("waste_candidate", background=True)
    assert (around["who"] == "background").sum() == 2
    whole = table_of(around, shots, 5.0)
    assert int(whole.waste.sum()) == int(table.waste.sum())
    assert len(whole.rows) > 5 * len(table.rows)
    place.queue.undo(ids["two"], actor="李某", at=AT)
    assert (
        place.queue.training("waste_candidate", background=True)["who"] == "background"
    ).sum() == 1


def test_settings_are_told_so_that_equal_ones_are_equal(place: Place, tmp_path: Path) -> None:
    entry = detector("waste")
    model = tmp_path / "model"
    model.mkdir()
    (model / "trees.txt").write_text("a", encoding="utf-8")
    shape = place.shapes["one"]

    def told(model_: Path) -> dict[str, object]:
        return settings_told(
            entry.settings(
                ignore=shape, model=model_, relief=shot_of(place.queue.store, place.after)
            )
        )

    first = told(model)
    assert first == told(model)
    assert first["least_m2"] == 40.0
    (model / "trees.txt").write_text("b", encoding="utf-8")
    assert told(model) != first
    assert settings_told(None) == {}
    alignment = detector("change_rgb").settings()
    assert settings_told(alignment)["alignment"] is None


def test_a_damaged_run_is_named(place: Place) -> None:
    folder = place.queue.store.root / "candidates" / place.run.id
    record = folder / "decisions.jsonl"
    place.queue.decide(place.ids["one"], "yes", actor="李某", at=AT)
    place.queue.decide(place.ids["two"], "yes", actor="李某", at=AT)
    good = record.read_text(encoding="utf-8")
    record.write_text(good.replace('"answer": "yes"', '"answer": "no"', 1), encoding="utf-8")
    with pytest.raises(ImageryError, match="altered"):
        place.queue.candidates()
    record.unlink()
    with pytest.raises(ImageryError, match="missing"):
        place.queue.candidates()
    record.write_text(good, encoding="utf-8")
    (folder / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(ImageryError, match="damaged"):
        place.queue.runs()
    (folder / "run.json").unlink()
    assert Queue.open(place.queue.store).runs() == []


def test_a_layer_that_is_none_is_named(place: Place) -> None:
    path = place.queue.store.root / "candidates" / place.run.id / "candidates.parquet"
    path.write_bytes(b"no")
    with pytest.raises(LayerError, match="not a layer file"):
        place.queue.candidates()


def test_order_by_place_keeps_neighbours_together(place: Place) -> None:
    shape = place.shapes["one"]
    west, east = (
        [shapely.affinity.translate(shape, dx + n * 0.0001, -0.0006) for n in range(4)]
        for dx in (0.0, 0.05)
    )
    mixed = [one for pair in zip(west, east, strict=True) for one in pair]
    layer = made.seen(
        place.before, {str(n): one for n, one in enumerate(mixed)}, tuple(np.linspace(0.9, 0.1, 8))
    )
    run = place.queue.add(layer, detector=DETECTOR, scene_id=place.before, actor="李某", at=AT)
    found = place.queue.candidates(run=run.id, order="place")
    sides = [
        "west" if one.outline.centroid.x < shape.centroid.x + 0.01 else "east" for one in found
    ]
    assert sides in (["west"] * 4 + ["east"] * 4, ["east"] * 4 + ["west"] * 4)


def test_a_scene_that_was_moved_since_is_searched_anew(place: Place) -> None:
    store = place.queue.store
    ground = ground_of(store, place.after)
    moved, entry = by_hand(ground.placement, middle_of(ground), (3.0, 0.0), u_m=0.3, who="李某", when=AT,
                           why="控制点")  # fmt: skip
    assert not place.queue.candidates()[0].moved
    move(store, place.after, moved, entry)
    assert all(one.moved for one in place.queue.candidates())
    assert place.queue.candidate(place.ids["one"]).moved
    other = _again(place)
    assert other != place.run.id
    assert [one.moved for one in place.queue.candidates(run=place.run.id)] == [True] * 3


def test_verify_names_what_was_altered(place: Place) -> None:
    store = place.queue.store
    folder = store.root / "candidates" / place.run.id
    place.queue.decide(place.ids["one"], "yes", actor="李某", at=AT)
    assert store.verify().good
    record = folder / "decisions.jsonl"
    good = record.read_text(encoding="utf-8")
    lines = good.splitlines(keepends=True)
    for wrong in (good.replace("张某", "王某", 1), "".join(lines[1:]), ""):
        record.write_text(wrong, encoding="utf-8")
        [problem] = store.verify().problems
        assert (problem.code, problem.serious) == ("record", True)
    record.write_text(good, encoding="utf-8")
    layer = folder / "candidates.parquet"
    layer.write_bytes(layer.read_bytes()[:-1] + b"x")
    assert [one.code for one in store.verify().problems] == ["candidates"]


def test_the_edge_of_a_drawn_obstacle_is_known_to_two_pixels(place: Place) -> None:
    seen = made.seen(place.after, place.shapes)
    layer = make_layer("obstacle", seen.frame.assign(u_outline_m=0.45), *seen.provenance)
    run = place.queue.add(
        layer, detector="obstruction 1.0.0", scene_id=place.after, actor="张某", at=AT
    )
    first = f"{run.id}-1"
    place.queue.decide(first, "yes", outline=place.shapes["one"].buffer(2e-6), actor="李某", at=AT)
    told = place.queue.layer("obstacle").frame.set_index("id")["u_outline_m"].astype(float)
    assert told[first] == pytest.approx(0.5, rel=0.01)
    assert sorted(told.round(2)) == [0.45, 0.45, 0.5]
