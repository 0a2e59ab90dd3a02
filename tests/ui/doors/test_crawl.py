"""Every address of the app × every method × signed out and every role: nothing beyond the policy table.

The addresses are those of `ui.routes.ROUTES` as they are; a new one is crawled without being named here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.testclient import TestClient

from office.actors import ROLES
from office.database import ENVIRONMENT
from office.doors.keys import Keys
from office.policy import load_policy
from tests.office.doors.made import AT, RULES
from ui.doors.desk import Desk
from ui.doors.gate import Gate
from ui.headers import SECURITY
from ui.routes import ROUTES
from ui.settings import VARIABLE

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAMPLES = {
    "int": "3",
    "float": "1.5",
    "path": "a/b",
    "uuid": "11111111-2222-3333-4444-555555555555",
}
PUBLIC = {"/healthz", "/assets/lib", "/assets/app", "/auth/login", "/auth/first", "/auth/password", "/auth/demo",
          "/auth/second-factor", "/auth/account", "/auth/sessions", "/auth/sign-out", "/auth/state",
          "/auth/oidc", "/auth/oidc/back", "/field/sw.js", "/field/sync.js", "/field/db.js", "/field/sense.js",
          "/field/icon.svg", "/field/icon-192.png", "/field/icon-512.png", "/field/icon-full.png", "/{path:path}"}  # fmt: skip
"""What is answered to everybody, or weighs the session itself; a new one is added here on purpose. The
last one says that there is no such page."""
KEYS = Keys("k", {"k": bytes(32)})
SAME = {"Origin": "http://localhost", "Accept": "application/json"}


def _flat(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, BaseRoute]]:
    for route in routes:
        if isinstance(route, Mount) and route.routes:
            yield from _flat(route.routes, before + route.path)
        else:
            yield before + str(getattr(route, "path", "")), route


FLAT = list(_flat(ROUTES))
GUARDED = [route for path, route in FLAT if isinstance(route, Route) and path not in PUBLIC]
assert all(isinstance(route, Route) for route in GUARDED)


def _operation(route: BaseRoute) -> str:
    return str(getattr(route, "operation", ""))


def _sample(route: Route) -> str:
    path = route.path_format
    for name, convertor in route.param_convertors.items():
        kind = type(convertor).__name__.removesuffix("Convertor").lower()
        path = path.replace(f"{{{name}}}", SAMPLES.get(kind, "x"))
    return path


def _taken(path: str, method: str) -> Route | None:
    """The address that would answer, as the router finds it."""
    scope = {"type": "http", "path": path, "method": method, "headers": [], "root_path": ""}
    for route in ROUTES:
        if route.matches(scope)[0] is Match.FULL:
            return route if isinstance(route, Route) else None
    return None


def _client(desk: Desk) -> TestClient:
    app = Starlette(routes=ROUTES, middleware=[*SECURITY, Middleware(Gate, desks=lambda: desk)])
    return TestClient(
        app, "http://localhost", follow_redirects=False, raise_server_exceptions=False
    )


def _as(role: str) -> TestClient:
    return _client(Desk(KEYS, RULES, lambda: AT, people={"某人": role}))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, hamlet_folder: Path, tmp_path: Path) -> None:
    """A county and a store that nobody else looks at: some of the addresses write."""
    shutil.copytree(hamlet_folder, tmp_path / "county")
    (tmp_path / "county" / "county.json").write_text(json.dumps({"on_date": "2026-06-30"}), encoding="utf-8")  # fmt: skip
    monkeypatch.setenv(VARIABLE, str(tmp_path / "county"))
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "leads.sqlite"))


def test_every_address_names_its_right_or_is_public_on_purpose() -> None:
    unnamed = [path for path, route in FLAT if not _operation(route) and path not in PUBLIC]
    assert unnamed == []
    assert {_operation(route) for route in GUARDED} <= set(load_policy())
    assert len(GUARDED) > 10


def test_signed_out_nothing_is_answered() -> None:
    client = _client(Desk(KEYS, RULES, lambda: AT))
    seen = {}
    for route in GUARDED:
        for method in METHODS:
            answer = client.request(method, _sample(route), headers=SAME)
            if answer.status_code != 401 and not (
                _sample(route).startswith("/api") and answer.status_code in {404, 405}
            ):
                seen[method, route.path] = answer.status_code
    assert seen == {}


def test_signed_out_a_browser_is_led_to_the_login() -> None:
    client = _client(Desk(KEYS, RULES, lambda: AT))
    for route in GUARDED:
        answer = client.get(_sample(route), headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["location"][:11]) == (303, "/auth/login"), (
            route.path
        )


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("role", ROLES)
def test_no_role_gets_more_than_the_table_says(role: str) -> None:
    client, policy, beyond = _as(role), load_policy(), {}
    for path in sorted({_sample(route) for route in GUARDED}):
        for method in METHODS:
            taken = _taken(path, method)
            operation = _operation(taken) if taken is not None else ""
            if operation and role in policy[operation].roles:
                continue
            status = client.request(method, path, headers=SAME).status_code
            if status not in ({403} if operation else {404, 405}):
                beyond[method, path] = status
    assert beyond == {}


@pytest.mark.usefixtures("folder")
def test_who_may_is_not_refused_and_nothing_breaks() -> None:
    """One allowed role for each address that reads: no 401, no 403 for the right itself, no 5xx."""
    policy, wrong = load_policy(), {}
    clients = {role: _as(role) for role in ROLES}
    for route in GUARDED:
        if "GET" not in (route.methods or ()):
            continue
        role = next(one for one in ROLES if one in policy[_operation(route)].roles)
        status = clients[role].get(_sample(route), headers=SAME).status_code
        if status == 401 or status >= 500:
            wrong[role, route.path] = status
    assert wrong == {}


@pytest.mark.usefixtures("folder")
def test_no_writing_address_takes_a_request_of_another_site() -> None:
    client = _as("prosecutor")
    for route in GUARDED:
        for method in {"POST", "PUT", "PATCH", "DELETE"} & set(route.methods or ()):
            for headers in (
                {},
                {"Origin": "http://evil.example"},
                {**SAME, "Sec-Fetch-Site": "cross-site"},
            ):
                answer = client.request(method, _sample(route), headers=headers)
                assert (answer.status_code, answer.json().get("code")) == (403, "origin"), (
                    route.path
                )
