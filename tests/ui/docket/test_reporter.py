"""The reporter on a lead's card: sealed there, masked, opened with a reason and shown once; else unseen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from leads.reporter import reporter_of
from leads.store import Card
from office import Database
from office.doors.keys import add_key
from tests.ui.docket.conftest import WHO
from ui.docket import facts
from ui.docket.reporter import masked_rows
from ui.texts import texts

MARK = "欧阳KX7731"
SCRIPT = """
from leads.store import card
from office import Actor
from ui import cache
from ui.docket.reporter import show_reporter
from ui.texts import texts

who = Actor("王检", (ROLE,))
show_reporter(card(cache.lead_store(), LEAD, actor=who), who, texts("zh"))
"""


def _page(lead: str, role: str = "prosecutor") -> AppTest:
    script = SCRIPT.replace("ROLE", repr(role)).replace("LEAD", repr(lead))
    return AppTest.from_string(script, default_timeout=60).run()


def _text(page: AppTest) -> str:
    return re.sub(r"\s+", " ", " ".join(str(one) for one in page.main))


def test_it_is_sealed_opened_once_and_hidden_from_others(
    store: Database, near: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(tmp_path / "keys.txt")
    monkeypatch.setenv("YICHA_DATABASE_URL", str(tmp_path / "leads.sqlite"))
    monkeypatch.setenv("YICHA_KEY_FILE", str(tmp_path / "keys.txt"))
    lead = str(near.lead["id"])
    page = _page(lead)
    page.text_input(key=f"l:{lead}:reporter:name").input(MARK)
    page = next(one for one in page.button if one.label == "封存").click().run()
    assert not page.exception
    assert [one.mask for one in reporter_of(store, lead, actor=WHO)] == ["欧**"]
    assert MARK not in _text(page)
    page.text_input(key=f"l:{lead}:unseal:reason").input("回复举报人")
    page = next(one for one in page.button if one.label == "启封").click().run()
    assert [one.value for one in page.code] == [MARK]
    page = page.run()
    assert MARK not in _text(page)
    for role in ("auditor", "reviewer", "field"):
        other = _page(lead, role)
        assert MARK not in _text(other)
        assert bool(other.button) is (role != "auditor")
    held = reporter_of(store, lead, actor=WHO)
    html = (
        masked_rows(held, texts("zh"))
        + facts.head(near, texts("zh"))
        + facts.tail(near, texts("zh"))
    )
    assert MARK not in html
