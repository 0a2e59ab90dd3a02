"""Assigning, noting, extending and stopping deadlines, and the lists of what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from layers.errors import ConflictError, LeadError, PolicyError
from leads.steps import deadlines
from leads.steps.deadlines import Deadline
from leads.steps.due import due_list
from leads.steps.handling import assign, note, recount_provisional, see_to_deadline
from leads.steps.moves import move
from office import Actor, Database
from office.working_days import Period, WorkingDays
from tests.leads.made import AT, FIELD, PROSECUTOR, lead_of, put_case, put_lead, told


def reviewed(db: Database, number: int = 1, day: str = "2026-09-01", **values: Any) -> str:
    """A lead in follow-up: its review runs for a month from `day`."""
    lead = put_lead(db, number, state="rectification", agency="990123-tobacco", **values)
    move(
        db,
        lead,
        "follow_up",
        fields={"reply": "done"},
        actor=PROSECUTOR,
        at=AT,
        on_date=day,
        version=None,
    )
    return lead


def see(db: Database, lead: str, act: str, day: str, kind: str = "review", **more: Any) -> Deadline:
    return see_to_deadline(db, lead, kind, act, actor=PROSECUTOR, at=AT, on_date=day, version=None,
                           reason=more.pop("reason", "案情复杂"), **more)  # fmt: skip


def test_assigning_tells_from_whom_to_whom(database: Database) -> None:
    lead = put_lead(database)
    assign(database, lead, "李检", actor=PROSECUTOR, at=AT, version=1)
    assign(database, lead, "", actor=PROSECUTOR, at=AT, version=2, reason="调离")
    assert lead_of(database, lead)["assignee"] is None
    assert [(body["before"], body["to"]) for _, body in told(database, lead)] == [
        (None, "李检"),
        ("李检", None),
    ]
    with pytest.raises(ConflictError, match="→ 李检"):
        assign(database, lead, "赵检", actor=PROSECUTOR, at=AT, version=1)


def test_a_note_stays_in_the_history(database: Database) -> None:
    lead = put_lead(database)
    assert note(database, lead, " 门头已换 ", actor=FIELD, at=AT) == 2
    assert told(database, lead)[0][1]["text"] == "门头已换"
    for text in ("  ", "x" * 9000):
        with pytest.raises(LeadError, match="a note has"):
            note(database, lead, text, actor=FIELD, at=AT)


def test_the_chief_extends_once_by_a_month_and_the_superior_by_what_is_granted(
    database: Database,
) -> None:
    lead = reviewed(database)
    assert (
        see(database, lead, "extend", "2026-09-25").due_on == "2026-11-02"
    )  # 1 November is a Sunday
    with pytest.raises(LeadError, match="once, by 1 month"):
        see(database, lead, "extend", "2026-10-25")
    with pytest.raises(LeadError, match="no period is named"):
        see(database, lead, "extend", "2026-10-25", by="superior")
    done = see(
        database, lead, "extend", "2026-10-25", by="superior", period=Period.parse("2 months")
    )
    assert (done.due_on, done.provisional) == (
        "2027-01-01",
        True,
    )  # weekends alone are known of 2027
    assert [e["by"] for e in done.data["extensions"]] == ["chief", "superior"]
    assert lead_of(database, lead)["data"]["follow_up"]["reply"] == "done"


def test_what_the_table_does_not_extend_is_not_extended(database: Database) -> None:
    lead = put_lead(database, state="recommendation", agency="990123-tobacco")
    move(database, lead, "rectification", fields={"served_on": "2026-07-01", "served_by": "direct"},
         actor=PROSECUTOR, at=AT, on_date="2026-07-01", version=1)  # fmt: skip
    with pytest.raises(LeadError, match="nobody: it cannot be extended"):
        see(database, lead, "extend", "2026-08-01", kind="reply")


def test_time_for_an_appraisal_is_not_counted(database: Database) -> None:
    lead = reviewed(database)
    assert see(database, lead, "stop", "2026-09-10", reason="委托鉴定").state == "suspended"
    assert (
        lead_of(database, lead)["next_due"] == "2026-09-07"
    )  # the look-back; the review stands still
    with pytest.raises(LeadError, match="stands still already"):
        see(database, lead, "stop", "2026-09-11")
    with pytest.raises(LeadError, match="lies before it was stopped"):
        see(database, lead, "resume", "2026-09-09")
    done = see(database, lead, "resume", "2026-09-30")
    assert (done.due_on, done.state) == ("2026-10-21", "open")  # 1 October and 20 days


def test_met_in_time_and_late(database: Database) -> None:
    lead = reviewed(database)
    assert see(database, lead, "met", "2026-10-09").state == "late"
    with pytest.raises(LeadError, match="no deadline review is running"):
        see(database, lead, "met", "2026-10-09")


@pytest.mark.parametrize(
    ("act", "reason", "problem"), [("stop", " ", "no reason"), ("forget", "x", "cannot be done")]
)
def test_an_act_needs_a_reason_and_to_exist(
    database: Database, act: str, reason: str, problem: str
) -> None:
    lead = reviewed(database)
    with pytest.raises(LeadError, match=problem):
        see(database, lead, act, "2026-09-10", reason=reason)


def test_a_field_officer_extends_nothing(database: Database) -> None:
    lead = reviewed(database)
    with pytest.raises(PolicyError):
        see_to_deadline(
            database, lead, "review", "met", actor=FIELD, at=AT, on_date="2026-09-10", version=None
        )


def test_a_provisional_deadline_is_counted_again_once_the_holidays_are_known(
    database: Database,
) -> None:
    lead = reviewed(database, day="2089-09-01")
    with database.read() as connection:
        [review] = [d for d in deadlines.of_lead(connection, lead) if d.kind == "review"]
    assert (review.due_on, review.provisional) == (
        "2089-10-03",
        True,
    )  # 1 October 2089 is a Saturday
    week = frozenset(date(2089, 10, n) for n in range(1, 8))
    known = WorkingDays({2089: (week, frozenset())})
    assert recount_provisional(database, actor=PROSECUTOR, at=AT) == []
    assert recount_provisional(database, actor=PROSECUTOR, at=AT, calendar=known) == [lead]
    with database.read() as connection:
        [review] = [d for d in deadlines.of_lead(connection, lead) if d.kind == "review"]
    assert (review.due_on, review.provisional) == ("2089-10-10", False)  # the 8th is a Saturday
    assert recount_provisional(database, actor=PROSECUTOR, at=AT, calendar=known) == []


def test_due_lists_overdue_and_soon_a_case_as_one(database: Database) -> None:
    leads = [reviewed(database, n) for n in (1, 2)]
    put_case(database, "C1", *leads)
    other = reviewed(database, 3, day="2026-09-20")
    assign(database, other, "李检", actor=PROSECUTOR, at=AT, version=None)
    with database.read() as connection:
        items = due_list(connection, "2026-10-05", within_days=7)
        mine = due_list(connection, "2026-10-05", within_days=30, assignee="李检")
        one = due_list(connection, "2026-10-05", within_days=3, lead_id="YC-2026-000002")
    assert [(i.kind, i.due_on, i.status, i.days, len(i.leads)) for i in items] == [
        ("first", "2026-09-07", "overdue", -28, 2),
        ("first", "2026-09-28", "overdue", -7, 1),  # the 25th is Mid-Autumn
        ("review", "2026-10-08", "soon", 3, 2),  # 1 October and the week after it rest
    ]  # fmt: skip
    assert items[2].working_days == 1
    assert items[2].basis is not None
    assert "47" in items[2].basis.zh
    assert [(i.kind, i.assignee) for i in mine] == [("first", "李检"), ("review", "李检")]
    assert [i.numbers for i in one] == [("YC-2026-000002",)] * 2


def test_somebody_acts_always() -> None:
    with pytest.raises(PolicyError, match="nobody is named"):
        Actor(" ", ("prosecutor",))
