"""The yield of a check after a life with a relapse: what came back is not rectified."""

from __future__ import annotations

import pytest

from leads.yields import Yield, yields
from office import Database
from tests.leads.made import PROSECUTOR, go, look, put_lead


def told(db: Database) -> Yield:
    (one,) = yields(db, actor=PROSECUTOR)
    return one


def closed(db: Database) -> str:
    """A case closed as rectified."""
    lead = put_lead(db, state="screening", agency="990123-tobacco")
    go(db, lead, "filed", "2026-07-02", case_cause="烟", handler="王检", approved_by="检察长")
    go(db, lead, "investigation", "2026-08-01", handler="王检", second_person="赵检")
    go(db, lead, "closed", "2026-09-01", closure="rectified", approved_by="检察长")
    return lead


def test_a_relapse_takes_the_rectified_one_back(database: Database) -> None:
    lead = closed(database)
    assert (told(database).cases, told(database).rectified) == (1, 1)
    look(database, lead, "still_there", "2026-12-01", "partial")
    assert (told(database).cases, told(database).rectified) == (1, 0)
    go(database, lead, "filed", "2026-12-02", case_cause="烟", handler="王检", approved_by="检察长")
    assert told(database).rectified == 0
    go(database, lead, "investigation", "2027-01-04", handler="王检", second_person="赵检")
    go(database, lead, "closed", "2027-02-01", closure="rectified", approved_by="检察长")
    assert told(database).rectified == 1


@pytest.mark.parametrize(("results", "rectified"), [
    ([("gone", "2026-10-01")], 1), ([("cannot_tell", "2026-10-01")], 1),
    ([("gone", "2026-10-01"), ("still_there", "2027-01-04")], 0),
    ([("gone", "2026-10-01"), ("still_there", "2027-01-04"), ("gone", "2027-03-01")], 1),
])  # fmt: skip
def test_the_last_look_that_could_tell_decides(
    database: Database, results: list[tuple[str, str]], rectified: int
) -> None:
    lead = closed(database)
    for result, day in results:
        look(database, lead, result, day, *(["partial"] if result == "still_there" else []))
    assert told(database).rectified == rectified
