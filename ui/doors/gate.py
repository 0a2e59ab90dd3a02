"""The gate before everything the app answers: who asks, and whether the door is open to them.

ASGI middleware over HTTP and websockets alike, so Streamlit's own addresses (its stream, media,
components) stand behind the same door as ours. Whoever is found is left in `scope["state"]`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layers.errors import YichaError
from office.doors.sessions import PASSWORD
from ui.assets import APP_URL, LIB_URL
from ui.doors.cookies import SESSION, cookie_line, cookie_of, is_secure
from ui.doors.desk import NOBODY, Caller, Desk
from ui.doors.guarded import ACTOR
from ui.doors.origin import SAFE, same_origin
from ui.field.shell import OPEN_PATHS as FIELD_OPEN
from ui.settings import at

AUTH = "/auth/"
LOGIN, FIRST = "/auth/login", "/auth/first"
STATE, OIDC = "/auth/state", "/auth/oidc"
PASSWORD_PAGE, FACTOR_PAGE = "/auth/password", "/auth/second-factor"
OPEN_PATHS = frozenset({"/healthz", "/_stcore/health", *FIELD_OPEN})
OPEN_FOLDERS = (AUTH, f"{LIB_URL}/", f"{APP_URL}/")
"""What is answered to everybody."""
OWN_WORDS = ("/api/",)
"""Refused by the addresses themselves in a form that is described to other systems: each is `guarded`."""
STREAMLIT = ("/_stcore/", "/media/", "/component/", "/static/")
_DEMO_S = 30 * 86_400
INVITED = "invited"
"""Where the gate leaves the cookie that a visitor of the demo gets with this answer."""
_GONE = 1008
# Noting a use waits for whoever writes to the store: a few who wait must not keep all others out.
_POOL = ThreadPoolExecutor(8, thread_name_prefix="doors")
Found = TypeVar("Found")
Desks = Callable[[], Desk]


async def at_the_desk(ask: Callable[[], Found]) -> Found:
    """Ask the desk in a thread of the doors' own: the store is read."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, ask)


