"""A page that cannot be drawn says why in the reader's language, under one choice of language."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.settings import VARIABLE


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "county.json").write_text('{"generated": true}', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def page(header: bool, lang: str) -> None:
    import streamlit as st

    from layers.errors import LeadError
    from ui import state
    from ui.header import language_choice
    from ui.texts import Texts
    from ui.trouble import guarded

    def draw(_words: Texts) -> None:
        if header:
            language_choice()
        raise LeadError("a photo is named twice", file="visit.json", remedy="name each once")

    st.session_state.setdefault(state.LANGUAGE, lang)
    guarded(draw, bare=True)


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize(("lang", "problem", "remedy"), [
    ("zh", "visit.json: 同一张照片列了两次", "请删去重复的一张"),
    ("en", "visit.json: a photo is named twice", "name each once"),
])  # fmt: skip
def test_the_choice_of_language_stands_once(
    header: bool, lang: str, problem: str, remedy: str
) -> None:
    seen = AppTest.from_function(page, kwargs={"header": header, "lang": lang}).run(timeout=30)
    assert not seen.exception
    assert len(seen.button_group) == 1
    assert problem in [one.value for one in seen.text]
    assert remedy in [one.value for one in seen.code]
