"""A small app behind the real gate, with the doors' real pages, over a real store and a clock passed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from office import Database
from office.doors.first_admin import first_code
from office.doors.people import add_person
from office.doors.rules import later
from office.scope import parse_grant
from tests.office.doors.made import ADMIN, AT, PASSWORD, RULES, code, first, some_keys
from ui.docket.demo import PEOPLE
from ui.doors import enter, invented, oidc, own
from ui.doors.desk import Desk
from ui.doors.gate import Gate
from ui.doors.guarded import actor_of, guarded
from ui.headers import SECURITY

_FORM = re.compile(r'name="form" value="([0-9a-f]+)"')
_SECRET = re.compile(r'<code class="secret">([A-Z2-7 ]+)</code>')
_TICKET = re.compile(r'name="ticket" value="([^"]+)"')
Answer = Any
"""What the test client answers; its class is that of the HTTP library underneath."""


@dataclass
class Clock:
    at: str = AT
    ticks: float = 0.0

    def go(self, seconds: float) -> None:
        self.at, self.ticks = later(self.at, seconds), self.ticks + seconds


async def _who(request: Request) -> Response:
    actor = actor_of(request)
    return JSONResponse({"name": actor.name, "roles": actor.roles})


async def _page(_: Request) -> Response:
    return HTMLResponse("<p>secret page</p>", headers={"Cache-Control": "no-cache"})


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(f"{socket.state.actor.name}: {text}")


ROUTES = [
    *enter.ROUTES, *own.ROUTES, *oidc.ROUTES, *invented.ROUTES,
    guarded("/who", _who, "layer.read"), guarded("/people", _who, "person.manage"),
    guarded("/write", _who, "layer.read", ["POST"], most_bytes=100),
    Route("/", _page), Route("/leads", _page), WebSocketRoute("/_stcore/stream", _stream),
]  # fmt: skip


@dataclass
class Browser:
    """A browser with its cookies: opens pages, fills in the forms they hold."""

    client: TestClient
    clock: Clock
    secret: str = ""
    seen: Answer = None

    def open(self, path: str, **headers: str) -> Answer:
        self.seen = self.client.get(path, headers={"Accept": "text/html", **headers})
        return self.seen

    def send(self, path: str, origin: str = "http://localhost", **fields: str) -> Answer:
        """Post the form of the page seen last, or another token."""
        found = _FORM.findall(self.seen.text) if self.seen is not None else []
        told = {"form": found[0] if found else "", **fields}
        self.seen = self.client.post(path, data=told, headers={"Origin": origin})
        return self.seen

    def fill(self, path: str, **fields: str) -> Answer:
        """Open a page and send its form."""
        self.open(path)
        return self.send(path, **fields)

    def ticket(self) -> str:
        return _TICKET.findall(self.seen.text)[0].replace("&amp;", "&")

    def code(self) -> str:
        return code(self.secret, self.clock.at)

    @property
    def cookie(self) -> str:
        return str(self.client.cookies.get("yicha") or "")

    def set_up_factor(self) -> Answer:
        self.open("/auth/second-factor")
        self.secret = _SECRET.findall(self.seen.text)[0].replace(" ", "")
        return self.send("/auth/second-factor", code=self.code())

    def come(self, name: str, password: str = PASSWORD, **more: str) -> Answer:
        """Sign in with password and the next code."""
        self.clock.go(30)
        self.fill("/auth/login", name=name, password=password, **more)
        return self.send("/auth/login", name=name, ticket=self.ticket(), code=self.code(), **more)


@dataclass
class House:
    """A desk, its clock, and browsers before it."""

    desk: Desk
    clock: Clock
    app: Starlette
    folder: Path = Path()
    open: list[TestClient] = field(default_factory=list)

    @property
    def db(self) -> Database:
        return self.desk.store

    def browser(self, address: str = "http://localhost", come_from: str = "10.0.0.1") -> Browser:
        client = TestClient(self.app, address, follow_redirects=False, client=(come_from, 5000))
        self.open.append(client)
        return Browser(client, self.clock)

    def given(self, name: str, *roles: str) -> str:
        grants = [parse_grant(role) for role in roles]
        return add_person(
            self.db, name, grants, actor=ADMIN, at=self.clock.at, rules=RULES
        ).password

    def inside(self, name: str = "王检", *roles: str) -> Browser:
        """Somebody new who went all the way in."""
        one, given = self.browser(), self.given(name, *(roles or ("prosecutor",)))
        one.fill("/auth/login", name=name, password=given)
        one.fill("/auth/password", old=given, new=PASSWORD, again=PASSWORD)
        assert one.set_up_factor().status_code == 303
        return one


def gated(desk: Desk) -> Starlette:
    return Starlette(routes=ROUTES, middleware=[*SECURITY, Middleware(Gate, desks=lambda: desk)])


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the newest form, copied for each test."""
    file = tmp_path_factory.mktemp("doors") / "leads.sqlite"
    Database.open(file).close()
    return file


@pytest.fixture
def bare_house(tmp_path: Path, empty_store: Path) -> Iterator[House]:
    """An office without accounts."""
    (tmp_path / "leads.sqlite").write_bytes(empty_store.read_bytes())
    clock, db = Clock(), Database.open(tmp_path / "leads.sqlite")
    desk = Desk(some_keys(tmp_path), RULES, lambda: clock.at, db=db, tick=lambda: clock.ticks)
    yield House(desk, clock, gated(desk), tmp_path)
    db.close()


@pytest.fixture
def house(bare_house: House) -> House:
    """An office that has its first administrator."""

    first(bare_house.db)
    return bare_house


@pytest.fixture
def demo(tmp_path: Path) -> House:
    """The demo's open door."""
    clock = Clock()
    desk = Desk(some_keys(tmp_path), RULES, lambda: clock.at, people=PEOPLE)
    return House(desk, clock, gated(desk))


@pytest.fixture
def printed_code(bare_house: House) -> Callable[[], str]:
    """What `python -m office first-admin` prints."""
    return lambda: first_code(bare_house.db, at=bare_house.clock.at, rules=RULES)
