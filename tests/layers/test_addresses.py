"""Chinese addresses taken apart: written forms as they stand in registers."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.addresses import PARTS, normalise_address, parse_address, parse_addresses, whole_number

CASES: list[tuple[str, dict[str, Any]]] = [
    ("云岭省青澜市云溪县城关镇青石路235号",
     {"province": "云岭省", "city": "青澜市", "county": "云溪县", "township": "城关镇",
      "road": "青石路", "number": 235}),
    ("北京市海淀区中关村南大街甲12号3号楼2单元501室",
     {"province": "北京市", "county": "海淀区", "road": "中关村南大街", "number": 12, "prefix": "甲",
      "building": "3号楼", "unit": "2单元", "room": "501室"}),
    ("忠县忠州街道乐天路3号", {"county": "忠县", "township": "忠州街道", "road": "乐天路", "number": 3}),
    ("江苏省镇江市京口区中山东路3号",
     {"province": "江苏省", "city": "镇江市", "county": "京口区", "road": "中山东路", "number": 3}),
    ("景德镇市珠山区陶阳路3号", {"city": "景德镇市", "county": "珠山区", "road": "陶阳路"}),
    ("内蒙古自治区赤峰市敖汉旗惠州街3号", {"city": "赤峰市", "county": "敖汉旗", "road": "惠州街"}),
    ("西三旗育新花园2号楼", {"county": None, "estate": "西三旗育新花园"}),
    ("便民超市对面", {"city": None, "county": None, "landmark": "便民超市"}),
    ("西南乡道12号", {"township": None, "road": "西南乡道", "number": 12}),
    ("学府路482号附2号", {"road": "学府路", "number": 482, "annex": "2"}),
    ("学府路404-1号1层", {"road": "学府路", "number": 404, "annex": "1", "floor": "1层"}),
    ("人民路二段12号负一楼", {"road": "人民路", "section": "二段", "number": 12, "floor": "负一楼"}),
    ("学院路丁11号", {"road": "学院路", "number": 11, "prefix": "丁"}),
    ("北洼路甲五号", {"road": "北洼路", "number": 5, "prefix": "甲"}),
    ("颐和园路5號", {"road": "颐和园路", "number": 5}),
    ("成府路57", {"road": "成府路", "number": 57}),
    ("岩脚镇老街村三组12号", {"township": "岩脚镇", "village": "老街村", "group": "三组", "number": 12}),
    ("云溪县石塘村49号", {"county": "云溪县", "village": "石塘村", "number": 49}),
    ("枫坪镇18号", {"township": "枫坪镇", "number": 18}),
    ("大钟寺13号院1号楼", {"estate": "大钟寺", "number": 13, "building": "1号楼"}),
    ("太月园4号楼1706室", {"estate": "太月园", "number": None, "building": "4号楼", "room": "1706室"}),
    ("知春路51号慎昌大厦4层408号",
     {"road": "知春路", "number": 51, "estate": "慎昌大厦", "floor": "4层", "room": "408号"}),
    ("书院街与人和大道交叉口附近", {"road": "书院街", "crossing": "人和大道", "relation": "near"}),
    ("城关镇中山路与解放路交汇处西北角",
     {"township": "城关镇", "road": "中山路", "crossing": "解放路"}),
    ("石桥街78号北50米", {"road": "石桥街", "number": 78, "bearing": "北", "offset_m": 50.0}),
    ("人民医院斜对面", {"landmark": "人民医院", "relation": "opposite"}),
    ("农贸市场旁", {"landmark": "农贸市场", "relation": "beside"}),
    ("县政务中心对面", {"county": None, "landmark": "县政务中心", "relation": "opposite"}),
    ("312国道旁", {"road": "312国道", "relation": "beside"}),
    ("人民路步行街12号", {"off_road": "人民路", "road": "步行街", "number": 12}),
    ("中关村北二条13号6幢1层D-06房间",
     {"road": "中关村北二条", "number": 13, "building": "6幢", "floor": "1层", "room": "D-06房间"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_parts_as_a_person_reads_them(text: str, expected: dict[str, Any]) -> None:
    found = parse_address(text)
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.rest is None
    assert found.confidence == 1.0


@pytest.mark.parametrize(
    "text", ["镇江路5号", "县前街5号", "中关村东路5号", "新乡路5号", "市场路5号", "小区路5号"]
)
def test_a_road_named_after_a_place_is_a_road(text: str) -> None:
    found = parse_address(text)
    assert (found.road, found.number) == (text[:-2], 5)
    assert (found.county, found.township, found.village) == (None, None, None)


def test_what_is_not_understood_is_kept() -> None:
    found = parse_address("学院路7号?!乱码")
    assert (found.road, found.number) == ("学院路", 7)
    assert found.rest is not None or found.estate is not None


def test_raw_text_stays_and_brackets_go() -> None:
    found = parse_address("学院路7号(住宅)")
    assert found.raw == "学院路7号(住宅)"
    assert found.normalised == "学院路7号"


def test_a_column_keeps_its_index_and_its_gaps() -> None:
    column = pd.Series(["学府路１２号", None, "暂无", "学府路12号"], index=[7, 3, 5, 9])
    table = parse_addresses(column)
    assert list(table.columns) == list(PARTS)
    assert table.index.tolist() == [7, 3, 5, 9]
    assert table["number"].tolist() == [12, None, None, 12]


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("二十三", 23), ("一百零五", 105), ("五", 5), ("二〇".replace("〇", "零"), 20), ("12", 12), ("", None)],
)  # fmt: skip
def test_chinese_numerals(text: str, number: int | None) -> None:
    assert whole_number(text) == number


@given(st.text(alphabet="北京市海淀区镇村路街号甲附栋单元层室与口旁0123456789一二-()", max_size=40))
def test_any_text_is_read_without_loss_of_order(text: str) -> None:
    found = parse_address(text)
    assert found.normalised == normalise_address(text)
    assert 0.0 <= found.confidence <= 1.0
    for part in (found.province, found.county, found.township, found.village, found.rest):
        assert part is None or part


HOSTILE = [
    "路" * 200,
    "一" * 200,
    "市区县" * 66,
    "与路" * 100,
    "((" * 100,
    "三1号" * 66,
    "1-" * 100,
    "大楼" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: str(text)[:3])
def test_hostile_text_takes_no_time(text: str) -> None:
    start = perf_counter()
    parse_address(text)
    assert perf_counter() - start < 0.5


@pytest.mark.shared
def test_nine_in_ten_real_registrations_are_read_to_the_end(shared_data: Path) -> None:
    folder = shared_data / "cn-business-registration-beijing-haidian"
    table = pd.read_csv(folder / "haidian_registrations_2000_2003.csv.gz", dtype=str)
    found = parse_addresses(table["注册地址"])
    assert (found["province"] == "北京市").mean() > 0.99
    assert found["county"].str.contains("海淀").mean() > 0.99
    assert (found["confidence"].astype(float) >= 0.8).mean() > 0.9
    assert (
        found[["road", "village", "township", "estate", "landmark"]].notna().any(axis=1).mean()
        > 0.97
    )
