"""Look-backs under a standing watch: what new data say is told, a relapse is taken up again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from layers import make_layer, read_layer
from leads.messages.inbox import messages
from leads.steps.moves import move
from leads.steps.reinspecting import looks_of
from leads.store import Filter, list_leads
from leads.watches.due import DATA, LOOK
from leads.watches.running import run_watches
from leads.watches.watch import Person, add_watch
from office import Database
from office.actors import MACHINE
from office.schema import LEAD, REINSPECTION
from office.verify import verify
from tests.leads.folders import some_layers
from tests.leads.made import PROSECUTOR, lead_of, told

BAR = "bar-near-school"
FOUND, FOLLOWED, LOOKED, CHECKED, BACK = (
    "2026-06-30",
    "2026-07-01",
    "2026-07-10",
    "2026-10-12",
    "2027-01-05",
)


@pytest.fixture
def folder(tmp_path: Path, demo_layers: Path) -> Path:
    """Schools and bars of the demo county."""
    return some_layers(demo_layers, tmp_path)


def go(db: Database, day: str) -> dict[str, str]:
    """Run what is due; the reasons of the check."""
    report = run_watches(db, actor=MACHINE, at=f"{day}T01:00:00Z", on_date=day, within_days=0)
    return {check: why for ran in report.ran for check, why in ran.reasons.items()}


def kinds(db: Database) -> list[str]:
    page = messages(db, "王检", actor=MACHINE, limit=200)
    return [one.kind for one in reversed(page.messages)]


def looks(db: Database, lead: str) -> list[tuple[str, str, Any]]:
    with db.read() as connection:
        return [
            (one["kind"], one["state"], one["data"].get("result"))
            for one in looks_of(connection, lead)
        ]


@pytest.fixture
def case(database: Database, folder: Path) -> tuple[str, Callable[[bool], None]]:
    """A lead in follow-up since 1 July, and how to take its bar off the map or put it back."""
    add_watch(database, folder=str(folder), people=[Person("王检")], checks=[BAR], rules="demo",
              actor=PROSECUTOR, at=f"{FOUND}T00:00:00Z")  # fmt: skip
    go(database, FOUND)
    row = list_leads(database, Filter(checks=[BAR], verdicts=["inside"]), actor=MACHINE).rows[0]
    with database.write() as connection:
        values = {"state": "rectification", "agency": "990123-market", "assignee": "王检"}
        connection.execute(update(LEAD).where(LEAD.c.id == row["id"]).values(values))
    move(database, row["id"], "follow_up", fields={"reply": "done"}, actor=PROSECUTOR,
         at=f"{FOLLOWED}T01:00:00Z", on_date=FOLLOWED, version=None)  # fmt: skip
    file = folder / "bar.parquet"
    whole = read_layer(file)
    subject = lead_of(database, row["id"])["subject_id"]

    def stands(there: bool) -> None:
        frame = whole.frame if there else whole.frame[whole.frame["id"] != subject]
        make_layer("bar", frame.reset_index(drop=True), *whole.provenance).write(file)

    return row["id"], stands


def test_a_look_that_comes_due_runs_the_check_and_the_same_data_tell_nothing(
    database: Database, case: tuple[str, Callable[[bool], None]]
) -> None:
    lead, _ = case
    assert go(database, "2026-07-02") == {}
    assert go(database, LOOKED) == {BAR: LOOK}
    assert go(database, LOOKED) == {}
    assert "look_told" in kinds(database)
    (one,) = [
        m for m in messages(database, "王检", actor=MACHINE).messages if m.kind == "look_told"
    ]
    assert one.lines[0].words.en.startswith("cannot tell; the run of 2026-07-10 read the same data")
    assert looks(database, lead)[0] == ("first", "planned", None)


def test_the_first_look_is_a_persons_and_relapse_checks_are_the_watchs(
    database: Database, case: tuple[str, Callable[[bool], None]]
) -> None:
    lead, stands = case
    stands(False)
    assert go(database, LOOKED) == {BAR: DATA}
    assert "look_told" in kinds(database)  # gone, says the data; the first look is a person's
    assert looks(database, lead)[0] == ("first", "planned", None)
    with database.write() as connection:  # the person has looked
        first = (REINSPECTION.c.lead_id == lead) & (REINSPECTION.c.kind == "first")
        connection.execute(update(REINSPECTION).where(first).values(
            state="done", data='{"on":"2026-07-11","result":"gone"}'))  # fmt: skip
    stands(True)
    stands(False)
    assert go(database, CHECKED) == {BAR: LOOK}
    assert [one[1] for one in looks(database, lead)][:2] == ["done", "planned"]  # the same data
    close(database, lead)
    stands(True)
    assert go(database, BACK) == {BAR: DATA}
    row = lead_of(database, lead)
    assert row["state"] == "screening"  # a relapse: taken up again, with its history
    assert row["data"]["looks"]["relapses"] == 1
    assert "relapse" in kinds(database)
    events = dict(told(database, lead))
    assert events["lead.reinspected"]["result"] == "still_there"
    assert events["lead.reinspected"]["tests"] == []  # a test of article 82 is a person's word
    assert events["lead.moved"]["to"] == "screening"
    assert verify(database).ok


def test_a_relapse_check_that_finds_it_gone_is_recorded(
    database: Database, case: tuple[str, Callable[[bool], None]], folder: Path
) -> None:
    lead, stands = case
    with database.write() as connection:
        first = (REINSPECTION.c.lead_id == lead) & (REINSPECTION.c.kind == "first")
        connection.execute(update(REINSPECTION).where(first).values(
            state="done", data='{"on":"2026-07-11","result":"still_there"}'))  # fmt: skip
    stands(False)
    assert go(database, CHECKED) == {BAR: DATA}
    assert looks(database, lead)[:2] == [
        ("first", "done", "still_there"),
        ("relapse", "done", "gone"),
    ]
    assert "looked" in kinds(database)
    assert lead_of(database, lead)["state"] == "follow_up"
    assert lead_of(database, lead)["data"]["looks"]["gone"]
    assert (folder / "bar.parquet").is_file()


def close(db: Database, lead: str) -> None:
    """The case is closed as rectified."""
    move(db, lead, "closed", actor=PROSECUTOR, at=f"{CHECKED}T05:00:00Z", on_date=CHECKED, version=None,
         fields={"closure": "rectified", "approved_by": "检察长"})  # fmt: skip
