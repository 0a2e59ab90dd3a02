"""The reporter of a lead: sealed, masked, opened by who may for a reason, deleted when its time is over;
and the commands of a store that has accounts, where nobody acts without signing in.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from layers.errors import LeadError, PolicyError
from leads.__main__ import main
from leads.reporter import keep_reporter, open_reporter, reporter_of
from leads.store import card
from office import Actor, Database
from office.actors import MACHINE, ROLES
from office.door_tables import SEALED
from office.doors.people import add_person
from office.doors.retention import load_retention, sweep
from office.doors.rules import later
from office.doors.tokens import add_token
from office.schema import LEAD
from office.scope import Grant, Scope
from office.verify import verify
from tests.leads.made import PROSECUTOR, put_case, put_lead
from tests.office.doors.made import ADMIN, AT, RULES, history, some_keys, told, with_password

VALUES = {
    "name": "欧阳MARKED",
    "phone": "13912345678",
    "address": "MARKED路9号",
    "note": "MARKED夜间倾倒",
}
REASON = "回复举报人"
DAY = 86400


def narrow(role: str) -> Actor:
    return Actor("刘", (role,), Scope((Grant(role, "990123"),)))


def test_it_is_masked_and_opened_one_by_one_for_a_reason(
    database: Database, tmp_path: Path
) -> None:
    keys = some_keys(tmp_path)
    lead = put_lead(database, admin_code="990123")
    held = keep_reporter(database, lead, VALUES, keys=keys, actor=PROSECUTOR, at=AT)
    assert [one.field for one in held] == list(VALUES)
    assert not any("MARKED" in one.mask or "12345" in one.mask for one in held)
    assert reporter_of(database, "YC-2026-000001", actor=PROSECUTOR) == held
    for field, value in VALUES.items():
        assert (
            open_reporter(
                database, lead, field, reason=REASON, keys=keys, actor=narrow("reviewer"), at=AT
            )
            == value
        )
    assert [one["reason"] for one in told(database, "sealed.opened")] == [REASON] * 4
    with pytest.raises(PolicyError, match="reason"):
        open_reporter(database, lead, "name", reason=" ", keys=keys, actor=PROSECUTOR, at=AT)
    with pytest.raises(LeadError, match="not kept"):
        keep_reporter(database, lead, {"shoe": "1"}, keys=keys, actor=PROSECUTOR, at=AT)
    assert "MARKED" not in repr(card(database, lead, actor=PROSECUTOR))
    assert "MARKED" not in "".join(event.body for event in history(database))


def test_who_may_not_sees_not_even_that_there_is_one(database: Database, tmp_path: Path) -> None:
    keys = some_keys(tmp_path)
    lead = put_lead(database, admin_code="990123")
    keep_reporter(database, lead, VALUES, keys=keys, actor=PROSECUTOR, at=AT)
    for role in ROLES:
        who = Actor("某", (role,))
        if role in ("prosecutor", "reviewer"):
            continue
        with pytest.raises(PolicyError):
            open_reporter(database, lead, "name", reason=REASON, keys=keys, actor=who, at=AT)
        if role in ("auditor", "machine"):
            assert reporter_of(database, lead, actor=who) == ()
    elsewhere = put_lead(database, 2, admin_code="990199")
    keep_reporter(database, elsewhere, VALUES, keys=keys, actor=PROSECUTOR, at=AT)
    for act in (lambda one: reporter_of(database, one, actor=narrow("prosecutor")),
                lambda one: open_reporter(database, one, "name", reason=REASON, keys=keys, actor=narrow("prosecutor"), at=AT),
                lambda one: keep_reporter(database, one, VALUES, keys=keys, actor=narrow("prosecutor"), at=AT)):  # fmt: skip
        texts = []
        for one in (elsewhere, "L99"):
            with pytest.raises(LeadError) as caught:
                act(one)
            texts.append(str(caught.value).replace(one, "-"))
        assert texts[0] == texts[1]


def test_a_case_of_two_areas_is_for_who_may_in_both(database: Database, tmp_path: Path) -> None:
    keys = some_keys(tmp_path)
    leads = [put_lead(database, n, admin_code=area) for n, area in ((1, "990123"), (2, "990199"))]
    put_case(database, "C1", *leads)
    keep_reporter(database, "C1", {"note": "MARKED"}, keys=keys, actor=PROSECUTOR, at=AT)
    with pytest.raises(LeadError):
        open_reporter(
            database, "C1", "note", reason=REASON, keys=keys, actor=narrow("prosecutor"), at=AT
        )
    assert (
        open_reporter(database, "C1", "note", reason=REASON, keys=keys, actor=PROSECUTOR, at=AT)
        == "MARKED"
    )


def _held(db: Database) -> set[str]:
    with db.read() as connection:
        return set(connection.scalars(select(SEALED.c.subject)))


def test_it_goes_with_its_lead_when_its_time_is_over_and_that_is_told(
    database: Database, tmp_path: Path
) -> None:
    keys = some_keys(tmp_path)
    days = next(one.days for one in load_retention() if one.name == "sealed")
    resting, going, cased, apart = (put_lead(database, n, admin_code="990123") for n in range(1, 5))
    put_case(database, "C1", cased, apart)
    for one in (resting, going, "C1"):
        keep_reporter(database, one, VALUES, keys=keys, actor=PROSECUTOR, at=AT)
    with database.write() as connection:
        rest = LEAD.update().values(state="closed", state_since=AT)
        connection.execute(rest.where(LEAD.c.id.in_([resting, cased])))
    assert sweep(database, actor=MACHINE, at=later(AT, (days - 1) * DAY))["sealed"] == 0
    assert sweep(database, actor=MACHINE, at=later(AT, (days + 1) * DAY))["sealed"] == 4
    assert _held(database) == {going, "C1"}
    with database.write() as connection:
        connection.execute(rest.where(LEAD.c.id == apart))
    assert sweep(database, actor=MACHINE, at=later(AT, (days + 2) * DAY))["sealed"] == 4
    assert _held(database) == {going}
    gone = [event.subject for event in history(database) if event.kind == "sealed.deleted"]
    assert gone == [resting, "C1"]
    assert told(database, "sealed.deleted")[0]["fields"] == sorted(
        f"reporter.{one}" for one in VALUES
    )
    assert [one["rows"]["sealed"] for one in told(database, "retention.deleted")] == [4, 4]
    assert not any(one.seq for one in verify(database).problems)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a lead and an account, so that nobody is believed a role any more."""
    file = tmp_path / "leads.sqlite"
    db = Database.open(file)
    put_lead(db, admin_code="990123")
    with_password(db, "王检", "field@990123")
    db.close()
    return file


