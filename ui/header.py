"""What stands on top of every page: name, banner, the ways to the other pages, the language."""

from __future__ import annotations

from html import escape

import streamlit as st

from office.policy import may_somewhere
from ui import state
from ui.person import person, person_choice
from ui.settings import at
from ui.texts import LANGUAGES, Texts
from ui.workplace import Workplace

MAP, SCENES, UPLOAD, CONFIRM = "map", "scenes", "upload", "confirm"
DRAW, LEADS, OVERVIEW, DATA = "draw", "leads", "overview", "data"
MODELS, EVIDENCE, ADMIN, BETWEEN = "models", "evidence", "admin", "between"
"""The pages by their address; the first one has none."""
ASKS = {
    MODELS: "check.read",
    MAP: "layer.read", LEADS: "lead.read", SCENES: "scene.read", UPLOAD: "scene.upload",
    CONFIRM: "scene.judge", DRAW: "scene.judge", DATA: "layer.read", OVERVIEW: "overview.read",
    EVIDENCE: "evidence.verify", ADMIN: "admin.open", BETWEEN: "lead.read",
}  # fmt: skip
"""The right somebody needs to be shown the way to a page; the page itself asks again."""
IMAGERY = (SCENES, UPLOAD, CONFIRM, DRAW)
"""Pages that share one link of the header."""


def brand(place: Workplace, words: Texts) -> str:
    """Name of the program and of the place, and the banner over invented data."""
    banner = ""
    if place.generated:
        banner = (f'<span class="y-banner" role="note" title="{words("app.generated_long")}"><b>{words("app.generated")}</b>'
                  f'<span>{words("app.generated_long")}</span></span>')  # fmt: skip
    return (
        f'<div class="y-brand"><b class="y-logo">{words("title")}</b>'
        f'<span class="y-place">{escape(place.name(words.lang))}</span>{banner}</div>'
    )


def page_header(place: Workplace, words: Texts) -> None:
    """The header of a page without settings of its own."""
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        st.html(brand(place, words), width="stretch")
        page_links(place, words)
        with st.container(
            key="tools", horizontal=True, vertical_alignment="center", width="content"
        ):
            person_choice(place, words)
            language_choice()


def page_links(place: Workplace, words: Texts) -> None:
    """The ways to the pages that who acts may see; those about imagery open from one button."""
    who = person(place)
    ways = [name for name in state.pages() if who is not None and may_somewhere(who, ASKS[name])]
    imagery = [name for name in ways if name in IMAGERY]
    with st.container(key="pages", horizontal=True, width="content", gap="small"):
        _links([name for name in ways if name not in IMAGERY], words)
        if who is not None and may_somewhere(who, "lead.note"):
            st.html(f'<a href="{at("/field/")}" target="_self">{escape(words("page.field"))}</a>')
        if imagery:
            with st.popover(words("page.imagery"), width="content"):
                _links(imagery, words)


def _links(names: list[str], words: Texts) -> None:
    for name in names:
        st.page_link(state.pages()[name], label=words(f"page.{name}"))


def language_choice() -> None:
    """Chinese or English."""
    st.segmented_control(
        "语言 Language", list(LANGUAGES), key=state.LANGUAGE, format_func=LANGUAGES.__getitem__,
        on_change=state.remember_language, label_visibility="collapsed",
    )  # fmt: skip
