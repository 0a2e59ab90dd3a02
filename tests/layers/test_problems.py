"""Errors in the reader's language: the catalogue, its values, and texts in two languages."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.errors import ImageryError, LeadError
from layers.problems import error_in_language, in_both, in_language, sentence, text_in_language

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


FOLDERS = (
    "office",
    "leads",
    "evidence",
    "layers/shelf",
    "layers/importing",
    "layers/sources",
    "ui",
)
"""Where the refusals are worded that pages show."""
ERRORS = {"YichaError", "StoreError", "PolicyError", "LeadError", "ConflictError", "LayerError", "RuleError",
          "ColumnError", "SourceError", "DatumError", "AssetError", "MailError", "ImageryError"}  # fmt: skip
SHELL = {"commands", "assets", "shell.py", "shell_words.py", "shell_steps.py"}
"""Only a shell shows these."""
PASSED_ON = {
    "leads/exchange/sending.py",  # the number of a lead, and what went wrong with it
    "leads/exchange/signed.py",  # what a file is, and what is wrong with it
    "leads/steps/changing.py",  # the number of a lead, and its state in two languages
    "ui/jobs/limits.py",  # a setting: only who starts the program meets it
    "ui/texts/__init__.py",  # a wrong catalogue: only who writes it meets it
}


def _refusals(root: Path) -> Iterator[tuple[str, str]]:
    """File and sentence of every refusal whose words stand where it is raised; values as `x`."""
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.py")):
            place = file.relative_to(root)
            if not SHELL.isdisjoint(place.parts) or place.as_posix() in PASSED_ON:
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                named = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS
                if (
                    named
                    and isinstance(node, ast.Call)
                    and node.args
                    and (said := _said(node.args[0]))
                ):
                    yield place.as_posix(), said


def _said(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    if not all(isinstance(one, ast.Constant | ast.FormattedValue) for one in parts):
        return ""
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "x" for one in parts)


def test_every_refusal_that_pages_show_has_its_chinese(root: Path) -> None:
    found = list(_refusals(root))
    assert len(found) > 300
    silent = [(file, said) for file, said in found
              if not HAN.search(in_language(said, "", "zh")[0])]  # fmt: skip
    assert silent == []


def test_both_languages_at_once() -> None:
    told = in_both(LeadError("a photo is named twice", remedy="name each once"))
    assert told["problem"] == {"zh": "同一张照片列了两次", "en": "a photo is named twice"}
    assert told["remedy"]["zh"] == "请删去重复的一张"


def test_an_error_as_one_sentence() -> None:
    error = LeadError("a photo is named twice", remedy="name each once")
    assert sentence(error, "zh") == "同一张照片列了两次。请删去重复的一张"
    assert sentence(error, "en") == "a photo is named twice. name each once"
    assert error_in_language(LeadError("new to all", remedy="wait"), "zh") == ("new to all", "wait")
