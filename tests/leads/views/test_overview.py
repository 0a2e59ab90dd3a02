"""The overview counts what really became of leads, and only those that somebody may read."""

from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path

import pytest

from layers.errors import LeadError, PolicyError
from leads.__main__ import main
from leads.views.overview import Due, Funnel, due_counts, funnel, rectification_times
from office import Actor, Database
from office.scope import Grant, Scope
from tests.leads.made import PROSECUTOR, go, look, put_lead

CHECK = "tobacco-near-school"


def filed(db: Database, number: int, **values: str) -> str:
    lead = put_lead(db, number, state="screening", agency="990123-tobacco", **values)
    go(db, lead, "filed", "2026-07-02", case_cause="烟", handler="王检", approved_by="检察长")
    return lead


@pytest.fixture
def worked(database: Database) -> Database:
    """Five leads in two towns: one untouched, one dismissed, two cases (one gone after 41 days, then
    back), and one of another check and county that was transferred.
    """
    put_lead(database, 1, township="城关镇", admin_code="990123")
    dismissed = put_lead(database, 2, township="城关镇", admin_code="990123")
    go(database, dismissed, "dismissed", "2026-07-02", dismissal="closed")
    filed(database, 3, township="城关镇", admin_code="990123")
    back = filed(database, 4, township="麻溪乡", admin_code="990123")
    look(database, back, "gone", "2026-08-12")
    look(database, back, "still_there", "2026-11-01", "partial")
    other = put_lead(database, 5, check_id="caterer-licence", run="run-2", state="screening",
                     admin_code="430102", agency="990123-market")  # fmt: skip
    go(database, other, "transferred", "2026-07-03", receiver="青澜市院", reason="管辖")
    return database


def test_the_funnel_by_check(worked: Database) -> None:
    assert funnel(worked, actor=PROSECUTOR) == (
        Funnel(CHECK, leads=4, taken_up=3, cases=2, recommended=0, rectified=0,
               dismissed=1, transferred=0, not_filed=0, relapsed=1),
        Funnel("caterer-licence", leads=1, taken_up=1, cases=0, recommended=0, rectified=0,
               dismissed=0, transferred=1, not_filed=0, relapsed=0),
    )  # fmt: skip


def test_the_funnel_by_place_names_what_has_none(worked: Database) -> None:
    found = {one.group: one.leads for one in funnel(worked, "township", actor=PROSECUTOR)}
    assert found == {"城关镇": 3, "麻溪乡": 1, "": 1}
    with pytest.raises(LeadError, match="use one of check_id"):
        funnel(worked, "score", actor=PROSECUTOR)  # type: ignore[arg-type]


def test_days_count_from_the_filing_to_the_first_look_that_found_it_gone(worked: Database) -> None:
    (one,) = rectification_times(worked, actor=PROSECUTOR)
    assert (one.since, one.began, one.gone, one.days) == ("filed", "2026-07-02", "2026-08-12", 41)
    assert one.township == "麻溪乡"


def test_deadlines_by_kind_as_of_a_day(worked: Database) -> None:
    by_day = {day: sum(astuple(one)[3] for one in due_counts(worked, day, actor=PROSECUTOR))
              for day in ("2026-07-03", "2027-07-03")}  # fmt: skip
    assert by_day["2026-07-03"] == 0
    assert by_day["2027-07-03"] == sum(
        one.running + one.soon + one.overdue for one in due_counts(worked, "2026-07-03", actor=PROSECUTOR)
    ) > 0  # fmt: skip
    assert all(isinstance(one, Due) for one in due_counts(worked, "2026-07-03", actor=PROSECUTOR))


def test_of_another_place_nothing_is_counted(worked: Database) -> None:
    own = Actor("王检", ("prosecutor",), Scope((Grant("prosecutor", "430102"),)))
    assert [one.group for one in funnel(worked, actor=own)] == ["caterer-licence"]
    assert rectification_times(worked, actor=own) == ()
    assert due_counts(worked, "2026-07-03", actor=own) == ()
    with pytest.raises(PolicyError):
        funnel(worked, actor=Actor("周", ("system_admin",)))


@pytest.mark.usefixtures("worked")
def test_the_command_prints_and_writes(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = ["--store", store_url, "--by", "王检"]
    assert main(["overview", *usual, "--per", "township", "--json"]) == 0
    assert {one["group"] for one in json.loads(capsys.readouterr().out)} == {"城关镇", "麻溪乡", ""}
    assert main(["overview", "times", *usual, "--csv", str(tmp_path / "times.csv")]) == 0
    assert "2026-08-12" in (tmp_path / "times.csv").read_text(encoding="utf-8")
    assert main(["overview", "deadlines", *usual, "--on", "2026-07-03"]) == 0
    assert "running" in capsys.readouterr().out
