"""Texts, names and addresses taken apart."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.matching.addresses import address_parts
from layers.matching.names import name_parts, place_names
from layers.matching.text import SEPARATOR, grams, plain_texts, token_codes
from tests.layers.matching.corruptions import TUNED, generate


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Ａ座２０１", "a座201"), ("二〇一室", "二零一室"), ("華興煙酒", "华兴烟酒"), ("1O5号", "105号"),
        ("КТV", "ktv"), (" N/A ", ""), ("\u200b福顺\u3000 超市", "福顺 超市"), (None, ""), (f"a{SEPARATOR}b", "a b"),
    ],
)  # fmt: skip
def test_every_way_of_writing_has_one_form(written: str | None, form: str) -> None:
    assert plain_texts(pd.Series(["x", written, "y"], dtype=object)) == ["x", form, "y"]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_a_column_keeps_its_length_and_order(texts: list[str]) -> None:
    column = pd.Series(texts, dtype=object)
    whole = plain_texts(column)
    assert len(whole) == len(texts)
    assert whole == [plain_texts(pd.Series([text], dtype=object))[0] for text in texts]


@pytest.mark.parametrize(
    ("name", "core", "branch"),
    [
        ("云溪县福顺烟酒经营部(个体工商户)", "福顺", ""), ("福顺名烟名酒(东门店)", "福顺", "东门"),
        ("云溪福顺餐饮管理有限公司人民路分公司", "福顺", "人民路"), ("福顺·旗舰店", "福顺", ""),
        ("云溪县城关镇东牛超市有限公司", "东牛", ""), ("烟酒店", "烟酒", ""), ("", "", ""),
        ("北京中科汇安科技发展有限公司", "北京中科汇安", ""), ("中便民", "中便民", ""), ("vine food market inc", "vine", ""),
        ("SPEEDWAY # 06792", "speedway", "06792"), ("Hudson (Store 2056)", "hudson", "2056"), ("TACO CO", "taco", ""),
        ("J Smith d/b/a The Corner Deli & Grocery, L.L.C.", "corner", ""), ("1 Stop Deli and Grocery", "1stop", ""),
    ],
)  # fmt: skip
def test_what_a_shop_calls_itself(name: str, core: str, branch: str) -> None:
    parts = name_parts(plain_texts(pd.Series([name])), ["云溪县", "云溪"])
    assert (parts.core[0], parts.branch[0]) == (core, branch)


def test_places_are_learnt_from_addresses() -> None:
    places = place_names(["云岭省青澜市云溪县城关镇人民路1号"] * 3 + ["人民路2号"] * 4)
    assert {"云溪县", "云溪", "城关镇", "青澜"} <= set(places)
    assert places == sorted(places, key=len, reverse=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云溪县人民大道26号附1号", "人民路26-1号"), ("解放街十二号", "解放街12号"), ("建设路100号二楼", "建设路100号2F"),
        ("建设路一〇二号", "建设路102号"), ("书院街7号负一楼", "书院街7号b1层"), ("虹桥路与学府路路口", "学府路和虹桥路交叉口"),
        ("SW corner of Broad and Arch Street", "ARCH ST & BROAD ST"), ("1426 South 19th Street", "1426 S 19TH ST"),
    ],
)  # fmt: skip
def test_one_door_written_in_two_ways(one: str, other: str) -> None:
    parts = address_parts(pd.Series([one, other]))
    for column in (parts.road, parts.number, parts.sub, parts.floor):
        assert column[0] == column[1]
    assert parts.number[0]


@pytest.mark.parametrize(
    ("address", "road", "number", "sub", "floor", "unit"),
    [
        ("荷塘路26号附1号", "荷塘路", "26", "1", "", ""), ("北滨路201-9号1层", "北滨路", "201", "9", "1", ""),
        ("老衙街262号北20米", "老衙街", "262", "", "", ""), ("白石桥路乙48号", "白石桥路", "乙48", "", "", ""),
        ("人民医院对面", "", "", "", "", ""), ("人民路", "人民路", "", "", "", ""),
        ("虹桥路与学府路交叉口", "学府路×虹桥路", "×", "", "", ""), ("石塘村27号", "石塘村", "27", "", "", ""),
        ("知春路48号3号楼4单元1902室", "知春路", "48", "", "", "3/1902"), ("", "", "", "", "", ""),
        ("人民路2段12号", "人民路2段", "12", "", "", ""), ("太月园4号楼1706室", "太月园", "4", "", "", "1706"),
        ("人民路3号2楼201室", "人民路", "3", "", "2", "201"), ("解放街12号楼", "解放街", "12", "", "", ""),
        ("5739 CHESTER AVE", "chesterave", "5739", "", "", ""), ("4727 37 N Front St", "nfrontst", "4727", "", "", ""),
        ("1516 S 22ND ST 1ST FL", "s22ndst", "1516", "", "1", ""), ("12 Oak Lane, Unit 2B", "oakln", "12", "", "", "2b"),
        ("NE COR 15TH & ARCH STS", "15th×arch", "×", "", "", ""),
    ],
)  # fmt: skip
def test_parts_of_an_address(
    address: str, road: str, number: str, sub: str, floor: str, unit: str
) -> None:
    parts = address_parts(pd.Series([address]))
    found = [column[0] for column in (parts.road, parts.number, parts.sub, parts.floor, parts.unit)]
    assert found == [road, number, sub, floor, unit]


@given(
    st.lists(
        st.text(alphabet="人民路街号附栋单元层室0123456789十二零-ab大道甲F", max_size=16),
        max_size=6,
    )
)
def test_any_text_is_taken_apart_without_an_error(texts: list[str]) -> None:
    parts = address_parts(pd.Series(texts, dtype=object))
    assert all(len(column) == len(texts) for column in (parts.key, parts.road, parts.unit))


def test_streets_read_apart_from_their_numbers_are_read_as_a_whole() -> None:
    """The quick way (each street once, each number once) against reading every address alone."""
    town = generate(TUNED, 400, 7)
    texts = [text for part in (town.register, town.site) for text in part.frame["address"].dropna()]
    random = Random(3)
    signs = "人民路街号附栋单元层村镇县与口旁0123456789十二-大道甲F路号"
    texts += ["".join(random.choices(signs, k=random.randint(3, 14))) for _ in range(2000)]
    whole = address_parts(pd.Series(texts, dtype=object))
    alone = [address_parts(pd.Series([text, "路"], dtype=object)) for text in texts[::7]]
    for name in ("key", "road", "number", "sub", "floor", "unit"):
        assert getattr(whole, name)[::7].tolist() == [getattr(part, name)[0] for part in alone]


def test_grams_know_beginning_and_end() -> None:
    matrix = grams(["福顺", "顺福", "", "福顺"])
    assert (matrix.indptr == [0, 3, 6, 6, 9]).all()
    assert set(matrix.indices[:3]) == set(matrix.indices[6:])
    assert not set(matrix.indices[:3]) & set(matrix.indices[3:6])
    assert grams(["福顺"], single=True).nnz == 5
    assert (token_codes(["", "福顺"]) >= 0).tolist() == [False, True]
