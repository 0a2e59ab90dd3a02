"""Who acts on a page: the person signed in; in the demo county one of its invented people.

The same identity as for our own addresses: both ask the doors whose cookie it is, anew at each run.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from layers.errors import YichaError
from office import Actor
from office.actors import ROLES
from ui import state
from ui.assets import text_of
from ui.doors import place as doors
from ui.doors.cookies import SESSION, cookie_name, form_token
from ui.doors.desk import NOBODY, Caller, Desk
from ui.settings import at, base
from ui.texts import LOCALES, Texts
from ui.workplace import Workplace

CHOICES = tuple(role for role in ROLES if role != "machine")
"""Roles a person may have; the program itself acts as `machine`."""
_WHO, _DEMO = "p_who", "p_demo"

_watch = st.components.v2.component(
    "yicha_doors",
    html="<span hidden></span>",
    js=text_of("doors.js"),
)


def person(place: Workplace | None = None) -> Actor | None:  # noqa: ARG001 - the doors know the place
    """Who acts on this page, or `None` where nobody is signed in (any more)."""
    desk, cookie = doors.desk(), _cookie()
    chosen = state.recall(_WHO)
    if desk.is_demo and not desk.token(cookie) and chosen in desk.people:
        return Actor(str(chosen), (desk.people[str(chosen)],))  # a browser without cookies
    return _caller(desk, cookie).actor


def acting() -> str:
    """The name of who acts on this page; empty where nobody does."""
    who = person()
    return who.name if who else ""


def admitted() -> bool:
    """Whether the page may be drawn at all; if not, the browser is led to the doors' own pages."""
    desk = doors.desk()
    known = desk.is_demo or person() is not None
    with st.container(key="doors"):
        _watch(key="doors_watch", data={"out": not known, "open": desk.is_demo, "base": base(),
                                        "lang": LOCALES[state.language()]})  # fmt: skip
    if not known:
        login = at("/auth/login")
        st.html(f'<p class="y-empty"><a href="{login}" target="_self">登录 · Sign in</a></p>')
    return known


def person_choice(place: Workplace | None, words: Texts) -> None:  # noqa: ARG001 - the doors know the place
    """The header's button: who acts; in the demo another one, elsewhere the account and the way out."""
    desk, who = doors.desk(), person()
    with st.popover(_label(who, words), icon=":material/person:", width="content"):
        if desk.is_demo:
            _choose(desk, who, words)
        elif who is not None:
            st.html(_signed_in(desk, who, words))


def _label(who: Actor | None, words: Texts) -> str:
    if who is None:
        return words("person.nobody")
    return f"{who.name} · {_roles(who, words)}"


def _roles(who: Actor, words: Texts) -> str:
    between = ", " if words.lang == "en" else "、"
    return between.join(words.word("role_name", role) for role in who.roles)


def _choose(desk: Desk, who: Actor | None, words: Texts) -> None:
    st.html(f'<p class="y-note">{escape(words("person.demo"))}</p>')
    if who is not None and state.recall(_DEMO) != who.name:
        state.keep(_DEMO, who.name)  # chosen in another tab meanwhile
    st.selectbox(words("person.who"), list(desk.people), key=_DEMO, on_change=_take,
                 format_func=lambda one: f"{one} · {words.word('role_name', desk.people[one])}")  # fmt: skip


def _take() -> None:
    name = str(state.recall(_DEMO))
    if not doors.desk().choose(_cookie(), name):
        state.keep(_WHO, name)


def _signed_in(desk: Desk, who: Actor, words: Texts) -> str:
    token = form_token(desk.keys, _cookie())
    return (
        f'<div class="y-person"><p><b>{escape(who.name)}</b><br>{escape(_roles(who, words))}</p>'
        f'<p><a href="{at("/auth/account")}" target="_self">{escape(words("person.account"))}</a></p>'
        f'<form method="post" action="{at("/auth/sign-out")}"><input type="hidden" name="form" value="{token}">'
        f'<button type="submit">{escape(words("person.sign_out"))}</button></form></div>'
    )


def _cookie() -> str:
    """What the browser sent when this tab's line was opened."""
    secure = str(st.context.url or "").startswith("https://")
    return str(st.context.cookies.get(cookie_name(SESSION, secure=secure)) or "")


def _caller(desk: Desk, cookie: str) -> Caller:
    try:
        return desk.caller(cookie)
    except YichaError:  # the store does not answer: nobody is let in on trust
        return NOBODY
