from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.cleaning.text import clean_text, normalise, normalise_header


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("Ａ１２３", "A123"),
        ("（东门）", "(东门)"),
        ("某某\u3000超市", "某某 超市"),
        ("\ufeff某某\u200b店\u200d", "某某店"),
        ("  a \t b\r\n", "a b"),
        ("'0612", "0612"),
        ("105\u00ad.4812", "105.4812"),
        ("", ""),
    ],
)
def test_every_way_of_typing_gets_one_form(typed: str, clean: str) -> None:
    assert normalise(typed) == clean


@pytest.mark.parametrize(
    "word", ["N/A", " n/a ", "[]", "NULL", "无", "--", "暂无", "#N/A", "nan", "　"]
)
def test_words_for_nothing_are_missing(word: str) -> None:
    assert clean_text(pd.Series([word, "x"])).tolist() == [None, "x"]


def test_index_and_missing_stay() -> None:
    column = pd.Series(["a", None, "Ｂ"], index=[7, 3, 9], dtype=object)
    clean = clean_text(column)
    assert clean.index.tolist() == [7, 3, 9]
    assert clean.tolist() == ["a", None, "B"]


def test_a_zero_is_not_nothing() -> None:
    assert clean_text(pd.Series(["0", "00"])).tolist() == ["0", "00"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("经营地址(必填)", "经营地址"),
        ("Licence_No.", "licence no"),
        ("ＬＯＮ", "lon"),
        ("地址*", "地址"),
    ],
)
def test_headers_compare_without_ornaments(one: str, other: str) -> None:
    assert normalise_header(one) == normalise_header(other)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once.lstrip("'")) == once.lstrip("'")


@given(st.lists(st.one_of(st.none(), st.text(max_size=10)), max_size=20))
def test_cleaning_keeps_length_and_makes_text_or_none(cells: list[str | None]) -> None:
    clean = clean_text(pd.Series(cells, dtype=object))
    assert len(clean) == len(cells)
    assert all(value is None or (isinstance(value, str) and value) for value in clean)
