"""Word lists: what they find, what is taken out first, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from checks import any_has_word, has_word, words
from checks._words import FOLDER
from layers.errors import RuleError

LISTS = {
    "food-courts": {"place"}, "lodging": {"esports"}, "food": {"cooked", "packed"},
    "aesthetics": {"medical", "subject", "negated"}, "tobacco": {"sold", "perhaps", "ecig"},
}  # fmt: skip


@pytest.mark.parametrize(("file", "key"), [(f, k) for f, keys in LISTS.items() for k in keys])
def test_every_list_can_be_read(file: str, key: str) -> None:
    found = words(file, key)
    assert found
    assert len(set(found)) == len(found)


def test_width_and_case_do_not_matter_and_missing_is_no() -> None:
    column = pd.Series(
        ["Ｅ－ＳＰＯＲＴＳ酒店", "电竞 房", None, "民宿", float("nan")], dtype=object
    )
    assert has_word(column, words("lodging", "esports")).tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_what_is_excluded_is_taken_out_first() -> None:
    medical, but = words("aesthetics", "medical"), words("aesthetics", "negated")
    scopes = ["生活美容服务（不含医疗美容）", "医疗美容服务", "不含医疗美容；注射美容", ""]
    assert has_word(scopes, medical, but).tolist() == [False, True, True, False]


def test_taking_out_joins_nothing() -> None:
    assert has_word(["双不含医疗美容眼皮"], ["双眼皮"], ["不含医疗美容"]).tolist() == [False]


def test_several_columns_those_that_are_there() -> None:
    frame = pd.DataFrame({"name": ["甲", "乙"], "category": [None, "电竞房"]})
    assert any_has_word(frame, ("name", "category", "scope"), ["电竞"]).tolist() == [False, True]
    assert any_has_word(frame, (), ["电竞"]).tolist() == [False, False]


def test_no_word_finds_nothing() -> None:
    assert has_word(["x"], []).tolist() == [False]


@pytest.mark.parametrize(
    ("text", "field"),
    [("[place]\nwords = []\n", "place.words"), ("[place]\nwords = ['']\n", "place.words"),
     ("[place]\nwords = 'x'\n", "place.words"), ("place = 1\n", "place.words"), ("", "place.words"),
     ("[place\n", None)],
)  # fmt: skip
def test_a_wrong_list_names_file_key_and_remedy(
    text: str, field: str | None, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        words("mine", "place", tmp_path)
    assert caught.value.field == field
    assert "mine.toml" in str(caught.value)
    assert caught.value.remedy


def test_an_unknown_list_names_the_known() -> None:
    with pytest.raises(RuleError, match="food-courts"):
        words("food-cort", "place")
    assert {file.stem for file in FOLDER.glob("*.toml")} >= set(LISTS)
