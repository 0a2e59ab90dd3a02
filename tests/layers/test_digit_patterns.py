"""Texts read once for each pattern of digits: the same as reading every text by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.addresses import parts_said
from layers.digit_patterns import by_pattern

PARTS = ("road", "number", "annex", "building", "floor", "room", "rest")


def read(text: str) -> tuple[str | None, ...]:
    said = parts_said(text)
    return tuple(map(said.get, PARTS))


@given(st.lists(st.text(alphabet="人民路街号附栋层室0123456789-F", max_size=14), max_size=8))
def test_as_if_each_was_read_alone(texts: list[str]) -> None:
    columns = by_pattern(texts, read, len(PARTS))
    rows = [tuple(column[n] for column in columns) for n in range(len(texts))]
    assert rows == [read(text) for text in texts]


def test_each_pattern_is_read_once() -> None:
    seen = []

    def count(text: str) -> tuple[str]:
        seen.append(text)
        return (text,)

    texts = [f"人民路{n}号" for n in range(100, 200)] + ["人民路1号"]
    assert by_pattern(texts, count, 1)[0].tolist() == texts
    assert len(seen) == 2


@pytest.mark.parametrize("text", ["1" * 300, "人民路٣号", "a\ue001b", ""])
def test_what_has_no_pattern_is_read_as_it_is(text: str) -> None:
    assert by_pattern([text, "1号"], lambda one: (one,), 1)[0].tolist() == [text, "1号"]


def test_digits_drawn_together_are_put_back_in_order() -> None:
    def together(text: str) -> tuple[str]:
        return ("/".join(re.findall(r"\d", text)) + "号",)

    assert by_pattern(["a12b3", "a45b6"], together, 1)[0].tolist() == ["1/2/3号", "4/5/6号"]


def test_no_texts_give_empty_columns() -> None:
    assert [len(column) for column in by_pattern([], read, 3)] == [0, 0, 0]
