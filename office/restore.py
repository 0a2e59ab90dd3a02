"""A backup, or an older store's file, into an empty store of either kind: all of it or nothing."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from layers.errors import StoreError
from office.actors import Actor
from office.archive import Manifest, read_manifest, read_part
from office.database import Database, file_engine
from office.door_tables import SESSION, TOKEN
from office.doors.accounts import ACTIVE, DISABLED, account_by_id, accounts_in, change_account
from office.doors.people import told as account_told
from office.history import NewEvent, append
from office.migrate import upgrade
from office.migrations import HEAD
from office.policy import require
from office.schema import CHAIN_HEAD, METADATA
from office.verify import Verification, verify_connection

_BATCH = 2000
_SQLITE = b"SQLite format 3\x00"
Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: rows by table, and how its history reads."""

    rows: Mapping[str, int]
    verification: Verification


def restore(
    path: Path, database: Database, *, actor: Actor, at: str, as_it_is: bool = False,
    accounts_stay: bool = False,
) -> Restored:  # fmt: skip
    """Read `path` (a backup, or the SQLite file of a store of this or an older form) into a store.

    The store must be empty. Nothing is written where the file is damaged, where its rows do not
    fit together, or where its history does not verify (unless `as_it_is`: a damaged history is
    better than none, and its problems stay visible). Afterwards an event `store.restored` names
    the file and its hash.

    What was taken back since the backup must not come back with it: nobody is signed in, every token
    of a system is revoked, and every account is disabled, each told, until a security administrator
    (made anew by `python -m office first-admin`) enables it. `accounts_stay` leaves the accounts as they
    are: for moving a store, where none was changed since. Raises `StoreError`, `PolicyError`.
    """
    require(actor, "store.restore")
    with _source(path) as tables, database.write() as connection:
        _need_empty(connection, database.shown)
        connection.execute(delete(CHAIN_HEAD))
        try:
            rows = {table.name: _fill(connection, table, found) for table, found in tables}
        except IntegrityError as error:
            raise StoreError(f"the rows do not fit together: {error.orig}", file=path,
                             remedy="take another backup: this one is damaged or was changed"
                             ) from error  # fmt: skip
        read = verify_connection(connection)
        if not (read.ok or as_it_is):
            raise StoreError(f"its history does not verify: {read.problems[0].en} "
                             f"({read.found} problems)", file=path,
                             remedy="take another backup, or restore it as it is (--as-it-is) and "
                                    "look at what `verify` says")  # fmt: skip
        body = {"file": path.name, "sha256": _sha256(path), "events": read.events,
                "head": read.head, "problems": read.found, "accounts_stay": accounts_stay}  # fmt: skip
        connection.execute(update(SESSION).where(SESSION.c.ended_at.is_(None))
                           .values(ended_at=at, ended_why="restored"))  # fmt: skip
        connection.execute(update(TOKEN).where(TOKEN.c.revoked_at.is_(None)).values(revoked_at=at))
        ended = [] if accounts_stay else _disable_all(connection)
        told = [NewEvent("store.restored", "store", body), *ended]
        append(connection, told, actor=actor, at=at)
    return Restored(rows, read)


def _disable_all(connection: Connection) -> list[NewEvent]:
    """Disable every account that may get in; the events that tell it."""
    active = [one for one in accounts_in(connection) if one.state == ACTIVE]
    for one in active:
        change_account(connection, one, state=DISABLED)
    return [account_told("person.disabled", account_by_id(connection, one.id)) for one in active]


def _need_empty(connection: Connection, shown: str) -> None:
    for table in METADATA.sorted_tables:
        rows = select(table).limit(1)
        if table is CHAIN_HEAD:
            rows = rows.where(table.c.seq > 0)
        if connection.execute(rows).first() is not None:
            raise StoreError("the store is not empty", file=shown,
                             remedy="restore into a new one, then use that in its place")  # fmt: skip


def _fill(connection: Connection, table: Table, rows: Rows) -> int:
    count, some = 0, []
    for row in rows:
        some.append(row)
        if len(some) == _BATCH:
            connection.execute(insert(table), some)
            count, some = count + len(some), []
    if some:
        connection.execute(insert(table), some)
    return count + len(some)


@contextmanager
def _source(path: Path) -> Iterator[Iterable[tuple[Table, Rows]]]:
    """Tables of the newest form with their rows, parents first."""
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise StoreError(f"the file cannot be read: {error.strerror}", file=path,
                         remedy="name a backup, or the SQLite file of a store") from error  # fmt: skip
    if start == _SQLITE:
        with _brought_up(path) as store, store.read() as connection:
            yield ((table, _stored(connection, table)) for table in METADATA.sorted_tables)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise StoreError("this is no backup of a store", file=path,
                         remedy="name a file that `python -m leads backup` wrote") from error  # fmt: skip
    with archive:
        manifest = read_manifest(archive, path)
        if manifest.form == HEAD:
            yield _archived(archive, manifest, METADATA, path)
            return
        with _older(archive, manifest, path) as store, store.read() as connection:
            yield ((table, _stored(connection, table)) for table in METADATA.sorted_tables)


def _archived(
    archive: zipfile.ZipFile, manifest: Manifest, form: MetaData, path: Path
) -> Iterator[tuple[Table, Rows]]:
    tables = [table for table in form.sorted_tables if table.name in METADATA.tables]
    if {table.name for table in tables} != set(manifest.parts):
        raise StoreError("the backup holds other tables than a store", file=path,
                         remedy="take another backup: this one is damaged or was changed")  # fmt: skip
    for table in tables:
        yield table, read_part(archive, table.name, manifest.parts[table.name], table, path)


def _stored(connection: Connection, table: Table) -> Rows:
    rows = connection.execute(select(table), execution_options={"yield_per": _BATCH})
    return (row._asdict() for row in rows)


@contextmanager
def _older(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> Iterator[Database]:
    """A backup of an older form: filled into a store of that form, which is then brought up."""
    if not "0001" <= manifest.form < HEAD:
        raise StoreError(f"the backup has form {manifest.form}, this program knows forms up to {HEAD}",
                         file=path, remedy="restore it with the newer version that wrote it")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "older.sqlite"
        engine = file_engine(file)
        try:
            upgrade(engine, manifest.form)
            _fill_older(engine, archive, manifest, path)
        finally:
            engine.dispose()
        store = Database.open(file)
        try:
            yield store
        finally:
            store.close()


def _fill_older(engine: Engine, archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    form = MetaData()
    form.reflect(engine, only=lambda name, _: name in METADATA.tables)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.execute(delete(form.tables[CHAIN_HEAD.name]))
        for table, rows in _archived(archive, manifest, form, path):
            _fill(connection, table, rows)
        connection.exec_driver_sql("COMMIT")


@contextmanager
def _brought_up(path: Path) -> Iterator[Database]:
    """A copy of another store's file (it may be in use), brought up; the file stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite"
        source, target = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True), None
        try:
            target = sqlite3.connect(copy)
            source.backup(target)
        except sqlite3.DatabaseError as error:
            raise StoreError(f"the store's file is damaged: {error}", file=path,
                             remedy="take a backup instead") from error  # fmt: skip
        finally:
            source.close()
            if target is not None:
                target.close()
        store = Database.open(copy, create=False)
        try:
            yield store
        finally:
            store.close()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
