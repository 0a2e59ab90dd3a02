"""Every role × every operation × in and out of scope, from the policy table itself; and in SQL."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from layers.errors import PolicyError
from office import Actor, Database
from office.actors import ROLES
from office.policy import FILE, may, may_somewhere, require, rows_allowed
from office.schema import LEAD, RUN
from office.scope import About, Grant, Scope, area_stem, parse_grant
from tests.office.rows import a_run, lead_row

RAW = {
    f"{group}.{name}": entry
    for group, entries in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
    for name, entry in entries.items()
}
INSIDE, ELSEWHERE = About("990123004", "tobacco-near-school"), About("990124", "bar-near-school")
NEAR = [About("990123", "bar-near-school"), About("9901", "tobacco-near-school"), About(),
        About("990123"), About(None, "tobacco-near-school"), About("", ""), ELSEWHERE]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", RAW)
def test_a_role_an_operation_in_and_out_of_scope(role: str, operation: str) -> None:
    written = role in RAW[operation]["roles"]
    everywhere = RAW[operation].get("everywhere", False)
    narrow = Actor("王", (role,), Scope((Grant(role, "990123", "tobacco-near-school"),)))
    assert may(narrow, operation, scope=INSIDE) is written
    for about in (*NEAR, None):
        assert may(narrow, operation, scope=about) is (written and everywhere), about
    for actor in (Actor("王", (role,)), Actor("王", (role,), Scope((Grant(role),)))):
        for about in (INSIDE, *NEAR, None):
            assert may(actor, operation, scope=about) is written
    assert may_somewhere(narrow, operation) is written
    stranger = Actor("王", (role,), Scope(()))
    assert not may(stranger, operation, scope=INSIDE)
    assert not may_somewhere(stranger, operation)


@pytest.mark.parametrize("operation", RAW)
def test_a_narrowed_scope_allows_what_it_names_and_nothing_else(operation: str) -> None:
    system = Actor("邻市", ("machine",), Scope((Grant("machine"),), frozenset({"lead.read"})))
    assert may(system, operation, scope=INSIDE) is (operation == "lead.read")


def test_each_role_holds_where_it_was_granted() -> None:
    """A reviewer of one county is not a reviewer where the same person only looks on site."""
    grants = (Grant("reviewer", "990123"), Grant("field", "9902"))
    actor = Actor("李", ("reviewer", "field"), Scope(grants))
    assert may(actor, "lead.dismiss", scope="990123001")
    assert not may(actor, "lead.dismiss", scope="990201")
    assert may(actor, "lead.note", scope="990201")
    assert may(actor, "lead.note", scope="990123")


def test_a_refusal_says_that_it_is_the_scope_and_not_what_lies_beyond() -> None:
    actor = Actor("李", ("field",), Scope((Grant("field", "990123"),)))
    with pytest.raises(PolicyError, match="outside the scope") as raised:
        require(actor, "lead.note", scope=ELSEWHERE)
    assert "超出授权范围" in str(raised.value)
    assert "990124" not in str(raised.value)
    with pytest.raises(PolicyError) as raised:
        require(actor, "lead.dismiss", scope=INSIDE)
    assert "scope" not in str(raised.value)


AREAS = ["99", "9901", "990000", "990100", "990123", "990124", "990123004", "990123004000", "98"]


@given(st.sampled_from(AREAS), st.sampled_from(AREAS))
def test_an_area_covers_what_lies_in_it(area: str, place: str) -> None:
    parts = {"99": "99", "9901": "99/9901", "990000": "99", "990100": "99/9901",
             "990123": "99/9901/990123", "990124": "99/9901/990124",
             "990123004": "99/9901/990123/004", "990123004000": "99/9901/990123/004",
             "98": "98"}  # fmt: skip
    if place in {"990000", "990100", "990123004000"}:
        return
    inside = f"{parts[place]}/".startswith(f"{parts[area]}/")
    assert Grant("field", area).covers(About(place)) is inside


@pytest.mark.parametrize(
    "area", ["", "9", "990", "湖南", "99012%", "99_123", "000000", "99012345678901"]
)
def test_what_is_no_area_is_refused_and_never_means_everywhere(area: str) -> None:
    with pytest.raises(PolicyError, match="administrative code"):
        Grant("field", area)


@pytest.mark.parametrize(("text", "grant"), [
    ("prosecutor", Grant("prosecutor")), ("field@990123", Grant("field", "990123")),
    ("reviewer@9901/bar-near-school", Grant("reviewer", "9901", "bar-near-school")),
    ("field/bar-near-school", Grant("field", None, "bar-near-school")),
])  # fmt: skip
def test_a_grant_reads_as_it_is_written(text: str, grant: Grant) -> None:
    assert parse_grant(text) == grant
    assert grant.text() == text


@pytest.mark.parametrize("text", ["", "field@", "field@x", "field/", "@990123", "a b"])
def test_what_is_no_grant_is_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_grant(text)


def test_rows_of_a_table_are_those_the_person_may_ask_for_one_by_one(database: Database) -> None:
    checks = ("tobacco-near-school", "bar-near-school")
    codes = (None, "99", "9901", "990123", "990123004", "990124", "9902", "990%")
    rows = [lead_row(8 * c + n, admin_code=code, check_id=check)
            for c, check in enumerate(checks) for n, code in enumerate(codes)]  # fmt: skip
    with database.write() as connection:
        connection.execute(insert(RUN), [a_run()])
        connection.execute(insert(LEAD), rows)
    scopes = [None, Scope(()), Scope((Grant("field"),)), Scope((Grant("field", "9901"),)),
              Scope((Grant("field", "990123", checks[0]), Grant("reviewer", "9902"))),
              Scope((Grant("field", None, checks[1]),)), Scope((Grant("auditor"),)),
              Scope((Grant("field"),), frozenset({"lead.note"}))]  # fmt: skip
    counts = set()
    for scope in scopes:
        for operation in ("lead.read", "lead.note", "lead.dismiss", "history.verify"):
            actor = Actor("赵", ("field", "reviewer"), scope)
            condition = rows_allowed(actor, operation, LEAD.c.admin_code, LEAD.c.check_id)
            with database.read() as connection:
                found = set(connection.scalars(select(LEAD.c.id).where(condition)))
            allowed = {row["id"] for row in rows if may(
                actor, operation, scope=About(row["admin_code"], row["check_id"]))}  # fmt: skip
            assert found == allowed, (scope, operation)
            counts.add(len(found))
    assert counts == {0, 2, 4, 8, len(rows)}


def test_stems() -> None:
    assert [area_stem(a) for a in ("990000", "990100", "990123000000", "990123004000")] == [
        "99", "9901", "990123", "990123004"]  # fmt: skip


def test_a_wrong_everywhere_is_refused(tmp_path: Path) -> None:
    from office.policy import load_policy

    path = tmp_path / "policy.toml"
    path.write_text('[a.b]\nzh="看"\nen="b"\nroles=["field"]\neverywhere="yes"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match="everywhere"):
        load_policy(path)
