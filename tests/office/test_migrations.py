"""A store of every older form is brought up with what is in it; a newer one is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, insert, inspect, make_url, select, text

from layers.errors import StoreError
from office import Actor, Database, NewEvent, append, events
from office.migrate import form, upgrade
from office.migrations import HEAD, VERSION_TABLE
from office.schema import LEAD, METADATA, RUN
from office.space import window
from tests.office.rows import AT, a_run, lead_row

ACTOR = Actor("张", ("prosecutor",))
FOLDER = Path(__file__).resolve().parent.parent.parent / "office" / "migrations"


@pytest.fixture(params=["sqlite", "postgis"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database nobody has opened yet, of each kind."""
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{(tmp_path / 'old.sqlite').as_posix()}",
                             isolation_level="AUTOCOMMIT")  # fmt: skip
    else:
        url = make_url(request.getfixturevalue("empty_postgres"))
        made = create_engine(url.set(drivername="postgresql+psycopg"))
    yield made
    made.dispose()


def _url(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_the_newest_form_is_named_and_the_steps_are_one_line() -> None:
    script = ScriptDirectory(str(FOLDER), version_locations=[str(FOLDER / "versions")])
    assert script.get_heads() == [HEAD]
    forms = [step.revision for step in script.walk_revisions()]
    assert forms == [f"{n:04}" for n in range(len(forms), 0, -1)]


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_the_steps_make_what_the_schema_says(database: Database) -> None:
    """Fails where a column was added to the schema without a step of `office/migrations`."""

    def ours(_thing: Any, name: str | None, kind: str, reflected: bool, _to: Any) -> bool:
        known = {"shape", "lead_shape", "lead_window", "lead_window_node", "lead_window_rowid",
                 "lead_window_parent", "spatial_ref_sys", VERSION_TABLE}  # fmt: skip
        return not (reflected and kind in {"table", "column", "index"} and name in known)

    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "version_table": VERSION_TABLE}
        )
        assert compare_metadata(context, METADATA) == []


def test_a_store_of_the_first_form_keeps_its_rows(engine: Engine) -> None:
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(insert(RUN), [a_run()])
        connection.execute(insert(LEAD), [lead_row(1, (112.0, 28.0, 112.0, 28.0))])
        append(connection, [NewEvent("lead.found", "L1", {"state": "registered"})],
               actor=ACTOR, at=AT)  # fmt: skip
    database = Database.open(_url(engine))
    with database.read() as connection:
        assert form(connection) == HEAD
        assert connection.scalars(
            select(LEAD.c.id).where(window(connection, LEAD, 111, 27, 113, 29))
        ).all() == ["L1"]
        assert [e.kind for e in events(connection)] == ["lead.found"]
    database.close()


def test_a_store_older_than_the_steps_is_taken_over(engine: Engine) -> None:
    with engine.begin() as connection:
        METADATA.create_all(connection)
        connection.execute(
            text("INSERT INTO chain_head VALUES (1, 0, :first)"), {"first": "0" * 64}
        )
        connection.execute(insert(RUN), [a_run()])
    database = Database.open(_url(engine))
    with database.read() as connection:
        assert connection.scalars(select(RUN.c.id)).all() == ["R1"]
    database.close()


def test_a_newer_store_is_refused_and_left_alone(database: Database, store_url: str) -> None:
    with database.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9001'"))
    with pytest.raises(StoreError, match="newer version of the program"):
        Database.open(store_url)
    with database.read() as connection:
        assert form(connection) == "9001"


def test_a_step_that_fails_leaves_the_old_form(engine: Engine) -> None:
    upgrade(engine, "0001")
    with engine.begin() as connection:  # what step 0002 is about to make is in its way
        connection.execute(text("CREATE TABLE lead_window (id integer)"))
    with pytest.raises(StoreError, match="lead_window"):
        Database.open(_url(engine))
    with engine.connect() as connection:
        assert form(connection) == "0001"
        columns = {column["name"] for column in inspect(connection).get_columns("lead")}
    assert "shape" not in columns


def test_many_open_a_new_store_at_once(engine: Engine) -> None:
    with ThreadPoolExecutor(12) as pool:
        opened = list(pool.map(lambda _: Database.open(_url(engine)), range(12)))
    for database in opened:
        with database.read() as connection:
            assert form(connection) == HEAD
        database.close()


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.gpkg"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE parcels (id integer)")
    other.close()
    with pytest.raises(StoreError, match="another program") as raised:
        Database.open(path)
    assert raised.value.file == str(path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("parcels",)]
    other.close()
