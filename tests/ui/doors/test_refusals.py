"""What the policy refuses on the web stands in the history: an event, then a count; never in the answer's way."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from layers.errors import PolicyError, StoreError
from office import Actor, Database
from office.audit import Search, search
from office.database import ENVIRONMENT
from office.door_tables import REFUSAL
from office.policy import require
from tests.office.doors.made import told
from tests.ui.doors.conftest import House
from ui.doors.desk import Desk
from ui.doors.telling import tell
from ui.doors.telling import told as tell_now
from ui.settings import VARIABLE

KIND = "policy.refused"
AUDITOR = Actor("审", ("auditor",))


def _untold(db: Database) -> int:
    with db.read() as connection:
        return sum(connection.scalars(select(REFUSAL.c.untold)))


def test_a_refused_address_leaves_one_event_with_where_it_came_from(house: House) -> None:
    one = house.inside("王检", "prosecutor")
    assert one.client.get("/people").status_code == 403
    assert told(house.db, KIND) == [
        {"operation": "person.manage", "count": 1, "source": "10.0.0.1"}
    ]
    assert one.client.get("/who").status_code == 200
    assert house.browser().client.get("/people").status_code == 401
    assert len(told(house.db, KIND)) == 1


def test_a_thousand_refusals_leave_one_event_and_a_count(house: House) -> None:
    one = house.inside("王检", "prosecutor")
    answers = {one.client.get("/people").status_code for _ in range(1000)}
    assert answers == {403}
    assert [row["count"] for row in told(house.db, KIND)] == [1]
    assert _untold(house.db) == 999
    house.clock.go(61)
    found = search(house.db, Search(kind=KIND), actor=AUDITOR, at=house.clock.at).events
    assert [json.loads(row.body)["count"] for row in found] == [999, 1]


def test_a_store_that_does_not_answer_fails_no_answer(house: House) -> None:
    def gone() -> Database:
        raise StoreError("the store does not answer", remedy="wait")

    with pytest.raises(PolicyError) as caught:
        require(AUDITOR, "person.manage")
    shut = Desk(house.desk.keys, house.desk.rules, house.desk.now, people={"审": "auditor"}, county=gone)  # fmt: skip
    assert not tell_now(shut, AUDITOR, caught.value)
    assert not tell_now(Desk(shut.keys, shut.rules, shut.now), AUDITOR, caught.value)


def test_a_busy_store_keeps_no_answer_waiting_and_is_told_later(house: House) -> None:
    free = threading.Event()

    def busy() -> Database:
        free.wait(30)
        return house.db

    with pytest.raises(PolicyError) as caught:
        require(AUDITOR, "person.manage")
    desk = Desk(house.desk.keys, house.desk.rules, house.desk.now, people={"审": "auditor"}, county=busy)  # fmt: skip
    asked = Request({"type": "http", "headers": [], "client": ("10.0.0.9", 1), "state": {"desk": desk}})  # fmt: skip
    before = len(told(house.db, KIND))

    async def refused_twice() -> None:
        await tell(asked, AUDITOR, caught.value, wait_s=0.05)
        assert len(told(house.db, KIND)) == before
        free.set()
        await tell(asked, AUDITOR, caught.value)

    asyncio.run(refused_twice())
    assert [row["source"] for row in told(house.db, KIND)][before:] == ["10.0.0.9"]
    assert _untold(house.db) == 1


PAGE = """
from ui import state
from ui.entitled import entitled

state.begin()
state.keep("p_who", "孙系统")
entitled("leads")
"""


@pytest.fixture
def county(
    tmp_path: Path, hamlet_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A generated county with its own store."""
    folder = tmp_path / "county"
    shutil.copytree(hamlet_folder, folder)
    about = json.loads((folder / "county.json").read_text(encoding="utf-8")) | {"generated": True}
    (folder / "county.json").write_text(json.dumps(about), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    (folder / "store").mkdir()
    db = Database.open(folder / "store" / "leads.sqlite")
    yield db
    db.close()


def test_a_refused_page_leaves_one_event_however_often_it_is_drawn(county: Database) -> None:
    page = AppTest.from_string(PAGE, default_timeout=60).run()
    for _ in range(3):
        page = page.run()
    assert not page.exception
    assert "查看线索" in page.get("html")[-1].proto.body
    assert [row["operation"] for row in told(county, KIND)] == ["lead.read"]
    assert _untold(county) == 3
