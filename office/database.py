"""The one place that opens the store: SQLite in a file by default, PostgreSQL with PostGIS by URL.

`Database.open(url)` brings the tables to the newest form (`office.migrations`). A write
transaction takes its lock at once (`BEGIN IMMEDIATE`, or the chain's head row), so two
writers wait for each other instead of failing late.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from layers.errors import StoreError
from office.migrate import upgrade

ENVIRONMENT = "YICHA_DATABASE_URL"
DEFAULT_FILE = Path("data/store/leads.sqlite")
_WAIT_MS = 60_000
"""How long a writer waits for another before it gives up."""


class Database:
    """An open store. `read()` and `write()` give a connection in a transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str | Path | None = None) -> Database:
        """Open (and make, and bring up to date) the store.

        `url` is a path of an SQLite file or `postgresql://…`; without it the environment variable
        `YICHA_DATABASE_URL`, else `data/store/leads.sqlite`. Raises `StoreError` with the remedy
        where it cannot be opened, is newer than this program, or lacks PostGIS.
        """
        address = str(url or os.environ.get(ENVIRONMENT) or DEFAULT_FILE)
        engine = _engine(address)
        try:
            upgrade(engine)
        except SQLAlchemyError as error:
            engine.dispose()
            raise StoreError(f"the store cannot be opened: {_brief(error)}", file=_shown(address),
                             remedy="check the address, that the server runs and that you may write; "
                                    "for a damaged file restore a backup (`python -m leads restore`)") from error  # fmt: skip
        except StoreError:
            engine.dispose()
            raise
        return cls(engine)

    @property
    def is_postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the store and writes nothing."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: all of it or nothing; on disk once the block has ended."""
        with self.engine.connect() as connection:
            if not self.is_postgres:
                connection.execute(text("BEGIN IMMEDIATE"))
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _engine(address: str) -> Engine:
    if address.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        rest = address.split("://", 1)[1]
        return create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True)
    if "://" in address and not address.startswith("sqlite:///"):
        raise StoreError("this is no address of a store", file=_shown(address),
                         remedy="give the path of an SQLite file, or postgresql://user@host/name")  # fmt: skip
    path = Path(address.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path.as_posix()}")
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own types
    """No acknowledged change is lost at a power cut: WAL with a full sync at every commit."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                   f"busy_timeout={_WAIT_MS}"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _brief(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _shown(address: str) -> str:
    """The address without a password."""
    if "@" in address and "://" in address:
        scheme, rest = address.split("://", 1)
        return f"{scheme}://…@{rest.rsplit('@', 1)[1]}"
    return address
