"""Random walks through the whole table, and many people at one lead: the row, its deadlines, its
looks and its history say the same after every step.
"""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from layers.errors import ConflictError
from leads.steps import deadlines
from leads.steps.changing import next_due
from leads.steps.moves import allowed, move
from leads.steps.reinspecting import looks_of
from leads.steps.workflow import Field, Step, load_workflow
from office import Actor, Database
from office.working_days import load_calendar
from tests.leads.made import PROSECUTOR, lead_of, put_lead, told

TABLE = load_workflow()
CALENDAR = load_calendar()


def entry(field: Field, day: str, dice: random.Random) -> Any:
    if field.kind == "date":
        return (date.fromisoformat(day) - timedelta(days=dice.randrange(4))).isoformat()
    if field.kind == "flag":
        return dice.random() < 0.5
    return dice.choice(list(field.choices)) if field.choices else "某某"


def entries(step: Step, day: str, dice: random.Random) -> dict[str, Any]:
    names = [*step.fields, *(name for name in step.optional if dice.random() < 0.5)]
    return {name: entry(TABLE.fields[name], day, dice) for name in names}


@pytest.mark.parametrize("seed", range(8))
def test_any_walk_through_the_table_keeps_row_and_history_one(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    db = Database.open(tmp_path / "leads.sqlite")
    lead = put_lead(db, agency="990123-tobacco")
    day = date(2026, 1, 5)
    for turn in range(14):
        row = lead_of(db, lead)
        to, step = dice.choice(allowed(row, row["data"], day.isoformat()))
        move(db, lead, to, fields=entries(step, day.isoformat(), dice), actor=PROSECUTOR,
             at=f"{day}T{turn:02}:00:00Z", on_date=day.isoformat(), version=row["version"])  # fmt: skip
        check(db, lead, to, row["version"] + 1)
        day += timedelta(days=dice.randrange(40))
    db.close()


def check(db: Database, lead: str, state: str, version: int) -> None:
    row = lead_of(db, lead)
    assert (row["state"], row["version"]) == (state, version)
    last = told(db, lead)[-1][1]
    assert (last["state"], last["version"]) == (state, version)
    with db.read() as connection:
        assert row["next_due"] == next_due(connection, lead)
        found = deadlines.of_lead(connection, lead)
        looks = looks_of(connection, lead)
    assert all(CALENDAR.works(date.fromisoformat(d.due_on)) for d in found)
    assert all(d.started_on < d.due_on for d in found)
    assert all(
        one["state"] != "planned" or CALENDAR.works(date.fromisoformat(one["due_on"]))
        for one in looks
    )
    if state == "suspended":
        assert not [d for d in found if d.state == deadlines.OPEN]
    if state in {"dismissed", "not_filed", "transferred", "archived"}:
        assert not [d for d in found if d.state in deadlines.RUNNING and d.kind not in LATER]


LATER = {"judgment_report", "withdrawal_to_court"}
"""They start when a case ends."""


def test_of_many_people_at_one_lead_one_is_first_and_all_others_are_told(
    database: Database,
) -> None:
    lead = put_lead(database)

    def go(number: int) -> str:
        actor = Actor(f"检察官{number}", ("prosecutor",))
        try:
            move(database, lead, "screening", actor=actor, at="2026-07-01T00:00:00Z",
                 on_date="2026-07-01", version=1)  # fmt: skip
        except ConflictError as error:
            return str(error)
        return actor.name

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(go, range(8)))
    first = [one for one in answers if one.startswith("检察官")]
    assert len(first) == 1
    assert all(f"{first[0]}: lead.moved → screening" in one for one in answers if one != first[0])
    assert [kind for kind, _ in told(database, lead)] == ["lead.moved"]
    assert json.dumps(lead_of(database, lead)["data"], ensure_ascii=False).count(first[0]) == 1
