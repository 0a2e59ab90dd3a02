"""The map's base stays the same whatever is chosen; what changes is in feature groups."""

from __future__ import annotations

import json

import folium
import numpy as np
import pytest
from streamlit_folium import _get_feature_group_string, _get_map_string, get_full_id

from layers import LayerSet
from tests.ui.conftest import LAT, LON, at, layer
from tests.ui.test_items import item
from ui import mapping, overlays
from ui.items import Board
from ui.map.table import Marks, of_board
from ui.texts import texts

ZH = texts("zh")


def base(hamlet: LayerSet, lang: str = "zh") -> folium.Map:
    bounds = mapping.extent(hamlet)
    assert bounds
    keys = dict.fromkeys(hamlet, "k")
    panel = {"title": "t", "layers": overlays.describe(hamlet, keys, texts(lang)), "verdicts": []}
    return mapping.base_map(bounds, "/base/{z}/{x}/{y}.png?v=1", "© x", panel)


def script_of(chart: folium.Map) -> str:
    chart.get_root().render()
    return _get_map_string(chart).replace(get_full_id(chart), "map")


def group_script(group: folium.FeatureGroup, chart: folium.Map) -> str:
    chart.get_root().render()
    _get_map_string(chart)
    return _get_feature_group_string(group, map=chart)


def symbols(found: Board, only: str = "") -> folium.FeatureGroup:
    marks: Marks = of_board(found, None, None)
    rows = np.flatnonzero(marks.frame["name"].str.startswith(only))
    return mapping.symbol_group(marks, rows, lambda row: mapping.tip(found.items[row], ZH))


def test_the_base_is_the_same_every_time_and_loads_nothing_from_outside(hamlet: LayerSet) -> None:
    first, second = script_of(base(hamlet)), script_of(base(hamlet))
    assert first == second
    assert "://" not in first
    assert "yicha.view(" in first
    assert "yicha.panel(" in first


def test_the_extent_is_where_the_schools_are(hamlet: LayerSet) -> None:
    assert mapping.extent(hamlet) == pytest.approx(
        (LON - 900e-5, LAT - 100e-5, LON + 700e-5, LAT + 700e-5)
    )
    assert mapping.extent(LayerSet({})) is None


def test_symbols_are_drawn_worst_last_and_unplaced_ones_not_at_all(
    found: Board, hamlet: LayerSet
) -> None:
    script = group_script(symbols(found), base(hamlet))
    rows = json.loads(script[script.index("[[") : script.index("]]") + 2])
    placed = [one for one in found.items if one.place]
    assert [row[0] for row in rows] == [one.key for one in reversed(placed)]
    assert "yicha.findings(map_div, feature_group_feature_group_0, " in script


def test_more_symbols_than_the_browser_bears_are_asked_for_by_tile(hamlet: LayerSet) -> None:
    script = group_script(mapping.crowd_group("/map/marks/x/{z}/{x}/{y}.json", ZH), base(hamlet))
    assert "yicha.crowd(map_div, feature_group_feature_group_0, " in script
    assert "/map/marks/x/{z}/{x}/{y}.json" in script
    assert ZH("verdict.inside") in script.encode().decode("unicode_escape")


def test_the_chosen_line_runs_from_the_gate_to_the_shop(found: Board) -> None:
    near = item(found, "近店")
    values = mapping.chosen(near, ZH)
    assert values["line"][0] == pytest.approx([LAT - 50e-5, LON], abs=1e-6)
    assert values["line"][-1] == pytest.approx([LAT - 50e-5, LON + 60e-5], abs=1e-6)
    assert values["gate"]["text"] == "甲小学 · 东门"
    assert values["shop"]["text"] == "近店"
    assert values["straight"] is True
    assert values["circle"]["r"] == 200


def test_a_finding_without_a_line_shows_its_shop_only(found: Board) -> None:
    values = mapping.chosen(item(found, "远店"), ZH)
    assert values["line"] == []
    assert values["gate"] is None
    assert values["end"] is None


def test_a_choice_is_one_call_on_the_map(found: Board, hamlet: LayerSet) -> None:
    values = mapping.chosen(item(found, "近店"), ZH)
    group = mapping.chosen_group(values, ZH, token="t1", gentle=True)
    script = group_script(group, base(hamlet))
    assert "yicha.selection(map_div, feature_group_feature_group_0, " in script
    assert '"token": "t1"' in script


def test_names_cannot_end_the_script(found: Board, hamlet: LayerSet) -> None:
    script = group_script(symbols(found, only="界上店"), base(hamlet))
    assert "<b>" not in script
    assert "\\u003cb\\u003e" in script


def test_a_clicked_place_is_marked(hamlet: LayerSet) -> None:
    group = mapping.chosen_group(None, ZH, token="t", gentle=False, near=(LON, LAT))
    assert "yicha.point(feature_group_feature_group_0, " in group_script(group, base(hamlet))
    goal = {"lon": LON, "lat": LAT, "text": "28.2, 112.9", "turn": 3}
    went = mapping.chosen_group(None, ZH, token="t", gentle=False, near=(LON, LAT), goal=goal)
    assert '"token": "goal:3"' in group_script(went, base(hamlet))
    drawn = {"corners": [[LAT, LON]], "closed": False, "sides": [], "text": "1 km"}
    told = mapping.chosen_group(None, ZH, token="t", gentle=False, drawn=drawn)
    assert "yicha.sketch(map_div, feature_group_feature_group_0, " in group_script(
        told, base(hamlet)
    )
    assert "yicha." not in group_script(
        mapping.chosen_group(None, ZH, token="t", gentle=False), base(hamlet)
    )


def test_few_features_are_sent_and_many_are_drawn_as_tiles(hamlet: LayerSet) -> None:
    entries = {
        one["theme"]: one for one in overlays.describe(hamlet, dict.fromkeys(hamlet, "k"), ZH)
    }
    assert set(entries) == {"school", "school_gate", "ecig_retailer"}
    assert entries["school"]["features"] == "/features/school.json?lang=zh&v=k"
    assert entries["school"]["tiles"] is None
    assert entries["school"]["fresh"] == "数据截至 2026-05-31"
    assert entries["ecig_retailer"]["count"] == "4"
    assert entries["ecig_retailer"]["fresh"] == "数据截至 2026-05-31 · 1 行无位置"


def test_a_large_layer_is_tiles() -> None:
    shops = layer("bar", [{"name": None, "geometry": at(n, 0)} for n in range(overlays.INLINE + 1)])
    [entry] = overlays.describe(LayerSet({"bar": shops}), {"bar": "k"}, ZH)
    assert entry["features"] is None
    assert entry["tiles"] == "/layer/bar/{z}/{x}/{y}.png?v=k"


def test_features_are_latitude_first_with_words(hamlet: LayerSet) -> None:
    rows = overlays.features(hamlet["school"], ZH)
    assert [row[:2] for row in rows] == [
        ["甲小学 · 小学", "polygon"], ["乙幼儿园 · 幼儿园", "point"], ["丙<中学> · 中学", "polygon"],
    ]  # fmt: skip
    assert rows[1][2] == pytest.approx([LAT + 700e-5, LON + 700e-5])
    gates = overlays.features(hamlet["school_gate"], ZH)
    assert [row[0] for row in gates] == ["东门 · 正门", "校门"]
    assert overlays.features(hamlet["road"], ZH)[0][1] == "line"


def test_owners_are_named_on_the_map(hamlet: LayerSet) -> None:
    assert overlays.attribution(hamlet) == "© 测试单位"
