"""The outermost door: what a proxy in front says, and the path below which the app lies.

Inside, every path is the app's own (`/auth/login`). Here the path of `YICHA_BASE` is taken off what
comes in and put before where answers lead to and what cookies are for; and what a proxy says about
the caller (`X-Forwarded-For`, `-Proto`, `-Host`) counts only if `YICHA_PROXIES` names that proxy.
"""

from __future__ import annotations

import ipaddress
import os
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layers.errors import PolicyError
from ui.headers import HEADERS
from ui.settings import base

PROXIES = "YICHA_PROXIES"
_PROBE = "/healthz"
"""Answers at the root too: who watches over the program asks it directly."""
_FOR_ALL = re.compile(r"(;\s*path=)/(?=;|$)", re.IGNORECASE)
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(told: str) -> tuple[_Network, ...]:
    """Addresses and networks as in `YICHA_PROXIES`, a comma between them; raises `PolicyError`."""
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in told.split(",") if one.strip())
    except ValueError as error:
        raise PolicyError(f"this is no address of a proxy: {error}", field=PROXIES,
                          remedy=f"set {PROXIES} to addresses or networks, as 127.0.0.1,10.0.3.0/24") from error  # fmt: skip


class Border:
    """ASGI middleware around everything else; without arguments as the environment says."""

    def __init__(self, app: ASGIApp, below: str | None = None, proxies: str | None = None) -> None:
        self._app = app
        self._base = base() if below is None else below
        self._proxies = networks(os.environ.get(PROXIES, "") if proxies is None else proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on as the app knows it, or lead to where the app lies."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        known = self._believed(scope)
        inside = self._inside(known)
        if inside is None:
            await self._elsewhere(known, receive, send)
        else:
            await self._app(inside, receive, self._outward(send) if self._base else send)

    def _inside(self, scope: Scope) -> Scope | None:
        """The call with the app's own path; `None` where it is for something else."""
        path = str(scope["path"])
        if not self._base or path == _PROBE:
            return scope
        if not path.startswith(f"{self._base}/"):
            return None
        raw, before = scope.get("raw_path") or b"", self._base.encode()
        return {**scope, "path": path[len(self._base) :],
                "raw_path": raw.removeprefix(before)}  # fmt: skip

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["path"] in {"/", self._base} and scope["method"] in {"GET", "HEAD"}:
            query = scope.get("query_string", b"").decode("latin-1")
            to = f"{self._base}/{'?' + query if query else ''}"
            await RedirectResponse(to, 307, HEADERS)(scope, receive, send)
        else:
            told = f"the app lies at {self._base}/"
            await PlainTextResponse(told, 404, HEADERS)(scope, receive, send)

    def _outward(self, send: Send) -> Send:
        """Put the path before where the answer leads to, and hold its cookies to it."""

        async def outward(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.accept"}:
                headers = [(name, self._led(name, value)) for name, value in message.get("headers", ())]  # fmt: skip
                message = {**message, "headers": headers}
            await send(message)

        return outward

    def _led(self, name: bytes, value: bytes) -> bytes:
        name, said = name.lower(), value.decode("latin-1")
        if name == b"location" and said.startswith("/") and not said.startswith("//"):
            said = self._base + said
        elif name == b"set-cookie":
            said = _FOR_ALL.sub(lambda found: found[1] + self._base, said)
        return said.encode("latin-1")

    def _believed(self, scope: Scope) -> Scope:
        """The call as a known proxy passed it on; as it came from anybody else."""
        client = scope.get("client")
        if not client or not self._is_proxy(client[0]):
            return scope
        headers, scope = Headers(scope=scope), dict(scope)
        told = [one.strip() for one in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        caller = next((one for one in reversed(told) if one and not self._is_proxy(one)), "")
        if caller:
            scope["client"] = (caller, 0)
        kind = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        if kind in {"http", "https"}:
            scope["scheme"] = kind.replace("http", "ws") if scope["type"] == "websocket" else kind
        host = headers.get("x-forwarded-host", "").rpartition(",")[2].strip()
        if host:
            scope["headers"] = list(scope["headers"])
            MutableHeaders(scope=scope)["host"] = host
        return scope

    def _is_proxy(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in one for one in self._proxies)
        except ValueError:
            return False
