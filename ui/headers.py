"""Security headers on every answer: the page may load from this machine and nowhere else, but for the
pictures of an online base map where the environment asks for one.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.map.online import online_hosts

HOSTS = "YICHA_HOSTS"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_PUBLIC = ("/assets/", "/static/", "/healthz")
_ALLOWED = (
    "default-src 'self'",
    # Streamlit's components run from blobs; the map component evaluates folium's script.
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    " ".join(("img-src 'self' data: blob:", *online_hosts())),
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)
CONTENT_POLICY = "; ".join(_ALLOWED)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


FIELD = "/field"
"""The page for work on site: it alone may ask the phone where it is, and for its camera."""
_ON_SITE = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)").replace(
    "geolocation=()", "geolocation=(self)")  # fmt: skip


def headers_for(path: str) -> dict[str, str]:
    """The headers of an answer to `path`."""
    if path == FIELD or path.startswith(f"{FIELD}/"):
        return {**HEADERS, "Permissions-Policy": _ON_SITE}
    return HEADERS


class SecurityHeaders:
    """ASGI middleware that adds `HEADERS` to every HTTP answer; an answer may bring stricter ones."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; headers are added as the answer starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_for(scope["path"]).items():
                    headers.setdefault(name, value)
                _keep_out_of_caches(headers, scope)
            await send(message)

        await self._app(scope, receive, with_headers)


def _keep_out_of_caches(headers: MutableHeaders, scope: Scope) -> None:
    """Pages and data that are for one person stay in no cache: not behind the back button either.

    An address with a version, and an answer with an ETag (asked for anew each time), say themselves.
    """
    kind = headers.get("content-type", "")
    ours = not scope["path"].startswith(_PUBLIC)
    if not ours or not kind.startswith(("text/html", "application/json", "application/geo+json")):
        return
    said = headers.get("cache-control", "")
    versioned = b"v=" in scope.get("query_string", b"") and "max-age" in said
    if kind.startswith("text/html") or not (versioned or "etag" in headers):
        headers["Cache-Control"] = "no-store"


class AllowedHosts:
    """ASGI middleware: only under the names this app has, so that no other site's name leads here.

    `names` as in `YICHA_HOSTS` (comma between them, `*.example.cn` for all below); this machine's own
    names and the address the connection came in on are always among them.
    """

    def __init__(self, app: ASGIApp, names: str | None = None) -> None:
        self._app = app
        told = os.environ.get(HOSTS, "") if names is None else names
        self._names = {*_LOCAL, *(one.strip().lower() for one in told.split(",") if one.strip())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse a name that is not ours with 400."""
        if scope["type"] not in {"http", "websocket"} or self._knows(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            told = f"this app is not called that; add the name to {HOSTS}"
            await PlainTextResponse(told, status_code=400)(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        host = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname or ""
        here = scope.get("server") or ("", 0)
        below = any(name.startswith("*.") and host.endswith(name[1:]) for name in self._names)
        return "*" in self._names or host in self._names or host == here[0] or below


SECURITY = [Middleware(SecurityHeaders), Middleware(AllowedHosts)]
