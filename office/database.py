"""The one place that opens the store: SQLite in a file by default, PostgreSQL with PostGIS by URL.

`Database.open(url)` brings the tables to the newest form (`office.migrate`). A write
transaction takes its lock at once (`BEGIN IMMEDIATE`, or PostgreSQL's advisory lock), so writers
wait for each other and what one has read stays so until it commits; a read sees one state of
the store from its first question to its last.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)

from layers.errors import StoreError
from office.migrate import exists, upgrade

ENVIRONMENT = "YICHA_DATABASE_URL"
DEFAULT_FILE = Path("data/store/leads.sqlite")
WAIT_S = 60.0
"""How long a writer waits for another before it gives up."""
_ASK_MS = 20
_REMEDY = ("check the address, that the server runs and that you may write; "
           "for a damaged file restore a backup (`python -m leads restore`)")  # fmt: skip
_BUSY = ("locked", "lock timeout", "deadlock")
_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")


class Database:
    """An open store. `read()` and `write()` give a connection in a transaction."""

    def __init__(self, engine: Engine, shown: str, wait_s: float) -> None:
        self.engine = engine
        self.shown = shown
        self._wait_s = wait_s

    @classmethod
    def open(
        cls, url: str | Path | None = None, *, create: bool = True, wait_s: float = WAIT_S
    ) -> Database:
        """Open (and make unless `create` is false, and bring up to date) the store.

        `url` is a path of an SQLite file or `postgresql://…`; without it the environment variable
        `YICHA_DATABASE_URL`, else `data/store/leads.sqlite`. Raises `StoreError` with the remedy
        where it cannot be opened, is not there, is newer than this program, or lacks PostGIS.
        """
        address = str(url or os.environ.get(ENVIRONMENT) or DEFAULT_FILE)
        shown = _shown(address)
        engine = _engine(address, shown, create=create, wait_s=wait_s)
        try:
            with _told(shown):
                if not create and not exists(engine):
                    raise _none_there(shown)
                upgrade(engine)
        except StoreError as error:
            engine.dispose()
            raise _at(error, shown) from error.__cause__
        return cls(engine, shown, wait_s)

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the store and writes nothing."""
        with _told(self.shown), self.engine.connect() as connection:
            if self.is_postgres:
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                yield connection
                return
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA query_only=OFF")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: all of it or nothing; on disk once the block has ended."""
        with _told(self.shown), self.engine.connect() as connection:
            if self.is_postgres:
                wait = f"{round(self._wait_s * 1000)}ms"
                connection.execute(_TURN, {"wait": wait, "number": _LOCK_NUMBER})
            else:
                _begin(connection, self._wait_s)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def tidy(self) -> None:
        """After many rows were written: statistics anew, and on PostgreSQL pages marked whole.

        Counting 200,000 leads then reads an index alone. Nothing is changed; others go on working.
        """
        tidying = "VACUUM (ANALYZE) lead" if self.is_postgres else "PRAGMA optimize"
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(tidying))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _begin(connection: Connection, wait_s: float) -> None:
    """Wait for SQLite's write lock, everybody asking equally often.

    Left to itself SQLite asks more and more seldom, so that who waits longest waits on.
    """
    last = time.monotonic() + wait_s
    connection.exec_driver_sql(f"PRAGMA busy_timeout={_ASK_MS}")
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in _brief(error) or time.monotonic() >= last:
                raise
        else:
            break
    connection.exec_driver_sql(f"PRAGMA busy_timeout={round(wait_s * 1000)}")


_TURN = text("SELECT set_config('synchronous_commit', 'on', true), "
             "set_config('lock_timeout', :wait, true), pg_advisory_xact_lock(:number)")  # fmt: skip
"""On disk at the commit, whatever the server is set to; and a turn among the writers."""
_LOCK_NUMBER = 0x7969636861


@contextmanager
def _told(shown: str) -> Iterator[None]:
    """What goes wrong in the database itself, told with its remedy; a row refused is the caller's."""
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        raise _told_error(error, shown) from error


def _told_error(error: SQLAlchemyError, shown: str) -> StoreError:
    reason = _brief(error)
    if any(word in reason for word in _BUSY):
        return StoreError(f"the store is busy: {reason}", file=shown,
                          remedy="try again; if it stays so, end the program that holds it")  # fmt: skip
    return StoreError(f"the store does not answer: {reason}", file=shown, remedy=_REMEDY)


def _engine(address: str, shown: str, *, create: bool, wait_s: float) -> Engine:
    if address.startswith(_POSTGRES):
        try:
            url = make_url(address).set(drivername="postgresql+psycopg")
        except (ArgumentError, ValueError) as error:
            raise _no_address(shown) from error
        arguments = {"connect_timeout": 10, "application_name": "yicha"}
        return create_engine(url, pool_pre_ping=True, connect_args=arguments)
    if "://" in address and not address.startswith("sqlite:///"):
        raise _no_address(shown)
    path = Path(address.removeprefix("sqlite:///")).absolute()
    if not create and not path.is_file():
        raise _none_there(shown)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder of the store cannot be made: {error.strerror}", file=shown,
                         remedy="name a file in a folder where you may write") from error  # fmt: skip
    return file_engine(path, wait_s)


def file_engine(path: Path, wait_s: float = WAIT_S) -> Engine:
    """An SQLite file as it lies there, in whatever form; only for bringing one up."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": wait_s}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _none_there(shown: str) -> StoreError:
    return StoreError("there is no store here", file=shown,
                      remedy=f"name the store: --store, or {ENVIRONMENT}")  # fmt: skip


def _no_address(shown: str) -> StoreError:
    return StoreError("this is no address of a store", file=shown,
                      remedy="give the path of an SQLite file, or postgresql://user@host/name")  # fmt: skip


_WAL_WAIT_S = 60.0
"""How long a new store may take until everybody who opens it sees its write-ahead log."""


def _set_up_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own types
    """No acknowledged change is lost at a power cut: WAL with a full sync at every commit."""
    connection.isolation_level = None
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    last = time.monotonic() + _WAL_WAIT_S
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except (
            sqlite3.OperationalError
        ):  # somebody else is just doing it: SQLite does not wait here
            if time.monotonic() >= last:
                raise
            time.sleep(0.02)


def _at(error: StoreError, shown: str) -> StoreError:
    return error if error.file else StoreError(error.problem, remedy=error.remedy, file=shown)


def _brief(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _shown(address: str) -> str:
    """The address without a password."""
    if "@" in address and "://" in address:
        scheme, rest = address.split("://", 1)
        return f"{scheme}://…@{rest.rsplit('@', 1)[1]}"
    return address
