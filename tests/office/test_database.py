"""The door of the store, on both databases."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from layers.errors import StoreError
from office import Actor, Database, NewEvent, append, events
from office.schema import MESSAGE, RUN, WATCH
from tests.office.rows import a_run

ACTOR = Actor("张检察官", ("prosecutor",))
AT = "2026-06-30T08:00:00Z"


def _note(database: Database, text: str = "到现场") -> None:
    with database.write() as connection:
        append(connection, [NewEvent("lead.noted", "L1", {"text": text})], actor=ACTOR, at=AT)


def _count(database: Database) -> int:
    with database.read() as connection:
        return len(list(events(connection)))


def test_what_was_written_is_there_after_opening_again(store_url: str) -> None:
    first = Database.open(store_url)
    _note(first)
    first.close()
    again = Database.open(store_url, create=False)
    with again.read() as connection:
        assert [(e.seq, e.actor, e.body) for e in events(connection)] == [
            (1, "张检察官", '{"text":"到现场"}')
        ]
    again.close()


def test_a_failed_write_leaves_nothing(database: Database) -> None:
    def note_and_fail() -> None:
        with database.write() as connection:
            append(connection, [NewEvent("lead.noted", "L1", {})], actor=ACTOR, at=AT)
            raise RuntimeError("the user's own")

    with pytest.raises(RuntimeError, match="own"):
        note_and_fail()
    assert _count(database) == 0
    _note(database)
    assert _count(database) == 1


def test_a_read_sees_one_state_while_others_write(database: Database) -> None:
    _note(database)
    with database.read() as connection:
        assert len(list(events(connection))) == 1
        _note(database)
        assert len(list(events(connection))) == 1
    assert _count(database) == 2


def test_a_read_cannot_write(database: Database) -> None:
    def write() -> None:
        with database.read() as connection:
            connection.execute(insert(RUN), [a_run()])

    with pytest.raises(StoreError, match=r"read-?only"):
        write()
    _note(database)  # the connection is as good as before
    assert _count(database) == 1


def test_a_row_that_does_not_fit_is_the_callers_to_tell(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(RUN), [a_run(), a_run()])
    with database.read() as connection:
        assert connection.scalars(select(RUN.c.id)).all() == []


def test_what_a_writer_has_read_stays_so_until_it_commits(database: Database) -> None:
    """Read, add one, write: from many threads none is lost, because the lock comes first."""
    with database.write() as connection:
        connection.execute(insert(WATCH), [{"id": "W", "checks": "[]", "layers": "[]", "people": "[]",
                                            "state": "on", "last": "{}", "version": 0}])  # fmt: skip

    def add() -> None:
        for _ in range(5):
            with database.write() as connection:
                was = connection.execute(select(WATCH.c.version)).scalar_one()
                connection.execute(update(WATCH).values(version=was + 1))

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.scalars(select(WATCH.c.version)).all() == [40]


def test_a_writer_that_waited_long_enough_says_that_the_store_is_busy(
    database: Database, store_url: str
) -> None:
    other = Database.open(store_url, wait_s=0.05)
    with database.write() as connection:
        append(connection, [NewEvent("lead.noted", "L1", {})], actor=ACTOR, at=AT)
        with pytest.raises(StoreError, match="busy") as raised:
            _note(other)
        assert _count(other) == 0  # reading goes on meanwhile
    assert "try again" in raised.value.remedy
    _note(other)
    assert _count(other) == 2
    other.close()


def test_a_connection_that_broke_is_told_and_the_next_one_works(postgis: str) -> None:
    database, other = Database.open(postgis), Database.open(postgis)

    def broken() -> None:
        with database.write() as connection:
            append(connection, [NewEvent("lead.noted", "L1", {})], actor=ACTOR, at=AT)
            _end(other, connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
            connection.execute(select(RUN)).all()

    with pytest.raises(StoreError, match="does not answer"):
        broken()
    assert _count(database) == 0
    with database.read() as connection:
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    _end(other, number)
    _note(database)
    assert _count(database) == 1
    database.close()
    other.close()


def _end(database: Database, number: int) -> None:
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:n, 5000)"), {"n": number})


def test_a_commit_is_on_disk_whatever_the_server_is_set_to(
    database: Database, store_url: str
) -> None:
    if database.is_postgres:
        with database.engine.begin() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    again = Database.open(store_url)
    asked = "SHOW synchronous_commit" if again.is_postgres else "PRAGMA synchronous"
    with again.write() as connection:
        assert connection.execute(text(asked)).scalar_one() in {"on", 2}
    again.close()


@pytest.mark.parametrize("name", ["线索库.sqlite", "a?b#c%20d &e.sqlite", "deep/er/leads.sqlite"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    if "?" in name and tmp_path.drive:
        name = name.replace("?", "")  # no name on Windows
    database = Database.open(tmp_path / name)
    _note(database)
    database.close()
    assert (tmp_path / name).is_file()


def test_the_environment_names_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YICHA_DATABASE_URL", str(tmp_path / "named.sqlite"))
    Database.open().close()
    assert (tmp_path / "named.sqlite").is_file()


def _told(url: object, **more: bool) -> str:
    with pytest.raises(StoreError) as raised:
        Database.open(str(url), **more)
    assert "Remedy: " in str(raised.value)
    return str(raised.value)


def test_what_is_no_store_is_told_with_its_place(tmp_path: Path) -> None:
    text_file = tmp_path / "notes.txt"
    text_file.write_text("no database at all, only some text " * 50, encoding="utf-8")
    assert "not a database" in _told(text_file)
    assert "unable to open" in _told(tmp_path)
    assert "folder of the store" in _told(text_file / "leads.sqlite")
    assert "no address" in _told("mysql://root@host/leads")
    assert "no address" in _told("postgresql://host:port/leads")
    assert "no store here" in _told(tmp_path / "none" / "leads.sqlite", create=False)
    assert not (tmp_path / "none").exists()


def test_an_empty_database_is_no_store_where_none_is_to_be_made(empty_postgres: str) -> None:
    assert "no store here" in _told(empty_postgres, create=False)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    told = _told(f"postgresql://me:geheim@/leads?host={tmp_path.as_posix()}")
    assert "geheim" not in told
    assert "that the server runs" in told


def test_a_damaged_file_says_to_restore_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "leads.sqlite"
    database = Database.open(path)
    with database.write() as connection:
        connection.execute(insert(MESSAGE), [
            {"id": f"M{n}", "person": "张", "at": AT, "kind": "x", "subject": "y", "body": "z" * 900}
            for n in range(200)])  # fmt: skip
    database.close()
    raw = path.read_bytes()
    path.write_bytes(raw[:1024] + bytes(len(raw) - 1024))
    assert "restore a backup" in _told(path)
