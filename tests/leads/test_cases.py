"""Leads taken together; a case for every agency, also where several are liable for one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.errors import ConflictError, LeadError, PolicyError
from leads.cases import add_to_case, case_of, open_case, split_case, take_out
from leads.runs.ingest import ingest
from leads.steps import deadlines
from leads.steps.changing import lock, write
from leads.steps.moves import move
from leads.steps.workflow import load_workflow
from leads.store import card, list_leads
from office import Database
from office.verify import verify
from office.working_days import load_calendar
from tests.leads.findings import shop, write_run
from tests.leads.made import AUDITOR, PROSECUTOR, lead_of, told

AT = "2026-07-02T00:00:00Z"


@pytest.fixture
def ids(database: Database, tmp_path: Path) -> list[str]:
    file = write_run(tmp_path / "a.geojson", [shop(n) for n in range(1, 5)])
    ingest(database, file, actor=PROSECUTOR, at="2026-07-01T00:00:00Z")
    return [
        str(row["id"])
        for row in list_leads(database, actor=PROSECUTOR, sort="number", ascending=True).rows
    ]


def test_a_case_is_opened_filled_and_emptied(database: Database, ids: list[str]) -> None:
    made = open_case(database, ids[:2], actor=PROSECUTOR, at=AT)
    assert made.leads == tuple(ids[:2])
    assert made.title == "福顺1烟酒店、福顺2烟酒店"
    more = add_to_case(
        database, made.id, ["YC-2026-000003"], actor=PROSECUTOR, at=AT, version=made.version
    )
    assert more.leads == tuple(ids[:3])
    assert case_of(database, made.id, actor=PROSECUTOR) == more
    found = card(database, ids[0], actor=PROSECUTOR)
    assert found.case is not None
    assert found.case["id"] == made.id
    take_out(database, ids[1:2], actor=PROSECUTOR, at=AT)
    assert case_of(database, made.id, actor=PROSECUTOR).leads == (ids[0], ids[2])
    assert [kind for kind, _ in told(database, ids[1])] == [
        "lead.found",
        "lead.grouped",
        "lead.grouped",
    ]
    assert [kind for kind, _ in told(database, made.id)] == [
        "case.opened",
        "case.joined",
        "case.left",
    ]
    assert verify(database).ok


def test_what_cannot_be_a_case_is_refused(database: Database, ids: list[str]) -> None:
    made = open_case(database, ids[:2], actor=PROSECUTOR, at=AT, title="甲案")
    assert made.title == "甲案"
    with pytest.raises(LeadError, match="stands in case"):
        open_case(database, ids[1:3], actor=PROSECUTOR, at=AT)
    assert lead_of(database, ids[2])["case_id"] is None, "all of it or nothing"
    with pytest.raises(LeadError):
        open_case(database, [], actor=PROSECUTOR, at=AT)
    with pytest.raises(LeadError):
        take_out(database, ids[3:], actor=PROSECUTOR, at=AT)
    with pytest.raises(LeadError):
        add_to_case(database, "C0", ids[2:], actor=PROSECUTOR, at=AT)
    with pytest.raises(ConflictError):
        add_to_case(database, made.id, ids[2:], actor=PROSECUTOR, at=AT, version=99)
    with pytest.raises(PolicyError):
        open_case(database, ids[2:], actor=AUDITOR, at=AT)


def test_a_case_is_split_per_agency(database: Database, ids: list[str]) -> None:
    case = open_case(database, ids, actor=PROSECUTOR, at=AT)
    first, second = split_case(database, case.id, {"tobacco": ids[:3], "market": ["YC-2026-000004"]},
                               actor=PROSECUTOR, at=AT, version=1)  # fmt: skip
    assert (first.id, first.agency, first.leads) == (case.id, "tobacco", tuple(ids[:3]))
    assert (second.agency, second.leads, second.split_from) == ("market", (ids[3],), case.id)
    assert [lead_of(database, one)["agency"] for one in ids] == ["tobacco"] * 3 + ["market"]
    assert "case.split" in [kind for kind, _ in told(database, case.id)]
    assert verify(database).ok


@pytest.mark.parametrize(
    "parts", [None, {"a": ["all"]}, {"a": ["all"], "b": []}, {"a": ["all"], "b": ["L0"]}]
)
def test_a_split_that_is_none_is_refused(
    database: Database, ids: list[str], parts: dict[str, list[str]] | None
) -> None:
    case = open_case(database, ids, actor=PROSECUTOR, at=AT)
    named = parts and {
        agency: ids if those == ["all"] else those for agency, those in parts.items()
    }
    with pytest.raises(LeadError):
        split_case(database, case.id, named, actor=PROSECUTOR, at=AT)
    with pytest.raises(LeadError):
        split_case(database, case.id, {"a": ids[:1], "b": ids[1:2]}, actor=PROSECUTOR, at=AT)
    assert len(case_of(database, case.id, actor=PROSECUTOR).leads) == 4


def test_what_runs_for_a_lead_runs_for_its_copy_but_not_the_agencys_reply(
    database: Database, ids: list[str]
) -> None:
    step: dict[str, Any] = {"actor": PROSECUTOR, "at": AT, "on_date": "2026-07-02", "version": None}
    case = open_case(database, ids[:1], actor=PROSECUTOR, at=AT)
    move(database, ids[0], "screening", **step)
    move(database, ids[0], "filed", fields={"case_cause": "食药", "handler": "王检", "approved_by": "张检",
                                            "procedure": "civil"}, **step)  # fmt: skip
    move(database, ids[0], "investigation", fields={
        "handler": "王检", "second_person": "赵检", "plan": "现场核查", "delegated_to": "乙院",
        "delegated_on": "2026-07-02"}, **step)  # fmt: skip
    with database.write() as connection:
        lead = lock(connection, ids[0])
        reply = load_workflow().deadline("reply", "2026-07-02")
        deadlines.start(connection, lead, reply, "2026-07-02", entered={}, calendar=load_calendar())
        write(connection, [lead], actor=PROSECUTOR, at=AT)
    _, second = split_case(
        database, case.id, {"tobacco": ids[:1], "market": ids[:1]}, actor=PROSECUTOR, at=AT
    )
    own, copy = (card(database, one, actor=PROSECUTOR) for one in (ids[0], second.leads[0]))
    assert [one["kind"] for one in own.deadlines] == ["delegated_investigation", "reply"]
    (runs,) = copy.deadlines
    same = ("kind", "started_on", "due_on", "state", "provisional", "data")
    assert [runs[one] for one in same] == [own.deadlines[0][one] for one in same]
    assert runs["id"] != own.deadlines[0]["id"]
    assert copy.lead["next_due"] == runs["due_on"]
    assert "lead.deadline" in [kind for kind, _ in told(database, second.leads[0])]
    assert verify(database).ok


def test_a_copy_of_a_lead_without_a_clock_has_none(database: Database, ids: list[str]) -> None:
    case = open_case(database, ids[:1], actor=PROSECUTOR, at=AT)
    parts = {"tobacco": ids[:1], "market": ids[:1]}
    _, second = split_case(database, case.id, parts, actor=PROSECUTOR, at=AT)
    copy = card(database, second.leads[0], actor=PROSECUTOR)
    assert (copy.deadlines, copy.lead["next_due"]) == ((), None)


def test_several_agencies_for_one_thing_each_get_a_case_that_follows_the_runs(
    database: Database, ids: list[str], tmp_path: Path
) -> None:
    case = open_case(database, ids[:1], actor=PROSECUTOR, at=AT)
    _, second = split_case(
        database, case.id, {"tobacco": ids[:1], "market": ids[:1]}, actor=PROSECUTOR, at=AT
    )
    (copy,) = second.leads
    assert copy != ids[0]
    (link,) = card(database, copy, actor=PROSECUTOR).links
    assert (link["kind"], link["other_id"]) == ("copy_of", ids[0])
    move(database, copy, "dismissed", actor=PROSECUTOR, at="2026-07-03T00:00:00Z", on_date="2026-07-03",
         version=None, fields={"dismissal": "other", "note": "另案处理"})  # fmt: skip
    rest = [shop(n) for n in range(2, 5)]

    def take(number: int, *rows: dict[str, object]) -> dict[str, int]:
        file = write_run(tmp_path / f"{number}.geojson", [*rows, *rest])
        report = ingest(database, file, actor=PROSECUTOR, at=f"2026-07-{number:02d}T00:00:00Z")
        return {
            name: report.count(name)
            for name in ("new", "changed", "vanished", "back", "asked_again")
            if report.count(name)
        }

    assert take(4, shop(1)) == {}
    assert take(5, shop(1, measured=20.0)) == {"changed": 2, "asked_again": 1}
    assert take(6) == {"vanished": 2}
    assert take(7) == {}
    assert take(8, shop(1, measured=20.0)) == {"back": 2}
    assert lead_of(database, copy)["state"] == "dismissed"
    assert lead_of(database, ids[0])["state"] == "registered"
    assert verify(database).ok
