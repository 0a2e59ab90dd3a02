"""A table that leaves the program runs nowhere, and comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.safe_csv import csv_text, plain_cell, safe_cell

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize(
    "value", ["=1+1", "+8613800000000", "-2", "@SUM(A1)", "\tx", "\r=1", "\n=1"]
)
def test_what_a_spreadsheet_would_run_is_text(value: str) -> None:
    assert safe_cell(value).startswith("'")
    assert plain_cell(safe_cell(value)) == value


@given(st.text())
def test_every_cell_comes_back_and_none_runs(value: str) -> None:
    assert not safe_cell(value).startswith(RUNS)
    assert plain_cell(safe_cell(value)) == value


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\r\x00", codec="utf-8")), min_size=1, max_size=4
    )
)
def test_a_row_is_read_back_whole(row: list[str]) -> None:
    _, read = csv.reader(io.StringIO(csv_text(["a"] * len(row), [row]), newline=""))
    assert [plain_cell(cell) for cell in read] == row


def test_nothing_is_an_empty_cell() -> None:
    assert csv_text(["a", "b"], [[None, 0]]) == "a,b\n,0\n"
    assert plain_cell(None) == ""
