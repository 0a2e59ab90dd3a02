"""Who acts: name and role in the header. In the demo county one of its invented people; elsewhere a
name per tab until there are accounts.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from office import Actor
from office.actors import ROLES
from ui import state
from ui.docket.demo import PEOPLE
from ui.texts import Texts
from ui.workplace import Workplace

CHOICES = tuple(role for role in ROLES if role != "machine")
"""Roles a person may have; the program itself acts as `machine`."""
_WHO, _DEMO, _NAME, _ROLE = "p_who", "p_demo", "p_name", "p_role"


def person(place: Workplace) -> Actor | None:
    """Who acts in this tab, or `None` where nobody said it yet."""
    name, role = state.recall(_WHO) or _first(place)
    return Actor(name, (role,)) if name and role in CHOICES else None


def acting() -> str:
    """The name of who acts in this tab; empty where nobody said it yet."""
    known = state.recall(_WHO)
    return str(known[0]) if known else ""


def person_choice(place: Workplace, words: Texts) -> None:
    """The header's button: who acts, and another one."""
    if place.generated and not acting():
        state.keep(_WHO, _first(place))
    name, role = state.recall(_WHO) or _first(place)
    label = f"{name} · {words.word('role_name', role)}" if name else words("person.nobody")
    with st.popover(label, icon=":material/person:", width="content"):
        if place.generated:
            st.html(f'<p class="y-note">{escape(words("person.demo"))}</p>')
            state.start(_DEMO, name if name in PEOPLE else next(iter(PEOPLE)))
            st.selectbox(words("person.who"), list(PEOPLE), key=_DEMO, on_change=_take_demo,
                         format_func=lambda one: f"{one} · {words.word('role_name', PEOPLE[one])}")  # fmt: skip
            return
        state.start(_NAME, name)
        state.start(_ROLE, role)
        st.text_input(words("person.name"), key=_NAME, on_change=_take, max_chars=60)
        st.selectbox(words("person.role"), CHOICES, key=_ROLE, on_change=_take,
                     format_func=lambda one: words.word("role_name", one))  # fmt: skip
        st.caption(words("person.session"))


def _first(place: Workplace) -> tuple[str, str]:
    return next(iter(PEOPLE.items())) if place.generated else ("", CHOICES[0])


def _take_demo() -> None:
    name = str(state.recall(_DEMO))
    state.keep(_WHO, (name, PEOPLE[name]))


def _take() -> None:
    state.keep(
        _WHO, (str(state.recall(_NAME) or "").strip(), str(state.recall(_ROLE) or CHOICES[0]))
    )
