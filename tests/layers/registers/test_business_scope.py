"""Business scopes; all texts here are invented in the manner of real ones."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.registers import classify, read_scope, sells

SELLS = [
    "零售卷烟、雪茄烟", "卷烟、雪茄烟零售", "卷烟零售、雪茄烟零售", "国产卷烟零售", "零售国产烟卷", "零售烟、酒", "零售饮料、烟、酒。",
    "烟酒零售", "烟酒、副食", "日用百货、烟、酒", "售卖烟、酒、包装食品", "向就餐的客人售卖烟、酒", "本店内零售卷烟、雪茄烟", "零售烟草",
    "烟草制品零售", "生产、销售卷烟", "批发、零售卷烟", "销售食品、卷烟等", "零售卷烟等商品", "销售卷烟和雪茄烟", "零售预包装食品、卷烟、雪茄烟、罚没烟",
    "零售（含卷烟、雪茄烟）", "许可项目：烟草制品零售；酒类经营", "一般项目：日用品销售。许可项目：烟草制品零售",
    "卷烟零售（烟草专卖零售许可证有效期至2019年01月31日）；住宿",
    "零售卷烟、雪茄烟；零售预包装食品（现场制售：主食；糕点）（限分支机构经营）",
    "以下限分支机构经营：餐饮。零售卷烟",
    "销售饮料、包装食品、卷烟", "销售进口食品、卷烟", "住宿；本店内零售国产卷烟",
    "零售卷烟；销售建材（未取得行政许可的项目除外）",
    "烟草制品零售(依法须经批准的项目,经相关部门批准后方可开展经营活动)",
]  # fmt: skip
NONE = [
    ("烟花爆竹零售", "other_meaning"), ("零售烟花、爆竹", "other_meaning"), ("烟气治理；大气污染治理", "other_meaning"),
    ("厨房设备（抽油烟机等）的清洗", "other_meaning"), ("销售排烟阀、防火阀", "other_meaning"), ("销售烟具、打火机", "other_meaning"),
    ("烟草机械销售", "other_meaning"), ("烟酒包装设计", "not_sold"), ("烟熏肉制品销售", "other_meaning"), ("无烟煤销售", "other_meaning"),
    ("烟台苹果销售", "other_meaning"), ("烟雾报警器销售", "other_meaning"), ("烟叶收购", "other_meaning"), ("烟草专卖零售许可证代办", "other_meaning"),
    ("电子烟零售", "other_meaning"), ("销售食品（不含烟草）", "excluded"), ("除烟草以外的预包装食品零售", "excluded"),
    ("零售日用百货（除烟草制品外）", "excluded"), ("零售预包装食品、日用品（烟草除外）", "excluded"), ("销售百货，烟草除外；食品", "excluded"),
    ("不得经营烟草制品", "excluded"), ("未经许可不得销售卷烟", "excluded"), ("日用百货；不含烟、酒", "excluded"),
    ("卷烟批发", "wholesale_only"), ("生产卷烟、雪茄烟", "not_sold"), ("回收烟酒、礼品", "not_sold"), ("卷烟运输", "not_sold"),
    ("销售日用百货", "not_mentioned"), ("", "not_mentioned"),
]  # fmt: skip
BRANCH = [
    "零售卷烟、雪茄烟（限分支机构经营）", "预包装食品零售；卷烟零售（仅限分支机构经营）",
    "以下项目限分支机构经营：住宿；餐饮服务；本店内零售烟、雪茄烟；投资管理", "分支机构经营：零售卷烟",
]  # fmt: skip


@pytest.mark.parametrize("scope", SELLS)
def test_sells(scope: str) -> None:
    assert sells(scope), read_scope(scope)


@pytest.mark.parametrize(("scope", "reason"), NONE)
def test_does_not_sell(scope: str, reason: str) -> None:
    reading = read_scope(scope)
    assert (reading.kind, reading.reason) == ("none", reason)


@pytest.mark.parametrize("scope", BRANCH)
def test_only_its_branches_sell(scope: str) -> None:
    assert read_scope(scope).kind == "branch_only"
    assert not sells(scope)


def test_one_line_of_its_own_outweighs_the_branches_line() -> None:
    assert sells("零售卷烟（限分支机构经营）；零售雪茄烟")


def test_the_words_that_decided_are_named() -> None:
    assert read_scope("住宿；本店内零售国产卷烟").words == "本店内零售国产卷烟"


def test_other_goods() -> None:
    assert sells("电子烟零售", "ecig")
    assert not sells("卷烟零售", "ecig")
    assert sells("零售饮料、酒", "alcohol")
    assert not sells("酒店管理；酒吧服务", "alcohol")


def test_a_column_keeps_its_index_and_reads_missing_as_none() -> None:
    table = classify(pd.Series(["零售卷烟", None, "烟花爆竹零售"], index=[4, 2, 8], dtype=object))
    assert table.index.tolist() == [4, 2, 8]
    assert table["kind"].tolist() == ["sells", "none", "none"]


_GOODS = st.sampled_from(["日用品", "食品", "五金交电", "文化用品", "酒", "饮料"])


@given(st.lists(_GOODS, max_size=6), st.lists(_GOODS, max_size=6))
def test_tobacco_is_found_anywhere_in_a_list(before: list[str], after: list[str]) -> None:
    goods = "、".join([*before, "卷烟", *after])
    assert sells(f"销售{goods}")
    assert not sells(f"销售百货（不含{goods}）")
    assert not sells(f"除{goods}以外的商品销售")
    assert read_scope(f"销售{goods}（限分支机构经营）").kind == "branch_only"


@given(st.text("烟酒零售、；，。（）()限分支机构经营除外不含:：", max_size=60))
def test_any_text_is_read_without_error(scope: str) -> None:
    reading = read_scope(scope)
    assert (reading.kind == "sells") == (reading.reason == "sold")


@pytest.mark.parametrize(
    "scope", ["除" * 50_000, "（" * 50_000, "烟、" * 50_000, "不含" * 50_000 + "烟"]
)
def test_a_hostile_scope_costs_little(scope: str) -> None:
    assert read_scope(scope).kind in {"sells", "none", "branch_only"}
