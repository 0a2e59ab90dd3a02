"""Shapes drawn on a scene: checked, kept with their origin, in versions that can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from checks._lanes.seen import lane_of
from imagery.drawing import Drawings, Drawn, Origin, drawn_layer, read_features
from imagery.width.place import measure_lane
from layers import Layer, LayerFolder, read_layer
from layers.errors import ImageryError

LON, LAT = 109.3, 27.6
E, N = 1.0137e-5, 0.9024e-5
"""A metre east and north there, degrees, nearly."""
FIRST = Origin("张三", "s1", "2026-05-21", "2026-06-30", 0.4)
LATER = Origin("李四", "s2", None, "2026-07-01", None)


def place(x: float, y: float) -> list[float]:
    return [LON + x * E, LAT + y * N]


def outline(*corners: tuple[float, float], **told: object) -> dict[str, Any]:
    ring = [place(*one) for one in (*corners, corners[0])]
    return {"type": "Feature", "properties": {"key": "a1", **told},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


def line(*points: tuple[float, float], **told: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"key": "b1", **told},
            "geometry": {"type": "LineString", "coordinates": [place(*one) for one in points]}}  # fmt: skip


LANE = outline((0, 0), (60, 0), (60, 6), (0, 6), name="东侧 车道")
GATES = [line((0, 0), (0, 6), role="gate", key="g1"), line((60, 0), (60, 6), role="gate", key="g2")]  # fmt: skip


def layer(theme: str, *features: dict[str, Any], origin: Origin = FIRST, before: Layer | None = None) -> Layer:  # fmt: skip
    return drawn_layer(theme, read_features(features), origin, before)


def test_a_lane_with_its_gates_can_be_measured_as_drawn() -> None:
    drawn = layer("fire_lane", LANE, *GATES)
    row = next(drawn.frame.itertuples(index=False))
    assert (row.id, row.name, row.u_source_m) == ("a1", "东侧 车道", 0.4)
    assert (row.drawn_by, row.scene_id, row.drawn_on) == ("张三", "s1", "2026-06-30")
    width = measure_lane(lane_of(row), []).width
    assert width.metres == pytest.approx(6.0, abs=0.05)
    assert width.gates_known == "drawn"
    told = drawn.provenance[0]
    assert told.source == "drawn by 张三 on scene s1 on 2026-06-30"
    assert (told.u_source_m, told.state_of, told.rows_out) == (0.4, "2026-05-21", 1)


def test_a_centreline_keeps_its_width() -> None:
    drawn = layer("fire_lane", line((0, 0), (50, 0), role="centreline", width_m="4.5"))
    row = next(drawn.frame.itertuples(index=False))
    found = measure_lane(lane_of(row), [])
    assert found.width.metres == pytest.approx(4.5, abs=0.01)
    assert "from_centreline" in {note.code for note in found.width.notes}


def test_zones_are_never_official() -> None:
    zone = layer("protection_zone", outline((0, 0), (9, 0), (9, 9), about="一级"))
    assert zone.frame[["class", "official"]].to_numpy().tolist() == [["一级", False]]
    ignored = layer("ignore_zone", outline((0, 0), (9, 0), (9, 9), about="greenhouse"))
    assert ignored.frame["reason"].tolist() == ["greenhouse"]


@pytest.mark.parametrize(
    ("theme", "features", "said"),
    [
        ("fire_lane", [line((0, 0), (9, 0), key="x")], "neither gate nor centreline"),
        ("fire_lane", [LANE, line((20, 20), (20, 26), role="gate")], "lies on no lane"),
        ("fire_lane", [LANE, line((20, 0), (20, 6), role="gate")], "lane 东侧 车道: a gate does not lie"),
        ("fire_lane", [line((0, 0), (0, 6), role="gate")], "lies on no lane"),
        ("fire_lane", [outline((0, 0), (60, 6), (60, 0), (0, 6), name="a")], "“a” crosses itself"),
        ("fire_lane", [line((0, 0), (9, 0), role="centreline", width_m="wide")], "no width"),
        ("protection_zone", [line((0, 0), (9, 0))], "no outline"),
        ("protection_zone", [line((0, 0), (9, 0), role="gate")], "only lanes have gates"),
        ("ignore_zone", [LANE, LANE], "same key"),
        ("water", [LANE], "not drawn"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(theme: str, features: list[dict[str, Any]], said: str) -> None:  # fmt: skip
    with pytest.raises(ImageryError, match=said):
        layer(theme, *features)


@pytest.mark.parametrize("feature", [
    None, {}, {"geometry": {"type": "Polygon", "coordinates": []}}, {"geometry": {"type": "Point"}},
    {"geometry": {"type": "LineString", "coordinates": [[0, 0], [200, 0]]}},
    {"geometry": {"type": "LineString", "coordinates": [[0, 0], [float("nan"), 0]]}},
])  # fmt: skip
def test_what_is_no_shape_is_named_by_its_number(feature: object) -> None:
    with pytest.raises(ImageryError, match="row 2"):
        read_features([LANE, feature])


def test_nobody_draws_without_a_name() -> None:
    with pytest.raises(ImageryError, match="nobody"):
        layer("ignore_zone", LANE, origin=Origin("  ", "s1", None, "2026-07-01", 1.0))


def test_a_key_from_outside_is_made_safe() -> None:
    [one] = read_features([outline((0, 0), (9, 0), (9, 9), key="../../etc", name=" a \n b " + "x" * 999)])  # fmt: skip
    assert one.key.startswith("drawn-")
    assert one.name.startswith("a b xx")
    assert len(one.name) == 200


def test_what_did_not_move_keeps_who_drew_it() -> None:
    other = outline((100, 0), (160, 0), (160, 6), (100, 6), key="a2")
    first = layer("fire_lane", LANE, other, *GATES)
    moved = outline((100, 0), (160, 0), (160, 7), (100, 7), key="a2")
    second = layer("fire_lane", LANE, moved, *GATES, origin=LATER, before=first)
    told = second.frame.set_index("id")
    assert told["drawn_by"].to_dict() == {"a1": "张三", "a2": "李四"}
    assert told["u_source_m"].isna().to_dict() == {"a1": False, "a2": True}
    assert [one.source.split()[2] for one in second.provenance] == ["张三", "李四"]
    assert [one.rows_out for one in second.provenance] == [2, 1]


def test_versions_are_kept_and_undone(tmp_path: Path) -> None:
    drawings = Drawings(tmp_path)
    assert drawings.standing("fire_lane").number == 0
    one = drawings.save(layer("fire_lane", LANE, *GATES), 0)
    two = drawings.save(layer("fire_lane", LANE), 1)
    assert (one.number, two.number) == (1, 2)
    assert LayerFolder(tmp_path)["fire_lane"].frame["gates"].isna().all()
    back = drawings.undo("fire_lane", 2)
    assert back.number == 1
    assert read_layer(drawings.file("fire_lane")).frame["gates"].notna().all()
    assert drawings.save(layer("fire_lane", LANE), 1).number == 3
    drawings.undo("fire_lane", 3)
    assert drawings.undo("fire_lane", 1).number == 0
    assert not drawings.file("fire_lane").exists()
    kept = sorted(file.name for file in (tmp_path / "versions" / "drawn-fire_lane").iterdir())
    assert kept == ["0001.undone.parquet", "0002.undone.parquet", "0003.undone.parquet"]


def test_two_people_at_once_do_not_overwrite_each_other(tmp_path: Path) -> None:
    one, two = Drawings(tmp_path), Drawings(tmp_path)
    one.save(layer("ignore_zone", LANE), 0)
    with pytest.raises(ImageryError, match="meanwhile"):
        two.save(layer("ignore_zone", LANE), 0)
    with pytest.raises(ImageryError, match="meanwhile"):
        two.undo("ignore_zone", 2)


def test_a_saving_cut_short_is_passed_over(tmp_path: Path) -> None:
    drawings = Drawings(tmp_path)
    drawings.save(layer("ignore_zone", LANE), 0)
    (tmp_path / "versions" / "drawn-ignore_zone" / "0002.parquet").touch()
    assert drawings.standing("ignore_zone").number == 1
    assert drawings.save(layer("ignore_zone", LANE), 1).number == 3


def test_all_shapes_deleted_leaves_no_layer_for_the_checks(tmp_path: Path) -> None:
    drawings = Drawings(tmp_path)
    drawings.save(layer("ignore_zone", LANE), 0)
    emptied = drawings.save(drawn_layer("ignore_zone", [], FIRST), 1)
    assert emptied.number == 2
    assert not drawings.file("ignore_zone").exists()
    assert drawings.undo("ignore_zone", 2).number == 1
    assert len(read_layer(drawings.file("ignore_zone"))) == 1


def test_a_drawn_layer_stands_beside_an_imported_one(tmp_path: Path) -> None:
    drawn = layer("fire_lane", LANE, *GATES)
    drawn.write(tmp_path / "fire_lane.parquet")
    Drawings(tmp_path).save(drawn_layer("fire_lane", [Drawn("z9", shapely.box(LON, LAT + 20 * N, LON + 40 * E, LAT + 25 * N))], FIRST), 0)  # fmt: skip
    assert sorted(LayerFolder(tmp_path)["fire_lane"].frame["id"]) == ["a1", "z9"]
