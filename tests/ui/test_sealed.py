"""Marked values in sealed fields, looked for on every page, at the interface, in tiles and in the log: none."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from checks import RunResult
from layers import LayerSet
from leads.reporter import keep_reporter
from leads.runs.ingest import ingest
from leads.steps.handling import assign
from leads.store import lead_ids
from office import Actor, Database
from office.database import ENVIRONMENT
from office.doors.keys import ENVIRONMENT as KEY_FILE
from office.doors.keys import add_key, load_keys
from tests.evidence.test_sealed import MARKS, VALUES, found_in
from tests.office.doors.made import RULES
from ui import cache
from ui.docket.demo import PEOPLE
from ui.doors.desk import Desk
from ui.doors.gate import Gate
from ui.headers import SECURITY
from ui.map import kept
from ui.routes import ROUTES
from ui.settings import VARIABLE
from ui.tiles.names import candidates
from ui.tiles.shapes import shapes_of

AT = "2026-07-01T01:00:00Z"
WHO = Actor("王检", ("prosecutor",))
PAGE = """
import streamlit as st

from ui.map import page
from ui import state
from ui.docket import page as docket
from ui.header import ASKS
from ui.overview import page as overview


def nothing():
    pass


state.begin()
state.keep("p_who", WHO)
shows = {"map": page.show, "leads": docket.show, "overview": overview.show}
pages = {one: st.Page(shows.get(one, nothing), title=one, url_path=one, default=one == NAME) for one in {*ASKS, NAME}}
state.know_pages(pages)
st.navigation(list(pages.values()), position="hidden").run()
"""
VIEWS = {"leads": ("list", "due", "inbox"), "overview": ("",), "map": ("findings", "leads")}
"""Pages, with the views of each."""
READS = ("王检", "李复核", "赵外勤", "陈审计")
"""People of the demo who may read leads, each with another role."""
OPENS = ("王检", "李复核", "赵外勤")
"""Those who may open or seal such values."""


@pytest.fixture(scope="module")
def county(hamlet_folder: Path, result: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Path:  # fmt: skip
    """A generated county; its first lead has a reporter under seal and was given to somebody."""
    folder = tmp_path_factory.mktemp("sealed") / "county"
    shutil.copytree(hamlet_folder, folder)
    about = {"name": {"zh": "石桥县", "en": "Shiqiao"}, "generated": True, "rules": "demo"}
    (folder / "county.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "store").mkdir()
    add_key(folder / "keys.txt")
    with closing(Database.open(folder / "store" / "leads.sqlite")) as db:
        ingest(db, result, actor=WHO, at=AT)
        lead = first(db)
        keep_reporter(db, lead, VALUES, keys=load_keys(folder / "keys.txt"), actor=WHO, at=AT)
        assign(db, lead, "赵外勤", actor=WHO, at=AT, version=None)
    return folder


def first(db: Database) -> str:
    return lead_ids(db, actor=WHO)[0]


@pytest.fixture(autouse=True)
def there(county: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The county as the one the app shows."""
    monkeypatch.setenv(VARIABLE, str(county))
    monkeypatch.setenv(KEY_FILE, str(county / "keys.txt"))
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with closing(Database.open(county / "store" / "leads.sqlite")) as db:
        yield db


def _bytes(page: AppTest) -> bytes:
    """Everything a run sent to the browser."""
    return b"\n".join(one.proto.SerializeToString() for one in page.main if hasattr(one, "proto") and one.proto)  # fmt: skip


def _drawn(who: str, name: str, view: str, lead: str) -> bytes:
    script = PAGE.replace("WHO", repr(who)).replace("NAME", repr(name))
    page = AppTest.from_string(script, default_timeout=60)
    page.query_params["lead"] = lead
    if view:
        page.query_params["view"] = view
    page.run()
    assert not page.exception, page.exception
    return _bytes(page)


@pytest.mark.parametrize("who", READS)
def test_no_page_holds_it(there: Database, who: str) -> None:
    lead = first(there)
    for name, views in VIEWS.items():
        for view in views:
            told = _drawn(who, name, view, lead)
            assert len(told) > 300, (name, view)
            assert found_in(f"{name} {view}", told) == []
    card = _drawn(who, "leads", "list", lead).decode(errors="ignore")
    assert "近店" in card, "the card is drawn indeed"
    assert ("瞿**" in card) == (who in OPENS), "masked, for who may open it"


def _as(role: str) -> TestClient:
    desk = Desk(
        load_keys(Path(cache.workplace().folder) / "keys.txt"),
        RULES,
        lambda: AT,
        people={"赵外勤": role},
    )
    app = Starlette(routes=ROUTES, middleware=[*SECURITY, Middleware(Gate, desks=lambda: desk)])
    return TestClient(app, "http://localhost", headers={"Origin": "http://localhost"})


def _asked(lead: str) -> list[str]:
    many = "limit=1000"
    return ["/api/?f=html", "/api/docs", "/api/openapi.json", "/api/collections", "/api/collections?f=html",
            *(f"/api/collections/{name}/items?{many}{form}" for name in ("leads", "findings", "layer_ecig_retailer")
              for form in ("", "&f=html")), f"/api/collections/leads/items/{lead}", "/api/collections/leads/queryables",
            f"/api/v1/leads?{many}", f"/api/v1/leads/{lead}", f"/api/v1/leads/{lead}/steps", "/api/v1/runs",
            "/field/api/package", "/features/ecig_retailer.json", "/lane/picture.svg?lane=x"]  # fmt: skip


def test_no_address_tile_or_log_tells_it(
    there: Database, county: Path, hamlet: LayerSet, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    lead, seen = first(there), b""
    for role in sorted({*PEOPLE.values(), "machine"}):
        client = _as(role)
        for path in _asked(lead):
            answer = client.get(path)
            assert answer.status_code in {200, 403, 404}, path
            assert found_in(f"{role} {path}", answer.content) == []
            seen += answer.content if role == "auditor" else b""
        for path in (f"/api/v1/leads/{lead}/notes", f"/field/api/leads/{lead}/visits"):
            assert found_in(path, client.post(path, json={"text": "x" * 9000}).content) == []
    assert lead.encode() in seen
    assert "近店".encode() in seen
    for name in READS:
        marks, frame = kept.lead_map(Actor(name, (PEOPLE[name],)))
        token = kept.shown().put(marks, np.arange(len(marks.frame)))
        assert found_in("table", frame.to_csv().encode() + marks.frame.to_csv().encode()) == []
        assert found_in("symbols", kept.shown().get(token).tile(0, 0, 0)) == []
    written = [one.text for one in candidates({name: shapes_of(one.frame) for name, one in hamlet.items()})]  # fmt: skip
    assert written
    assert found_in("labels", "\n".join(written).encode()) == []
    said = capfd.readouterr()
    text = f"{said.out}\n{said.err}\n{caplog.text}"
    assert caplog.records
    assert not [mark for mark in MARKS if mark in text]
    for file in county.rglob("*"):
        if file.is_file():
            assert found_in(file.name, file.read_bytes()) == []


def test_looking_for_it_finds_nothing() -> None:
    client = _as("reviewer")
    for mark in MARKS:
        found = client.get("/api/v1/leads", params={"words": mark})
        assert (found.status_code, found.json()["leads"]) == (200, [])
