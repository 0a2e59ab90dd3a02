"""Errors in the reader's language: the catalogue, its values, and texts in two languages."""

from __future__ import annotations

import pytest

from layers.errors import ImageryError, LeadError
from layers.problems import error_in_language, in_both, in_language, sentence, text_in_language


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


def test_both_languages_at_once() -> None:
    told = in_both(LeadError("a photo is named twice", remedy="name each once"))
    assert told["problem"] == {"zh": "同一张照片列了两次", "en": "a photo is named twice"}
    assert told["remedy"]["zh"] == "请删去重复的一张"


def test_an_error_as_one_sentence() -> None:
    error = LeadError("a photo is named twice", remedy="name each once")
    assert sentence(error, "zh") == "同一张照片列了两次。请删去重复的一张"
    assert sentence(error, "en") == "a photo is named twice. name each once"
    assert error_in_language(LeadError("new to all", remedy="wait"), "zh") == ("new to all", "wait")
