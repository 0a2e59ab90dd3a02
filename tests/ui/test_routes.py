"""Our own addresses and the headers on every answer, asked without a network."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from ui.headers import CONTENT_POLICY, HEADERS, headers_for
from ui.routes import MIDDLEWARE, ROUTES
from ui.settings import VARIABLE

APP = Starlette(routes=ROUTES, middleware=MIDDLEWARE)


def ask(path: str, query: str = "") -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    asked: list[bool] = []

    async def receive() -> dict[str, Any]:
        if asked:
            await asyncio.Event().wait()  # a client that stays until it is answered
        asked.append(True)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
             "query_string": query.encode(), "headers": [(b"host", b"localhost")], "http_version": "1.1", "scheme": "http",
             "root_path": "", "server": ("localhost", 80), "client": ("127.0.0.1", 1)}  # fmt: skip
    asyncio.run(APP(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], headers, body


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, hamlet_folder: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(hamlet_folder))


def test_every_answer_carries_the_security_headers() -> None:
    status, headers, body = ask("/healthz")
    assert (status, body) == (200, b"ok")
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= headers.items()


def test_the_page_for_work_on_site_alone_may_ask_where_it_is() -> None:
    for path, told in (("/field", True), ("/field/sw.js", True), ("/fields", False), ("/", False)):
        said = headers_for(path)["Permissions-Policy"]
        assert ("camera=(self)" in said, "geolocation=(self)" in said) == (told, told)
        assert "microphone=()" in said


def test_the_policy_names_this_machine_only() -> None:
    for rule in CONTENT_POLICY.split("; "):
        words = rule.split(" ")[1:]
        assert set(words) <= {
            "'self'",
            "'none'",
            "'unsafe-inline'",
            "'unsafe-eval'",
            "data:",
            "blob:",
        }


def test_our_own_files_are_served() -> None:
    status, headers, body = ask("/assets/app/yicha.js")
    assert status == 200
    assert headers["content-type"].startswith("text/javascript")
    assert b"window.yicha" in body


@pytest.mark.parametrize(
    "path", ["/assets/app/../install.py", "/assets/app/%2e%2e/install.py", "/assets/lib/none.js"]
)
def test_nothing_beside_them_is(path: str) -> None:
    assert ask(path)[0] == 404


@pytest.mark.usefixtures("folder", "assets")
def test_tiles_with_a_version_may_be_kept_for_ever() -> None:
    status, headers, body = ask("/base/3/6/3.png", "v=abc")
    assert status == 200
    assert headers["content-type"] == "image/png"
    assert "immutable" in headers["cache-control"]
    assert body.startswith(b"\x89PNG")
    assert "no-cache" in ask("/base/3/6/3.png")[1]["cache-control"]


@pytest.mark.usefixtures("folder", "assets")
def test_what_is_not_there_is_404_with_words() -> None:
    status, _, body = ask("/layer/bar/3/6/3.png")
    assert status == 404
    assert b"no layer bar" in body
    assert ask("/base/3/9/3.png")[0] == 404
    assert ask("/features/bar.json")[0] == 404


@pytest.mark.usefixtures("folder")
def test_features_speak_the_page_s_language() -> None:
    zh, en = (json.loads(ask("/features/school.json", f"lang={lang}")[2]) for lang in ("zh", "en"))
    assert zh[0][0] == "甲小学 · 小学"
    assert en[0][0] == "甲小学 · primary school"
