"""The page without a browser: what it shows to whom, and a finding's card that says what is stale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from checks import catalogue
from layers.shelf import Shelf
from tests.layers.shelf.conftest import schools
from ui.cards.finding import card
from ui.items import Board
from ui.settings import ROOT, VARIABLE
from ui.texts import texts

SCRIPT = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from ui import state
state.begin()
from ui.data_desk import page
page.show()
"""


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, place: Path) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(place))
    return AppTest.from_string(SCRIPT, default_timeout=60)


def html(page: AppTest) -> str:
    return "\n".join(one.proto.body for one in page.get("html"))


@pytest.mark.usefixtures("assets")
@pytest.mark.parametrize(("lang", "words"), [("zh", ("学校与幼儿园", "版本历史", "每学期")), ("en", ("Schools and kindergartens", "Versions", "every term"))])  # fmt: skip
def test_sources_with_their_age(page: AppTest, lang: str, words: tuple[str, ...]) -> None:
    page.query_params["lang"] = lang
    page.query_params["layer"] = "school"
    page.run()
    assert not page.exception
    assert all(word in html(page) for word in words)


@pytest.mark.usefixtures("assets")
def test_undo_is_one_click(page: AppTest, place: Path, tmp_path: Path) -> None:
    shelf = Shelf(place / "layers")
    told = {
        "theme": "school",
        "rows": 12,
        "file": "<b>名录</b>.xlsx",
        "sources": ("b" * 64,),
        "datum": "wgs84",
    }
    shelf.put(
        "school",
        schools("b" * 64).write(tmp_path / "made.parquet"),
        told,
        by="王检",
        at="2026-07-01T08:00:00+08:00",
    )
    page.query_params["lang"] = "zh"
    page.query_params["layer"] = "school"
    page.run()
    assert "&lt;b&gt;名录" in html(page)
    page.button(key="dd_undo").click().run()
    assert not page.exception
    assert shelf.standing("school") == shelf.versions("school")[0]
    assert [one.value for one in page.success] == ["第 1 版现为有效。"]


@pytest.mark.usefixtures("assets")
def test_the_import_waits_for_file_and_theme(page: AppTest) -> None:
    page.query_params["lang"] = "zh"
    page.query_params["view"] = "import"
    page.run()
    assert not page.exception
    assert page.button(key="dd_do_look").disabled
    page.selectbox(key="dd_theme").select("school").run()
    assert page.button(key="dd_do_look").disabled


def test_a_card_says_what_it_relies_on_is_stale(found: Board) -> None:
    item = next(one for one in found.items if one.finding)
    assert item.finding is not None
    fresh = card(item, catalogue()[item.check].check, texts("zh"))
    assert "y-stale" not in fresh
    later = replace(item, record=replace(item.finding, on_date="2027-06-30"))
    stale = card(later, catalogue()[item.check].check, texts("zh"))
    assert "所依据的数据可能过期" in stale
    assert "395 天" in stale
