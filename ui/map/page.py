"""The map page: what stands where. Finding, choosing and drawing are in the other files."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ui import cache, state
from ui.assets import STATIC
from ui.header import brand, language_choice, page_links
from ui.items import Board
from ui.map import desk, ground
from ui.map.work import work
from ui.person import person_choice
from ui.sources import table
from ui.texts import Texts
from ui.trouble import guarded
from ui.workplace import Workplace


def show() -> None:
    """Draw the page."""
    guarded(_page)


def _page(words: Texts) -> None:
    if state.wished("map") is not None:
        state.granted()
    place = cache.workplace()
    rules, day = _header(place, words)
    live = not cache.is_large(place)
    desk.arrive(usual=desk.FINDINGS if live else desk.LEADS)
    st.html(STATIC / "leads.css")
    st.html(STATIC / "map_page.css")

    def judge() -> Board:
        return cache.results(place, rules, day)

    if live:
        with st.spinner(words("app.loading"), show_time=False):
            judge()
    today = date.today().isoformat()  # noqa: DTZ011 - the office's own day
    work(place, judge if live else None, (rules, day), today, words)


def _header(place: Workplace, words: Texts) -> tuple[str | None, str]:
    """Name, banner, day and rules, sources, language; returns the rule pack and the day."""
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        skip = f'<a class="y-skip" href="#y-list">{words("map.skip")}</a>'
        st.html(skip + brand(place, words), width="stretch")
        page_links(place, words)
        with st.container(
            key="tools", horizontal=True, vertical_alignment="center", width="content"
        ):
            chosen = _settings(place, words)
            with st.popover(words("app.sources"), width="content"):
                _sources(place, words)
            person_choice(place, words)
            language_choice()
    return chosen


def _settings(place: Workplace, words: Texts) -> tuple[str | None, str]:
    packs = cache.packs()
    choices = [state.ALL, *packs]
    ground.arrive(packs)
    usual = place.rules if place.rules in packs else None
    state.offer(state.RULES, choices, usual or state.ALL)
    first = date.fromisoformat(place.on_date) if place.on_date else date.today()  # noqa: DTZ011 - the office's own day
    state.start(state.DAY, first)
    rules, day = state.rules(), state.day()
    ground.tell((usual, first.isoformat()))
    title = {name: pack.title.of(words.lang) for name, pack in packs.items()}
    named = words("app.settings", day=day, rules=title.get(rules or "", words("app.no_rules")))
    with st.popover(day, help=named, width="content"):
        st.date_input(words("app.day"), key=state.DAY, format="YYYY-MM-DD",
                      min_value=ground.FIRST, max_value=ground.LAST)  # fmt: skip
        st.selectbox(words("app.rules"), choices, key=state.RULES,
                     format_func=lambda name: title.get(name, words("app.no_rules")))  # fmt: skip
        if rules in packs:
            verified, total = packs[rules].verified
            st.caption(words("app.rules_note", n=total, v=verified))
    return rules, day


def _sources(place: Workplace, words: Texts) -> None:
    st.html(table(place.layers, words))
    if place.layers.walking is None:
        st.warning(words("sources.network_none", folder=place.layers.path.name))
