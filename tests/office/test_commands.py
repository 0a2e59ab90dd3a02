"""The commands as the first people of an office run them: from an empty store to everybody's rights."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from office import Database
from office.__main__ import main
from office.door_tables import ACCOUNT
from office.doors.rules import load_doors, seconds_from
from office.doors.tokens import system_of
from office.shell_words import utc_text
from office.verify import verify
from tests.office.doors.made import PASSWORD, code, history

NAME = "安全员"
Run = Callable[..., str]


def _now() -> str:
    return utc_text(datetime.now(UTC))


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """SQLite only: what the commands call is tested on both kinds, and real hashing takes its time."""
    return str(tmp_path / "leads.sqlite")


@pytest.fixture
def office(
    database: Database, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command with the answers to what it asks; returns what it printed."""

    def run(*words: str, answers: tuple[str, ...] = (), fails: bool = False) -> str:
        secrets = tmp_path / "answers.txt"
        secrets.write_text("\n".join(answers), encoding="utf-8")
        secrets.chmod(0o600)
        with database.write() as connection:  # so that one code serves several commands
            connection.execute(update(ACCOUNT).values(totp_step=0))
        asked = [
            "--secrets",
            str(secrets),
            "--keys",
            str(tmp_path / "keys.txt"),
            "--store",
            store_url,
        ]
        told = main([*words, *(asked if words[:2] != ("key", "new") else []), "--lang", "en"])
        said = capsys.readouterr()
        assert told == int(fails), said
        return said.err if fails else said.out

    return run


@pytest.fixture
def keeper(office: Run, tmp_path: Path) -> Run:
    """The same, signed in as the first administrator, who is made on the way."""
    office("key", "new", str(tmp_path / "keys.txt"))
    first = office("first-admin").split()[-1]
    office("first-admin", "--name", NAME, answers=(first, PASSWORD))
    shown = office("account", "second-factor", "--by", NAME, answers=(PASSWORD,))
    secret = shown.split("run confirm: ")[1].split()[0]
    wrong = (PASSWORD, "000000" if code(secret, _now()) != "000000" else "111111")
    assert "does not fit" in office("account", "confirm", "--by", NAME, answers=wrong, fails=True)
    office("account", "confirm", "--by", NAME, answers=(PASSWORD, code(secret, _now())))

    def run(*words: str, fails: bool = False) -> str:
        return office(*words, "--by", NAME, answers=(PASSWORD, code(secret, _now())), fails=fails)

    return run


def test_from_an_empty_store_to_everybodys_rights(
    keeper: Run, office: Run, database: Database
) -> None:
    made = keeper("person", "add", "王检", "--role", "prosecutor@990123", "--role", "reviewer@9901")
    given = made.strip().split()[-1]
    assert "reviewer@9901" in made
    assert "三员分立" in keeper("person", "roles", NAME, "--role", "auditor", "--role", "system_admin",
                              fails=True)  # fmt: skip
    refused = office("person", "list", "--by", "王检", answers=(given,), fails=True)
    assert "change the password first" in refused
    office("account", "password", "--by", "王检", answers=(given, given, "Rote-Wiese-43"))
    refused = office("person", "list", "--by", "王检", answers=("Rote-Wiese-43",), fails=True)
    assert "second factor" in refused
    rows = {row["name"]: row for row in json.loads(keeper("person", "list", "--json"))}
    assert rows["王检"]["grants"] == ["prosecutor@990123", "reviewer@9901"]
    assert (rows["王检"]["given"], rows[NAME]["second_factor"]) == (False, True)
    assert "disabled" in keeper("person", "disable", "王检")
    assert "not right" in office(
        "person", "list", "--by", "王检", answers=("Rote-Wiese-43",), fails=True
    )
    keeper("person", "enable", "王检")
    keeper("person", "unlock", "王检")
    assert "shown once" in keeper("person", "reset", "王检", "--second-factor")
    assert verify(database).ok
    kinds = [event.kind for event in history(database)]
    for kind in ("added", "disabled", "enabled", "unlocked", "reset", "password"):
        assert f"person.{kind}" in kinds
    assert given not in str(history(database))


def test_tokens_are_issued_listed_and_revoked(keeper: Run, database: Database) -> None:
    made = keeper("token", "add", "邻市", "--may", "lead.read", "--in", "9901", "--in",
                  "9902/bar-near-school", "--days", "7")  # fmt: skip
    text = made.strip().split()[-1]
    assert "9902/bar-near-school" in made
    actor = system_of(database, text, at=_now(), rules=load_doors())
    assert actor is not None
    row = json.loads(keeper("token", "list", "--json"))[0]
    assert row["operations"] == ["lead.read"]
    assert seconds_from(row["created_at"], row["expires_at"]) == 7 * 86400
    assert row["last_used_at"]
    keeper("token", "revoke", "邻市")
    assert system_of(database, text, at=_now(), rules=load_doors()) is None
    assert "nothing a system may do" in keeper("token", "add", "x", "--may", "lead.sue", fails=True)
    assert "administrative code" in keeper(
        "token", "add", "x", "--may", "lead.read", "--in", "1", fails=True
    )


def test_sessions_are_listed_and_revoked_and_commands_leave_none(keeper: Run) -> None:
    rows = json.loads(keeper("sessions", "list", "--json"))
    assert [row["name"] for row in rows] == [NAME]
    assert rows[0]["source"] == "shell"
    assert "nobody is signed in" in keeper("sessions", "revoke", rows[0]["id"], fails=True)
    assert rows[0]["account"] not in keeper("sessions", "revoke", rows[0]["account"])


def test_secrets_are_sealed_under_a_new_key(keeper: Run, office: Run, tmp_path: Path) -> None:
    office("key", "new", str(tmp_path / "keys.txt"))
    assert "1 fields" in keeper("key", "reseal")
    assert "0 fields" in keeper("key", "reseal")


def test_the_list_of_periods_is_told_to_all_and_used_by_few(keeper: Run, office: Run) -> None:
    assert "Cybersecurity Law art. 23" in office("retention")
    assert "may not delete" in keeper("retention", "--delete", fails=True)


def test_who_does_not_get_in_is_told_what_to_do(office: Run) -> None:
    assert "--by NAME" in office("person", "list", fails=True)
    assert "does not say" in office("person", "list", "--by", "x", fails=True)
    assert "not right" in office("person", "list", "--by", "x", answers=("y",), fails=True)
    first = office("first-admin").split()[-1]
    assert "too weak" in office("first-admin", "--name", NAME, answers=(first, "admin"), fails=True)
    assert "not the code" in office(
        "first-admin", "--name", NAME, answers=("x", PASSWORD), fails=True
    )


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps no such rights")
def test_answers_others_may_read_are_refused(
    database: Database, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = tmp_path / "answers.txt"
    secrets.write_text("x", encoding="utf-8")
    secrets.chmod(0o644)
    assert (
        main(["person", "list", "--by", "x", "--secrets", str(secrets), "--store", store_url]) == 1
    )
    assert "others may read" in capsys.readouterr().err
    assert history(database) == []


def test_a_store_that_is_not_there_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["person", "list", "--by", "x", "--store", str(tmp_path / "none.sqlite")]) == 1
    assert "no store here" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
