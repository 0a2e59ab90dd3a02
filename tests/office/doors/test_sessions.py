"""Stolen, old, forged and revoked sessions: none of them opens anything."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from layers.errors import PolicyError
from office import Actor, Database
from office.door_tables import ROLE_GRANT, SESSION
from office.doors.keys import Keys, signed, signed_token
from office.doors.people import disable, enable, set_grants
from office.doors.sessions import revoke, session_of, sessions, sign_out
from office.doors.sign_in import Presented, sign_in
from office.policy import may
from office.scope import Grant
from tests.office.doors import made
from tests.office.doors.made import ADMIN, AT, RULES, after, come_in, told, whole_person

AUDITOR = Actor("审计", ("auditor",))


def stands(db: Database, token: str, at: str = AT) -> bool:
    return session_of(db, token, at=at, rules=RULES) is not None


def test_a_token_planted_before_signing_in_is_worth_nothing_after(
    database: Database, tmp_path: Path
) -> None:
    """Fixation: whatever the browser came with, the session has another token, and that one ends."""
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    planted = person.token
    assert stands(database, planted, after(60))
    come = come_in(database, person, keys, after(60), token=planted)
    assert come.token != planted
    assert not stands(database, planted, after(60))
    assert not stands(database, "planted-by-somebody", after(60))
    assert stands(database, come.token, after(60))


def test_a_token_is_worth_nothing_after_signing_out(database: Database) -> None:
    token = made.with_password(database)
    assert stands(database, token)
    sign_out(database, token, at=AT)
    assert not stands(database, token)
    sign_out(database, token, at=AT)
    sign_out(database, "unknown", at=AT)
    assert len(told(database, "session.ended")) == 1


def test_idle_and_absolute_time_out(database: Database) -> None:
    token = made.with_password(database)
    idle, absolute = RULES.session_idle_s, RULES.session_absolute_s
    assert stands(database, token, after(idle - 1))
    assert not stands(database, token, after(2 * idle - 1))
    at, used = 0, made.with_password(database, "刘检")
    while at + idle - 60 < absolute:
        at += idle - 60
        assert stands(database, used, after(at)), at
    assert stands(database, used, after(absolute - 1))
    assert not stands(database, used, after(absolute))


def test_a_question_alone_keeps_it_alive_only_when_noted(database: Database) -> None:
    token = made.with_password(database)
    assert stands(database, token, after(RULES.session_touch_s - 1))
    with database.read() as connection:
        assert set(connection.scalars(select(SESSION.c.seen_at))) == {AT}
    assert stands(database, token, after(RULES.session_touch_s))
    with database.read() as connection:
        assert max(connection.scalars(select(SESSION.c.seen_at))) == after(RULES.session_touch_s)


def test_a_clock_a_little_behind_is_borne_and_one_set_back_is_not(database: Database) -> None:
    token = made.with_password(database)
    assert stands(database, token, after(900))
    assert stands(database, token, after(900 - RULES.session_skew_s))
    assert not stands(database, token, after(900 - RULES.session_skew_s - 1))
    with database.read() as connection:  # the last use never runs back
        assert max(connection.scalars(select(SESSION.c.seen_at))) == after(900)


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.data())
def test_a_tampered_cookie_opens_nothing(data: st.DataObject) -> None:
    keys = Keys("k1", {"k0": b"\1" * 32, "k1": b"\2" * 32})
    cookie = signed(keys, "token-of-somebody")
    assert signed_token(keys, cookie) == "token-of-somebody"
    place = data.draw(st.integers(0, len(cookie) - 1))
    sign = data.draw(st.characters().filter(lambda c: c != cookie[place]))
    assert signed_token(keys, cookie[:place] + sign + cookie[place + 1 :]) is None
    assert signed_token(keys, data.draw(st.text())) is None
    assert signed_token(Keys("k2", {"k2": b"\3" * 32}), cookie) is None


def test_a_cookie_of_an_older_key_holds_while_the_key_is_kept() -> None:
    old = Keys("k0", {"k0": b"\1" * 32})
    assert signed_token(Keys("k1", {"k0": b"\1" * 32, "k1": b"\2" * 32}), signed(old, "t")) == "t"


def test_a_tampered_token_opens_nothing(database: Database) -> None:
    token = made.with_password(database)
    for wrong in (
        "",
        token[:-1],
        token + "A",
        token.swapcase(),
        token[::-1],
        "' OR 1=1 --",
        "\ud800",
    ):
        assert not stands(database, wrong)
    with database.read() as connection:
        for kept in connection.scalars(select(SESSION.c.hash)):
            assert not stands(database, kept)


def test_a_session_revoked_while_it_is_used_never_stands_again(
    database: Database, tmp_path: Path
) -> None:
    """Eight threads ask while it is revoked: whoever asks after the revoking hears no."""
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    found = session_of(database, person.token, at=AT, rules=RULES)
    assert found is not None
    first, revoked = threading.Event(), threading.Event()
    wrong: list[int] = []

    def ask(number: int) -> None:
        for n in range(40):
            over = revoked.is_set()
            at = after(61 * (n % 5) + number)  # some of them note the use
            if not stands(database, person.token, at):
                continue
            first.set()
            if over:
                wrong.append(n)

    def end() -> None:
        first.wait()
        revoke(database, found.id, actor=ADMIN, at=AT)
        revoked.set()

    with ThreadPoolExecutor(9) as pool:
        for done in [pool.submit(end), *(pool.submit(ask, n) for n in range(8))]:
            done.result()
    assert not wrong
    assert not stands(database, person.token)


def test_revoked_from_several_sides_it_is_told_once(database: Database) -> None:
    token = made.with_password(database)
    found = session_of(database, token, at=AT, rules=RULES)
    assert found is not None

    def end(_number: int) -> bool:
        try:
            return bool(revoke(database, found.id, actor=ADMIN, at=AT))
        except PolicyError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(end, range(4))).count(True) == 1
    assert len(told(database, "session.revoked")) == 1


def test_all_of_a_persons_sessions_are_revoked(database: Database) -> None:
    token = made.with_password(database)
    other = sign_in(database, Presented("王检", made.PASSWORD), at=AT, rules=RULES).token
    stays = made.with_password(database, "刘检")
    found = session_of(database, token, at=AT, rules=RULES)
    assert found is not None
    assert len(revoke(database, found.account.id, actor=ADMIN, at=AT)) == 2
    assert [stands(database, one) for one in (token, other, stays)] == [False, False, True]


def test_disabling_ends_what_is_open_and_enabling_does_not_bring_it_back(
    database: Database,
) -> None:
    token = made.with_password(database)
    disable(database, "王检", actor=ADMIN, at=AT)
    assert not stands(database, token)
    enable(database, "王检", actor=ADMIN, at=AT)
    assert not stands(database, token)


def test_rights_taken_away_hold_from_the_next_question(database: Database, tmp_path: Path) -> None:
    person = whole_person(database, made.some_keys(tmp_path))

    def actor() -> Actor:
        found = session_of(database, person.token, at=AT, rules=RULES)
        assert found is not None
        return found.actor

    assert may(actor(), "lead.dismiss", scope="990123")
    set_grants(database, "王检", [Grant("prosecutor", "990124")], actor=ADMIN, at=AT)
    assert not may(actor(), "lead.dismiss", scope="990123")
    assert may(actor(), "lead.dismiss", scope="990124001")


def test_roles_written_past_the_program_give_nothing(database: Database, tmp_path: Path) -> None:
    person = whole_person(database, made.some_keys(tmp_path), "审计", "auditor")
    with database.write() as connection:
        connection.execute(update(ROLE_GRANT).values(role="auditor", area=""))
        connection.execute(ROLE_GRANT.insert().from_select(
            ["account_id", "role", "area", "check_id"],
            select(ROLE_GRANT.c.account_id, ROLE_GRANT.c.role + "", ROLE_GRANT.c.area + "9901",
                   ROLE_GRANT.c.check_id)))  # fmt: skip
        connection.execute(
            update(ROLE_GRANT).where(ROLE_GRANT.c.area == "9901").values(role="security_admin")
        )
    found = session_of(database, person.token, at=AT, rules=RULES)
    assert found is not None
    with pytest.raises(PolicyError, match="may not be one person"):
        _ = found.actor


def test_beyond_the_number_one_may_hold_the_oldest_ends(database: Database) -> None:
    token = made.with_password(database)
    more = [sign_in(database, Presented("王检", made.PASSWORD), at=after(n + 1), rules=RULES).token
            for n in range(RULES.session_each)]  # fmt: skip
    assert not stands(database, token, after(60))
    assert all(stands(database, one, after(60)) for one in more)


def test_who_is_signed_in_is_seen_by_who_may(database: Database, tmp_path: Path) -> None:
    person = whole_person(database, made.some_keys(tmp_path))
    found = sessions(database, actor=AUDITOR, at=AT, rules=RULES)
    assert [one.account.name for one in found] == ["王检"]
    assert sessions(database, actor=AUDITOR, at=after(RULES.session_idle_s), rules=RULES) == ()
    with pytest.raises(PolicyError):
        sessions(database, actor=Actor("王检", ("prosecutor",)), at=AT, rules=RULES)
    with pytest.raises(PolicyError):
        revoke(database, found[0].id, actor=AUDITOR, at=AT)
    assert person.token not in str(found)
