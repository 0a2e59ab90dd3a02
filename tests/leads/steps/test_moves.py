"""Moving leads on both stores: rights, fields, deadlines, cases, and two people at one lead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from layers.errors import ConflictError, LeadError, PolicyError
from leads.steps import deadlines
from leads.steps.moves import Moved, allowed, move
from office import Actor, Database
from office.schema import EVENT
from tests.leads.made import AT, AUDITOR, PROSECUTOR, lead_of, put_case, put_lead, told

FILED: dict[str, Any] = {"case_cause": "学校周边烟草", "handler": "王检", "approved_by": "检察长"}
OFFICERS: dict[str, Any] = {"handler": "王检", "second_person": "赵检"}
ADVICE: dict[str, Any] = {"facts": "距校门62米", "advice": "依法处理", "approved_by": "检察长"}


def go(db: Database, lead: str, state: str, day: str, *, actor: Actor = PROSECUTOR,
       version: int | None = None, **fields: Any) -> Moved:  # fmt: skip
    return move(db, lead, state, fields=fields, actor=actor, at=f"{day}T02:00:00+00:00",
                on_date=day, version=version)  # fmt: skip


def running(db: Database, lead: str, *states: str) -> dict[str, tuple[str, str]]:
    """Deadlines by kind: due day and state."""
    with db.read() as connection:
        return {d.kind: (d.due_on, d.state) for d in deadlines.of_lead(connection, lead, *states)}


def to_rectification(db: Database, lead: str, **recommended: Any) -> None:
    go(db, lead, "screening", "2026-07-01")
    go(db, lead, "filed", "2026-07-02", **FILED)
    go(db, lead, "investigation", "2026-07-06", **OFFICERS)
    go(db, lead, "recommendation", "2026-07-20", **ADVICE, **recommended)
    go(db, lead, "rectification", "2026-07-22", served_on="2026-07-21", served_by="direct")


def test_from_finding_to_archive_with_every_deadline(database: Database) -> None:
    lead = put_lead(database, agency="990123-tobacco")
    to_rectification(database, lead)
    assert running(database, lead) == {
        "serve_filing": ("2026-07-09", "open"),
        "serve_recommendation": ("2026-07-23", "met"),
        "file_recommendation": ("2026-07-27", "open"),  # the 26th is a Sunday
        "reply": ("2026-09-21", "open"),
    }
    assert lead_of(database, lead)["next_due"] == "2026-07-09"
    go(database, lead, "follow_up", "2026-09-22", reply="done", replied_on="2026-09-22")
    due = running(database, lead)
    assert due["reply"] == ("2026-09-21", "late")
    assert due["review"] == ("2026-10-21", "open")  # a month from the end of the period
    go(database, lead, "closed", "2026-10-20", closure="rectified", approved_by="检察长")
    due = running(database, lead)
    assert due["review"] == ("2026-10-21", "met")
    assert due["serve_filing"] == ("2026-07-09", "late")  # nobody said it was served
    go(database, lead, "archived", "2026-10-21", archive_no="2026-1")
    row = lead_of(database, lead)
    assert (row["state"], row["version"]) == ("archived", 9)
    assert row["data"]["closed"]["closure"] == "rectified"
    moved = [body for kind, body in told(database, lead) if kind == "lead.moved"]
    assert [body["to"] for body in moved][-3:] == ["follow_up", "closed", "archived"]
    assert all(body["verified"] for body in moved)
    assert moved[3]["documents"][1] == {"zh": "检察建议书", "en": "procuratorial recommendation"}


def test_urgent_harm_shortens_the_reply(database: Database) -> None:
    lead = put_lead(database, agency="990123-tobacco")
    to_rectification(database, lead, urgent="yes")
    assert running(database, lead)["reply"] == ("2026-08-05", "open")


def test_suspension_stops_the_clock_and_goes_back_where_it_was(database: Database) -> None:
    lead = put_lead(database, agency="990123-tobacco")
    to_rectification(database, lead)
    go(database, lead, "suspended", "2026-08-03", reason="汛期", approved_by="检察长")
    assert running(database, lead)["reply"] == ("2026-09-21", "suspended")
    assert lead_of(database, lead)["data"]["came_from"]["suspended"] == "rectification"
    with pytest.raises(LeadError, match="no step from suspended to follow_up"):
        go(database, lead, "follow_up", "2026-08-20", reply="none")
    go(database, lead, "rectification", "2026-08-24", reason="汛期结束")
    assert running(database, lead)["reply"] == ("2026-10-12", "open")  # 21 days later
    with database.read() as connection:
        reply = next(d for d in deadlines.of_lead(connection, lead) if d.kind == "reply")
    assert "扣除中止21天" in reply.data["counted"]["zh"]
    assert reply.data["verified"] is True


def test_civil_cases_announce_and_have_three_months(database: Database) -> None:
    lead = put_lead(database)  # no agency: a civil case needs none
    go(database, lead, "screening", "2026-07-01")
    go(database, lead, "filed", "2026-07-02", **FILED, procedure="civil")
    assert running(database, lead) == {}
    go(database, lead, "investigation", "2026-07-06", **OFFICERS)
    with pytest.raises(LeadError, match="no step from investigation to recommendation"):
        go(database, lead, "recommendation", "2026-07-20", **ADVICE)
    go(
        database,
        lead,
        "announcement",
        "2026-07-20",
        published_in="正义网",
        published_on="2026-07-20",
    )
    assert running(database, lead) == {
        "announcement": ("2026-08-19", "open"), "review_civil": ("2026-11-19", "open")}  # fmt: skip


def test_a_case_filed_anew_is_of_the_usual_kind_again(database: Database) -> None:
    lead = put_lead(database, agency="990123-tobacco")
    go(database, lead, "screening", "2026-07-01")
    go(database, lead, "filed", "2026-07-02", **FILED, procedure="civil")
    go(database, lead, "investigation", "2026-07-06", **OFFICERS)
    go(database, lead, "closed", "2026-07-20", closure_civil="no_act", approved_by="检察长")
    go(database, lead, "screening", "2026-07-21", reason="新线索")
    go(database, lead, "filed", "2026-07-22", **FILED)
    assert lead_of(database, lead)["data"]["procedure"] == "administrative"
    assert running(database, lead) == {"serve_filing": ("2026-07-29", "open")}


def test_a_case_without_an_agency_is_not_filed(database: Database) -> None:
    lead = put_lead(database)
    go(database, lead, "screening", "2026-07-01")
    with pytest.raises(LeadError, match=r"has no agency yet.*leads route"):
        go(database, lead, "filed", "2026-07-02", **FILED)
    assert lead_of(database, lead)["state"] == "screening"


def test_dismissal_takes_a_code_and_is_taken_up_again(database: Database) -> None:
    lead = put_lead(database)
    with pytest.raises(LeadError, match=r"none of the choices.*wrong_place"):
        move(database, lead, "dismissed", reason="不对", actor=PROSECUTOR, at=AT,
             on_date="2026-07-01", version=1)  # fmt: skip
    move(database, lead, "dismissed", reason="licensed", fields={"note": "证照齐全"}, actor=PROSECUTOR,
         at=AT, on_date="2026-07-01", version=1)  # fmt: skip
    kept = lead_of(database, lead)["data"]["dismissed"]
    assert (kept["reason"], kept["note"]) == ("licensed", "证照齐全")
    assert kept["facts_hash"] == lead_of(database, lead)["facts_hash"]
    go(database, lead, "registered", "2026-07-02", reason="许可已过期")
    assert lead_of(database, lead)["state"] == "registered"


def test_a_dispute_goes_back_to_where_it_came_from(database: Database) -> None:
    lead = put_lead(database)
    go(database, lead, "screening", "2026-07-01")
    go(
        database,
        lead,
        "competence_disputed",
        "2026-07-02",
        disputing="烟草局、市监局",
        reason="无证",
    )
    row = lead_of(database, lead)
    assert [aim for aim, _ in allowed(row, row["data"], "2026-07-03")] == [
        "screening",
        "transferred",
    ]
    go(database, lead, "screening", "2026-07-03", reason="共同上级指定")
    assert lead_of(database, lead)["state"] == "screening"


def test_nothing_is_written_without_the_right(database: Database) -> None:
    lead = put_lead(database)
    with pytest.raises(PolicyError, match="may not screen"):
        go(database, lead, "screening", "2026-07-01", actor=AUDITOR)
    assert (lead_of(database, lead)["version"], told(database, lead)) == (1, [])


def test_the_second_of_two_people_is_told_what_the_first_did(database: Database) -> None:
    lead = put_lead(database)
    go(database, lead, "screening", "2026-07-01", version=1)
    with pytest.raises(ConflictError, match=r"王检: lead.moved → screening.*version 2"):
        move(database, lead, "dismissed", reason="licensed", actor=Actor("赵检", ("prosecutor",)),
             at=AT, on_date="2026-07-01", version=1)  # fmt: skip
    assert lead_of(database, lead)["state"] == "screening"
    assert len(told(database, lead)) == 1


def test_a_case_moves_its_leads_together_or_not_at_all(database: Database) -> None:
    leads = [put_lead(database, number, agency="990123-tobacco") for number in (1, 2, 3)]
    put_case(database, "C1", *leads)
    for lead in leads[:2]:
        go(database, lead, "screening", "2026-07-01")
    with pytest.raises(LeadError, match=r"different states: YC-2026-000003 \(registered\)"):
        go(database, leads[0], "filed", "2026-07-02", **FILED)
    assert [lead_of(database, lead)["state"] for lead in leads] == [
        "screening",
        "screening",
        "registered",
    ]
    move(database, leads[2], "dismissed", reason="wrong_place", actor=PROSECUTOR, at=AT,
         on_date="2026-07-02", version=None)  # fmt: skip
    moved = go(database, leads[0], "filed", "2026-07-02", **FILED)
    assert moved.leads == tuple(leads[:2])
    assert [lead_of(database, lead)["state"] for lead in leads] == ["filed", "filed", "dismissed"]
    assert running(database, leads[1]) == {"serve_filing": ("2026-07-09", "open")}


def test_events_carry_state_and_version_of_the_row(database: Database) -> None:
    lead = put_lead(database, agency="990123-tobacco")
    to_rectification(database, lead)
    row = lead_of(database, lead)
    with database.read() as connection:
        last = connection.execute(
            select(EVENT.c.body).order_by(EVENT.c.seq.desc()).limit(1)
        ).scalar_one()
    body = json.loads(last)
    assert (body["state"], body["version"]) == (row["state"], row["version"])


def test_an_unknown_lead_or_day_is_refused(database: Database) -> None:
    with pytest.raises(LeadError, match="there is no lead L404"):
        go(database, "L404", "screening", "2026-07-01")
    lead = put_lead(database)
    with pytest.raises(Exception, match="is not a day"):
        move(database, lead, "screening", actor=PROSECUTOR, at=AT, on_date="1.7.2026", version=1)
