"""Files go to the person whose they are, for a while; bundles arrive on the disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from office import Actor, Database
from tests.leads.made import PROSECUTOR, put_lead
from ui.proof.outbox import About, Outbox
from ui.proof.routes import BUNDLES, FILES, proof_routes
from ui.scenes.incoming import Incoming

FIELD = Actor("赵外勤", ("field",))
OTHER = Actor("别人", ("prosecutor",))


class _As:
    def __init__(self, app: ASGIApp, actor: Actor | None) -> None:
        self._app, self.actor = app, actor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["actor"] = self.actor
        await self._app(scope, receive, send)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "evidence")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "leads.sqlite")


def client(outbox: Outbox, db: Database, actor: Actor | None) -> TestClient:
    app = Starlette(
        routes=proof_routes(lambda: outbox, lambda: db, lambda: Incoming(outbox.root / "in")),
        middleware=[Middleware(_As, actor=actor)],
    )
    return TestClient(app)


def boxed(outbox: Outbox, lead: str, made: datetime, operation: str = "evidence.export") -> str:
    box = outbox.new()
    folder = outbox.put(box, About(PROSECUTOR.name, operation, (lead,), made.isoformat()))
    (folder / "bundle.zip").write_bytes(b"PK")
    return box


def test_a_file_is_for_one_person_and_a_day(outbox: Outbox, db: Database) -> None:
    lead, now = put_lead(db, 1), datetime.now(UTC)
    box, old = boxed(outbox, lead, now), boxed(outbox, lead, now - timedelta(hours=25))
    mine = client(outbox, db, PROSECUTOR)
    answer = mine.get(f"{FILES}/{box}/bundle.zip")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "private, no-store"
    assert mine.get(f"{FILES}/{old}/bundle.zip").status_code == 410
    assert client(outbox, db, OTHER).get(f"{FILES}/{box}/bundle.zip").status_code == 404
    assert client(outbox, db, None).get(f"{FILES}/{box}/bundle.zip").status_code == 401


@pytest.mark.parametrize("path", ["about.json", "..%2Fabout.json", ".hidden", "none.zip"])
def test_nothing_but_the_files_is_handed_out(outbox: Outbox, db: Database, path: str) -> None:
    box = boxed(outbox, put_lead(db, 1), datetime.now(UTC))
    assert client(outbox, db, PROSECUTOR).get(f"{FILES}/{box}/{path}").status_code == 404


def test_who_lost_the_right_loses_the_file(outbox: Outbox, db: Database) -> None:
    box = boxed(outbox, put_lead(db, 1), datetime.now(UTC))
    now_field = Actor(PROSECUTOR.name, ("field",))
    assert client(outbox, db, now_field).get(f"{FILES}/{box}/bundle.zip").status_code == 403


def test_a_bundle_arrives_in_pieces_and_goes_on_after_a_cut(outbox: Outbox, db: Database) -> None:
    auditor = Actor("陈审计", ("auditor",))
    mine = client(outbox, db, auditor)
    told = {"batch": "b" * 32, "name": "案件.zip", "size": 3_000_000}
    begun = mine.post(BUNDLES, json=told)
    assert begun.status_code == 201
    address = begun.headers["location"]
    for piece in (b"a" * 1_000_000, b"b" * 2_000_000):
        offset = mine.head(address).headers["upload-offset"]
        assert (
            mine.patch(address, content=piece, headers={"Upload-Offset": offset}).status_code == 204
        )
    path = Incoming(outbox.root / "in").content(begun.json()["id"])
    assert path.stat().st_size == 3_000_000
    assert client(outbox, db, FIELD).head(address).status_code == 404
    stranger = Actor("孙系统", ("system_admin",))
    assert client(outbox, db, stranger).post(BUNDLES, json=told).status_code == 403


def test_what_is_over_is_swept(outbox: Outbox) -> None:
    box = outbox.put(outbox.new(), About("a", "evidence.export", (), "2026-07-01T09:00:00+08:00"))
    now = datetime.now(UTC)
    assert outbox.sweep(now) == 0
    assert outbox.sweep(now + timedelta(hours=25)) == 1
    assert not box.exists()
