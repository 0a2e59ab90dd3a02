"""A generated county's invented offices: a lead goes and comes back, another gets its receipt, nowhere else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from leads.exchange.carrier import read_papers
from leads.exchange.desk import receive_file
from leads.exchange.listing import transfers
from leads.exchange.offices import ENVIRONMENT, load_offices
from leads.exchange.sending import call_back, settle
from leads.exchange.signed import ANSWER
from office import Database
from office.database import ENVIRONMENT as STORE
from tests.leads.exchange.two import AT, LATER, PROSECUTOR, fill
from ui.docket import demo, invented_offices
from ui.workplace import open_workplace


@pytest.fixture
def county(hamlet_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (ENVIRONMENT, STORE):
        monkeypatch.delenv(name, raising=False)
    return Path(shutil.copytree(hamlet_folder, tmp_path / "county"))


def test_a_lead_comes_back_and_another_gets_its_receipt(county: Path, tmp_path: Path) -> None:
    place = open_workplace(county)
    (county / "store").mkdir()
    db = Database.open(demo.store_of(place))
    fill(db, tmp_path / "runs", 2)
    file = invented_offices.file_of(place)
    assert file is not None
    invented_offices.set_up(place, db, AT)
    invented_offices.set_up(place, db, LATER)  # once is enough
    offices = load_offices(file)
    assert all("虚构" in one.words.zh and not one.url for one in offices.partners.values())
    rows = transfers(db, actor=PROSECUTOR)
    assert sorted(one["state"] for one in rows) == ["accepted", "offered"]

    (back,) = receive_file(db, file.with_name(invented_offices.CAME), offices=offices, actor=PROSECUTOR, at=LATER)  # fmt: skip
    assert (back.verdict, back.lead_id) == ("accepted", next(one["lead_id"] for one in rows if one["state"] == "accepted"))  # fmt: skip

    transfer = next(one["id"] for one in rows if one["state"] == "offered")
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(invented_offices.answer(place, db, transfer, actor=PROSECUTOR, at=LATER))
    call_back(db, transfer, offices=offices, reason="晚了", actor=PROSECUTOR, at=LATER)
    again = invented_offices.answer(place, db, transfer, actor=PROSECUTOR, at=LATER)
    assert again == receipt.read_bytes()  # it was taken in before it was called back
    (paper,) = read_papers(receipt, ANSWER, offices.rules)
    assert settle(db, paper, offices=offices, actor=PROSECUTOR, at=LATER).verdict == "accepted"
    db.close()


def test_a_real_store_has_none(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert invented_offices.file_of(open_workplace(county)) is not None
    monkeypatch.setenv(STORE, "sqlite:///own.sqlite")
    assert invented_offices.file_of(open_workplace(county)) is None
    monkeypatch.delenv(STORE)
    about = {**json.loads((county / "county.json").read_text(encoding="utf-8")), "generated": False}
    (county / "county.json").write_text(json.dumps(about), encoding="utf-8")
    assert invented_offices.file_of(open_workplace(county)) is None
