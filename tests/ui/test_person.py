"""Who acts: an invented person in a generated county, whoever is signed in elsewhere; never the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from office.doors.keys import ENVIRONMENT as KEY_FILE
from office.doors.keys import add_key
from ui.docket.demo import PEOPLE
from ui.doors.place import is_open_demo, open_desk
from ui.settings import VARIABLE

STORE = "YICHA_DATABASE_URL"


def header() -> None:
    import streamlit as st

    from ui.person import admitted, person, person_choice
    from ui.texts import texts

    if not admitted():
        st.stop()
    person_choice(None, texts("zh"))
    who = person()
    st.text(f"{who.name} {who.roles}" if who else "nobody")


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "county.json").write_text('{"generated": true}', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.delenv(STORE, raising=False)
    return folder


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, county: Path) -> Path:
    add_key(tmp_path / "keys.txt")
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "keys.txt"))
    monkeypatch.setenv(STORE, str(tmp_path / "leads.sqlite"))
    return county


@pytest.mark.usefixtures("county")
def test_a_generated_county_has_people_of_its_own() -> None:
    app = AppTest.from_function(header).run()
    assert app.text[-1].value == "王检 ('prosecutor',)"
    app.selectbox[0].select("陈审计").run()
    assert app.text[-1].value == "陈审计 ('auditor',)"
    assert set(PEOPLE.values()) == {"prosecutor", "reviewer", "field", "auditor", "system_admin", "security_admin"}  # fmt: skip


@pytest.mark.usefixtures("office")
def test_a_store_that_somebody_named_is_never_opened_by_the_demo_s_door() -> None:
    app = AppTest.from_function(header).run()
    assert not app.text
    assert not app.selectbox


def test_the_demo_s_door_is_for_what_says_it_is_generated(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_open_demo(county)
    assert open_desk(county).is_demo
    for text in ('{"generated": false}', '{"generated": "true"}', "{}", "[]", "no json", "1"):
        (county / "county.json").write_text(text, encoding="utf-8")
        assert not is_open_demo(county), text
    assert not is_open_demo(tmp_path)
    (county / "county.json").write_text('{"generated": true}', encoding="utf-8")
    monkeypatch.setenv(STORE, str(tmp_path / "real.sqlite"))
    assert not is_open_demo(county)


def test_without_keys_the_door_of_a_real_office_stays_shut(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(office)
    assert (desk.is_demo, desk.problem, desk.needs_first()) == (False, None, True)
    desk.store.close()
    monkeypatch.delenv(KEY_FILE)
    shut = open_desk(office)
    assert shut.problem is not None
    assert shut.problem.field == KEY_FILE
    assert shut.caller("anything").actor is None