def test_where_there_are_accounts_no_role_is_believed(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in (["--by", "王检", "--role", "reviewer"], ["--role", "machine"]):
        assert main(["list", "--store", str(store), *more]) == 1
        assert "roles are those of the account" in capsys.readouterr().err
    assert main(["list", "--store", str(store)]) == 1
    assert "nobody is named" in capsys.readouterr().err
    secrets = store.parent / "wrong.txt"
    secrets.write_text("wrong\n", encoding="utf-8")
    secrets.chmod(0o600)
    assert main(["list", "--store", str(store), "--by", "王检", "--secrets", str(secrets)]) == 1
    assert "not right" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="a terminal is looked for otherwise elsewhere")
def test_without_a_terminal_the_way_in_is_told(store: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "leads", "list", "--store", str(store), "--by", "王检"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", check=False,
        start_new_session=True, cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "no terminal" in done.stderr
    assert "--secrets" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_system_acts_by_its_token_within_what_it_names(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    db = Database.open(store)
    text = add_token(db, "邻市", ["lead.read"], days=3, actor=ADMIN, at=now, rules=RULES).text
    monkeypatch.setenv("YICHA_TOKEN", text)
    assert main(["list", "--store", str(store), "--ids"]) == 0
    lead = capsys.readouterr().out.strip()
    assert lead == f"L{1:016x}"
    assert main(["note", lead, "看过", "--store", str(store)]) == 1
    assert history(db)[-1].kind == "policy.refused"
    assert history(db)[-1].actor == "system:邻市"
    monkeypatch.setenv("YICHA_TOKEN", text + "x")
    assert main(["list", "--store", str(store)]) == 1
    assert "unknown, revoked or ran out" in capsys.readouterr().err
    db.close()


def test_a_person_signs_in_for_one_command(tmp_path: Path) -> None:
    file = tmp_path / "leads.sqlite"
    db = Database.open(file)
    put_lead(db, admin_code="990123")
    add_person(db, "王检", [Grant("prosecutor")], actor=ADMIN, at=AT, rules=RULES)
    db.close()
    secrets = tmp_path / "s.txt"
    secrets.write_text("nonsense\n", encoding="utf-8")
    secrets.chmod(0o600)
    assert (
        main(
            [
                "note",
                "YC-2026-000001",
                "x",
                "--store",
                str(file),
                "--by",
                "王检",
                "--secrets",
                str(secrets),
            ]
        )
        == 1
    )
    db = Database.open(file)
    assert [event.kind for event in history(db)][-1] == "door.refused"
    db.close()
