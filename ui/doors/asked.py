"""What the doors' endpoints share: the form that came, who sent it, and the answer with its cookie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from layers.errors import YichaError
from layers.problems import error_in_language
from office.doors.keys import ENVIRONMENT as KEY_FILE
from office.doors.sessions import PASSWORD, SECOND_FACTOR
from ui.doors.cookies import (
    SESSION,
    VISITOR,
    cookie_line,
    cookie_of,
    form_fits,
    form_token,
    is_secure,
    new_visitor,
    no_cookie_line,
)
from ui.doors.desk import Caller, Desk
from ui.doors.gate import FACTOR_PAGE, INVITED, PASSWORD_PAGE
from ui.doors.origin import own_path
from ui.doors.sheet import LANGUAGE_COOKIE, page, said, words_of
from ui.settings import at, data_folder, is_demo
from ui.texts import LANGUAGES, Texts
from ui.workplace import has_layers

MOST_BYTES = 16_384
Show = Callable[["Asked"], Awaitable[Response]]


class Asked:
    """One call of a door's page: the desk, the caller, the form, the words; sets the cookies."""

    def __init__(self, request: Request, posted: Mapping[str, str]) -> None:
        self.request, self.posted = request, posted
        self.desk: Desk = request.state.desk
        self.caller: Caller = request.state.caller
        self.words = words_of(request)
        self.secure = is_secure(request.scope)
        invited: str | None = getattr(request.state, INVITED, None)
        self.cookie = invited or cookie_of(request.scope, SESSION)
        self.token = self.desk.token(self.cookie)
        self._visitor = cookie_of(request.scope, VISITOR)
        self._lines: list[str] = []
        if not self._signed_in and not self._visitor:
            self._visitor, line = new_visitor(secure=self.secure)
            self._lines.append(line)
        lang = request.query_params.get("lang")
        if lang in LANGUAGES:
            self._lines.append(f"{LANGUAGE_COOKIE}={lang}; Path=/; Max-Age=31536000; SameSite=Lax")

    @property
    def _signed_in(self) -> bool:
        return self.caller.session is not None or self.desk.is_demo

    @property
    def bound(self) -> str:
        """What a form is bound to: the session's cookie, a visitor's before there is one."""
        return self.cookie if self._signed_in else self._visitor

    @property
    def form(self) -> str:
        """The token for a form on this page."""
        return form_token(self.desk.keys, self.bound)

    @property
    def source(self) -> str:
        """Where the call came from (behind a proxy: as the proxy says, if uvicorn trusts it)."""
        return self.request.client.host if self.request.client else ""

    @property
    def next(self) -> str:
        """Where to go on to afterwards: a path of this app."""
        return own_path(self.posted.get("next") or self.request.query_params.get("next"))

    def fits(self) -> bool:
        """Whether the form was made for this browser."""
        return form_fits(self.desk.keys, self.bound, self.posted.get("form", ""))

    def let_in(self, token: str) -> None:
        """Give the browser the cookie of a session, in place of whatever it held."""
        from_desk = self.desk
        from_desk.forget(self.token)
        seconds = from_desk.rules.session_absolute_s
        self._lines.append(cookie_line(SESSION, from_desk.cookie(token), secure=self.secure, seconds=seconds))  # fmt: skip

    def let_out(self) -> None:
        """Take the cookie away."""
        self.desk.forget(self.token)
        self._lines.append(no_cookie_line(SESSION, secure=self.secure))

    def to(self, path: str) -> Response:
        """On to another page."""
        return RedirectResponse(path, 303, {"Cache-Control": "no-store"})

    def on(self, stage: str, wanted: str | None = None) -> Response:
        """On to what a session of this stage has to do, or to where the person wanted to go."""
        form = {PASSWORD: PASSWORD_PAGE, SECOND_FACTOR: FACTOR_PAGE}.get(stage)
        return self.to(form or own_path(wanted, self.next))

    def set_line(self, line: str) -> None:
        """Send one more cookie with the answer."""
        self._lines.append(line)

    def said(self, error: YichaError) -> str:
        """An error in the visitor's language."""
        return said(error, self.words)

    def finish(self, answer: Response) -> Response:
        """The answer with the cookies that changed."""
        for line in self._lines:
            answer.headers.append("set-cookie", line)
        return answer


def door(path: str, show: Show, take: Show | None = None, *, signed_in: bool = False) -> Route:
    """An address of the doors: `show` for GET, `take` for a form that was made for this browser.

    With `signed_in` only for who has a session, of whatever stage; others are led to the login.
    """

    async def answer(request: Request) -> Response:
        posted = await _posted(request) if request.method == "POST" else {}
        if posted is None:
            return PlainTextResponse("the form is too large", status_code=413)
        asked = Asked(request, posted)
        if asked.desk.problem is not None:
            return _shut(asked, asked.desk.problem)
        if signed_in and asked.caller.session is None:
            return asked.finish(asked.to("/auth/login"))
        if request.method != "POST" or take is None:
            return asked.finish(await show(asked))
        if not asked.fits():
            return asked.finish(_stale(asked, path))
        return asked.finish(await take(asked))

    methods = ["GET"] if take is None else ["GET", "POST"]
    return Route(path, answer, methods=methods)


def _stale(asked: Asked, path: str) -> Response:
    body = f'<p class="ways"><a href="{at(path)}">{asked.words("doors.again")}</a></p>'
    return page(asked.request, asked.words, "stale", body, status=403,
                problem=asked.words("doors.problem.stale"))  # fmt: skip


def _shut(asked: Asked, problem: YichaError) -> Response:
    """What is missing before anybody can sign in, and the commands that bring it."""
    words, command = asked.words, ""
    if problem.field == KEY_FILE:
        command = (
            f'<pre class="command">python -m office key new FILE\n{words("doors.shut_set")}</pre>'
        )
    remedy = words("doors.shut_keys") if command else error_in_language(problem, words.lang)[1]
    body = f"<p>{escape(remedy)}</p>{command}{demo_hint(words)}"
    return page(asked.request, words, "shut", body, status=503, problem=asked.said(problem))


def demo_hint(words: Texts) -> str:
    """Where the demo county is meant and not there yet: the command that makes it."""
    folder = data_folder()
    if not is_demo(folder) or has_layers(folder):
        return ""
    return f'<p>{escape(words("doors.try_demo"))}</p><pre class="command">python -m demo</pre>'


async def _posted(request: Request) -> dict[str, str] | None:
    """The fields of a form; None where it is larger than a form of ours can be."""
    body = bytearray()
    async for data in request.stream():
        body += data
        if len(body) > MOST_BYTES:
            return None
    text = body.decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50))
