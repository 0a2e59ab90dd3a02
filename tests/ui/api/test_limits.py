"""A polite share for every caller, and no answer that takes for ever."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layers.errors import StoreError
from office import Actor
from ui.api.answers import Address, Answer, Ask
from ui.api.limits import CALLERS, Buckets
from ui.api.serving import routes_of


def test_a_bucket_fills_again_at_its_rate() -> None:
    buckets = Buckets(rate=2.0, burst=3)
    assert [buckets.take("a", 0.0).allowed for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b", 0.0).allowed
    assert not buckets.take("a", 0.4).allowed
    assert buckets.take("a", 0.5).allowed
    assert [buckets.take("a", 100.0).left for _ in range(3)] == [2, 1, 0]
    assert buckets.take("a", 99.0).allowed is False  # a clock that runs back gives nothing


def test_what_is_left_is_told() -> None:
    buckets = Buckets(rate=0.5, burst=1)
    assert buckets.take("a", 0.0).headers() == {
        "RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "2"}  # fmt: skip
    assert buckets.take("a", 0.0).headers()["Retry-After"] == "2"


def test_callers_are_forgotten_before_memory_runs_out() -> None:
    buckets = Buckets()
    for number in range(CALLERS + 50):
        buckets.take(str(number), 0.0)
    assert len(buckets._held) == CALLERS


class _As:
    """Lets everybody in as one system."""

    def __init__(self, app: ASGIApp, actor: Actor) -> None:
        self._app, self._actor = app, actor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["actor"] = self._actor
        await self._app(scope, receive, send)


def ask(run: Any, buckets: Buckets, answer_s: float = 5.0) -> tuple[int, dict[str, str], bytes]:
    """Ask an interface of one address."""
    address = Address("/x", run, "api.read", "", "", "core", {200: "Landing"})
    app = _As(
        Starlette(routes=routes_of([address], buckets, answer_s)), Actor("system:x", ("machine",))
    )
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/api/x", "raw_path": b"/api/x", "query_string": b"", "root_path": "",
             "headers": [(b"accept-language", b"en")], "http_version": "1.1", "scheme": "http",
             "server": ("localhost", 80), "client": ("127.0.0.1", 1)}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:])


def test_too_many_questions_are_429_with_the_wait() -> None:
    buckets = Buckets(rate=0.001, burst=2)
    answers = [ask(lambda _: Answer({}), buckets) for _ in range(3)]
    assert [status for status, _, _ in answers] == [200, 200, 429]
    assert [headers["ratelimit-remaining"] for _, headers, _ in answers] == ["1", "0", "0"]
    _, headers, body = answers[2]
    assert int(headers["retry-after"]) >= 999
    assert headers["content-type"] == "application/problem+json"
    assert b"too many questions" in body


def test_an_answer_that_takes_too_long_is_503() -> None:
    go_on = threading.Event()

    def slow(_: Ask) -> Answer:
        go_on.wait(30)
        return Answer({})

    status, headers, _ = ask(slow, Buckets(), answer_s=0.05)
    go_on.set()
    assert (status, headers["retry-after"]) == (503, "30")


def test_a_store_that_does_not_answer_names_no_path_of_this_machine() -> None:
    def broken(_: Ask) -> Answer:
        raise StoreError(
            "the store does not answer", remedy="look", file="/secret/place/leads.sqlite"
        )

    status, _, body = ask(broken, Buckets())
    assert status == 503
    assert b"secret" not in body
