"""Health, the folder of backups, and what retention would take: read and tried, told where it is not well."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from layers.errors import PolicyError, StoreError
from office import Actor, Database, NewEvent, append
from office.__main__ import main
from office.areas import area_at, area_tree, code_of
from office.backups import backup_folder, kept_backups, make_backup, try_backup
from office.doors.retention import load_retention, sweep, would_go
from office.doors.throttle import count_attempt
from office.health import Reading, health, worst
from tests.office.doors.made import RULES, after, told

SYSTEM = Actor("孙系统", ("system_admin",))
AT = "2026-06-30T08:00:00Z"


def readings(db: Database, at: str = AT, folder: Path = Path()) -> dict[str, Reading]:
    return {one.name: one for one in health(db, actor=SYSTEM, at=at, folders={"data": folder})}


def grown(db: Database, count: int = 3) -> None:
    with db.write() as connection:
        for number in range(count):
            append(connection, [NewEvent("message.read", f"M{number}", {"n": number})], actor=SYSTEM, at=AT)  # fmt: skip


def test_a_fresh_store_is_well_and_wants_a_backup(database: Database, tmp_path: Path) -> None:
    grown(database)
    found = readings(database, folder=tmp_path / "not" / "there")
    assert {name for name, one in found.items() if one.state != "good"} <= {
        "backup",
        "memory",
        "disk",
        "clock",
    }
    assert found["backup"].state == "look"
    assert found["chain"].facts["events"] == 3
    make_backup(database, tmp_path, actor=SYSTEM, at=AT)
    assert readings(database)["backup"].state == "good"
    assert readings(database, "2026-08-30T08:00:00Z")["backup"].state == "look"


def test_a_chain_that_was_touched_and_a_clock_that_went_back_show(database: Database) -> None:
    grown(database)
    assert readings(database, "2026-06-30T07:00:00Z")["clock"].state == "look"
    with database.write() as connection:
        connection.execute(text("UPDATE event SET body = '{}' WHERE seq = 2"))
    found = tuple(readings(database).values())
    assert worst(found) == "bad"
    with database.write() as connection:
        connection.execute(text("DELETE FROM event WHERE seq = 3"))
    assert readings(database)["chain"].state == "bad"


def test_health_is_for_those_who_may(database: Database) -> None:
    with pytest.raises(PolicyError):
        health(database, actor=Actor("王检", ("prosecutor",)), at=AT, folders={})


def test_a_backup_is_listed_and_tried_and_a_broken_one_is_told(
    database: Database, tmp_path: Path
) -> None:
    grown(database)
    made = make_backup(database, tmp_path, actor=SYSTEM, at=AT)
    (tmp_path / "yicha-2026.zip").write_bytes(b"no backup")
    (tmp_path / "other.zip").write_bytes(b"not ours")
    good, broken = sorted(kept_backups(tmp_path, actor=SYSTEM), key=lambda one: one.problem)
    assert (good.path, good.at, good.by, good.events) == (made.path, AT, SYSTEM.name, 3)
    assert broken.problem
    done = try_backup(database, tmp_path, good.path.name, actor=SYSTEM, at=AT)
    assert (done.verification.ok, done.verification.events) == (True, 3)
    for name in (broken.path.name, "../yicha-1.zip", "yicha-9.zip"):
        with pytest.raises(StoreError):
            try_backup(database, tmp_path, name, actor=SYSTEM, at=AT)
    assert [one["ok"] for one in told(database, "store.tried")] == [True, False]
    with pytest.raises(PolicyError):
        try_backup(database, tmp_path, good.path.name, actor=Actor("陈", ("auditor",)), at=AT)


def test_backups_lie_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("YICHA_BACKUPS", raising=False)
    assert backup_folder(tmp_path) == tmp_path / "backups"
    monkeypatch.setenv("YICHA_BACKUPS", str(tmp_path / "elsewhere"))
    assert backup_folder(tmp_path) == tmp_path / "elsewhere"


def test_what_would_go_is_what_goes(database: Database) -> None:
    with database.write() as connection:
        for number in range(4):
            count_attempt(connection, f"甲{number}", "", at=AT, rules=RULES)
    assert sum(would_go(database, actor=SYSTEM, at=AT).values()) == 0
    later = after(400 * 86_400)
    due = would_go(database, actor=SYSTEM, at=later)
    assert sum(due.values()) == 4
    assert {one.name for one in load_retention() if one.tables} == set(due)
    assert sweep(database, actor=SYSTEM, at=later) == due
    assert sum(would_go(database, actor=SYSTEM, at=later).values()) == 0


def test_areas_stand_below_the_area_they_lie_in() -> None:
    names = {
        "990123": ("县", "county"),
        "990100": ("市", "city"),
        "990123001": ("镇", "town"),
        "x": ("", ""),
    }
    found = [(one.code, one.depth, one.name("en")) for one in area_tree(names)]
    assert found == [("990100", 0, "city"), ("990123", 1, "county"), ("990123001", 2, "town")]
    assert [
        code_of(area_tree(names), text) for text in ("县", "市 990100", "nowhere", "990123")
    ] == ["990123", "990100", "nowhere", "990123"]


def test_an_area_is_known_by_short_and_long_codes() -> None:
    tree = area_tree({"990100": ("市", "city")})
    assert [area_at(tree, code) for code in ("9901", "990100", "9902")] == [tree[0], tree[0], None]


def test_the_same_in_a_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "leads.sqlite")
    Database.open(store).close()
    who = ["--store", store, "--by", "孙系统", "--lang", "en"]
    folder = ["--folder", str(tmp_path / "kept")]
    assert main(["backups", "make", *folder, *who]) == 0
    assert main(["backups", "list", *folder, *who]) == 0
    name = capsys.readouterr().out.splitlines()[-1].split("\t")[0]
    assert main(["backups", "try", name, *folder, *who]) == 0
    assert "its history is whole" in capsys.readouterr().out
    assert main(["health", "--store", store, "--by", "孙系统", "--folder", str(tmp_path)]) == 0
    assert "\tchain\t" in capsys.readouterr().out
    pack = tmp_path / "pack.toml"
    pack.write_text('place = "x"\ncolour = 2\n', encoding="utf-8")
    assert main(["local", "check", "rules", str(pack), *who]) == 1
    assert "colour" in capsys.readouterr().out
