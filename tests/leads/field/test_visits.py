"""Visits: recorded once, whatever happened meanwhile; photos arrive later, each once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from layers.errors import ConflictError, LeadError, PolicyError
from leads.field.form import form
from leads.field.told import read_visit
from leads.field.visits import PHOTO as ARRIVED
from leads.field.visits import VISITED, Visited, photo_arrived, record_visit
from leads.field.visits import visit as visit_of
from leads.steps.handling import assign, note
from leads.steps.moves import move
from office import Actor, Database
from office.scope import Grant, Scope
from office.verify import verify
from tests.leads.field.told import OTHER, PHOTO, VISIT, photo, position, visit
from tests.leads.made import AT, AUDITOR, FIELD, PROSECUTOR, lead_of, put_lead, told

DAY = "2026-07-01"


def record(db: Database, lead: str, actor: Actor = FIELD, **more: Any) -> Visited:
    return record_visit(db, lead, visit(**more), actor=actor, at=AT, on_date=DAY)


def test_a_visit_told_again_is_recorded_once(database: Database) -> None:
    lead = put_lead(database)
    first, again = record(database, lead), record(database, lead)
    assert (first.new, again.new) == (True, False)
    assert first.wanted == again.wanted == (PHOTO, OTHER)
    assert first.version == again.version == 2
    bodies = [body for kind, body in told(database, lead) if kind == VISITED]
    assert len(bodies) == 1
    assert bodies[0]["note"] == bodies[0]["fields"]["note"] == "仍在营业"
    assert bodies[0]["words"] == {"zh": "现场存在", "en": "found"}
    assert bodies[0]["device"] == {"agent": "Mozilla/5.0", "model": "Pixel 9"}
    assert bodies[0]["photos"][0]["position"]["datum"] == "WGS 84"
    assert verify(database).ok


def test_two_that_send_at_once_record_one_visit(database: Database) -> None:
    lead = put_lead(database)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: record(database, lead), range(4)))
    assert sum(one.new for one in done) == 1
    assert [kind for kind, _ in told(database, lead)] == [VISITED]


def test_other_words_under_the_same_id_are_refused(database: Database) -> None:
    lead = put_lead(database)
    record(database, lead)
    with pytest.raises(ConflictError, match="other words"):
        record(database, lead, result="gone")
    assert len(told(database, lead)) == 1


def test_what_others_did_meanwhile_is_told_and_stops_nothing(database: Database) -> None:
    lead = put_lead(database)
    assign(database, lead, "赵检", actor=PROSECUTOR, at=AT, version=1)
    note(database, lead, "已约谈", actor=PROSECUTOR, at=AT)
    done = record(database, lead)
    assert done.new
    assert done.assignee == "赵检"
    assert [one["actor"] for one in done.meanwhile] == ["王检", "王检"]
    assert done.meanwhile[1]["words"] == {"zh": "记录：已约谈", "en": "noted: 已约谈"}
    note(database, lead, "后来的", actor=PROSECUTOR, at=AT)
    assert record(database, lead).meanwhile == done.meanwhile  # the same answer as the first time


def test_photos_arrive_once_and_leave_the_version(database: Database) -> None:
    lead = put_lead(database)
    record(database, lead)
    assert photo_arrived(database, lead, VISIT, PHOTO, actor=FIELD, at=AT)
    assert not photo_arrived(database, lead, VISIT, PHOTO, actor=FIELD, at=AT)
    assert record(database, lead).wanted == (OTHER,)
    assert visit_of(database, lead, VISIT, actor=FIELD)["wanted"] == [OTHER]
    assert [kind for kind, _ in told(database, lead)].count(ARRIVED) == 1
    assert lead_of(database, lead)["version"] == 2
    with pytest.raises(LeadError, match="no such photo"):
        photo_arrived(database, lead, VISIT, "00" * 32, actor=FIELD, at=AT)
    with pytest.raises(LeadError, match="no visit"):
        photo_arrived(database, lead, "00" * 16, PHOTO, actor=FIELD, at=AT)


def test_a_visit_may_settle_the_look_back_in_the_same_step(database: Database) -> None:
    lead = put_lead(database, state="rectification", agency="990123-tobacco")
    move(database, lead, "follow_up", fields={"reply": "done"}, actor=PROSECUTOR, at=AT, on_date=DAY, version=None)  # fmt: skip
    with pytest.raises(LeadError, match="article 82"):
        record(database, lead, look=True)
    kinds = [kind for kind, _ in told(database, lead)]
    assert VISITED not in kinds
    record(database, lead, look=True, tests=["partial"])
    new = [(kind, body) for kind, body in told(database, lead)][len(kinds) :]
    assert [kind for kind, _ in new][:2] == [VISITED, "lead.reinspected"]
    assert new[1][1]["tests"] == ["partial"]
    assert new[1][1]["evidence"] == {"visit": VISIT, "photos": [PHOTO, OTHER]}


def test_who_may(database: Database) -> None:
    lead = put_lead(database, admin_code="990123")
    with pytest.raises(PolicyError, match="无权记录"):
        record(database, lead, actor=AUDITOR)
    elsewhere = Actor("李外勤", ("field",), Scope((Grant("field", "430102"),)))
    with pytest.raises(LeadError, match="there is no lead"):
        record(database, lead, actor=elsewhere)
    with pytest.raises(LeadError, match="there is no lead"):
        visit_of(database, lead, VISIT, actor=elsewhere)
    assert told(database, lead) == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"id": "AB" * 16}, "id"),
        ({"result": "perhaps"}, "result"),
        ({"seen_version": -1}, "seen_version"),
        ({"seen_version": True}, "seen_version"),
        ({"begun": "2026-07-01T09:20:00"}, "begun"),
        ({"ended": "2026-07-01T09:00:00+08:00"}, "ended"),
        ({"fields": {"colour": "red"}}, "fields"),
        ({"fields": {"weather": "hail"}}, "weather"),
        ({"fields": {"note": "x" * 5000}}, "note"),
        ({"fields": ["note"]}, "fields"),
        ({"steps": [{"step": "a", "done": "maybe"}]}, "steps"),
        ({"measured": [{"what": "a", "value": "61"}]}, "measured"),
        ({"measured": [{"what": "a", "value": float("nan")}]}, "measured"),
        ({"position": {"lon": 181, "lat": 0, "accuracy_m": 1}}, "lon"),
        ({"position": {"lon": 1, "lat": 0}}, "position"),
        ({"photos": [photo(), photo()]}, "photos"),
        ({"photos": [photo(position=position(lat=91))]}, "lat"),
        ({"photos": [photo(sha256="x")]}, "sha256"),
        ({"photos": "none"}, "photos"),
        ({"tests": ["unknown"]}, "tests"),
        ({"look": True, "result": "gone", "tests": ["partial"]}, "tests"),
    ],
)
def test_what_is_not_understood_is_named(more: dict[str, Any], field: str) -> None:
    with pytest.raises(LeadError) as caught:
        read_visit(visit(**more))
    assert caught.value.field == field


def test_a_visit_without_anything_but_its_result_is_enough() -> None:
    bare = {name: visit()[name] for name in ("id", "seen_version", "result", "begun", "ended")}
    found = read_visit(bare)
    assert (found["photos"], found["position"], found["clock"], found["fields"]) == (
        [],
        None,
        {},
        {},
    )


def test_the_form_speaks_both_languages() -> None:
    whole = form()
    assert [one["name"] for one in whole["fields"]] == ["weather", "second", "people", "witness", "note", "objection"]  # fmt: skip
    words = [*whole["fields"], *whole["results"].values(), *whole["steps"].values(), *whole["tests"].values()]  # fmt: skip
    assert all(one["zh"] and one["en"] for one in words)
