from __future__ import annotations

import pandas as pd
import pytest

from layers.cleaning.licences import clean_flags, clean_ownership, clean_states
from layers.themes import LICENCE_STATES


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("正常", "valid"), ("有效", "valid"), ("在册", "valid"), ("存续（在营、开业、在册）", "valid"), ("Active", "valid"),
        ("停业", "suspended"), ("停业整顿", "suspended"), ("歇业", "closed"), ("注销", "cancelled"), ("已注销", "cancelled"),
        ("吊销", "revoked"), ("吊销，未注销", "revoked"), ("收回", "revoked"), ("有效期届满", "expired"), ("已过期", "expired"), ("无效", "expired"),
        ("inactive", "unknown"), ("什么", "unknown"),
    ],
)  # fmt: skip
def test_states(words: str, state: str) -> None:
    assert clean_states(pd.Series([words])).values.tolist() == [state]
    assert state in LICENCE_STATES


def test_unknown_words_are_noted() -> None:
    done = clean_states(pd.Series(["什么", "正常", None]))
    assert done.note.tolist() == ["state_unknown", None, None]


def test_flags() -> None:
    done = clean_flags(pd.Series(["是", "否", "Y", "0", "也许", None]))
    assert done.values.tolist() == [True, False, True, False, None, None]
    assert done.problem.tolist() == [None, None, None, None, "flag_unreadable", None]


@pytest.mark.parametrize(
    ("words", "ownership"),
    [
        ("民办", "private"), ("私立", "private"), ("民办公助", "private"), ("非教育部门办(民办)", "private"), ("Private", "private"),
        ("公办", "public"), ("教育部门办", "public"), ("集体办", "public"), ("事业单位办", "public"), ("non-public", "private"),
    ],
)  # fmt: skip
def test_who_runs_a_school(words: str, ownership: str) -> None:
    done = clean_ownership(pd.Series([words]))
    assert (done.values[0], done.note[0]) == (ownership, None)


def test_a_word_that_tells_no_owner_is_said() -> None:
    done = clean_ownership(pd.Series(["其他", None], dtype=object))
    assert done.values.tolist() == ["unknown", None]
    assert done.note[0] == "ownership_unknown"
