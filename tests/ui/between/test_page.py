"""The page between offices without a browser: who sees what, and what it says where nothing is set up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from leads.exchange.listing import transfers
from leads.exchange.sending import offer
from tests.leads.exchange.two import AT, PROSECUTOR, THERE, Side, fill
from tests.ui.map.test_page import html
from ui.between.listing import facts_html, row_of
from ui.between.partners import offices_html
from ui.between.receiving import came_html
from ui.docket import demo
from ui.settings import VARIABLE
from ui.texts import texts
from ui.workplace import open_workplace

pytestmark = pytest.mark.usefixtures("assets")
_SCRIPT = """
from ui import state
from ui.between import page
state.begin()
page.show()
"""
_BARE = """
from ui import cache
from ui.between import page
from ui.texts import texts
page._offices(cache.workplace(), texts("zh"))
"""


@pytest.fixture
def page(
    monkeypatch: pytest.MonkeyPatch, hamlet_folder: Path, tmp_path: Path, sides: tuple[Side, Side]  # noqa: ARG001
) -> AppTest:  # fmt: skip
    """The page over the store of the first of the two offices."""
    folder = tmp_path / "hamlet"
    shutil.copytree(hamlet_folder, folder, dirs_exist_ok=True)
    demo.mark(open_workplace(folder), AT)  # its own findings are not taken in
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.delenv("YICHA_DATABASE_URL", raising=False)
    test = AppTest.from_string(_SCRIPT, default_timeout=60)
    test.query_params["lang"] = "zh"
    return test


def test_nothing_set_up_says_how(
    page: AppTest,  # noqa: ARG001 - it makes the folder
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("YICHA_OFFICES", raising=False)
    monkeypatch.setenv("YICHA_DATABASE_URL", f"sqlite:///{tmp_path}/own.sqlite")
    bare = AppTest.from_string(_BARE, default_timeout=60).run()
    assert not bare.exception
    assert "offices.example.toml" in html(bare)


def test_a_generated_county_has_invented_ones(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YICHA_OFFICES", raising=False)
    page.query_params["view"] = "offices"
    page.run()
    assert not page.exception
    assert "各院均为虚构" in html(page)
    assert "霞溪县人民检察院（虚构）" in html(page)


def test_the_list_and_what_may_be_sent(
    page: AppTest, sides: tuple[Side, Side], tmp_path: Path
) -> None:
    one, two = fill(sides[0].db, tmp_path / "runs", 2)
    offer(
        sides[0].db, [one], THERE, offices=sides[0].offices, reason="<b>x", actor=PROSECUTOR, at=AT
    )
    (row,) = transfers(sides[0].db, actor=PROSECUTOR)
    page.query_params["transfer"] = f"out:{row['id']}"
    page.run()
    assert not page.exception
    assert "1 条移送" in html(page)
    assert "移送他院：青澜市人民检察院 · &lt;b&gt;x" in html(page)
    page.query_params["view"], page.query_params["lead"] = "send", two
    page.run()
    assert not page.exception
    assert "选了 1 条" in html(page)
    assert page.button(key="b_offer").disabled
    page.text_area(key="b_reason").set_value("属青澜市院管辖").run()
    assert not page.button(key="b_offer").disabled


def test_hostile_words_are_words(sides: tuple[Side, Side]) -> None:
    words, bad = texts("en"), "<script>alert(1)</script>"
    row = {"direction": "in", "id": bad, "partner": bad, "state": "refused", "at": AT, "settled_at": AT, "lead_id": bad,
           "number": bad, "subject_name": bad, "their_number": bad, "reason": bad}  # fmt: skip
    came = {"kind": "packages", "words": {"zh": bad, "en": bad}, "rows": [
        {"transfer": bad, "their_number": bad, "check": bad, "name": bad, "address": bad, "their_state": bad, "reason": bad,
         "case": bad, "here": bad, "number": bad, "state": None, "why_not": f"{bad} · {bad}", "attachments": [{}], "may": True}]}  # fmt: skip
    told = (
        facts_html(row, sides[0].offices, words)
        + came_html(came, words)
        + offices_html(sides[0].offices, words)
    )
    assert "<script" not in told
    assert row_of(row, sides[0].offices, words)["band"] == "refused"
