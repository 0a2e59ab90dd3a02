"""A small real app for the tests: the interface over a data folder and a store, Bearer tokens resolved.

    python -m tests.ui.api.serving PORT

The folder and the store are named by the environment, as for the program itself.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from leads.shell_words import utc_text
from office.doors.rules import load_doors
from office.doors.tokens import system_of
from ui import cache
from ui.api.addresses import ADDRESSES
from ui.api.limits import Buckets
from ui.api.serving import routes_of


class Tokens:
    """Leaves the system whose token is sent in `request.state.actor`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            kind, _, text = request.headers.get("authorization", "").partition(" ")
            request.state.actor = None
            if kind == "Bearer" and text:
                now = utc_text(datetime.now(UTC))
                request.state.actor = system_of(cache.lead_store(), text, at=now, rules=load_doors())
        await self._app(scope, receive, send)


def app(buckets: Buckets | None = None, answer_s: float = 60.0) -> Starlette:
    """The interface, by default without a share of callers that a test would meet."""
    routes = routes_of(ADDRESSES, buckets or Buckets(1e6, 10**6), answer_s)
    return Starlette(routes=routes, middleware=[Middleware(Tokens)])


if __name__ == "__main__":
    uvicorn.run(app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
