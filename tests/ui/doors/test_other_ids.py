"""Ids of another person or another county: every own address answers as for one that does not exist."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.testing.v1 import AppTest

from leads.field.visits import VISITED
from office.database import ENVIRONMENT
from tests.leads.field.told import photo, visit
from tests.leads.made import put_lead, told
from tests.ui.doors.conftest import ROUTES, Answer, Browser, House
from ui.doors.gate import Gate
from ui.field.desk import Desk
from ui.field.routes import field_routes
from ui.headers import SECURITY
from ui.jobs.job import Order
from ui.jobs.table import Jobs, open_jobs
from ui.scenes.incoming import Incoming
from ui.scenes.uploads import PATH, upload_routes
from ui.settings import VARIABLE
from ui.texts import texts

BATCH, NOBODY = "ab" * 16, "0f" * 16
DATA = b"a picture"
DIGEST = hashlib.sha256(DATA).hexdigest()
SAME = {"Origin": "http://localhost"}


@dataclass
class Site:
    """The real addresses of uploads and field work behind the real gate; A and B, and C of another county."""

    house: House
    incoming: Incoming
    jobs: Jobs
    a: Browser
    b: Browser
    c: Browser

    def begin(self, who: Browser, data: bytes = DATA) -> str:
        about = {"batch": BATCH, "name": "a.jpg", "size": len(data)}
        made = who.client.post(PATH, content=json.dumps(about), headers=SAME)
        assert made.status_code == 201
        return str(made.json()["id"])

    def send(self, who: Browser, upload: str, data: bytes = DATA) -> Answer:
        return who.client.patch(f"{PATH}/{upload}", content=data, headers={**SAME, "Upload-Offset": "0"})  # fmt: skip

    def visit(self, who: Browser, lead: str, number: str) -> Answer:
        body = visit(id=number, photos=[photo(DIGEST, size=len(DATA))])
        return who.client.post(f"/field/api/leads/{lead}/visits", content=json.dumps(body), headers=SAME)  # fmt: skip

    def photo(self, who: Browser, lead: str, number: str, upload: str) -> Answer:
        path = f"/field/api/leads/{lead}/visits/{number}/photos/{DIGEST}"
        return who.client.put(path, content=json.dumps({"upload": upload}), headers=SAME)


@pytest.fixture
def site(house: House) -> Site:
    root = house.folder
    incoming = Incoming(root / "uploads")
    jobs = open_jobs(root / "uploads" / "jobs", root / "imagery", lambda: datetime.now(UTC))
    desk = Desk(
        store=lambda: house.db, address=lambda: house.db.shown, incoming=lambda: incoming, layers=lambda: None,
        jobs=lambda: jobs, root=lambda: root / "field", now=lambda: datetime(2026, 7, 2, tzinfo=UTC),
    )  # fmt: skip
    house.app = Starlette(routes=[*ROUTES, *upload_routes(lambda: incoming), *field_routes(desk)],
                          middleware=[*SECURITY, Middleware(Gate, desks=lambda: house.desk)])  # fmt: skip
    people = [house.inside(name, role) for name, role in
              (("甲", "field@990123"), ("乙", "field@990123"), ("丙", "field@990199"))]  # fmt: skip
    return Site(house, incoming, jobs, *people)


def _same(found: Answer, none: Answer) -> None:
    """Word for word the same answer."""
    assert (found.status_code, found.content) == (none.status_code, none.content)
    assert found.headers.get("upload-offset") == none.headers.get("upload-offset")


def test_another_person_s_upload_is_none(site: Site) -> None:
    upload = site.begin(site.a)
    url, none = f"{PATH}/{upload}", f"{PATH}/{NOBODY}"
    for who in (site.b, site.c):
        listed = who.client.get(f"{PATH}?batch={BATCH}")
        assert listed.json()["uploads"] == []
        _same(who.client.head(url), who.client.head(none))
        _same(site.send(who, upload), site.send(who, NOBODY))
        _same(who.client.delete(url, headers=SAME), who.client.delete(none, headers=SAME))
        assert who.client.head(url).status_code == 404
    assert site.incoming.get(upload).offset == 0
    assert site.send(site.a, upload).status_code == 204
    assert site.a.client.head(url).headers["upload-offset"] == str(len(DATA))
    for owner in ("乙", ""):
        assert site.incoming.hand_over([upload], site.house.folder / "job", owner) == []
    assert site.incoming.hand_over([upload], site.house.folder / "job", "甲") == ["a.jpg"]


def test_another_person_s_upload_is_no_photo_of_mine(site: Site) -> None:
    lead = put_lead(site.house.db, admin_code="990123", assignee="乙")
    upload = site.begin(site.a)
    site.send(site.a, upload)
    assert site.visit(site.b, lead, "cd" * 16).status_code == 201
    found = site.photo(site.b, lead, "cd" * 16, upload)
    _same(found, site.photo(site.b, lead, "cd" * 16, NOBODY))
    assert found.status_code == 404
    assert site.incoming.get(upload).complete
    assert site.jobs.all() == []


def test_a_lead_of_another_county_takes_no_visit_and_shows_none(site: Site) -> None:
    lead = put_lead(site.house.db, admin_code="990123", assignee="丙")
    assert site.visit(site.a, lead, "ab" * 16).status_code == 201
    unknown = "L" + "f" * 16
    upload = site.begin(site.c)
    site.send(site.c, upload)
    for number in ("ab" * 16, "ee" * 16):
        for ask in (
            lambda one, number=number: site.visit(site.c, one, number),
            lambda one, number=number: site.photo(site.c, one, number, upload),
        ):
            found, none = ask(lead), ask(unknown)
            assert found.status_code == none.status_code == 422
            assert found.text.replace(lead, "?") == none.text.replace(unknown, "?")
    assert site.c.client.get("/field/api/package").json()["leads"] == []
    assert len([1 for kind, _ in told(site.house.db, lead) if kind == VISITED]) == 1


PAGE = """
from ui import state
from ui.scenes import upload

state.begin()
state.keep("p_who", WHO)
upload.show()
"""


@pytest.fixture
def county(tmp_path: Path, hamlet_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A generated county: its people are chosen by name."""
    folder = tmp_path / "county"
    shutil.copytree(hamlet_folder, folder)
    about = json.loads((folder / "county.json").read_text(encoding="utf-8")) | {"generated": True}
    (folder / "county.json").write_text(json.dumps(about), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    return folder


def test_the_address_of_another_person_s_take_in_shows_nothing(county: Path) -> None:
    jobs = Jobs(county / "uploads" / "jobs", county / "imagery", lambda: datetime.now(UTC))
    incoming = Incoming(county / "uploads")
    jobs.worker = ("none-such",)
    one = incoming.begin({"batch": BATCH, "name": "a.jpg", "size": 1}, "王检")
    incoming.append(one.id, incoming.claim(one.id, 0), b"x")
    job = jobs.start(incoming, [one.id], Order({}, "甲", "乙", "核实"), actor="王检")
    assert job is not None

    def buttons(who: str) -> set[str]:
        page = AppTest.from_string(PAGE.replace("WHO", repr(who)), default_timeout=60)
        page.query_params["job"] = job
        page.run()
        assert not page.exception
        return {one.label for one in page.button}

    said = {texts("zh")("upload.close"), texts("zh")("upload.throw")}
    assert said <= buttons("王检")
    assert not said & buttons("刘检")
