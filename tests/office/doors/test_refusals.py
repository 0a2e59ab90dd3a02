"""What the policy refuses stands in the history: at once, and counted where it comes again and again."""

from __future__ import annotations

import pytest

from layers.errors import PolicyError
from office import Actor, Database
from office.doors.refusals import refusals_told, tell_counted, tell_refused
from office.doors.rules import later
from office.policy import require
from office.verify import verify
from tests.office.doors.made import AT, history, told

WHO = Actor("外勤", ("field",))


def _refused(operation: str, actor: Actor = WHO) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        require(actor, operation)
    return caught.value


def test_a_refusal_names_who_what_and_where_from(database: Database) -> None:
    with (
        pytest.raises(PolicyError, match="排除线索"),
        refusals_told(database, WHO, at=AT, source="10.0.0.7"),
    ):
        require(WHO, "lead.dismiss")
    event = history(database)[-1]
    assert (event.kind, event.subject, event.actor, event.roles) == (
        "policy.refused", "lead.dismiss", "外勤", "field")  # fmt: skip
    assert told(database, "policy.refused") == [
        {"operation": "lead.dismiss", "count": 1, "source": "10.0.0.7"}
    ]


def test_a_crawler_fills_one_line_a_minute_and_every_refusal_is_counted(database: Database) -> None:
    for second in range(150):
        tell_refused(database, WHO, _refused("lead.close"), at=later(AT, second), source="shell")
    counts = [one["count"] for one in told(database, "policy.refused")]
    assert counts == [1, 60, 60]
    assert tell_counted(database, at=later(AT, 179)) == 0
    assert tell_counted(database, at=later(AT, 200)) == 1
    assert sum(one["count"] for one in told(database, "policy.refused")) == 150
    assert tell_counted(database, at=later(AT, 9000)) == 0
    assert verify(database).ok


def test_people_roles_and_operations_are_told_apart(database: Database) -> None:
    for actor in (WHO, Actor("外勤", ("auditor",)), Actor("另一人", ("field",))):
        for operation in ("lead.close", "lead.sue"):
            error = _refused(operation, actor)
            assert tell_refused(database, actor, error, at=AT)
            assert not tell_refused(database, actor, error, at=AT)
    assert len(told(database, "policy.refused")) == 6


def test_other_errors_are_no_refusals_and_go_their_way(database: Database) -> None:
    with pytest.raises(PolicyError), refusals_told(database, WHO, at=AT):
        raise PolicyError("name, password or code is not right", field="sign_in", remedy="again")
    with pytest.raises(ZeroDivisionError), refusals_told(database, WHO, at=AT):
        raise ZeroDivisionError
    assert history(database) == []


def test_a_clock_set_back_is_told_at_once(database: Database) -> None:
    tell_refused(database, WHO, _refused("lead.close"), at=AT)
    assert tell_refused(database, WHO, _refused("lead.close"), at=later(AT, -5000))
