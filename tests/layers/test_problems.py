"""Errors in the reader's language: the catalogue, its values, and texts in two languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from layers.errors import ImageryError, LeadError
from layers.problems import error_in_language, in_both, in_language, sentence, text_in_language
from tests.layers.refusals import refusals

HAN = re.compile(r"[\u4e00-\u9fff]")
SLOT = re.compile(r"\{(\w+)\}")


def test_values_of_the_english_stand_in_the_chinese() -> None:
    found, _ = in_language("the picture says it has 9 × 8 pixels, more than 70", "x", "zh")
    assert found == "像元数超出上限（9 × 8 像元，上限 70）"


def test_a_problem_inside_another_is_told_too() -> None:
    told = "lane 东门: a gate does not lie on the edge of the lane"
    assert in_language(told, "x", "zh")[0] == "车道的图形不可用（东门：出入口不在车道边线上）"


def test_a_tail_that_is_another_leaves_the_sentence() -> None:
    assert in_language("the archive has no end", "x", "zh")[0] == "压缩包内文件过多"


@pytest.mark.parametrize(("text", "zh", "en"), [
    ("copy it (请重新复制)", "请重新复制", "copy it"),
    ("the code is wrong · 验证码有误", "验证码有误", "the code is wrong"),
    ("不得低于 4 米 · not below 4 m", "不得低于 4 米", "not below 4 m"),
    ("lat · lon", "lat · lon", "lat · lon"),
    ("plain", "plain", "plain"),
])  # fmt: skip
def test_a_text_in_two_languages_gives_one(text: str, zh: str, en: str) -> None:
    assert in_language(text, text, "zh") == (zh, zh)
    assert in_language(text, text, "en") == (en, en)


def test_a_whole_error_as_text() -> None:
    error = ImageryError(
        "the file is empty", remedy="copy it again (请重新复制)", file="a.zip ▸ b.tif"
    )
    assert text_in_language(str(error), "zh") == "文件是空的。请重新复制"
    assert text_in_language(str(error), "en") == "the file is empty. copy it again"


def test_a_refusal_by_the_policy_is_one_language_whole() -> None:
    told = "甲 (reporter) may not note a lead · 无权记录"
    assert in_language(told, "ask somebody with one of the roles: prosecutor", "zh") == (
        "无权记录", "请有相应权限的人办理")  # fmt: skip


def test_a_whole_sentence_has_its_values_in_the_chinese() -> None:
    assert in_language("there is no account 甲", "see `python -m office person list`", "zh") == (
        "没有账户 甲", "请刷新人员列表")  # fmt: skip
    assert in_language("no deadline reply is running", "running: look, file", "zh") == (
        "没有进行中的期限 reply", "进行中的期限：look, file")  # fmt: skip


def test_of_several_that_fit_the_one_with_the_most_words_counts() -> None:
    told = "case 7 was changed meanwhile", "look at it again (it is version 3), then repeat"
    assert in_language(*told, "zh") == ("案件 7 其间已被修改", "请查看最新内容（第 3 版）后再做")
    assert in_language("the font is missing", "", "zh")[0] == "字体未安装"


def test_every_entry_has_its_chinese_and_the_same_values(root: Path) -> None:
    entries = tomllib.loads((root / "data/words/problems.toml").read_text(encoding="utf-8"))
    every = [*entries["reason"], *entries["remedy"]]
    said = [one.get("whole") or one["start"] for one in every]
    assert len(said) == len(set(said))
    for one in every:
        assert HAN.search(one["zh"])
        assert set(SLOT.findall(one["zh"])) <= set(SLOT.findall(one.get("whole", "")))
        assert set(SLOT.findall(one.get("more", ""))) <= set(SLOT.findall(one.get("tail", "")))


PASSED_ON = {"layers/sources/sniff.py"}
"""What a file is that is not read: out of a list."""


def test_every_refusal_that_pages_show_has_its_chinese(root: Path) -> None:
    found = [(file, said) for file, said in refusals(root) if file not in PASSED_ON]
    assert len(found) > 800
    assert [one for one in found if not HAN.search(in_language(one[1], "", "zh")[0])] == []


def test_refusals_joined_from_parts_are_read_from_the_source(root: Path) -> None:
    found = set(refusals(root))
    assert {
        ("leads/exchange/arrived.py", "the x has gone through more offices than any"),
        ("imagery/engines/nodeodm.py", "the task x at x was cancelled (x)"),
        ("checks/_tables/manifest.py", "a model without law"),
        ("office/doors/rules.py", "the entry is unknown"),
    } <= found


@pytest.mark.parametrize(("told", "zh"), [
    ("the file has no labels in WGS 84", "文件中没有 WGS 84 的标注"),
    ("more than 200 entries", "超过 200 项"),
    ("this is no day or time", "这不是日期或时间"),
    ("the scene has no band 'nir'", "影像没有波段 'nir'"),
    ("a number is compared with a date", "数字与日期不能比较"),
])  # fmt: skip
def test_a_sentence_is_not_taken_for_one_that_begins_alike(told: str, zh: str) -> None:
    assert in_language(told, "", "zh")[0] == zh


def test_both_languages_at_once() -> None:
    told = in_both(LeadError("a photo is named twice", remedy="name each once"))
    assert told["problem"] == {"zh": "同一张照片列了两次", "en": "a photo is named twice"}
    assert told["remedy"]["zh"] == "请删去重复的一张"


def test_an_error_as_one_sentence() -> None:
    error = LeadError("a photo is named twice", remedy="name each once")
    assert sentence(error, "zh") == "同一张照片列了两次。请删去重复的一张"
    assert sentence(error, "en") == "a photo is named twice. name each once"
    assert error_in_language(LeadError("new to all", remedy="wait"), "zh") == ("new to all", "wait")
