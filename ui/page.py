"""The map page: what stands where. Finding, choosing and drawing are in the other files."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from layers.errors import YichaError
from ui import cache, state
from ui.assets import STATIC, installed
from ui.settings import data_folder, is_demo
from ui.sources import table
from ui.texts import LANGUAGES, Texts, texts
from ui.work import work
from ui.workplace import Workplace, has_layers, layer_folder


def show() -> None:
    """Draw the page."""
    st.set_page_config(page_title="益察 Yicha", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(STATIC / "page.css")
    state.begin()
    words = texts(state.language())
    if not installed():
        _stop(words, words("app.assets_missing"), words("app.assets_remedy"), "python -m ui.assets")
    if not has_layers(data_folder()):
        _no_data(words)
    try:
        _page(words)
    except YichaError as error:
        _trouble(words, error)


def _page(words: Texts) -> None:
    place = cache.workplace()
    rules, day = _header(place, words)
    with st.spinner(words("app.loading"), show_time=False):
        found = cache.results(place, rules, day)
    work(place, found, words)


def _header(place: Workplace, words: Texts) -> tuple[str | None, str]:
    """Name, banner, day and rules, sources, language; returns the rule pack and the day."""
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        st.html(_brand(place, words), width="stretch")
        with st.container(
            key="tools", horizontal=True, vertical_alignment="center", width="content"
        ):
            chosen = _settings(place, words)
            with st.popover(words("app.sources"), width="content"):
                _sources(place, words)
            _language()
    return chosen


def _brand(place: Workplace, words: Texts) -> str:
    banner = ""
    if place.generated:
        banner = (f'<span class="y-banner" role="note" title="{words("app.generated_long")}"><b>{words("app.generated")}</b>'
                  f'<span>{words("app.generated_long")}</span></span>')  # fmt: skip
    return (
        f'<div class="y-brand"><b class="y-logo">{words("title")}</b>'
        f'<span class="y-place">{escape(place.name(words.lang))}</span>{banner}</div>'
    )


def _settings(place: Workplace, words: Texts) -> tuple[str | None, str]:
    packs = cache.packs()
    choices = [state.ALL, *packs]
    state.offer(state.RULES, choices, place.rules if place.rules in packs else state.ALL)
    first = date.fromisoformat(place.on_date) if place.on_date else date.today()  # noqa: DTZ011 - the office's own day
    state.start(state.DAY, first)
    rules, day = state.rules(), state.day()
    title = {name: pack.title.of(words.lang) for name, pack in packs.items()}
    label = words("app.settings", day=day, rules=title.get(rules or "", words("app.no_rules")))
    with st.popover(label, width="content"):
        st.date_input(words("app.day"), key=state.DAY, format="YYYY-MM-DD",
                      min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))  # fmt: skip
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


def _language() -> None:
    st.segmented_control(
        "语言 Language", list(LANGUAGES), key=state.LANGUAGE, format_func=LANGUAGES.__getitem__,
        on_change=state.remember_language, label_visibility="collapsed",
    )  # fmt: skip


def _no_data(words: Texts) -> None:
    """There is no layer at all: the demo's command, or how to import one's own data."""
    folder = data_folder()
    if is_demo(folder):
        _stop(words, words("app.data_missing"), words("app.demo_remedy"), "python -m demo")
    layers = layer_folder(folder)
    osm = f"python -m layers osm FILE.osm.pbf --out {layers}"
    table = f"python -m layers import FILE --theme school --datum DATUM --out {layers / 'school.parquet'}"
    _stop(words, words("app.data_missing"), words("app.data_remedy"), f"{osm}\n{table}")


def _trouble(words: Texts, error: YichaError) -> None:
    """The data are there and something is wrong with them."""
    where = f"{error.file}: " if error.file else ""
    _stop(words, words("app.trouble"), f"{where}{error.problem}", error.remedy)


def _stop(words: Texts, problem: str, remedy: str, command: str) -> None:
    """Say what is missing and the command that brings it, and draw nothing else."""
    with st.container(key="stop"):
        st.html(f'<div class="y-brand"><b class="y-logo">{words("title")}</b></div>')
        st.subheader(problem)
        st.text(remedy)
        st.code(command, language=None, wrap_lines=True)
        st.caption(words("app.other_folder", folder=data_folder()))
        _language()
    st.stop()
