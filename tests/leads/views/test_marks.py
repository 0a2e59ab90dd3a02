"""How leads show elsewhere: only what people touched, by check and subject; runs with their counts."""

from __future__ import annotations

from leads.joining import merge
from leads.steps.moves import move
from leads.views.marks import mark_of, marks, recent_runs, stamp
from office import Database
from tests.leads.made import AT, PROSECUTOR, put_lead, put_run


def test_only_what_somebody_did_something_about_is_marked(database: Database) -> None:
    first, _ = put_lead(database, 1), put_lead(database, 2)
    assert marks(database, actor=PROSECUTOR) == {}
    before = stamp(database)
    move(database, first, "screening", actor=PROSECUTOR, at=AT, on_date="2026-07-01", version=1)
    found = marks(database, actor=PROSECUTOR)
    assert stamp(database) != before
    assert [(key, one.id, one.state, one.touched) for key, one in found.items()] == [
        (("tobacco-near-school", "s1"), first, "screening", True)
    ]


def test_the_lead_of_a_finding(database: Database) -> None:
    lead = put_lead(database, 3)
    mark = mark_of(database, "tobacco-near-school", "s3", actor=PROSECUTOR)
    assert mark is not None
    assert (mark.id, mark.number, mark.touched) == (lead, "YC-2026-000003", False)
    assert mark_of(database, "bar-near-school", "s3", actor=PROSECUTOR) is None


def test_one_that_was_merged_away_gives_way(database: Database) -> None:
    away, stays = put_lead(database, 1, subject_id="same"), put_lead(database, 2, subject_id="same")
    merge(database, away, stays, actor=PROSECUTOR, at=AT, reason="同一家")
    mark = mark_of(database, "tobacco-near-school", "same", actor=PROSECUTOR)
    assert mark is not None
    assert mark.id == stays


def test_the_last_runs_come_first(database: Database) -> None:
    put_run(database, "R1", "2026-06-01")
    put_run(database, "R2", "2026-07-01")
    assert [one.id for one in recent_runs(database, actor=PROSECUTOR, most=2)] == ["R2", "R1"]
