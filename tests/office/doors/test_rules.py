"""The figures of the doors and the periods of retention, as data; and what a period deletes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from layers.errors import PolicyError, RuleError
from office import Actor, Database
from office.actors import MACHINE
from office.door_tables import FIRST_CODE, SESSION, THROTTLE, TOKEN
from office.doors import retention, rules
from office.doors.first_admin import first_code
from office.doors.retention import load_retention, sweep
from office.doors.rules import later, load_doors, moment, seconds_from
from office.doors.sign_in import Presented, sign_in
from office.doors.tokens import add_token
from office.verify import verify
from tests.office.doors import made
from tests.office.doors.made import ADMIN, AT, RULES, after, told

DAY = 86400


def test_the_figures_are_as_strict_as_level_three_asks() -> None:
    figures = load_doors()
    assert figures.session_idle_s <= 1800
    assert figures.attempts_before_lock <= 5
    assert figures.password_least >= 12
    assert set(figures.second_factor_roles) >= {
        "system_admin",
        "security_admin",
        "auditor",
        "prosecutor",
    }
    assert (figures.argon2_time, figures.argon2_memory_kib) >= (3, 65536)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("idle_s = 1800", "", "session_idle_s: the entry is missing"),
    ("idle_s = 1800", "idle_s = 1800\nmore = 1", "session_more: the entry is unknown"),
    ("idle_s = 1800", "idle_s = 0", "above nought"),
    ("idle_s = 1800", "idle_s = true", "above nought"),
    ("idle_s = 1800", 'idle_s = "long"', "above nought"),
    ('roles = ["prosecutor"', 'roles = ["boss"', "list of roles"),
    ("[session]", "x = 1\n[session]", "sections"),
    ("[session]", "[session", "cannot be read"),
])  # fmt: skip
def test_a_wrong_figure_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "doors.toml"
    text = rules.FILE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError, match=said) as raised:
        load_doors(path)
    assert raised.value.file == str(path)


def test_times_are_reckoned_in_seconds() -> None:
    assert later("2026-12-31T23:59:59Z", 1) == "2027-01-01T00:00:00Z"
    assert seconds_from(AT, later(AT, -90)) == -90
    with pytest.raises(ValueError, match="2026-06-30"):
        moment("2026-06-30")


def test_each_data_set_says_its_ground_and_its_end() -> None:
    sets = {one.name: one for one in load_retention()}
    assert {"history", "leads", "sealed", "sessions"} <= set(sets)
    for one in sets.values():
        for text in (one.words, one.basis, one.ends):
            assert text.zh.strip()
            assert text.en.isascii()
    assert not sets["history"].tables
    assert sets["sessions"].days >= retention.LEAST_LOG_DAYS


@pytest.mark.parametrize(("old", "new"), [
    ("days = 190", "days = 100"), ('tables = ["throttle", "refusal"]', 'tables = ["event"]'),
    ('tables = ["throttle", "refusal"]', 'tables = ["lead"]'), ("days = 30", "days = 0"), ("days = 30", 'days = "x"'),
    ('zh = "线索与案件"\n', ""), ("[leads]", "[leads"), ('", en = "Cybersecurity Law art. 23(3)" }', '" }'),
])  # fmt: skip
def test_a_list_that_would_delete_too_much_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "retention.toml"
    text = retention.FILE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError, match=r"retention\.toml"):
        load_retention(path)


def _rows(db: Database) -> list[int]:
    with db.read() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) or 0
                for table in (SESSION, THROTTLE, FIRST_CODE, TOKEN)]  # fmt: skip


def test_what_its_period_has_passed_goes_and_how_much_is_told(database: Database) -> None:
    first_code(database, at=AT, rules=RULES)
    made.with_password(database)
    add_token(database, "邻市", ["lead.read"], days=10, actor=ADMIN, at=AT, rules=RULES)
    with pytest.raises(PolicyError):
        sign_in(database, Presented("无人", "no"), at=AT, rules=RULES)
    assert _rows(database) == [2, 1, 1, 1]
    assert sum(sweep(database, actor=MACHINE, at=after(29 * DAY)).values()) == 0
    assert told(database, "retention.deleted") == []
    gone = sweep(database, actor=MACHINE, at=after(32 * DAY))
    assert gone == {"sealed": 0, "sessions": 0, "attempts": 1, "first_codes": 1, "system_tokens": 0}
    assert _rows(database) == [2, 0, 0, 1]
    sweep(database, actor=MACHINE, at=after(191 * DAY))
    assert _rows(database) == [0, 0, 0, 1]
    sweep(database, actor=MACHINE, at=after(1111 * DAY))
    assert _rows(database) == [0, 0, 0, 0]
    assert told(database, "retention.deleted") == [
        {"rows": {"attempts": 1, "first_codes": 1}}, {"rows": {"sessions": 2}},
        {"rows": {"system_tokens": 1}}]  # fmt: skip
    assert verify(database).ok
    for role in ("auditor", "security_admin", "prosecutor"):
        with pytest.raises(PolicyError):
            sweep(database, actor=Actor("某", (role,)), at=AT)
