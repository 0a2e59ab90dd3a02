"""Accounts and the first administrator: who makes whom, and which roles stay apart."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from layers.errors import ConflictError, PolicyError
from office import Actor, Database
from office.actors import ROLES
from office.doors.accounts import ADMINISTRATORS, checked_grants, name_key
from office.doors.first_admin import code_waits, first_administrator, first_code, needs_first
from office.doors.people import add_person, disable, enable, people, reset, set_grants, unlock
from office.doors.sign_in import Presented, sign_in
from office.scope import Grant, parse_grant
from office.verify import verify
from tests.office.doors import made
from tests.office.doors.made import ADMIN, AT, PASSWORD, RULES, after, told

PERSONS = [role for role in ROLES if role != "machine"]


@pytest.mark.parametrize("pair", [*itertools.combinations(PERSONS, 2)])
def test_the_three_administrators_are_kept_apart(pair: tuple[str, str]) -> None:
    """And an administrator works no leads either."""
    apart = bool(set(pair) & set(ADMINISTRATORS))
    grants = [Grant(role, area) for role, area in zip(pair, ("9901", None), strict=True)]
    if apart:
        with pytest.raises(PolicyError, match="may not be one person"):
            checked_grants(grants)
    else:
        assert len(checked_grants(grants)) == 2


def test_no_way_leads_to_two_administrators_in_one(database: Database) -> None:
    both = [Grant("auditor"), Grant("system_admin")]
    with pytest.raises(PolicyError, match="三员分立"):
        add_person(database, "王", both, actor=ADMIN, at=AT, rules=RULES)
    add_person(database, "王", both[:1], actor=ADMIN, at=AT, rules=RULES)
    with pytest.raises(PolicyError, match="三员分立"):
        set_grants(database, "王", both, actor=ADMIN, at=AT)
    assert [one.roles for one in people(database, actor=ADMIN)] == [("auditor",)]
    assert told(database, "person.roles") == []


@pytest.mark.parametrize("roles", [[], ["machine"], ["boss"]])
def test_what_is_no_role_of_a_person_is_refused(database: Database, roles: list[str]) -> None:
    with pytest.raises(PolicyError, match="no role of a person"):
        add_person(database, "王", map(Grant, roles), actor=ADMIN, at=AT, rules=RULES)


@pytest.mark.parametrize(
    "name", ["", "  ", "x" * 61, "a\nb", "a\u202eb", "system:x", "Yicha", "\x00"]
)
def test_what_can_be_nobodys_name_is_refused(database: Database, name: str) -> None:
    if name == "a\nb":
        name = "a\x07b"
    with pytest.raises(PolicyError, match="nobody's name"):
        add_person(database, name, [Grant("field")], actor=ADMIN, at=AT, rules=RULES)


def test_names_that_look_alike_are_one(database: Database) -> None:
    add_person(database, "Wang Jian", [Grant("field")], actor=ADMIN, at=AT, rules=RULES)
    for name in ("wangjian", "ＷＡＮＧ　ＪＩＡＮ", " Wang  Jian "):
        assert name_key(name) == "wangjian"
        with pytest.raises(PolicyError, match="already"):
            add_person(database, name, [Grant("field")], actor=ADMIN, at=AT, rules=RULES)


@pytest.mark.parametrize("role", [r for r in ROLES if r != "security_admin"])
def test_only_who_keeps_people_may(database: Database, role: str) -> None:
    add_person(database, "王", [Grant("field")], actor=ADMIN, at=AT, rules=RULES)
    actor = Actor("李", (role,))
    before = len(made.history(database))
    for act in (lambda: add_person(database, "刘", [Grant(role)], actor=actor, at=AT, rules=RULES),
                lambda: set_grants(database, "王", [Grant("reviewer")], actor=actor, at=AT),
                lambda: disable(database, "王", actor=actor, at=AT),
                lambda: enable(database, "王", actor=actor, at=AT),
                lambda: unlock(database, "王", actor=actor, at=AT),
                lambda: reset(database, "王", actor=actor, at=AT, rules=RULES)):  # fmt: skip
        with pytest.raises(PolicyError, match="may not keep accounts"):
            act()
    assert len(made.history(database)) == before


def test_nobody_changes_their_own_rights(database: Database) -> None:
    made.first(database)
    for act in (lambda: set_grants(database, " 安全员", [Grant("auditor")], actor=ADMIN, at=AT),
                lambda: disable(database, "安全员", actor=ADMIN, at=AT),
                lambda: reset(database, "安全员", actor=ADMIN, at=AT, rules=RULES)):  # fmt: skip
        with pytest.raises(PolicyError, match="own account"):
            act()


def test_the_last_who_keeps_people_stays(database: Database) -> None:
    made.first(database)
    other = Actor("别人", ("security_admin",))
    for act in (
        lambda: disable(database, "安全员", actor=other, at=AT),
        lambda: set_grants(database, "安全员", [Grant("auditor")], actor=other, at=AT),
    ):
        with pytest.raises(PolicyError, match="last security administrator"):
            act()
    add_person(database, "别人", [Grant("security_admin")], actor=ADMIN, at=AT, rules=RULES)
    assert disable(database, "安全员", actor=other, at=AT).state == "disabled"


def test_every_change_is_an_event_with_what_is_so_afterwards(database: Database) -> None:
    grants = [parse_grant("prosecutor@990123"), parse_grant("field@9901/bar-near-school")]
    given = add_person(database, "王", grants, actor=ADMIN, at=AT, rules=RULES)
    set_grants(database, "王", grants[:1], actor=ADMIN, at=AT, version=1)
    disable(database, "王", actor=ADMIN, at=AT)
    enable(database, "王", actor=ADMIN, at=AT)
    reset(database, "王", actor=ADMIN, at=AT, rules=RULES)
    events = [e for e in made.history(database) if e.subject == given.account.id]
    assert [e.kind.split(".")[1] for e in events] == [
        "added",
        "roles",
        "disabled",
        "enabled",
        "reset",
    ]
    assert {e.actor for e in events} == {"安全员"}
    assert told(database, "person.added")[0]["grants"] == [
        "field@9901/bar-near-school", "prosecutor@990123"]  # fmt: skip
    assert told(database, "person.disabled")[0]["state"] == "disabled"
    assert [
        told(database, f"person.{k}")[0]["version"] for k in ("roles", "disabled", "enabled")
    ] == [2, 3, 4]
    assert given.password not in str(made.history(database))
    assert given.password not in repr(given)
    assert verify(database).ok


def test_two_who_change_one_account_at_once(database: Database) -> None:
    add_person(database, "王", [Grant("field")], actor=ADMIN, at=AT, rules=RULES)

    def change(area: str) -> bool:
        try:
            set_grants(database, "王", [Grant("field", area)], actor=ADMIN, at=AT, version=1)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(change, ("9901", "9902", "9903", "9904"))).count(True) == 1


def test_the_first_administrator_comes_in_by_a_code_used_once(database: Database) -> None:
    assert needs_first(database)
    assert not code_waits(database, at=AT)
    old = first_code(database, at=AT, rules=RULES)
    code = first_code(database, at=AT, rules=RULES)
    assert code_waits(database, at=AT)
    for wrong in (old, "", "admin", code[:-1], code.upper() + "x"):
        with pytest.raises(PolicyError, match="not the code"):
            first_administrator(database, wrong, "安全员", PASSWORD, at=AT, rules=RULES)
    with pytest.raises(PolicyError, match="too weak"):
        first_administrator(database, code, "安全员", "admin123", at=AT, rules=RULES)
    account = first_administrator(database, f" {code}\n", "安全员", PASSWORD, at=AT, rules=RULES)
    assert account.roles == ("security_admin",)
    assert not needs_first(database)
    assert not code_waits(database, at=AT)
    assert (
        sign_in(database, Presented("安全员", PASSWORD), at=AT, rules=RULES).stage
        == "second_factor"
    )
    for again in (
        lambda: first_code(database, at=AT, rules=RULES),
        lambda: first_administrator(database, code, "另一人", PASSWORD, at=AT, rules=RULES),
    ):
        with pytest.raises(PolicyError, match="already"):
            again()
    assert code not in str(made.history(database))
    assert [e.kind for e in made.history(database)][:3] == [
        "door.first_code", "door.first_code", "person.added"]  # fmt: skip


def test_the_code_runs_out(database: Database) -> None:
    code = first_code(database, at=AT, rules=RULES)
    late = after(RULES.password_first_code_hours * 3600)
    with pytest.raises(PolicyError, match="ran out"):
        first_administrator(database, code, "安全员", PASSWORD, at=late, rules=RULES)


def test_one_code_used_at_once_makes_one(database: Database) -> None:
    code = first_code(database, at=AT, rules=RULES)

    def make(number: int) -> bool:
        try:
            first_administrator(database, code, f"安全员{number}", PASSWORD, at=AT, rules=RULES)
        except PolicyError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(make, range(4))).count(True) == 1
    assert len(people(database, actor=ADMIN)) == 1


def test_no_account_is_there_from_the_start(database: Database) -> None:
    assert people(database, actor=ADMIN) == ()
    for name in ("admin", "root", "安全员"):
        with pytest.raises(PolicyError):
            sign_in(database, Presented(name, "admin"), at=AT, rules=RULES)
