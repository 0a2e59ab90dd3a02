"""When a page cannot be drawn: what is missing or wrong, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers.errors import YichaError
from ui import state
from ui.assets import installed
from ui.header import language_choice
from ui.refused import refusal_told
from ui.settings import data_folder, is_demo
from ui.texts import Texts, texts
from ui.workplace import has_layers, layer_folder


def guarded(draw: Callable[[Texts], None]) -> None:
    """Draw a page with the texts of its language, or say what is missing for it."""
    words = texts(state.language())
    if not installed():
        _stop(words, words("app.assets_missing"), words("app.assets_remedy"), "python -m ui.assets")
    if not has_layers(data_folder()):
        _no_data(words)
    try:
        draw(words)
    except YichaError as error:
        refusal_told(error)
        _trouble(words, error)


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
        language_choice()
    st.stop()
