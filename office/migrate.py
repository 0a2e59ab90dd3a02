"""Brings a store to the newest form, one step after the other, or says why it cannot.

The steps stand in `office/migrations/versions`. They run in one transaction under a lock, so a
store is of its old form or of the new one, never between, also when several programs open it
at once.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from layers.errors import StoreError
from office.migrations import HEAD, VERSION_TABLE
from office.schema import EVENT

_FOLDER = Path(__file__).resolve().parent / "migrations"
_LOCK_NUMBER = 0x79696368
"""PostgreSQL's name of the lock under which one program at a time brings a store up to date."""
_ONE_AT_A_TIME = Lock()
"""Alembic keeps its context for the whole process."""


def upgrade(engine: Engine, to: str = HEAD) -> None:
    """Bring the store to form `to`; what is in it stays. `StoreError` where it is newer than that."""
    with engine.connect() as connection:
        if form(connection) == to:
            return
    with _ONE_AT_A_TIME, engine.connect() as connection:
        _lock(connection)
        now = form(connection)
        if now != to:
            _refuse_foreign(connection, now)
            _run(connection, to)
        connection.commit()


def form(connection: Connection) -> str | None:
    """Which form the store has; None for an empty one (or one older than the steps)."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def exists(engine: Engine) -> bool:
    """Whether a store (of any form) is there."""
    with engine.connect() as connection:
        return inspect(connection).has_table(EVENT.name)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK_NUMBER})
        _need_postgis(connection)
    else:
        connection.execute(text("BEGIN IMMEDIATE"))


def _refuse_foreign(connection: Connection, now: str | None) -> None:
    """Another program's database is left alone, and so is a store newer than this program."""
    if now is not None and now > HEAD:
        raise StoreError(f"the store has form {now}, this program knows forms up to {HEAD}",
                         remedy="open it with the newer version of the program that wrote it")  # fmt: skip
    names = set(inspect(connection).get_table_names())
    if now is None and connection.dialect.name == "sqlite" and names and "event" not in names:
        raise StoreError("the file is a database of another program",
                         remedy="name another file for the store")  # fmt: skip


def _need_postgis(connection: Connection) -> None:
    have = connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")).first()
    if have is not None:
        return
    try:
        connection.execute(text("CREATE EXTENSION postgis"))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise StoreError(f"the database has no PostGIS, and it cannot be added: {reason}",
                         remedy="install PostGIS beside the server (Debian: postgresql-N-postgis-3), "
                                "then run CREATE EXTENSION postgis in this database as its "
                                "superuser") from error  # fmt: skip


def _run(connection: Connection, to: str) -> None:
    from alembic import command  # here, because most openings need no step and Alembic loads slowly
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", _FOLDER.as_posix().replace("%", "%%"))
    config.set_main_option(
        "version_locations", (_FOLDER / "versions").as_posix().replace("%", "%%")
    )
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError as error:
        raise StoreError(f"no step leads from the store's form to {to}: {error}",
                         remedy="restore a backup into a new store") from error  # fmt: skip
