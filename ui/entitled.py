"""Whether who acts may see the page that was asked for; a polite word where not."""

from __future__ import annotations

import streamlit as st

from layers.errors import YichaError
from office.policy import may_somewhere
from ui import cache, state
from ui.empty import say_withheld
from ui.header import ASKS, brand, language_choice, page_links
from ui.person import person, person_choice
from ui.refused import missing, refusal_told
from ui.texts import Texts, texts


def entitled(name: str) -> bool:
    """Whether the page may be drawn; draws in its place what is missing, or leads on to a page one may see.

    A page that is not in `ui.header.ASKS` asks by itself.
    """
    who, operation = person(), ASKS.get(name)
    if operation is None or who is None or may_somewhere(who, operation):
        return True
    pages = state.pages()
    others = [one for one in pages if one in ASKS and may_somewhere(who, ASKS[one])]
    if others and name == next(iter(pages)):
        st.switch_page(pages[others[0]])
    refusal_told(missing(who, operation))
    _refuse(texts(state.language()), operation)
    return False


def _refuse(words: Texts, operation: str) -> None:
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        try:
            place = cache.workplace()
            st.html(brand(place, words), width="stretch")
            page_links(place, words)
        except YichaError:
            st.html(f'<div class="y-brand"><b class="y-logo">{words("title")}</b></div>')
            place = None
        with st.container(
            key="tools", horizontal=True, vertical_alignment="center", width="content"
        ):
            person_choice(place, words)
            language_choice()
    say_withheld(operation, words)
