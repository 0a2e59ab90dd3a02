"""A generated county's findings become leads once for every state of its data, and in no other store."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from leads.messages.inbox import messages
from leads.store import list_leads
from office import Database
from office.database import ENVIRONMENT
from tests.ui.docket.conftest import AT, WHO
from ui.docket import demo
from ui.workplace import open_workplace


@pytest.fixture
def county(hamlet_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    return Path(shutil.copytree(hamlet_folder, tmp_path / "county"))


def test_taken_in_once(county: Path) -> None:
    assert demo.wanted(open_workplace(county))
    new = demo.fill(county, AT)
    assert new > 0
    assert not demo.wanted(open_workplace(county))
    address = demo.store_of(open_workplace(county))
    assert address is not None
    db = Database.open(address, create=False)
    assert list_leads(db, actor=WHO).total == new
    assert messages(db, WHO.name, actor=WHO).unread > 0
    db.close()
    assert demo.fill(county, "2026-07-02T01:00:00Z") == 0


def test_other_data_are_taken_in_again(county: Path) -> None:
    demo.fill(county, AT)
    (county / "layers" / "ecig_retailer.parquet").touch()
    assert demo.wanted(open_workplace(county))


def test_a_store_somebody_named_gets_no_demo_leads(
    county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(county / "own.sqlite"))
    place = open_workplace(county)
    assert demo.store_of(place) is None
    assert not demo.wanted(place)
    assert demo.fill(county, AT) == 0
    assert not (county / "own.sqlite").exists()


def test_a_real_office_takes_in_its_own_findings(county: Path) -> None:
    about = {**json.loads((county / "county.json").read_text(encoding="utf-8")), "generated": False}
    (county / "county.json").write_text(json.dumps(about), encoding="utf-8")
    place = open_workplace(county)
    assert demo.store_of(place) is None
    assert not demo.wanted(place)
    assert not demo.start(place).running
