"""The audit log: found by time, person, kind, subject and text; taken out whole, safely, and told of."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from layers.errors import PolicyError, StoreError
from office import Actor, Database, NewEvent, append
from office.__main__ import main
from office.audit import Search, export, local_text, search, utc_of, verify_export
from office.doors.refusals import tell_refused
from office.policy import require
from office.verify import verify
from tests.office.doors.made import history, told

AUDITOR = Actor("陈审计", ("auditor",))
PROSECUTOR = Actor("王检", ("prosecutor",))
AT = "2026-07-01T00:00:00Z"


@pytest.fixture
def filled(database: Database) -> Database:
    """60 events over 30 days, of two people."""
    with database.write() as connection:
        for day in range(1, 31):
            at = f"2026-06-{day:02}T08:00:00Z"
            append(connection, [NewEvent("lead.noted", f"L{day % 3}", {"text": f"=1+{day}"})],
                   actor=PROSECUTOR, at=at)  # fmt: skip
            append(connection, [NewEvent("door.signed_in", "P1", {"source": "10.0.0.1"})],
                   actor=Actor("刘检", ("prosecutor",)), at=at)  # fmt: skip
    return database


def seqs(db: Database, **where: str) -> list[int]:
    return [one.seq for one in search(db, Search(**where), actor=AUDITOR, at=AT, limit=1000).events]


def test_events_are_found_by_each_field_and_by_all_together(filled: Database) -> None:
    assert len(seqs(filled)) == 60
    assert seqs(filled, since="2026-06-30") == [60, 59]
    assert seqs(filled, until="2026-06-01") == [2, 1]
    assert seqs(filled, since="2026-06-02T07:00:00Z", until="2026-06-02T08:00:00Z") == [4, 3]
    assert len(seqs(filled, who="王检")) == len(seqs(filled, kind="lead.noted")) == 30
    assert len(seqs(filled, kind="door")) == 30
    assert seqs(filled, kind="do") == []
    assert len(seqs(filled, about="L1")) == 10
    assert seqs(filled, text="=1+30") == [59]
    assert seqs(filled, text="%") == []
    assert seqs(filled, who="王检", about="L1", since="2026-06-20", kind="lead") == [55, 49, 43]


def test_pages_hold_every_event_once(filled: Database) -> None:
    seen: list[int] = []
    before: int | None = None
    while True:
        page = search(filled, Search(), actor=AUDITOR, at=AT, before=before, limit=7)
        seen += [one.seq for one in page.events]
        if page.after is None:
            break
        before = page.after
    assert seen == list(range(60, 0, -1))


def test_an_export_verifies_and_is_told_of(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "audit.json"
    assert export(filled, file, Search(who="王检"), actor=AUDITOR, at=AT) == 30
    assert verify_export(file) == []
    event = history(filled)[-1]
    assert (event.kind, event.actor) == ("audit.exported", "陈审计")
    assert told(filled, "audit.exported")[0]["events"] == 30
    whole = json.loads(file.read_text(encoding="utf-8"))
    for change in (lambda one: one["events"][3].update(actor="无人"),
                   lambda one: one["events"].pop(4), lambda one: one["links"].pop(9),
                   lambda one: one["links"][5].__setitem__(2, "0" * 64),
                   lambda one: one["events"].append(one["events"][0])):  # fmt: skip
        changed = json.loads(json.dumps(whole))
        change(changed)
        other = tmp_path / "changed.json"
        other.write_text(json.dumps(changed), encoding="utf-8")
        assert verify_export(other)
    with pytest.raises(StoreError, match="no export"):
        verify_export(Path(__file__))
    assert export(filled, tmp_path / "none.json", Search(who="无人"), actor=AUDITOR, at=AT) == 0
    assert verify_export(tmp_path / "none.json") == []
    assert not any(one.seq for one in verify(filled).problems)


def test_no_cell_of_the_table_runs_as_a_formula(filled: Database, tmp_path: Path) -> None:
    with filled.write() as connection:
        append(connection, [NewEvent("lead.noted", "=cmd|' /C calc'!A0", {})],
               actor=Actor("@SUM(1)", ("prosecutor",)), at=AT)  # fmt: skip
    file = tmp_path / "audit.csv"
    assert export(filled, file, Search(), actor=AUDITOR, at=AT) == 61
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == 62
    assert not [cell for row in rows[1:] for cell in row if cell[:1] in "=+-@\t\r" and cell]
    with pytest.raises(StoreError, match="kind of export"):
        export(filled, tmp_path / "audit.txt", Search(), actor=AUDITOR, at=AT)


@pytest.mark.parametrize(
    "role", ["prosecutor", "reviewer", "system_admin", "security_admin", "machine"]
)
def test_only_the_auditor_reads_it(filled: Database, tmp_path: Path, role: str) -> None:
    who = Actor("某", (role,))
    with pytest.raises(PolicyError):
        search(filled, Search(), actor=who, at=AT)
    with pytest.raises(PolicyError):
        export(filled, tmp_path / "x.csv", Search(), actor=who, at=AT)
    assert not (tmp_path / "x.csv").exists()


def test_refusals_that_were_only_counted_are_told_to_who_searches(filled: Database) -> None:
    for _ in range(5):
        with pytest.raises(PolicyError) as caught:
            require(AUDITOR, "lead.dismiss")
        tell_refused(filled, AUDITOR, caught.value, at="2026-06-30T10:00:00Z")
    found = search(filled, Search(kind="policy.refused"), actor=AUDITOR, at=AT)
    assert [json.loads(one.body)["count"] for one in found.events] == [4, 1]


def test_a_million_events_are_searched_soon(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "long.sqlite")
    with db.write() as connection:
        connection.execute(text(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) "
            "INSERT INTO event SELECT i, strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + i * 60, 'unixepoch'),"
            " 'P' || (i % 50), 'prosecutor', 'lead.' || (i % 9), 'L' || (i % 9999), '{}', '', '' FROM n"))  # fmt: skip
    for where in (Search(), Search(since="2025-01-01", until="2025-01-02"), Search(who="P7"),
                  Search(kind="lead.3", who="P7"), Search(about="L77"), Search(kind="lead"), Search(who="nobody")):  # fmt: skip
        begun = time.monotonic()
        search(db, where, actor=AUDITOR, at=AT)
        assert time.monotonic() - begun < 2, where
    db.close()


def test_the_command_prints_pages_and_writes_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "s.sqlite"
    db = Database.open(store)
    with db.write() as connection:
        append(connection, [NewEvent("lead.noted", "L1", {}), NewEvent("lead.moved", "L1", {})],
               actor=PROSECUTOR, at=AT)  # fmt: skip
    db.close()
    ways = ["audit", "--store", str(store), "--by", "陈审计", "--lang", "en"]
    assert main([*ways, "--limit", "1"]) == 0
    printed = capsys.readouterr().out
    assert "moved" in printed
    assert "--before 2" in printed
    assert main([*ways, "--json", str(tmp_path / "a.json")]) == 0
    assert main(["audit", "--verify", str(tmp_path / "a.json"), "--lang", "en"]) == 0
    assert "whole" in capsys.readouterr().out
    assert main([*ways, "--role", "prosecutor"]) == 1
    assert main([*ways, "--kind", "policy.refused"]) == 0
    assert "refused by the table" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2026-06-01", "2026-05-31T16:00:00Z", "2026-06-01T15:59:59Z"),
        ("2026-06-01 08:30", "2026-06-01T00:30:00Z", "2026-06-01T00:30:59Z"),
        ("2026-06-01T00:30:00Z", "2026-06-01T00:30:00Z", "2026-06-01T00:30:00Z"),
        ("2026-13-01", "2026-13-01", "2026-13-01"),
        ("", "", ""),
    ],
)
def test_a_day_of_the_office_is_no_day_of_utc(told: str, first: str, last: str) -> None:
    assert (utc_of(told), utc_of(told, last=True)) == (first, last)
    assert local_text("2026-05-31T16:00:00Z") == "2026-06-01 00:00:00"
