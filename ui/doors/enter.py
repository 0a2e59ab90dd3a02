"""Coming in: name and password, the code of the second factor, the very first administrator."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import BaseRoute

from layers.errors import PolicyError
from office.doors.first_admin import first_administrator
from office.doors.half_way import CodeNeededError
from office.doors.sign_in import Presented, SignedIn, sign_in
from office.doors.weighing import counted_attempt
from ui.doors.asked import Asked, demo_hint, door
from ui.doors.gate import FIRST, LOGIN, OIDC, at_the_desk
from ui.doors.invented import DEMO
from ui.doors.sheet import code_field, field, form, links, page
from ui.doors.threads import slowly
from ui.settings import at

_COMMAND = "python -m office first-admin"
_FIRST_NAME = "first administrator"
"""Under which attempts at the first code are counted; with its colon-free blank it may be a name, and
locks then for both, which is no loss while there are no accounts."""


async def _login(asked: Asked) -> Response:
    if asked.desk.is_demo:
        return _demo(asked)
    if asked.caller.session is not None:
        return asked.on(asked.caller.session.stage)
    if await at_the_desk(asked.desk.needs_first):
        return asked.to(FIRST)
    return ask(asked)


def _demo(asked: Asked) -> Response:
    """On to the demo's people; where the visitor wanted to go stays known."""
    return asked.to(f"{DEMO}?next={quote(asked.next, safe='/')}")


def ask(asked: Asked, problem: str = "", status: int = 200) -> Response:
    """The form for name and password; the first empty field is the one to type in."""
    words, name = asked.words, asked.posted.get("name", "")
    here, there = ("", " autofocus") if name else (" autofocus", "")
    fields = field("name", words("doors.name"), auto="username", value=name,
                   more=f' maxlength="60"{here}')  # fmt: skip
    fields += field("password", words("doors.password"), kind="password", auto="current-password",
                    more=there)  # fmt: skip
    body = form(LOGIN, fields, words("doors.sign_in"), asked.form, {"next": asked.next})
    body += _provider_way(asked)
    body += f'<p class="quiet">{words("doors.login_help")}</p>'
    note = ""
    if "out" in asked.request.query_params:
        note = words("doors.signed_out")
    elif asked.token and not problem:  # the browser still holds the cookie of a session
        note = words("doors.ran_out")
    return page(asked.request, words, "login", body, problem=problem, note=note, status=status)


def _provider_way(asked: Asked) -> str:
    """The button that leads to the identity provider; a way, for its answer comes back by one."""
    provider = asked.desk.provider
    if provider is None:
        return ""
    query = f"?next={quote(asked.next, safe='/')}" if asked.next != "/" else ""
    said = escape(asked.words("doors.by_provider", name=provider.name))
    return f'<a class="button" href="{at(OIDC)}{query}">{said}</a>'


def _ask_code(asked: Asked, ticket: str, problem: str = "", status: int = 200) -> Response:
    words = asked.words
    hidden = {"next": asked.next, "name": asked.posted.get("name", ""), "ticket": ticket}
    body = form(LOGIN, code_field(words), words("doors.sign_in"), asked.form, hidden)
    body += links((LOGIN, words("doors.start_over")))
    return page(asked.request, words, "second_step", body, problem=problem, status=status)


async def _take_login(asked: Asked) -> Response:
    told = asked.posted
    if asked.desk.is_demo:
        return _demo(asked)
    ticket = told.get("ticket", "")
    shown = Presented(
        told.get("name", ""), "" if ticket else told.get("password", ""), told.get("code", ""),
        asked.source, asked.token, ticket, asked.bound,
    )  # fmt: skip
    try:
        come = await _come(asked, shown)
    except CodeNeededError as error:
        return _ask_code(asked, error.ticket)
    except PolicyError as error:
        status = 429 if error.field == "locked" else 403
        if ticket and error.field != "locked":
            return _ask_code(asked, ticket, asked.words("doors.problem.code_again"), status)
        return ask(asked, asked.said(error), status)
    asked.let_in(come.token)
    return asked.on(come.stage)


async def _come(asked: Asked, shown: Presented) -> SignedIn:
    desk = asked.desk
    return await slowly(
        lambda: sign_in(desk.store, shown, at=desk.now(), rules=desk.rules, keys=desk.keys)
    )


async def _first(asked: Asked) -> Response:
    if asked.desk.is_demo or not await at_the_desk(asked.desk.needs_first):
        return asked.to(LOGIN)
    return _ask_first(asked)


def _ask_first(asked: Asked, problem: str = "", status: int = 200) -> Response:
    words, known = asked.words, asked.posted
    body = f'<p>{words("doors.first_why")}</p><pre class="command">{_COMMAND}</pre>'
    fields = field(
        "code", words("doors.first_code"), value=known.get("code", ""), more=" autofocus"
    )
    fields += field("name", words("doors.name"), auto="username", value=known.get("name", ""),
                    hint=words("doors.first_name_hint"), more=' maxlength="60"')  # fmt: skip
    fields += new_password(asked)
    body += form(FIRST, fields, words("doors.first_make"), asked.form) + demo_hint(words)
    return page(asked.request, words, "first", body, problem=problem, status=status)


def new_password(asked: Asked) -> str:
    """The two fields for a new password."""
    words = asked.words
    hint = words("doors.password_hint", n=asked.desk.rules.password_least)
    return (field("new", words("doors.password_new"), kind="password", auto="new-password", hint=hint)
            + field("again", words("doors.password_again"), kind="password", auto="new-password"))  # fmt: skip


async def _take_first(asked: Asked) -> Response:
    told, desk = asked.posted, asked.desk
    if desk.is_demo:
        return asked.to(LOGIN)
    name, password = told.get("name", ""), told.get("new", "")
    if password != told.get("again"):
        return _ask_first(asked, asked.words("doors.problem.again"), 403)

    def make() -> SignedIn:
        at, rules, store = desk.now(), desk.rules, desk.store
        counted_attempt(store, _FIRST_NAME, source=asked.source, at=at, rules=rules)
        first_administrator(store, told.get("code", ""), name, password, at=at, rules=rules)
        shown = Presented(name, password, source=asked.source, token=asked.token)
        return sign_in(store, shown, at=at, rules=rules, keys=desk.keys)

    try:
        come = await slowly(make)
    except PolicyError as error:
        status = 429 if error.field == "locked" else 403
        problem = asked.words("doors.problem.first_code") if error.field == "code" else asked.said(error)  # fmt: skip
        return _ask_first(asked, problem, status)
    asked.let_in(come.token)
    return asked.on(come.stage)


ROUTES: list[BaseRoute] = [door(LOGIN, _login, _take_login), door(FIRST, _first, _take_first)]
