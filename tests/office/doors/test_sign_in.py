"""Brute force meets the lock-out, second factors are not taken twice, and a refusal tells nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from layers.errors import PolicyError
from office import Database
from office.door_tables import ACCOUNT, SESSION
from office.doors.own_account import change_password, confirm_second_factor, start_second_factor
from office.doors.people import add_person, disable, reset, unlock
from office.doors.sessions import OPEN, PASSWORD, SECOND_FACTOR, session_of
from office.doors.sign_in import Presented, sign_in
from office.scope import Grant
from office.verify import verify
from tests.office.doors import made
from tests.office.doors.made import ADMIN, AT, RULES, after, code, come_in, told, whole_person


def refused(db: Database, shown: Presented, at: str) -> PolicyError:
    with pytest.raises(PolicyError) as raised:
        sign_in(db, shown, at=at, rules=RULES)
    return raised.value


def test_from_a_given_password_to_a_whole_person(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    given = add_person(
        database, "王检", [Grant("prosecutor", "990123")], actor=ADMIN, at=AT, rules=RULES
    )
    come = sign_in(database, Presented(" 王 检", given.password), at=AT, rules=RULES)
    assert come.stage == PASSWORD
    session = session_of(database, come.token, at=AT, rules=RULES)
    assert session is not None
    with pytest.raises(PolicyError, match="change the password first"):
        _ = session.actor
    with pytest.raises(PolicyError, match="change a given password first"):
        start_second_factor(database, come.token, keys=keys, at=AT, rules=RULES)
    token = change_password(database, come.token, given.password, made.PASSWORD, at=AT, rules=RULES)
    assert session_of(database, come.token, at=AT, rules=RULES) is None
    session = session_of(database, token, at=AT, rules=RULES)
    assert session is not None
    assert session.stage == SECOND_FACTOR
    secret, uri = start_second_factor(database, token, keys=keys, at=AT, rules=RULES)
    assert secret in uri
    last = confirm_second_factor(database, token, code(secret, AT), keys=keys, at=AT, rules=RULES)
    session = session_of(database, last, at=AT, rules=RULES)
    assert session is not None
    assert session.stage == OPEN
    assert session.actor.name == "王检"
    assert session.actor.scope is not None
    assert session.actor.scope.grants == (Grant("prosecutor", "990123"),)
    assert verify(database).ok


def test_nothing_in_the_store_opens_a_door(database: Database, tmp_path: Path) -> None:
    """No password, secret or token lies in any row or event."""
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    with database.read() as connection:
        rows = [*connection.execute(select(ACCOUNT)), *connection.execute(select(SESSION))]
    kept = " ".join(map(str, [*rows, *made.history(database)]))
    for secret in (person.password, person.secret, person.token):
        assert secret not in kept
    assert "$argon2id$" in kept


def test_brute_force_meets_the_lock_out(database: Database) -> None:
    """Ten guesses a minute for a day: fewer than forty are weighed, and the lock holds for the right one."""
    made.with_password(database)
    weighed, at = 0, AT
    for n in range(0, 86400, 97):
        at = after(n)
        error = refused(database, Presented("王检", f"guess {n}", source="10.0.0.9"), at)
        weighed += error.field == "sign_in"
    assert 5 < weighed < 40
    error = refused(database, Presented("王检", made.PASSWORD), at)
    assert error.field == "locked"
    assert "wait" in str(error)
    assert len(told(database, "door.refused")) == weighed
    assert told(database, "door.locked")[-1]["seconds"] == RULES.attempts_most_lock_s
    later = after(86400 + RULES.attempts_most_lock_s)
    assert sign_in(database, Presented("王检", made.PASSWORD), at=later, rules=RULES).token


def test_the_lock_doubles(database: Database) -> None:
    made.with_password(database)
    at, waits = AT, []
    for _ in range(RULES.attempts_before_lock - 1):
        assert refused(database, Presented("王检", "no"), at).field == "sign_in"
    for _ in range(8):
        assert refused(database, Presented("王检", "no"), at).field == "sign_in"
        told_wait = refused(database, Presented("王检", "no"), at)
        waits.append(int("".join(filter(str.isdigit, told_wait.problem.split("·")[0]))))
        at = after(waits[-1], at)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_name_nobody_has_is_refused_and_locked_like_any_other(database: Database) -> None:
    made.with_password(database)
    said = {name: [(e.field, e.problem) for e in (refused(database, Presented(name, "no"), AT)
                                                 for _ in range(7))] for name in ("王检", "无人")}  # fmt: skip
    assert said["王检"] == said["无人"]
    subjects = {event.subject for event in made.history(database) if event.kind == "door.refused"}
    assert "unknown" in subjects
    assert "无人" not in str(made.history(database))


def test_guesses_at_once_gain_nothing(database: Database) -> None:
    """Forty guesses start together, all before any of them could have failed."""
    made.with_password(database)

    def guess(number: int) -> str | None:
        return refused(database, Presented("王检", f"guess {number}"), AT).field

    with ThreadPoolExecutor(20) as pool:
        fields = list(pool.map(guess, range(40)))
    assert fields.count("sign_in") == RULES.attempts_before_lock
    assert fields.count("locked") == 40 - RULES.attempts_before_lock


def test_one_source_trying_many_names_is_stopped(database: Database) -> None:
    fields = [refused(database, Presented(f"人{n}", "no", source="10.0.0.9"), AT).field
              for n in range(RULES.attempts_source_before_lock + 3)]  # fmt: skip
    assert fields[-3:] == ["locked"] * 3
    assert set(fields[:-3]) == {"sign_in"}
    assert refused(database, Presented("人x", "no", source="10.0.0.8"), AT).field == "sign_in"


def test_somebody_locked_out_is_unlocked(database: Database) -> None:
    made.with_password(database)
    for _ in range(7):
        refused(database, Presented("王检", "no"), AT)
    unlock(database, "王检", actor=ADMIN, at=AT)
    assert (
        sign_in(database, Presented("王检", made.PASSWORD), at=AT, rules=RULES).stage
        == SECOND_FACTOR
    )


def test_a_good_one_forgets_the_failed_ones(database: Database) -> None:
    made.with_password(database)
    for _ in range(4):
        for _ in range(RULES.attempts_before_lock - 1):
            refused(database, Presented("王检", "no"), AT)
        sign_in(database, Presented("王检", made.PASSWORD), at=AT, rules=RULES)


def test_a_code_is_taken_once(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    with pytest.raises(PolicyError, match="not right"):  # the one that confirmed it
        come_in(database, person, keys, AT)
    at = after(60)
    come_in(database, person, keys, at)
    for late in (at, after(5, at), after(29, at)):
        shown = Presented(person.name, person.password, code(person.secret, at))
        with pytest.raises(PolicyError, match="not right"):
            sign_in(database, shown, at=late, rules=RULES, keys=keys)
    come_in(database, person, keys, after(30, at))


def test_an_older_code_is_not_taken_after_a_newer_one(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    at = after(300)
    come_in(database, person, keys, at)
    shown = Presented(person.name, person.password, code(person.secret, after(-30, at)))
    with pytest.raises(PolicyError):
        sign_in(database, shown, at=at, rules=RULES, keys=keys)


def test_one_code_used_at_once_lets_one_in(database: Database, tmp_path: Path) -> None:
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    at = after(90)

    def enter(_number: int) -> bool:
        try:
            return bool(come_in(database, person, keys, at))
        except PolicyError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(enter, range(4))).count(True) == 1


def test_the_code_is_needed_and_only_asked_for_with_the_right_password(
    database: Database, tmp_path: Path
) -> None:
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    at = after(90)
    assert refused(database, Presented(person.name, person.password), at).field == "code"
    assert refused(database, Presented(person.name, "no"), at).field == "sign_in"
    assert refused(database, Presented(person.name, person.password, "000000"), at).field == "keys"
    for wrong in ("", "000000", "۱۲۳۴۵۶", "\ud800", code(person.secret, at)[:5]):
        shown = Presented(person.name, person.password, wrong or "1")
        with pytest.raises(PolicyError):
            sign_in(database, shown, at=after(4000, at), rules=RULES, keys=keys)
        unlock(database, person.name, actor=ADMIN, at=at)


def test_a_disabled_person_is_refused_as_anybody(database: Database) -> None:
    made.with_password(database)
    disable(database, "王检", actor=ADMIN, at=AT)
    error = refused(database, Presented("王检", made.PASSWORD), AT)
    assert error.problem == refused(database, Presented("无人", "no"), AT).problem


def test_a_given_password_runs_out(database: Database) -> None:
    given = add_person(database, "王检", [Grant("field")], actor=ADMIN, at=AT, rules=RULES)
    week = RULES.password_given_days * 86400
    assert sign_in(database, Presented("王检", given.password), at=after(week), rules=RULES).token
    assert refused(database, Presented("王检", given.password), after(week + 1)).field == "given"
    again = reset(database, "王检", actor=ADMIN, at=after(week + 1), rules=RULES)
    assert refused(database, Presented("王检", given.password), after(week + 2)).field == "sign_in"
    assert sign_in(
        database, Presented("王检", again.password), at=after(week + 2), rules=RULES
    ).token


def test_a_password_is_changed_only_with_the_old_one_and_not_for_a_weak_one(
    database: Database,
) -> None:
    token = made.with_password(database)
    other = sign_in(database, Presented("王检", made.PASSWORD), at=AT, rules=RULES).token
    for new in (
        "short-A1",
        "aaaaaaaaaaaaaaaaaaaaaa",
        "alllowercase",
        "王检-Passwort-1",
        "x" * 300,
        made.PASSWORD,
    ):
        with pytest.raises(PolicyError) as raised:
            change_password(database, token, made.PASSWORD, new, at=AT, rules=RULES)
        assert raised.value.field == "password"
    with pytest.raises(PolicyError, match="not right"):
        change_password(database, token, "no", "Rote-Wiese-43", at=AT, rules=RULES)
    change_password(database, token, made.PASSWORD, "Rote-Wiese-43", at=AT, rules=RULES)
    assert session_of(database, other, at=AT, rules=RULES) is None
    assert refused(database, Presented("王检", made.PASSWORD), AT).field == "sign_in"


def test_a_stolen_session_cannot_guess_the_password(database: Database) -> None:
    token = made.with_password(database)
    fields = []
    for n in range(9):
        with pytest.raises(PolicyError) as raised:
            change_password(database, token, f"guess {n}", "Rote-Wiese-43", at=AT, rules=RULES)
        fields.append(raised.value.field)
    assert fields == ["sign_in"] * 5 + ["locked"] * 4


def test_a_reset_of_the_second_factor_asks_for_a_new_one(
    database: Database, tmp_path: Path
) -> None:
    keys = made.some_keys(tmp_path)
    person = whole_person(database, keys)
    again = reset(database, person.name, actor=ADMIN, at=AT, rules=RULES, second_factor=True)
    assert session_of(database, person.token, at=AT, rules=RULES) is None
    come = sign_in(database, Presented(person.name, again.password), at=AT, rules=RULES)
    token = change_password(database, come.token, again.password, made.PASSWORD, at=AT, rules=RULES)
    session = session_of(database, token, at=AT, rules=RULES)
    assert session is not None
    assert session.stage == SECOND_FACTOR


def test_a_hash_of_yesterdays_cost_is_renewed(database: Database) -> None:
    import dataclasses

    made.with_password(database)
    dearer = dataclasses.replace(RULES, argon2_time=2)
    sign_in(database, Presented("王检", made.PASSWORD), at=AT, rules=dearer)
    with database.read() as connection:
        assert "t=2" in str(connection.scalar(select(ACCOUNT.c.password)))
    assert sign_in(database, Presented("王检", made.PASSWORD), at=AT, rules=dearer).token
