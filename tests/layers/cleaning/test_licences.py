from __future__ import annotations

import pandas as pd
import pytest

from layers.cleaning.licences import clean_flags, clean_states
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
