"""The path below which the app lies, and whom it believes about the caller."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from layers.errors import PolicyError
from ui.border import Border
from ui.doors.cookies import cookie_line, cookie_name
from ui.doors.origin import own_path
from ui.settings import BASE, at


async def _seen(request: Request) -> Response:
    client = request.client.host if request.client else ""
    answer = JSONResponse({"path": request.url.path, "client": client, "scheme": request.url.scheme,
                           "host": request.headers["host"]})  # fmt: skip
    answer.set_cookie("one", "1", path="/")
    answer.set_cookie("two", "2", path="/own")
    return answer


async def _on(_: Request) -> Response:
    return RedirectResponse("/seen", 303)


async def _away(_: Request) -> Response:
    return RedirectResponse("https://elsewhere.example.cn/seen", 303)


def ask(path: str, *, below: str = "/yicha", proxies: str = "", headers: dict[str, str] | None = None,
        kind: str = "http", client: str = "10.0.3.7") -> list[dict[str, Any]]:  # fmt: skip
    app = Starlette(routes=[Route("/seen", _seen), Route("/on", _on), Route("/away", _away), Route("/healthz", _seen)],
                    middleware=[Middleware(Border, below=below, proxies=proxies)])  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    told = {"host": "localhost", **(headers or {})}
    scope = {"type": kind, "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"a=1", "scheme": "http",
             "headers": [(name.encode(), value.encode()) for name, value in told.items()], "http_version": "1.1",
             "root_path": "", "server": ("localhost", 80), "client": (client, 1), "subprotocols": []}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent


def header(sent: list[dict[str, Any]], name: bytes) -> list[str]:
    return [value.decode() for key, value in sent[0]["headers"] if key == name]


def body(sent: list[dict[str, Any]]) -> dict[str, str]:
    told: dict[str, str] = json.loads(sent[1]["body"])
    return told


def test_inside_the_app_knows_its_own_paths_only() -> None:
    sent = ask("/yicha/seen")
    assert body(sent)["path"] == "/seen"
    assert [line.partition("Path=")[2].partition(";")[0] for line in header(sent, b"set-cookie")] == ["/yicha", "/own"]  # fmt: skip
    assert header(ask("/yicha/on"), b"location") == ["/yicha/seen"]
    assert header(ask("/yicha/away"), b"location") == ["https://elsewhere.example.cn/seen"]


@pytest.mark.parametrize(("path", "status"), [("/seen", 404), ("/yichaseen", 404), ("/yicha2/seen", 404),
                                              ("/", 307), ("/yicha", 307), ("/healthz", 200)])  # fmt: skip
def test_what_lies_elsewhere(path: str, status: int) -> None:
    sent = ask(path)
    assert sent[0]["status"] == status
    assert header(sent, b"location") == (["/yicha/?a=1"] if status == 307 else [])


def test_a_line_elsewhere_is_closed() -> None:
    assert ask("/_stcore/stream", kind="websocket") == [{"type": "websocket.close", "code": 1008}]


def test_without_a_path_nothing_changes() -> None:
    assert body(ask("/seen", below=""))["path"] == "/seen"
    assert header(ask("/on", below=""), b"location") == ["/seen"]


SAID = {"x-forwarded-for": "192.0.2.1, 198.51.100.9, 10.0.3.8", "x-forwarded-proto": "https",
        "x-forwarded-host": "office.example.cn"}  # fmt: skip


def test_only_a_known_proxy_is_believed() -> None:
    believed = body(ask("/yicha/seen", proxies="10.0.3.0/24, ::1", headers=SAID))
    assert (believed["client"], believed["scheme"], believed["host"]) == ("198.51.100.9", "https", "office.example.cn")  # fmt: skip
    for proxies, client in (("", "10.0.3.7"), ("10.0.4.0/24", "10.0.3.7"), ("10.0.3.0/24", "192.0.2.77")):  # fmt: skip
        doubted = body(ask("/yicha/seen", proxies=proxies, headers=SAID, client=client))
        assert (doubted["client"], doubted["scheme"], doubted["host"]) == (client, "http", "localhost")  # fmt: skip


def test_a_path_or_proxy_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("/a b", "https://x", "/../x", "//x/;y", "/x?y"):
        monkeypatch.setenv(BASE, wrong)
        with pytest.raises(PolicyError, match=BASE):
            at("/x")
    with pytest.raises(PolicyError, match="YICHA_PROXIES"):
        Border(Starlette(), below="", proxies="proxy.example.cn")


def test_addresses_cookies_and_the_way_back_follow_the_one_setting(monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    for named in ("yicha", "/yicha", "/yicha/"):
        monkeypatch.setenv(BASE, named)
        assert at("/auth/login") == "/yicha/auth/login"
        assert at("https://t0.tianditu.gov.cn/x") == "https://t0.tianditu.gov.cn/x"
        assert cookie_name("yicha", secure=True) == "__Secure-yicha"  # __Host- asks for the path /
        assert own_path("/yicha/leads?a=1") == own_path("/leads?a=1") == "/leads?a=1"
        assert (
            own_path("/yicha")
            == own_path("/yicha/auth/sign-out")
            == own_path("/yicha//x.cn")
            == "/"
        )
    monkeypatch.delenv(BASE)
    assert at("/auth/login") == "/auth/login"
    assert cookie_line("yicha", "x", secure=True, seconds=1).startswith("__Host-yicha=x; Path=/;")
