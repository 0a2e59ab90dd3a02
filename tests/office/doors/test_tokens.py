"""A system's token: what it may, where, until when, and that it is told once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from layers.errors import PolicyError
from office import Actor, Database
from office.door_tables import TOKEN
from office.doors.tokens import Issued, add_token, revoke_token, system_of, tokens
from office.policy import load_policy, may
from office.scope import Grant
from tests.office.doors import made
from tests.office.doors.made import ADMIN, AT, RULES, after, told

DAY = 86400


def issue(db: Database, name: str = "邻市", *operations: str, days: int = 30, area: str | None = "9901",
          at: str = AT) -> Issued:  # fmt: skip
    return add_token(db, name, operations or ("lead.read",), days=days, actor=ADMIN, at=at, rules=RULES,
                     areas=[Grant("machine", area)] if area else [])  # fmt: skip


def test_a_token_may_what_it_names_where_it_names_it(database: Database) -> None:
    one = issue(database, "邻市", "lead.read", "lead.note")
    actor = system_of(database, one.text, at=AT, rules=RULES)
    assert actor is not None
    assert actor.name == "system:邻市"
    for operation in load_policy():
        inside = may(actor, operation, scope="990123")
        assert inside is (operation in {"lead.read", "lead.note"}), operation
        assert not may(actor, operation, scope="990223")
        assert not may(actor, operation)
    wide = system_of(database, issue(database, "本市", area=None).text, at=AT, rules=RULES)
    assert wide is not None
    assert may(wide, "lead.read")


@pytest.mark.parametrize(
    "operation", ["lead.dismiss", "person.manage", "sealed.open", "lead.nothing", ""]
)
def test_no_token_gives_what_the_program_itself_may_not(database: Database, operation: str) -> None:
    with pytest.raises(PolicyError, match="nothing a system may do"):
        issue(database, "邻市", operation)
    with pytest.raises(PolicyError):
        add_token(database, "邻市", [], days=1, actor=ADMIN, at=AT, rules=RULES)
    with pytest.raises(PolicyError, match="as machine"):
        add_token(database, "邻市", ["lead.read"], days=1, actor=ADMIN, at=AT, rules=RULES,
                  areas=[Grant("prosecutor")])  # fmt: skip


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_has_an_end(database: Database, days: int) -> None:
    with pytest.raises(PolicyError, match="life of a token"):
        issue(database, days=days)


def test_a_token_runs_out_and_its_last_use_is_known(database: Database) -> None:
    one = issue(database, days=30)
    for day in (0, 3, 29):
        assert system_of(database, one.text, at=after(day * DAY), rules=RULES)
    assert tokens(database, actor=ADMIN)[0].last_used_at == after(29 * DAY)
    assert system_of(database, one.text, at=after(29 * DAY + 30), rules=RULES)
    assert tokens(database, actor=ADMIN)[0].last_used_at == after(29 * DAY)
    assert system_of(database, one.text, at=after(30 * DAY), rules=RULES) is None


def test_a_token_is_kept_as_what_recognises_it(database: Database) -> None:
    one = issue(database)
    assert one.text not in repr(one)
    with database.read() as connection:
        rows = connection.execute(select(TOKEN)).all()
    assert one.text not in str([*rows, *made.history(database)])
    for wrong in ("", one.text[:-1], one.text + "A", one.text.removeprefix("yicha_"), rows[0].hash):
        assert system_of(database, wrong, at=AT, rules=RULES) is None


def test_a_revoked_token_never_stands_again(database: Database) -> None:
    one = issue(database)
    revoked, wrong = threading.Event(), []

    def ask(number: int) -> None:
        for n in range(30):
            over = revoked.is_set()
            if system_of(database, one.text, at=after(61 * n + number), rules=RULES) and over:
                wrong.append(n)

    def end() -> None:
        revoke_token(database, one.token.id, actor=ADMIN, at=AT)
        revoked.set()

    with ThreadPoolExecutor(6) as pool:
        for done in [*(pool.submit(ask, n) for n in range(5)), pool.submit(end)]:
            done.result()
    assert not wrong
    assert system_of(database, one.text, at=AT, rules=RULES) is None
    with pytest.raises(PolicyError, match="no token"):
        revoke_token(database, one.token.id, actor=ADMIN, at=AT)
    assert told(database, "token.revoked") == [{"name": "邻市"}]


def test_a_system_has_one_living_token(database: Database) -> None:
    issue(database, days=1)
    with pytest.raises(PolicyError, match="in use"):
        issue(database)
    issue(database, at=after(DAY))
    revoke_token(database, "邻市", actor=ADMIN, at=after(DAY))
    issue(database, at=after(DAY))
    assert len(tokens(database, actor=ADMIN)) == 3


def test_only_who_may_issues_and_sees_them(database: Database) -> None:
    for role in ("prosecutor", "system_admin", "auditor", "machine"):
        actor = Actor("某", (role,))
        with pytest.raises(PolicyError):
            add_token(database, "x", ["lead.read"], days=1, actor=actor, at=AT, rules=RULES)
        with pytest.raises(PolicyError):
            revoke_token(database, "x", actor=actor, at=AT)
    assert tokens(database, actor=Actor("某", ("auditor",))) == ()
    with pytest.raises(PolicyError):
        tokens(database, actor=Actor("某", ("prosecutor",)))
