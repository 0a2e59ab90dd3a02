"""The queue in a shell, from a detector's run to the layers the checks read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import mapping

from imagery.__main__ import main
from imagery.detectors import shot_of
from imagery.queue import Queue
from imagery.store import Store
from layers import read_layer
from tests.imagery.queue import made


def test_from_a_detector_to_layers_and_a_model(
    store: Store,
    filled: tuple[Path, dict[str, str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    at, scene = ["--store", str(store.root), "--lang", "en"], filled[1]["after"]
    bounds = ",".join(map(str, shot_of(store, scene).ground.footprint.bounds))
    detect = ["detect", "waste", scene, *at, "--area", bounds, "--queue"]
    assert main([*detect, "--by", "张某"]) == 0
    assert "→ queue " in capsys.readouterr().out
    assert main([*detect, "--by", "李某", "--out", str(tmp_path / "c.parquet")]) == 0
    assert len(Queue.open(store).runs()) == 1
    assert len(read_layer(tmp_path / "c.parquet")) == len(Queue.open(store).candidates())
    capsys.readouterr()

    assert main(["queue", *at, "--theme", "waste_candidate"]) == 0
    lines = capsys.readouterr().out.splitlines()
    best, second = (line.split()[0] for line in lines[:2])
    assert all("open" in line and "not measured here" in line for line in lines)

    outline = tmp_path / "outline.geojson"
    shapes = made.outlines(shot_of(store, scene)).values()
    drawn = next(one for one in shapes if one.intersects(Queue.open(store).candidate(best).outline))
    outline.write_text(
        json.dumps({"type": "Feature", "properties": {}, "geometry": mapping(drawn)}),
        encoding="utf-8",
    )
    assert main(["decide", best, "yes", *at, "--by", "李某", "--outline", str(outline)]) == 0
    assert "open → yes" in capsys.readouterr().out
    assert main(["decide", second, "no", *at, "--by", "李某", "--reason", "building_site"]) == 0
    assert main(["decide", second, "undo", *at, "--by", "李某"]) == 0
    assert "no → open" in capsys.readouterr().out
    assert main(["decide", second, "unsure", *at, "--by", "李某", "--reason", "blurred"]) == 0
    capsys.readouterr()

    assert main(["queue", *at, "--yield"]) == 0
    assert "yes 1  no 0  unsure 1" in capsys.readouterr().out
    assert main(["queue", *at, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["yes"] == 1
    assert main(["queue", *at, "--state", "decided"]) == 0
    assert "yes (李某), drawn by a person" in capsys.readouterr().out

    assert main(["publish", *at, "--layers", str(tmp_path / "layers")]) == 0
    assert "yes 1, no 0" in capsys.readouterr().out
    frame = read_layer(tmp_path / "layers" / "waste_candidate.queue.parquet").frame.set_index("id")
    assert shapely.equals_exact(frame.loc[best, "geometry"].normalize(), drawn.normalize(), 1e-9)
    assert main(["footprints", *at, "--out", str(tmp_path / "layers" / "scenes.parquet")]) == 0
    assert "2 scenes, 0 searched" in capsys.readouterr().out
    train = ["train", *at, "--from-queue", "--out", str(tmp_path / "models" / "first")]
    assert main(train) == 1
    assert "label waste and not waste in at least 2 scenes" in capsys.readouterr().err


def test_what_cannot_be_done_says_how(
    store: Store,
    filled: tuple[Path, dict[str, str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    at, scene = ["--store", str(store.root), "--lang", "zh"], filled[1]["after"]
    assert main(["detect", "waste", scene, *at]) == 1
    assert "--queue" in capsys.readouterr().err
    bounds = ",".join(map(str, shot_of(store, scene).ground.footprint.bounds))
    assert main(["detect", "waste", scene, *at, "--area", bounds, "--queue"]) == 1
    assert "say who" in capsys.readouterr().err
    assert main(["queue", *at]) == 0
    assert "没有候选" in capsys.readouterr().out
    assert (
        main(
            [
                "decide",
                "0123456789ab-1",
                "yes",
                *at,
                "--by",
                "李某",
                "--outline",
                str(tmp_path / "no"),
            ]
        )
        == 1
    )
    assert "no such candidate" in capsys.readouterr().err
    assert main(["publish", *at, "--layers", str(tmp_path / "layers"), "--theme", "obstacle"]) == 1
    assert "no detector of obstacle" in capsys.readouterr().err


def test_what_was_missed_is_put_in(
    store: Store,
    filled: tuple[Path, dict[str, str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shape = made.outlines(shot_of(store, filled[1]["after"]))["one"]
    outline = tmp_path / "missed.geojson"
    outline.write_text(json.dumps(mapping(shape)), encoding="utf-8")
    command = ["candidate", "after.tif", str(outline), "--store", str(store.root), "--theme", "change_candidate",
               "--before", "before.tif", "--by", "李某"]  # fmt: skip
    assert main(command) == 0
    assert "500." in capsys.readouterr().out
    [row] = Queue.open(store).layer("change_candidate").frame.itertuples()
    assert (row.confirmed, row.before, row.outline_by) == (True, "2025-10-18", "person")
    outline.write_text("{", encoding="utf-8")
    assert main(command) == 1
    assert "no outline can be read" in capsys.readouterr().err


def test_a_model_is_trained_from_answers(
    tmp_path: Path,
    store: Store,
    filled: tuple[Path, dict[str, str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    queue, scenes = Queue.open(store), filled[1]
    for name, answers in (("after", ("yes", "yes", "no")), ("before", ("no", "no", "yes"))):
        shapes = made.outlines(shot_of(store, scenes[name]))
        run = queue.add(made.seen(scenes[name], shapes), detector=made.DETECTOR, scene_id=scenes[name], actor="张某",
                        at=made.AT)  # fmt: skip
        for number, answer in enumerate(answers, 1):
            queue.decide(f"{run.id}-{number}", answer, actor="李某", at=made.AT)  # type: ignore[arg-type]
    folder = tmp_path / "models"
    command = [
        "train",
        "--store",
        str(store.root),
        "--lang",
        "en",
        "--from-queue",
        "--background",
        "--out",
    ]
    assert main([*command, str(folder / "first")]) in (0, 1)
    card = json.loads((folder / "first" / "card.json").read_text(encoding="utf-8"))
    assert card["labels"]["file"].startswith("queue, the rest")
    assert card["labels"]["waste"] > 0
    assert len(card["scenes"]) == 2
    assert "average precision" in capsys.readouterr().out
