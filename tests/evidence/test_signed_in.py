"""Commands on a store with accounts: password and code let a person in, for one command and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from evidence.__main__ import main as evidence
from evidence.ledger import Purpose, export_file
from leads.__main__ import main as leads
from office import Actor, Database
from office.door_tables import SESSION
from office.doors.rules import later
from office.shell_words import utc_text
from tests.leads.made import put_lead
from tests.office.doors.made import Person, code, history, some_keys, whole_person

Run = Callable[[list[str]], int]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Database]:
    """Two leads, one in the county of the people; an export of both in the ledger."""
    with closing(Database.open(tmp_path / "leads.sqlite")) as db:
        both = [
            put_lead(db, 1, admin_code="990123", subject_name="本县店"),
            put_lead(db, 2, admin_code="990199", subject_name="外县店"),
        ]
        with export_file(db, tmp_path / "out.csv", what="table", leads=both, purpose=Purpose("移送", "市院"),
                         actor=Actor("旧人", ("prosecutor",)), at="2026-07-01T01:00:00Z") as file:  # fmt: skip
            file.write_text("x", encoding="utf-8")
        yield db


def _run(
    main: Run, folder: Path, person: Person, words: list[str], at: str, password: str = ""
) -> int:
    """A command that is told its secrets by a file."""
    secrets = folder / "secrets.txt"
    told = [password or person.password, code(person.secret, at)]
    secrets.write_text("\n".join(told) + "\n", encoding="utf-8")
    secrets.chmod(0o600)
    ways = ["--store", str(folder / "leads.sqlite"), "--keys", str(folder / "keys.txt")]
    return main([*words, *ways, "--by", person.name, "--secrets", str(secrets)])


def _open_sessions(db: Database) -> int:
    with db.read() as connection:
        query = select(func.count()).select_from(SESSION).where(SESSION.c.ended_at.is_(None))
        return connection.scalar(query) or 0


def test_password_and_code_open_leads_and_evidence_within_the_scope(
    office: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = some_keys(tmp_path)
    people = [
        whole_person(office, keys, name, f"{role}@990123")
        for name, role in (("王检", "prosecutor"), ("李审", "reviewer"))
    ]
    prosecutor, reviewer = people
    now = utc_text(datetime.now(UTC))
    before = _open_sessions(office)
    assert _run(leads, tmp_path, prosecutor, ["list"], now) == 0
    listed = capsys.readouterr().out
    assert "本县店" in listed
    assert "外县店" not in listed
    assert _run(evidence, tmp_path, reviewer, ["ledger"], now) == 0
    told = capsys.readouterr().out
    assert "旧人" in told
    assert "L0000000000000002" not in told
    came = [one.actor for one in history(office) if one.kind == "door.signed_in"][-2:]
    assert came == ["王检", "李审"]
    assert _open_sessions(office) == before, "a session ends with its command"


def test_a_code_serves_once_and_a_wrong_password_not_at_all(
    office: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = whole_person(office, some_keys(tmp_path))
    now = utc_text(datetime.now(UTC))
    assert _run(leads, tmp_path, person, ["list"], now) == 0
    assert _run(leads, tmp_path, person, ["list"], now) == 1
    assert _run(evidence, tmp_path, person, ["ledger"], later(now, 30), "another-password-1") == 1
    capsys.readouterr()
    assert (
        _run(evidence, tmp_path, person, ["ledger"], later(now, 30)) == 1
    )  # signed in, without the right
    assert "ledger" in capsys.readouterr().err
    refused = [one for one in history(office) if one.kind == "policy.refused"]
    assert [(one.actor, one.subject) for one in refused] == [("王检", "evidence.ledger")]
