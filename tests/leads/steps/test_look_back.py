"""Look-back on both stores: what is planned, what runs tell, what people record, what comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from layers.errors import LeadError, PolicyError
from leads.steps.look_back import CANNOT_TELL, GONE, STILL_THERE, article_82, look_again, plan_of
from leads.steps.moves import move
from leads.steps.reinspecting import Inspected, looks_of, reinspect
from office import Actor, Database
from office.canonical import canonical
from office.schema import LEAD
from office.working_days import WorkingDays
from tests.leads.made import (
    AT,
    AUDITOR,
    FIELD,
    LAYERS,
    PROSECUTOR,
    lead_of,
    put_lead,
    put_run,
    told,
)

NEW_LAYERS = [{**LAYERS[0], "sha256": "b" * 64}]


def follow(db: Database, **values: Any) -> str:
    """A lead whose rectification period ended on 1 September and that was taken into follow-up."""
    lead = put_lead(db, state="rectification", agency="990123-tobacco", **values)
    move(db, lead, "follow_up", fields={"reply": "done"}, actor=PROSECUTOR, at=AT, on_date="2026-09-01",
         version=1)  # fmt: skip
    return lead


def look(db: Database, lead: str, result: str, day: str, *tests: str, actor: Actor = PROSECUTOR,
         name: str | None = None) -> Inspected:  # fmt: skip
    return reinspect(db, lead, result, actor=actor, at=f"{day}T01:00:00Z", on_date=day, version=None,
                     tests=tests, reinspection=name)  # fmt: skip


def days(db: Database, lead: str, state: str = "planned") -> list[tuple[str, str]]:
    with db.read() as connection:
        return [
            (one["kind"], one["due_on"])
            for one in looks_of(connection, lead)
            if one["state"] == state
        ]


def seen(
    db: Database, lead: str, run: str, day: str, layers: list[dict[str, Any]], **values: Any
) -> str:
    """What the runs say of the lead after one more run; returns the verdict of looking again."""
    put_run(db, run, day, layers=layers)
    with db.write() as connection:
        connection.execute(update(LEAD).where(LEAD.c.id == lead).values(last_run=run, **values))
        return look_again(connection, lead, "2026-09-02").verdict


def test_entering_follow_up_plans_a_first_look_and_relapse_checks_on_working_days(
    database: Database,
) -> None:
    lead = follow(database)
    planned = days(database, lead)
    assert planned == [("first", "2026-09-07"), ("relapse", "2026-12-01"), ("relapse", "2027-03-01"),
                       ("relapse", "2027-09-01")]  # fmt: skip
    assert all(WorkingDays().works(date.fromisoformat(day)) for _, day in planned)
    assert lead_of(database, lead)["next_due"] == "2026-09-07"
    with database.read() as connection:
        view = looks_of(connection, lead)[0]["data"]["view"]
    assert view["bounds"] == [109.3, 27.6, 109.3, 27.6]


def test_the_same_view_is_asked_for_where_pictures_told(database: Database) -> None:
    lead = follow(database, finding={"facts": {"scene_id": "S2A_1", "day": "2026-05-21", "x": 1}})
    with database.read() as connection:
        view = looks_of(connection, lead)[0]["data"]["view"]
    assert (view["scene_id"], view["day"]) == ("S2A_1", "2026-05-21")


def test_every_check_has_its_own_plan_or_the_common_one() -> None:
    assert len(plan_of("fire-lane-blocked").relapse) == 4
    assert str(plan_of("fire-lane-blocked").relapse[0]) == "1 month"
    assert plan_of("bar-near-school") == plan_of("no-such-check")


def test_article_82_is_complete_in_both_languages() -> None:
    tests = article_82()
    assert list(tests) == ["no_reply", "not_carried_out", "partial", "criminal_only", "not_resumed",
                           "unlawful_measures", "other"]  # fmt: skip
    assert all(words.zh and words.en for words in tests.values())


def test_runs_tell_gone_and_still_there_only_on_new_data(database: Database) -> None:
    lead = follow(database)
    with database.read() as connection:
        assert look_again(connection, lead, "2026-09-02").verdict == CANNOT_TELL  # no run since
    assert seen(database, lead, "run-2", "2026-09-05", LAYERS, presence="vanished") == CANNOT_TELL
    assert seen(database, lead, "run-3", "2026-09-06", NEW_LAYERS, presence="vanished") == GONE
    assert seen(database, lead, "run-4", "2026-09-07", NEW_LAYERS, presence="seen") == STILL_THERE
    undecided = seen(database, lead, "run-5", "2026-09-08", NEW_LAYERS, verdict="undecided")
    assert undecided == CANNOT_TELL


def test_other_layers_of_the_run_are_no_new_data(database: Database) -> None:
    """A run that got a new layer of roads tells nothing of a lead that never read it."""
    lead = follow(database)
    layers = [*LAYERS, {"theme": "road", "sha256": "c" * 64, "rows": 1}]
    assert seen(database, lead, "run-2", "2026-09-05", layers, presence="vanished") == CANNOT_TELL


@pytest.mark.parametrize(("result", "tests", "problem"), [
    ("vanished", (), "no result of a look"), ("still_there", (), "0 tests"),
    ("gone", ("partial",), "gone with 1 tests"), ("still_there", ("lazy",), "'lazy' is no test"),
])  # fmt: skip
def test_a_result_and_its_tests_must_fit(
    database: Database, result: str, tests: tuple[str, ...], problem: str
) -> None:
    lead = follow(database)
    with pytest.raises(LeadError, match=problem):
        look(database, lead, result, "2026-09-07", *tests)
    assert lead_of(database, lead)["version"] == 2


def test_a_look_answers_the_first_one_and_all_that_are_due(database: Database) -> None:
    lead = follow(database)
    look(database, lead, GONE, "2027-03-02")
    assert days(database, lead) == [("relapse", "2027-09-01")]
    assert [kind for kind, _ in days(database, lead, "done")] == ["first", "relapse", "relapse"]
    look(database, lead, GONE, "2027-03-03")
    assert days(database, lead, "done")[-1] == ("extra", "2027-03-03")
    with pytest.raises(LeadError, match="is not planned"):
        look(database, lead, GONE, "2027-03-04", name="R404")


def test_still_there_or_not_to_be_told_is_looked_at_once_more(database: Database) -> None:
    lead = follow(database)
    done = look(database, lead, STILL_THERE, "2026-09-07", "partial", "no_reply")
    assert (done.relapse, done.reopened) == (False, None)
    assert ("first", "2026-09-22") in days(database, lead)
    assert lead_of(database, lead)["data"]["looks"]["last"]["tests"] == ["no_reply", "partial"]
    look(database, lead, CANNOT_TELL, "2026-09-22")
    assert ("first", "2026-10-08") in days(database, lead)  # the 7th is a holiday


def test_a_relapse_while_it_is_open_asks_again(database: Database) -> None:
    lead = follow(database)
    look(database, lead, GONE, "2026-09-07")
    done = look(database, lead, STILL_THERE, "2026-12-01", "partial")
    row = lead_of(database, lead)
    assert (done.relapse, done.reopened, row["state"], row["asked_again"]) == (
        True,
        None,
        "follow_up",
        True,
    )
    again = look(database, lead, STILL_THERE, "2026-12-20", "partial")
    assert not again.relapse  # it was never gone in between


def test_a_relapse_of_a_closed_lead_takes_it_up_again(database: Database) -> None:
    lead = follow(database)
    move(database, lead, "closed", fields={"closure": "rectified", "approved_by": "检察长"}, actor=PROSECUTOR,
         at="2026-09-10T00:00:00Z", on_date="2026-09-10", version=None)  # fmt: skip
    done = look(database, lead, STILL_THERE, "2026-12-01", "partial")
    row = lead_of(database, lead)
    assert (done.relapse, done.reopened, row["state"]) == (True, "screening", "screening")
    assert days(database, lead) == []  # the new case plans its own
    assert [kind for kind, _ in told(database, lead)][-3:] == [
        "lead.reinspected",
        "lead.moved",
        "lead.look_back",
    ]


def test_a_field_officer_records_a_relapse_and_a_prosecutor_decides(database: Database) -> None:
    lead = follow(database)
    move(database, lead, "closed", fields={"closure": "rectified", "approved_by": "检察长"}, actor=PROSECUTOR,
         at="2026-09-10T00:00:00Z", on_date="2026-09-10", version=None)  # fmt: skip
    done = look(database, lead, STILL_THERE, "2026-12-01", "partial", actor=FIELD)
    row = lead_of(database, lead)
    assert (done.relapse, done.reopened, row["state"], row["asked_again"]) == (
        True,
        None,
        "closed",
        True,
    )


def test_who_may_not_look_does_not(database: Database) -> None:
    lead = follow(database)
    with pytest.raises(PolicyError):
        look(database, lead, GONE, "2026-09-07", actor=AUDITOR)


def test_dismissing_cancels_what_is_planned(database: Database) -> None:
    lead = follow(database)
    with database.write() as connection:
        connection.execute(
            update(LEAD).where(LEAD.c.id == lead).values(state="screening", data=canonical({}))
        )
    move(database, lead, "dismissed", reason="closed", actor=PROSECUTOR, at=AT, on_date="2026-09-03",
         version=None)  # fmt: skip
    assert days(database, lead) == []
    assert lead_of(database, lead)["next_due"] is None
