"""Each way of placing an address, with the error it states, and every reason for not doing so."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geocoding import COLUMNS, METHODS, PROBLEMS, geocode
from layers.layer import Layer
from tests.layers.geocoding.county import county, layer, on_board, road, spot

COUNTY = county()


@pytest.fixture(scope="module")
def layers() -> dict[str, Layer]:
    return county()


def one(
    layers: dict[str, Layer], address: str | None, code: str | None = None, name: str | None = None
) -> dict[Hashable, Any]:
    codes, names = pd.Series([code], dtype=object), pd.Series([name], dtype=object)
    found = geocode(pd.Series([address], dtype=object), layers, codes, names=names)
    x, y = on_board(found)[0].tolist()
    return found.to_dict("records")[0] | {"x": x, "y": y}


@pytest.mark.parametrize(
    ("address", "method", "x", "y", "most_m"),
    [
        ("人民路21号", "address", -2500, 20, 25),
        ("云岭省青澜市云溪县城关镇人民路２１号", "address", -2500, 20, 25),
        ("直街1号附9号", "house_number", -4500, 20, 50),
        ("人民路11号", "between_numbers", -2700, 20, 250),
        ("人民路31号3楼", "between_numbers", -2300, 20, 250),
        ("弯街11号", "between_numbers", -3500, -3000, 900),
        ("直街37号", "along_numbers", -4520, 715, 250),
        ("人民路4号", "near_number", -2800, -20, 400),
        ("人民路与解放街交叉口", "crossing", -2000, 0, 80),
        ("解放街人民路交汇处附近", "crossing", -2000, 0, 200),
        ("人民路恒兴大厦5层", "name", -1200, -40, 60),
        ("云溪县人民医院对面", "landmark", -1990, 300, 120),
        ("县人民医院旁", "landmark", -1990, 300, 120),
        ("锦绣家园3栋2单元", "village", -1200, 900, 400),
        ("远山路", "street", -2000, 2000, 560),
        ("远山路99号", "street", -2000, 2000, 560),
        ("石塘镇建设路", "street", 2250, -1000, 810),
        ("石塘镇石塘村三组12号", "village", 2000, 2000, 5000),
        ("云溪县石塘镇", "township", 2500, 0, 5600),
        ("石塘镇小学旁", "landmark", 1000, 1000, 120),
        ("石塘镇石塘村8号", "address", 2300, 2100, 25),
        ("石塘村三组8号", "address", 2600, 1900, 25),
    ],
)  # fmt: skip
def test_a_place_with_its_method_and_error(
    layers: dict[str, Layer], address: str, method: str, x: float, y: float, most_m: float
) -> None:
    found = one(layers, address)
    assert (found["method"], found["problem"]) == (method, None)
    assert found["matched"]
    away = np.hypot(found["x"] - x, found["y"] - y)
    assert away <= 30
    assert away <= found["u_m"] <= most_m


def test_metres_towards_a_bearing_move_the_place_and_widen_the_error(
    layers: dict[str, Layer],
) -> None:
    plain, north = one(layers, "人民路21号"), one(layers, "人民路21号北60米")
    assert north["y"] - plain["y"] == pytest.approx(60, abs=0.5)
    assert north["u_m"] == pytest.approx(plain["u_m"] + 30)
    northeast = one(layers, "人民路21号东北100米")
    assert northeast["x"] - plain["x"] == pytest.approx(70.7, abs=0.5)
    assert one(layers, "人民路21号附近")["u_m"] == pytest.approx(plain["u_m"] + 200)


@pytest.mark.parametrize(
    ("address", "problem", "named"),
    [
        (None, "no_address", None),
        ("云溪县", "too_vague", None),
        ("北京市海淀区人民路21号", "other_county", "海淀区"),
        ("梨树镇人民路21号", "township_unknown", "梨树镇"),
        ("建设路5号", "street_ambiguous", "城关镇"),
        ("和平路5号", "street_unknown", "和平路"),
        ("人民大道5号", "street_unknown", "人民路"),
        ("长路88号", "street_goes_on", "长路"),
        ("远山路与解放街交叉口", "no_crossing", "远山路"),
        ("望江楼大酒店旁", "name_unknown", "望江楼大酒店"),
        ("便民超市对面", "name_ambiguous", "便民超市"),
    ],
)
def test_what_does_not_fit_is_not_placed(
    layers: dict[str, Layer], address: str | None, problem: str, named: str | None
) -> None:
    found = one(layers, address)
    assert (found["method"], found["problem"]) == (None, problem)
    assert np.isnan([found["lon"], found["lat"], found["u_m"]]).all()
    assert named is None or named in found["candidates"]


def test_the_administrative_code_tells_streets_of_one_name_apart(layers: dict[str, Layer]) -> None:
    assert one(layers, "建设路", "990123010000")["x"] == pytest.approx(-2250, abs=15)
    assert one(layers, "建设路", "990123100")["x"] == pytest.approx(2250, abs=15)
    assert one(layers, "建设路", "990123")["problem"] == "street_ambiguous"
    assert one(layers, "建设路", "990999")["problem"] == "other_county"
    assert one(layers, "建设路", "990123777")["problem"] == "township_unknown"
    assert one(layers, "石塘镇建设路", "990123010")["problem"] == "township_contradiction"


def test_a_coarse_place_says_why_it_is_no_finer(layers: dict[str, Layer]) -> None:
    found = one(layers, "石塘镇和平路5号")
    assert (found["method"], found["problem"]) == ("township", "street_unknown")
    assert found["u_m"] > 5000


def test_a_village_street_is_not_the_towns_street_of_the_same_name(
    layers: dict[str, Layer],
) -> None:
    found = one(layers, "云溪县青竹村人民路21号")
    assert (found["method"], found["problem"]) == ("village", "street_unknown")
    assert one(layers, "无名村人民路21号")["problem"] == "name_unknown"


def test_places_found_by_their_address_place_no_others(layers: dict[str, Layer]) -> None:
    frame = layers["hotel"].frame.assign(geocode_method="street")
    guessed = layers | {"hotel": replace(layers["hotel"], frame=frame)}
    assert one(guessed, "人民路21号")["method"] == "street"


ADDRESSES = st.lists(
    st.sampled_from([*"东西南北0123456789一二号路街村镇县与附院", "人民路", "解放街", "建设路", "石塘镇", "城关镇",
                     "石塘村", "云溪县", "交叉口", "对面", "米", "便民超市", "恒兴大厦", "远山路", "海淀区"]),
    max_size=8,
).map("".join)  # fmt: skip


@settings(deadline=None)  # the machine may be busy
@given(st.lists(ADDRESSES, max_size=6))
def test_any_address_is_placed_inside_the_layers_or_refused_with_a_reason(
    addresses: list[str],
) -> None:
    found = geocode(pd.Series(addresses, dtype=object), COUNTY)
    placed = found["method"].notna()
    assert (placed | found["problem"].notna()).all()
    assert (found["u_m"][placed] > 0).all()
    assert found.loc[~placed, ["lon", "lat", "u_m"]].isna().all(axis=None)
    assert found.loc[placed, "matched"].notna().all()
    assert (np.abs(on_board(found[placed])) < 16_000).all()


def test_the_own_name_counts_only_on_the_street_that_the_address_names(
    layers: dict[str, Layer],
) -> None:
    assert one(layers, "解放街99号", name="云溪县人民医院")["method"] == "name"
    assert one(layers, "远山路99号", name="云溪县人民医院")["method"] == "street"
    assert one(layers, "石塘村99号", name="村口小卖部")["method"] == "name"
    assert one(layers, "青竹村99号", name="直街一店")["method"] == "village"
    assert one(layers, None, name="云溪县人民医院")["problem"] == "no_address"


def test_without_township_outlines_a_street_alone_is_no_place() -> None:
    layers = {name: made for name, made in county().items() if name != "township"}
    assert one(layers, "远山路99号")["problem"] == "extent_unknown"
    assert one(layers, "人民路21号")["method"] == "address"


def test_layers_that_name_no_county_must_be_told() -> None:
    layers = {"road": county()["road"], "township": county()["township"]}
    addresses = pd.Series(["云溪县远山路", "海淀区远山路", "远山路"])
    alone = geocode(addresses, layers)
    assert alone["problem"].tolist()[:2] == ["county_unknown", "county_unknown"]
    told = geocode(addresses, layers, counties=["云溪县"])
    assert told["problem"].tolist()[1] == "other_county"


def test_numbers_that_do_not_rise_are_not_interpolated() -> None:
    shops = [spot(-3000 + 500 * n, 10, name=f"店{n}", address=f"人民路{number}号")
             for n, number in enumerate((9, 31, 3, 21))]  # fmt: skip
    found = one(county(hotel=layer("hotel", shops)), "人民路15号")
    assert found["method"] == "street"


def test_one_number_in_two_places_is_said_and_not_placed() -> None:
    shops = [
        spot(-2900, 10, name="甲", address="人民路9号"),
        spot(-1100, 10, name="乙", address="人民路9号"),
    ]
    assert (
        one(county(hotel=layer("hotel", shops)), "人民路9号")["problem"] == "number_contradiction"
    )


def test_a_row_far_from_the_street_it_names_does_not_testify() -> None:
    shops = [spot(-2000, 900, name="甲", address="人民路9号")]
    found = one(county(hotel=layer("hotel", shops)), "人民路9号")
    assert found["method"] == "street"


def test_general_words_are_no_names() -> None:
    rows = [spot(-3000, 3000, name="综合楼"), spot(-3000, 3000, name="云海商贸大厦", id="b")]
    layers = county(bar=layer("bar", rows))
    assert one(layers, "综合楼2层")["problem"] == "name_unknown"
    assert one(layers, "云海商贸大厦2层")["method"] == "name"


def test_streets_that_nearly_meet_cross_and_those_that_meet_twice_are_asked_about() -> None:
    roads = [road("东路", (0, 0), (500, 0)), road("北街", (250, 40), (250, 500)),
             road("环路", (100, -50), (100, 400), (400, 400), (400, -50))]  # fmt: skip
    layers = county(road=layer("road", roads))
    near = one(layers, "东路与北街路口")
    assert near["method"] == "crossing"
    assert (near["x"], near["y"]) == (pytest.approx(250, abs=1), pytest.approx(20, abs=1))
    assert one(layers, "东路与环路交叉口")["problem"] == "several_crossings"


def test_no_layers_place_nothing() -> None:
    found = geocode(pd.Series(["人民路1号", "石塘镇"]), {})
    assert found["method"].isna().all()
    assert found["problem"].notna().all()


def test_answers_keep_the_index_and_repeat_for_equal_rows(layers: dict[str, Layer]) -> None:
    found = geocode(pd.Series(["人民路21号", None, "人民路21号"], index=["a", "b", "c"]), layers)
    assert list(found.columns) == list(COLUMNS)
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["lon"].iloc[0] == found["lon"].iloc[2]
    assert set(found["method"]) <= {*METHODS, None}
    assert set(found["problem"]) <= {*PROBLEMS, None}
    assert geocode(pd.Series([], dtype=object), layers).empty


def test_rows_left_out_do_not_testify(layers: dict[str, Layer]) -> None:
    found = geocode(pd.Series(["人民路21号"]), layers, leave_out=["hotel1"])
    assert found["method"].tolist() == ["between_numbers"]
