"""A backup holds the whole store and goes back whole, into either database, or not at all."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, select, update

from layers.errors import PolicyError, StoreError
from office import Actor, Database, NewEvent, append, events
from office.backup import backup
from office.canonical import canonical
from office.door_tables import DOOR_TABLES, REFUSAL
from office.exchange_tables import TRANSFER
from office.migrate import upgrade
from office.migrations import HEAD
from office.restore import restore
from office.schema import (
    CHAIN_HEAD,
    DEADLINE,
    EVENT,
    LEAD,
    LEAD_KEY,
    LINK,
    METADATA,
    RUN,
    SIGHTING,
    WATCH,
)
from office.space import window
from office.verify import verify
from tests.office.rows import AT, a_run, lead_row

ACTOR = Actor("张检察官", ("prosecutor",))
KEEPER = Actor("管理员", ("system_admin",))
Rows = dict[str, list[tuple[Any, ...]]]


def fill(database: Database, leads: int = 5) -> None:
    """A store with something in most tables."""
    with database.write() as connection:
        connection.execute(insert(RUN), [a_run()])
        rows = [lead_row(n, (112.1 + n / 7, 28.3, 112.1 + n / 7, 28.3), subject_name=f"实验小学 {n}",
                         measured=0.1 + n, data='{"注":"“引号”\\n"}') for n in range(leads)]  # fmt: skip
        rows.append(lead_row(leads, None, subject_name=None, measured=None))
        connection.execute(insert(LEAD), rows)
        connection.execute(insert(LEAD_KEY), [{"key": "名称|x", "lead_id": "L0"}])
        connection.execute(insert(LINK), [{"lead_id": "L0", "other_id": "L1", "kind": "same_place",
                                           "at": AT}])  # fmt: skip
        connection.execute(insert(SIGHTING), [
            {"lead_id": "L0", "run_id": "R1", "change": "new", "what": "{}", "finding": None}])  # fmt: skip
        connection.execute(insert(DEADLINE), [
            {"id": "D1", "lead_id": "L0", "kind": "reply", "started_on": "2026-06-30",
             "due_on": "2026-08-31", "state": "open", "provisional": True, "data": "{}"}])  # fmt: skip
        connection.execute(insert(WATCH), [
            {"id": "W1", "checks": "[]", "layers": "[]", "every_days": 30, "people": "[]",
             "state": "on", "last": "{}", "version": 1}])  # fmt: skip
        append(connection, [NewEvent("lead.found", f"L{n}", {"state": "registered", "version": 1})
                            for n in range(leads + 1)], actor=ACTOR, at=AT)  # fmt: skip


def content(database: Database) -> Rows:
    """Every row of every table."""
    with database.read() as connection:
        return {table.name: [tuple(row) for row in connection.execute(
                    select(table).order_by(*table.primary_key.columns))]
                for table in METADATA.sorted_tables}  # fmt: skip


@pytest.fixture(scope="module")
def saved_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    folder = tmp_path_factory.mktemp("saved")
    source = Database.open(folder / "source.sqlite")
    fill(source)
    held = content(source)
    made = backup(source, folder / "saved.zip", actor=KEEPER, at=AT)
    source.close()
    return made.path, held


@pytest.fixture
def saved(saved_once: tuple[Path, Rows], tmp_path: Path) -> tuple[Path, Rows]:
    """A backup of an SQLite store, and what the store held then."""
    return Path(shutil.copy(saved_once[0], tmp_path / "saved.zip")), saved_once[1]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    store = Database.open(tmp_path / "empty.sqlite")
    yield store
    store.close()


def test_a_store_goes_through_a_backup_into_either_database(
    database: Database, postgis: str, tmp_path: Path
) -> None:
    """From each kind; into the other and into its own."""
    fill(database)
    held = content(database)
    made = backup(database, tmp_path / "b.zip", actor=KEEPER, at=AT)
    assert made.rows == {name: len(rows) for name, rows in held.items()}
    target = str(tmp_path / "other.sqlite") if database.is_postgres else postgis
    for address in (target, str(tmp_path / "own.sqlite")):
        other = Database.open(address)
        done = restore(made.path, other, actor=KEEPER, at=AT)
        assert done.verification.ok
        now = content(other)
        assert {n: r for n, r in now.items() if n not in {"event", "chain_head"}} == {
            n: r for n, r in held.items() if n not in {"event", "chain_head"}
        }
        assert now["event"][:-1] == held["event"]
        assert now["event"][-1][4] == "store.restored"
        assert verify(other).ok
        with other.read() as connection:
            there = window(connection, LEAD, 112.2, 28, 112.3, 29)
            assert connection.scalars(select(LEAD.c.id).where(there)).all() == ["L1"]
        other.close()


def test_the_history_tells_the_backup_with_its_hash(database: Database, tmp_path: Path) -> None:
    made = backup(database, tmp_path / "b.zip", actor=KEEPER, at=AT)
    with database.read() as connection:
        (told,) = events(connection)
    assert (told.kind, told.actor) == ("store.backup", "管理员")
    assert json.loads(told.body)["sha256"] == sha256(made.path.read_bytes()).hexdigest()


def test_the_same_store_gives_the_same_bytes(tmp_path: Path) -> None:
    store = Database.open(tmp_path / "s.sqlite")
    fill(store)
    with store.read() as connection:
        before = connection.execute(select(CHAIN_HEAD)).one()
    one = backup(store, tmp_path / "1.zip", actor=KEEPER, at=AT)
    with store.write() as connection:
        connection.execute(EVENT.delete().where(EVENT.c.seq > before.seq))
        connection.execute(update(CHAIN_HEAD).values(before._asdict()))
    other = backup(store, tmp_path / "2.zip", actor=KEEPER, at=AT)
    store.close()
    assert one.sha256 == other.sha256


def test_it_is_one_state_while_others_write(database: Database, tmp_path: Path) -> None:
    fill(database)
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            with database.write() as connection:
                append(connection, [NewEvent("lead.noted", "L1", {})] * 3, actor=ACTOR, at=AT)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup(database, tmp_path / f"{n}.zip", actor=KEEPER, at=AT) for n in range(4)]
    finally:
        done.set()
        writer.join()
    assert made[-1].head_seq > made[0].head_seq
    for n, one in enumerate(made):
        other = Database.open(tmp_path / f"{n}.sqlite")
        assert restore(one.path, other, actor=KEEPER, at=AT).verification.head == one.head
        other.close()


def test_an_existing_file_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(b"yesterday's")
    with pytest.raises(StoreError, match="exists already"):
        backup(database, path, actor=KEEPER, at=AT)
    assert path.read_bytes() == b"yesterday's"


def test_only_who_keeps_the_store_may(database: Database, saved: tuple[Path, Rows]) -> None:
    with pytest.raises(PolicyError, match="张检察官"):
        backup(database, saved[0].with_name("b.zip"), actor=ACTOR, at=AT)
    with pytest.raises(PolicyError, match="张检察官"):
        restore(saved[0], database, actor=ACTOR, at=AT)


def test_a_store_that_holds_something_is_not_restored_over(
    database: Database, saved: tuple[Path, Rows]
) -> None:
    fill(database, 1)
    before = content(database)
    with pytest.raises(StoreError, match="not empty"):
        restore(saved[0], database, actor=KEEPER, at=AT)
    assert content(database) == before


def _refused(path: Path, store: Database, match: str | None = None) -> str:
    nothing = content(store)
    with pytest.raises(StoreError, match=match) as raised:
        restore(path, store, actor=KEEPER, at=AT)
    assert content(store) == nothing
    return str(raised.value)


def test_a_byte_flipped_anywhere_never_brings_something_else(
    saved: tuple[Path, Rows], tmp_path: Path
) -> None:
    """Refused with nothing written, or (where the byte means nothing) restored as it was."""
    path, held = saved
    raw, dice, refused = path.read_bytes(), random.Random(3), 0
    for n in range(40):
        place = dice.randrange(len(raw))
        hit, store = tmp_path / "hit.zip", Database.open(tmp_path / f"{n}.sqlite")
        hit.write_bytes(
            raw[:place] + bytes([raw[place] ^ 1 << dice.randrange(8)]) + raw[place + 1 :]
        )
        try:
            restore(hit, store, actor=KEEPER, at=AT)
        except StoreError:
            refused += 1
            assert content(store)["event"] == []
        else:
            assert content(store)["lead"] == held["lead"]
            assert content(store)["event"][:-1] == held["event"]
        store.close()
    assert refused > 20


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_backup_cut_short_is_refused(
    saved: tuple[Path, Rows], empty: Database, share: float
) -> None:
    path = saved[0]
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    _refused(path, empty, "no backup")


Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def _lines(files: dict[str, bytes], told: dict[str, Any], name: str, text: bytes) -> None:
    """Another content of a table, with a manifest that fits it."""
    files[f"{name}.jsonl"] = text
    told["tables"][name] |= {"bytes": len(text), "rows": text.count(b"\n"),
                             "sha256": sha256(text).hexdigest()}  # fmt: skip


def _without(files: dict[str, bytes], told: dict[str, Any], name: str) -> None:
    del files[f"{name}.jsonl"], told["tables"][name]


def _cell(name: str, column: str, value: object) -> Change:
    def change(files: dict[str, bytes], told: dict[str, Any]) -> None:
        rows = [json.loads(line) for line in files[f"{name}.jsonl"].splitlines()]
        rows[0][told["tables"][name]["columns"].index(column)] = value
        _lines(files, told, name, "".join(json.dumps(row) + "\n" for row in rows).encode())

    return change


HOSTILE: dict[str, tuple[Change, str]] = {
    "a file more": (lambda f, _: f.update({"../../evil.sh": b"x"}), "other files"),
    "a table less": (lambda f, t: _without(f, t, "watch"), "other tables"),
    "an unknown table": (lambda f, t: (f.update({"sqlite_master.jsonl": b""}), t["tables"].update(
        {"sqlite_master": t["tables"]["watch"]}))[0], "other tables"),
    "other columns": (lambda _, t: t["tables"]["watch"].update(columns=["id"]), "other columns"),
    "a row less": (lambda _, t: t["tables"]["watch"].update(rows=0), "not what the manifest says"),
    "another hash": (lambda _, t: t["tables"]["watch"].update(sha256="0" * 64), "not what"),
    "longer than said": (lambda _, t: t["tables"]["lead"].update(bytes=100), "longer than"),
    "larger than any": (lambda _, t: t["tables"]["lead"].update(bytes=1 << 60), "larger than any"),
    "no JSON": (lambda f, t: _lines(f, t, "watch", b"[1,\n"), "no row"),
    "nested without end": (lambda f, t: _lines(f, t, "watch", b"[" * 100_000 + b"\n"), "no row"),
    "no end of line": (lambda f, t: _lines(f, t, "watch", b"[]"), "longer than"),
    "too few values": (lambda f, t: _lines(f, t, "watch", b"[1]\n"), "no row"),
    "text for a number": (_cell("lead", "version", "1"), "field version"),
    "a flag for a number": (_cell("lead", "version", True), "field version"),
    "beyond 64 bits": (_cell("lead", "version", 1 << 63), "field version"),
    "a number for text": (_cell("lead", "state", 7), "field state"),
    "nothing where needed": (_cell("lead", "state", None), "field state"),
    "half a letter": (_cell("lead", "state", "\ud800"), "field state"),
    "no Base64": (_cell("lead", "geometry", "~"), "field geometry"),
    "no flag": (_cell("lead", "asked_again", 1), "field asked_again"),
    "a lead of no run": (_cell("lead", "first_run", "R9"), "do not fit together"),
    "a lead twice": (_cell("lead", "id", "L1"), "do not fit together"),
    "another state of a lead": (_cell("lead", "state", "closed"), "does not verify"),
    "another person": (_cell("event", "actor", "别人"), "does not verify: event 1 was altered"),
    "another head": (_cell("chain_head", "seq", 99), "does not verify"),
    "newer": (lambda _, t: t.update(form="9001"), "newer version"),
    "no form": (lambda _, t: t.update(form=""), "forms up to"),
    "another kind": (lambda _, t: t.update(version=2), "of kind"),
    "nonsense": (lambda _, t: t.update(tables=[1, 2]), "manifest of the backup cannot be read"),
}  # fmt: skip


def _rewritten(path: Path, change: Change) -> Path:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files.pop("manifest.json"))
    change(files, told)
    other = path.with_name("hostile.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, "manifest.json": canonical(told).encode()}.items():
            archive.writestr(name, data)
    return other


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_backup_is_refused_and_nothing_written(
    saved: tuple[Path, Rows], empty: Database, case: str
) -> None:
    change, said = HOSTILE[case]
    told = _refused(_rewritten(saved[0], change), empty, said)
    assert "hostile.zip" in told


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_twice_in_the_backup_is_refused(saved: tuple[Path, Rows], empty: Database) -> None:
    with zipfile.ZipFile(saved[0], "a") as archive:
        archive.writestr("watch.jsonl", b"")
    _refused(saved[0], empty, "other files")


def test_what_is_no_backup_is_refused(empty: Database, tmp_path: Path) -> None:
    text, other = tmp_path / "a.zip", tmp_path / "b.zip"
    text.write_text("hello", encoding="utf-8")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("doc.xml", "x")
    for path in (text, other, tmp_path):
        _refused(path, empty)
    _refused(tmp_path / "none.zip", empty, "cannot be read")


def test_a_damaged_history_is_restored_only_where_asked(tmp_path: Path, empty: Database) -> None:
    source = Database.open(tmp_path / "s.sqlite")
    fill(source)
    with source.write() as connection:
        connection.execute(update(EVENT).where(EVENT.c.seq == 3).values(actor="别人"))
    path = backup(source, tmp_path / "b.zip", actor=KEEPER, at=AT).path
    source.close()
    _refused(path, empty, "event 3 was altered")
    done = restore(path, empty, actor=KEEPER, at=AT, as_it_is=True)
    assert [p.seq for p in done.verification.problems] == [3]
    assert [p.seq for p in verify(empty).problems] == [3]


def test_a_backup_of_an_older_form_comes_back_in_the_newest(
    saved: tuple[Path, Rows], database: Database
) -> None:
    path, held = saved

    def to_first_form(files: dict[str, bytes], told: dict[str, Any]) -> None:
        told["form"] = "0001"
        for table in (*DOOR_TABLES, REFUSAL, TRANSFER):
            _without(files, told, table.name)

    older = _rewritten(path, to_first_form)
    assert HEAD > "0001"
    restore(older, database, actor=KEEPER, at=AT)
    assert content(database)["lead"] == held["lead"]
    assert verify(database).ok


def test_an_older_stores_file_is_taken_over_and_left_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "old.sqlite"
    engine = create_engine(f"sqlite:///{path.as_posix()}", isolation_level="AUTOCOMMIT")
    upgrade(engine, "0001")
    with engine.connect() as connection:
        connection.execute(insert(RUN), [a_run()])
        connection.execute(insert(LEAD), [lead_row(1, (112, 28, 112, 28))])
        append(connection, [NewEvent("lead.found", "L1", {"version": 1})], actor=ACTOR, at=AT)
    engine.dispose()
    before = path.read_bytes()
    restore(path, database, actor=KEEPER, at=AT)
    assert path.read_bytes() == before
    assert [row[0] for row in content(database)["lead"]] == ["L1"]


def test_another_programs_database_is_not_restored(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE parcels (id integer)")
    other.close()
    _refused(path, empty, "no store")