class Gate:
    """Middleware; `desks` gives the desk as it is now."""

    def __init__(self, app: ASGIApp, desks: Desks) -> None:
        self._app, self._desks = app, desks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who asks; let them in, or tell them where to go."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._stream(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        bearer = _bearer(headers)
        if bearer is None and scope["method"] not in SAFE and not same_origin(headers):
            await _refusal(403, "only pages of this app may send this", "open the app and send it "
                           "from there, or send a token of a system", code="origin")(scope, receive, send)  # fmt: skip
            return
        try:
            desk, caller = await self._ask(scope, bearer)
        except YichaError as error:
            await _refusal(503, error.problem, error.remedy)(scope, receive, send)
            return
        _leave(scope, caller, desk)
        path = scope["path"]
        told_there = path.startswith(OWN_WORDS) and not is_page(scope)
        if caller.actor is None and not _is_open(path) and not told_there:
            answer = await _turned_away(scope, desk, caller, bearer)
            await answer(scope, receive, send)
            return
        if desk.is_demo and is_page(scope) and not desk.token(cookie_of(scope, SESSION)):
            scope["state"][INVITED] = desk.invite()  # the forms of this very page are bound to it
            line = cookie_line(
                SESSION, scope["state"][INVITED], secure=is_secure(scope), seconds=_DEMO_S
            )
            send = _inviting(send, line)
        await self._app(scope, receive, send)

    async def _ask(self, scope: Scope, bearer: str | None) -> tuple[Desk, Caller]:
        """The desk, and who asks: by the token of a system if one is shown, else by the cookie."""
        cookie = cookie_of(scope, SESSION)
        ours = not scope["path"].startswith(STREAMLIT)
        # Pages, forms and lines are asked for now and then; pictures by the dozen.
        path, fresh = scope["path"], scope["type"] == "websocket" or is_page(scope)
        fresh = fresh or path.startswith(AUTH)

        def ask() -> tuple[Desk, Caller]:
            desk = self._desks()
            if path == STATE and not desk.is_demo:
                return desk, NOBODY  # whoever asks whether they are still in does not use anything
            if bearer is None:
                return desk, desk.caller(cookie, fresh=fresh)
            return desk, Caller(desk.system(bearer)) if ours else NOBODY

        return await at_the_desk(ask)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A websocket: refused to who is not in; each message of it asks anew who they are."""
        headers = Headers(scope=scope)
        try:
            desk, caller = await self._ask(scope, None)
        except YichaError:
            caller, desk = NOBODY, None
        if (
            desk is None
            or caller.actor is None
            or (headers.get("origin") and not same_origin(headers))
        ):
            await receive()
            await send({"type": "websocket.close", "code": _GONE})
            return
        _leave(scope, caller, desk)
        line = _Line(self, scope, receive, send, "" if desk.is_demo else caller.actor.name)
        await self._app(scope, line.receive, line.send)

    async def still(self, scope: Scope, name: str) -> bool:
        """Whether a websocket is still that person's (in the demo: still the demo's)."""
        try:
            desk, caller = await self._ask(scope, None)
        except YichaError:  # the store does not answer: nobody stays on trust
            return False
        if not name:
            return desk.is_demo
        return caller.actor is not None and caller.actor.name == name and not desk.is_demo


class _Line:
    """An open websocket of somebody; it ends with the first message after they may no longer."""

    def __init__(self, gate: Gate, scope: Scope, receive: Receive, send: Send, name: str) -> None:
        self._gate, self._scope, self._name = gate, scope, name
        self._receive, self._send = receive, send
        self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        told = message["type"] == "websocket.receive"
        if told and not await self._gate.still(self._scope, self._name):
            self._ended = True
            await self._send({"type": "websocket.close", "code": _GONE})
            return {"type": "websocket.disconnect", "code": _GONE}
        return message

    async def send(self, message: Message) -> None:
        if not self._ended:
            await self._send(message)


def _leave(scope: Scope, caller: Caller, desk: Desk) -> None:
    state = scope.setdefault("state", {})
    state[ACTOR] = caller.actor
    state["caller"], state["desk"] = caller, desk


def _bearer(headers: Headers) -> str | None:
    kind, _, text = headers.get("authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def is_page(scope: Scope) -> bool:
    """Whether a person opens it in a browser, rather than a script asking for data."""
    headers = Headers(scope=scope)
    asked = headers.get("sec-fetch-mode") in {None, "navigate"}
    wants = "text/html" in headers.get("accept", "")
    return scope["method"] in {"GET", "HEAD"} and asked and wants


async def _turned_away(scope: Scope, desk: Desk, caller: Caller, bearer: str | None) -> Response:
    """Pages lead to the form that is next, everything else is told what is missing."""
    page = bearer is None and is_page(scope)
    if caller.stage:
        form = PASSWORD_PAGE if caller.stage == PASSWORD else FACTOR_PAGE
        if page:
            return _to(form)
        return _refusal(403, "you are not signed in fully · 登录尚未完成", f"open {at(form)}")
    if page:
        if await at_the_desk(desk.needs_first):
            return _to(FIRST)
        query = scope.get("query_string", b"").decode("latin-1")
        asked = scope["path"] + (f"?{query}" if query else "")
        return _to(LOGIN if asked == "/" else f"{LOGIN}?next={quote(asked, safe='/')}")
    return _refusal(
        401, "nobody is signed in · 尚未登录", f"sign in at {at(LOGIN)}, or send a token"
    )


def _to(path: str) -> Response:
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


def _refusal(status: int, problem: str, remedy: str, **more: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({**more, "problem": problem, "remedy": remedy}, status, headers)


def _inviting(send: Send, line: str) -> Send:
    """Give a visitor of the demo a cookie of their own with the page."""

    async def with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", line)
        await send(message)

    return with_cookie
