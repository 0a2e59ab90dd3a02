"""What scenes show and what was searched: the look-back check says gone only where people answered."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from checks import Finding, RunResult
from checks import run as run_checks
from imagery.detectors import shot_of
from imagery.queue import Queue
from imagery.queue.footprints import WORDS
from imagery.store import Store
from layers import LayerFolder, LayerSet, Provenance, make_layer
from layers.errors import ImageryError
from layers.layer import WGS84
from tests.imagery.queue import made
from tests.imagery.queue.conftest import Place
from tests.imagery.queue.made import AT, DETECTOR


def _answer_all(place: Place, answers: dict[str, str]) -> None:
    for name, answer in answers.items():
        place.queue.decide(place.ids[name], answer, actor="李某", at=AT)  # type: ignore[arg-type]


def test_every_dated_scene_has_its_outline(place: Place) -> None:
    layer = place.queue.footprints()
    assert list(layer.frame["scene_id"]) == [place.before, place.after]
    assert list(layer.frame["day"]) == ["2025-10-18", "2026-05-21"]
    assert layer.frame["gsd_m"].tolist() == pytest.approx([0.25, 0.25], rel=0.01)
    assert layer.frame["searched"].isna().all()
    assert layer.provenance[0].generated


def test_searched_means_that_every_candidate_was_answered(place: Place) -> None:
    _answer_all(place, {"one": "yes", "two": "no"})
    assert place.queue.footprints().frame["searched"].isna().all()
    _answer_all(place, {"three": "unsure"})
    frame = place.queue.footprints().frame
    assert frame["searched"].dropna().tolist() == [WORDS["waste_candidate"]]
    assert frame.loc[frame["searched"].notna(), "scene_id"].tolist() == [place.after]
    place.queue.undo(place.ids["two"], actor="李某", at=AT)
    assert place.queue.footprints().frame["searched"].isna().all()


def test_only_the_part_looked_at_was_searched(place: Place) -> None:
    shape = place.shapes["one"].buffer(1e-4)
    layer = made.seen(place.before, {"one": place.shapes["one"]})
    run = place.queue.add(
        layer, detector=DETECTOR, scene_id=place.before, area=shape, actor="李某", at=AT
    )
    place.queue.decide(f"{run.id}-1", "no", reason="shadow", actor="李某", at=AT)
    frame = place.queue.footprints().frame
    part = frame[frame["searched"].notna()]
    assert part["id"].tolist() == [f"{place.before}-waste_candidate"]
    assert shapely.equals_exact(part.geometry.iloc[0].normalize(), shape.normalize(), 1e-9)
    assert len(frame) == 3
    assert (
        frame.index[frame["id"] == part["id"].iloc[0]][0]
        < frame.index[frame["id"] == place.before][0]
    )


def test_what_a_person_drew_is_no_search(place: Place) -> None:
    free = shapely.affinity.translate(place.shapes["one"], 0, -0.0004)
    place.queue.draw(free, theme="waste_candidate", scene_id=place.before, actor="李某", at=AT)
    assert place.queue.footprints().frame["searched"].isna().all()


def test_a_store_without_dated_scenes_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImageryError, match="no scene"):
        Queue.open(Store.open(tmp_path / "empty")).footprints()


def _closed(place: Place) -> gpd.GeoDataFrame:
    clear = shapely.affinity.translate(place.shapes["one"], 0, -0.0004)
    shapes = [place.shapes["one"], place.shapes["two"], clear]
    told = {"id": ["one", "two", "clear"], "name": ["甲", "乙", "丙"], "source_row": [1.0, 2.0, 3.0], "u_source_m": [0.5] * 3,
            "problem": ["固体废物堆放"] * 3, "closed": ["2025-12-20"] * 3}  # fmt: skip
    return gpd.GeoDataFrame(told, geometry=shapes, crs=WGS84)


def _look_back(place: Place, folder: Path) -> RunResult:
    """What the check says of three closed sites, on what the queue publishes."""
    place.queue.publish(folder)
    source = Provenance("closed", "closed.csv", "0" * 64, "wgs84", "made", 3, 3)
    make_layer("closed_site", _closed(place), source).write(folder / "closed_site.parquet")
    layers: LayerSet = LayerFolder(folder)
    return run_checks(["change-after-closure"], layers, None, "2026-06-30", all_subjects=True)


def _kinds(found: RunResult) -> dict[str | None, str | None]:
    said: dict[str | None, str | None] = {
        one.subject_id: one.licence_class for one in found.findings if isinstance(one, Finding)
    }
    return said | {one.subject_id: "cannot_tell" for one in found.undecided}


def test_the_look_back_follows_the_answers(place: Place, tmp_path: Path) -> None:
    first = _kinds(_look_back(place, tmp_path / "a"))
    assert first == {"one": "perhaps_there", "two": "perhaps_there", "clear": "cannot_tell"}
    _answer_all(place, {"one": "yes", "two": "no", "three": "yes"})
    second = _kinds(_look_back(place, tmp_path / "b"))
    assert second == {"one": "still_there", "two": "gone", "clear": "gone"}


def test_a_part_that_was_searched_speaks_for_its_sites_only(place: Place, tmp_path: Path) -> None:
    around = shapely.affinity.translate(place.shapes["one"], 0, -0.0004).buffer(2e-5)
    empty = made.seen(place.after, place.shapes).frame.iloc[:0]
    place.queue.add(make_layer("waste_candidate", empty), detector=DETECTOR, scene_id=place.after, area=around,
                    actor="李某", at=AT)  # fmt: skip
    assert shot_of(place.queue.store, place.after).day == "2026-05-21"
    assert _kinds(_look_back(place, tmp_path / "a"))["clear"] == "gone"
    elsewhere = tmp_path / "b"
    sites = _closed(place).assign(geometry=lambda f: f.geometry.translate(0.00012, -0.0002))
    assert not sites.geometry.iloc[2].within(around)
    place.queue.publish(elsewhere)
    make_layer("closed_site", sites, Provenance("closed", "c", "0" * 64, "wgs84", "made", 3, 3)).write(
        elsewhere / "closed_site.parquet")  # fmt: skip
    found = run_checks(
        ["change-after-closure"], LayerFolder(elsewhere), None, "2026-06-30", all_subjects=True
    )
    assert _kinds(found)["clear"] == "cannot_tell"
