"""When a page cannot be drawn: what is missing or wrong, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitDuplicateElementKey

from layers.errors import YichaError
from layers.problems import error_in_language
from office.layer_deeds import IMPORT
from office.policy import may
from ui import cache, state
from ui.assets import installed
from ui.empty import say_empty
from ui.header import DATA, language_choice, page_header
from ui.person import person
from ui.refused import refusal_told
from ui.settings import data_folder, is_demo
from ui.texts import Texts, texts
from ui.workplace import has_layers, layer_folder

_FIRST = "first_import"


def guarded(draw: Callable[[Texts], None], *, bare: bool = False) -> None:
    """Draw a page with the texts of its language, or say what is missing for it.

    With `bare` the page has something to show where there is no layer yet.
    """
    words = texts(state.language())
    if not installed():
        _stop(words, words("app.assets_missing"), words("app.assets_remedy"), "python -m ui.assets")
    try:
        if bare or has_layers(data_folder()):
            draw(words)
        else:
            _no_data(words)
    except YichaError as error:
        refusal_told(error)
        _trouble(words, error)


def _no_data(words: Texts) -> None:
    """There is no layer at all: the way to the first one, for who may bring it; and the commands."""
    folder = data_folder()
    if is_demo(folder):
        _stop(words, words("app.data_missing"), words("app.demo_remedy"), "python -m demo")
    if state.wished(_FIRST) is not None:
        state.granted()
        state.go(DATA, view="import")
    page_header(cache.workplace(), words)
    who = person()
    brings = who is not None and may(who, IMPORT)
    say_empty(words("app.data_missing"), words("app.data_first" if brings else "app.data_others"))
    with st.container(key="first_data", horizontal_alignment="center"):
        if brings:
            st.button(words("app.data_import"), key="first_import", type="primary",
                      on_click=state.wish, args=(_FIRST,))  # fmt: skip
        layers = layer_folder(folder)
        with st.expander(words("app.data_shell")):
            st.code(f"python -m layers osm FILE.osm.pbf --out {layers}\npython -m layers import FILE --theme school "
                    f"--datum DATUM --out {layers / 'school.parquet'}", language=None, wrap_lines=True)  # fmt: skip
            st.caption(words("app.other_folder", folder=folder))


def _trouble(words: Texts, error: YichaError) -> None:
    """The data are there and something is wrong with them."""
    where = f"{error.file}: " if error.file else ""
    problem, remedy = error_in_language(error, words.lang)
    _stop(words, words("app.trouble"), f"{where}{problem}", remedy)


def _stop(words: Texts, problem: str, remedy: str, command: str) -> None:
    """Say what is missing and the command that brings it, and draw nothing else."""
    with st.container(key="stop"):
        st.html(f'<div class="y-brand"><b class="y-logo">{words("title")}</b></div>')
        st.subheader(problem)
        st.text(remedy)
        st.code(command, language=None, wrap_lines=True)
        st.caption(words("app.other_folder", folder=data_folder()))
        with suppress(StreamlitDuplicateElementKey):  # the header was drawn before the trouble came
            language_choice()
    st.stop()
