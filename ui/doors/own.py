"""One's own account: another password, the second factor, the sessions, signing out."""

from __future__ import annotations

from html import escape

import segno
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from layers.errors import PolicyError
from office.doors.own_account import (
    change_password,
    confirm_second_factor,
    end_own,
    own_sessions,
    start_second_factor,
    waiting_second_factor,
)
from office.doors.sessions import PASSWORD, Session, sign_out
from ui.doors.asked import Asked, door
from ui.doors.enter import new_password
from ui.doors.gate import FACTOR_PAGE, LOGIN, PASSWORD_PAGE, STATE, at_the_desk
from ui.doors.own_page import account_body
from ui.doors.sheet import code_field, field, form, links, page
from ui.doors.threads import slowly

ACCOUNT, SESSIONS, SIGN_OUT = "/auth/account", "/auth/sessions", "/auth/sign-out"


def _stage(asked: Asked) -> str:
    return asked.caller.session.stage if asked.caller.session else ""


async def _password(asked: Asked) -> Response:
    return _ask_password(asked)


def _ask_password(asked: Asked, problem: str = "", status: int = 200) -> Response:
    words, session = asked.words, asked.caller.session
    given = _stage(asked) == PASSWORD
    name = session.account.name if session else ""
    unseen = f'<input class="unseen" type="text" name="username" autocomplete="username" value="{escape(name)}" readonly tabindex="-1" aria-hidden="true">'  # fmt: skip
    fields = unseen + field("old", words("doors.password_given" if given else "doors.password_old"),
                            kind="password", auto="current-password", more=" autofocus")  # fmt: skip
    body = f"<p>{words('doors.password_why')}</p>" if given else ""
    body += form(PASSWORD_PAGE, fields + new_password(asked), words("doors.password_change"), asked.form)  # fmt: skip
    body += _leave(asked) if given else links((ACCOUNT, words("doors.back")))
    return page(asked.request, words, "change_password", body, problem=problem, status=status)


async def _take_password(asked: Asked) -> Response:
    told, desk = asked.posted, asked.desk
    old, new = told.get("old", ""), told.get("new", "")
    if new != told.get("again"):
        return _ask_password(asked, asked.words("doors.problem.again"), 403)
    try:
        token = await slowly(
            lambda: change_password(desk.store, asked.token, old, new, at=desk.now(), rules=desk.rules)
        )  # fmt: skip
    except PolicyError as error:
        wrong = asked.words("doors.problem.old") if error.field == "sign_in" else asked.said(error)
        return _ask_password(asked, wrong, 429 if error.field == "locked" else 403)
    desk.forget_all()  # every other session of the person ended
    return await _go_on(asked, token)


async def _go_on(asked: Asked, token: str) -> Response:
    """With the session's next token, to what is still to do."""
    desk = asked.desk
    asked.let_in(token)
    caller = await at_the_desk(lambda: desk.caller(desk.cookie(token)))
    return asked.on(caller.stage) if caller.stage else asked.to("/")


async def _factor(asked: Asked) -> Response:
    if asked.caller.actor is not None:
        return asked.to(ACCOUNT)
    return await _ask_factor(asked)


async def _ask_factor(asked: Asked, problem: str = "", status: int = 200) -> Response:
    desk, words = asked.desk, asked.words

    def secret() -> tuple[str, str]:
        about = {"keys": desk.keys, "at": desk.now(), "rules": desk.rules}
        waiting = waiting_second_factor(desk.store, asked.token, **about)  # type: ignore[arg-type]
        return waiting or start_second_factor(desk.store, asked.token, **about)  # type: ignore[arg-type]

    try:
        text, address = await at_the_desk(secret)
    except PolicyError:
        return asked.to(PASSWORD_PAGE if _stage(asked) == PASSWORD else LOGIN)
    drawing = segno.make(address, error="m").svg_inline(scale=5, border=3, light="#fff")
    spaced = " ".join(text[at : at + 4] for at in range(0, len(text), 4))
    body = (f'<p>{words("doors.factor_why")}</p><ol class="steps"><li>{words("doors.factor_scan")}'
            f'<div class="qr" role="img" aria-label="{words("doors.factor_qr")}">{drawing}</div>'
            f'{words("doors.factor_text")}<code class="secret">{spaced}</code></li>'
            f'<li>{words("doors.factor_code")}'
            f'{form(FACTOR_PAGE, code_field(words), words("doors.factor_done"), asked.form)}</li></ol>')  # fmt: skip
    return page(
        asked.request, words, "factor", body + _leave(asked), problem=problem, status=status
    )


async def _take_factor(asked: Asked) -> Response:
    desk, code = asked.desk, asked.posted.get("code", "")
    try:
        token = await at_the_desk(
            lambda: confirm_second_factor(desk.store, asked.token, code, keys=desk.keys, at=desk.now(),
                                          rules=desk.rules))  # fmt: skip
    except PolicyError as error:
        return await _ask_factor(asked, asked.said(error), 403)
    return await _go_on(asked, token)


async def _account(asked: Asked) -> Response:
    if asked.caller.stage:
        return asked.on(asked.caller.stage)
    desk = asked.desk

    def look() -> tuple[Session, tuple[Session, ...]]:
        return own_sessions(desk.store, asked.token, at=desk.now(), rules=desk.rules)

    try:
        mine, every = await at_the_desk(look)
    except PolicyError:  # it ended within the last second
        return asked.to(LOGIN)
    return page(asked.request, asked.words, "account", account_body(asked, mine, every), wide=True)


async def _end(asked: Asked) -> Response:
    """End one session by its id, or with no id every other one."""
    desk, name = asked.desk, asked.posted.get("session") or None
    try:
        await at_the_desk(lambda: end_own(desk.store, asked.token, name, at=desk.now(), rules=desk.rules))  # fmt: skip
    except PolicyError:
        return asked.to(LOGIN)
    desk.forget_all()
    return asked.to(ACCOUNT)


async def _to_account(asked: Asked) -> Response:
    return asked.to(ACCOUNT)


def _leave(asked: Asked) -> str:
    return form(SIGN_OUT, "", asked.words("doors.sign_out"), asked.form, quiet=True)


async def _out(asked: Asked) -> Response:
    return asked.to("/")


async def _take_out(asked: Asked) -> Response:
    """End the session; the browser forgets it, and the pictures it kept."""
    desk = asked.desk
    if desk.is_demo:
        return asked.to("/")
    await at_the_desk(lambda: sign_out(desk.store, asked.token, at=desk.now()))
    asked.let_out()
    answer = asked.to(f"{LOGIN}?out=1")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


async def _state(asked: Asked) -> Response:
    """Whether the page that asks may stay open; asking does not count as use."""
    desk, cookie = asked.desk, asked.cookie
    stands = await at_the_desk(lambda: desk.stands(cookie))
    return JSONResponse({"signed_in": stands}, headers={"Cache-Control": "no-store"})


ROUTES: list[BaseRoute] = [
    door(PASSWORD_PAGE, _password, _take_password, signed_in=True),
    door(FACTOR_PAGE, _factor, _take_factor, signed_in=True),
    door(ACCOUNT, _account, signed_in=True),
    door(SESSIONS, _to_account, _end, signed_in=True),
    door(SIGN_OUT, _out, _take_out),
    door(STATE, _state),
]
