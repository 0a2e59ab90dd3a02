"""Real stores for tests: SQLite files, and PostgreSQL with PostGIS started for this run alone.

The server lives in a temporary folder, speaks through a socket inside it (no port, nothing from
outside) and goes away with the tests, even when they are killed: the shell that keeps it waits
for the end of its input. It writes without waiting for the disk: programs are killed here, it is not.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from office import Database
from tests.lacking import lacking
from tests.system import postgres_programs

_KEEPER = """
set -e
initdb -D "$1/data" -U yicha -A trust -E UTF8 --locale=C >"$1/log" 2>&1
pg_ctl -D "$1/data" -l "$1/log" -w -o "-c listen_addresses='' -c unix_socket_directories='$1' \
-c max_connections=100 -c shared_buffers=64MB -c fsync=off" start >>"$1/log" 2>&1
echo ready
read -r _ || true
pg_ctl -D "$1/data" -m immediate stop >/dev/null 2>&1
rm -rf "$1"
"""


@dataclass(slots=True)
class Server:
    """A PostgreSQL server of our own; every database in it is made and dropped by a test."""

    folder: Path
    keeper: subprocess.Popen[str]
    numbers: count[int]

    def url(self, name: str) -> str:
        """The address of one of its databases, as `YICHA_DATABASE_URL` takes it."""
        return f"postgresql://yicha@/{name}?host={self.folder}"

    def make(self, template: str = "template0") -> str:
        """A fresh database; returns its name."""
        name = f"test_{next(self.numbers)}"
        self.command(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Drop one, also where somebody still holds a connection."""
        self.command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def command(self, statement: str) -> None:
        """Run one statement beside all transactions."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """End it and remove its folder."""
        self.keeper.communicate("")
        shutil.rmtree(self.folder, ignore_errors=True)


def start_server() -> Server | None:
    """Start one, or None where PostgreSQL with PostGIS is not installed."""
    programs = postgres_programs()
    if programs is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="yicha-pg-"))
    command = ["sh", "-c", _KEEPER, "keeper", str(folder)]
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        command = ["runuser", "-u", "postgres", "--", *command]
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    keeper = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        cwd=folder.parent, env={**os.environ, "PATH": path}, start_new_session=True,
    )  # fmt: skip
    assert keeper.stdout is not None
    if keeper.stdout.readline() != "ready\n":
        log = (folder / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"{shlex.join(command[-2:])}: PostgreSQL did not start:\n{log[-2000:]}")
    return Server(folder, keeper, count(1))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server of this test run; skips loudly without PostgreSQL, fails in CI."""
    server = start_server()
    if server is None:
        lacking("POSTGIS MISSING: PostgreSQL with PostGIS is not installed; this test did not run "
                "(python -m tests.system says what to install)")  # fmt: skip
    yield server
    server.stop()


@pytest.fixture(scope="session")
def store_template(postgres_server: Server) -> str:
    """A database brought to the newest form once, copied for every test."""
    name = postgres_server.make()
    Database.open(postgres_server.url(name)).close()
    return name


@pytest.fixture
def empty_postgres(postgres_server: Server) -> Iterator[str]:
    """The address of a fresh database that nobody has opened yet (no tables, no PostGIS)."""
    name = postgres_server.make()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def postgis(postgres_server: Server, store_template: str) -> Iterator[str]:
    """The address of an empty store on PostgreSQL with PostGIS."""
    name = postgres_server.make(store_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgis"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, of each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "leads.sqlite")
    return str(request.getfixturevalue("postgis"))


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """An empty open store, of each kind in turn."""
    store = Database.open(store_url)
    yield store
    store.close()
