"""The first step of an import: a file is dropped, and said what it is about."""

from __future__ import annotations

from html import escape

import streamlit as st

from layers.errors import YichaError
from layers.importing.manifest import Manifest
from layers.problems import sentence
from layers.themes import THEMES, is_record
from office import Actor
from ui import cache, state
from ui.data_desk import desk
from ui.data_desk.coming import MOST_BYTES, PATH, coming
from ui.data_desk.overview import theme_name
from ui.data_desk.staging import SUFFIXES
from ui.data_desk.work import LOOK
from ui.drop import drop_zone
from ui.scenes.incoming import Upload
from ui.texts import Texts

_OTHER, _CAME = "record", "dd_came"


def choose(who: Actor, words: Texts) -> None:
    """Draw the step; the button hands the file on to the worker, who looks at it."""
    st.html(f'<h3 class="y-part">{escape(words("data.step.choose"))}</h3>')
    left, right = st.columns(2, gap="medium")
    with left:
        theme = _theme(words)
    with right:
        came = _file(who, words)
    asked = st.button(words("data.look"), key="dd_do_look", type="primary", disabled=not (came and theme))  # fmt: skip
    if asked and came is not None and theme is not None:
        _take_up(came, theme, who)


def _theme(words: Texts) -> str | None:
    themes = [name for name, one in THEMES.items() if not one.derived]
    chosen = st.selectbox(words("data.theme"), [None, *themes, _OTHER], key=desk.THEME,
                          format_func=lambda name: _theme_word(name, words))  # fmt: skip
    if chosen != _OTHER:
        return chosen
    told = st.text_input(words("data.record_name"), key="dd_record", help=words("data.record_help"))
    name = f"{_OTHER}/{told.strip()}"
    return name if is_record(name) else None


def _theme_word(name: str | None, words: Texts) -> str:
    if name is None:
        return words("data.theme_none")
    return words("data.theme_other") if name == _OTHER else theme_name(name, words)


def _file(who: Actor, words: Texts) -> Upload | None:
    """The place to drop it; the file that has come, where it is this person's."""
    drop_zone(words, key=desk.DROP, title=words("data.drop_title"), hint=words("data.drop_hint", most=MOST_BYTES >> 30), address=PATH,
              on_came=_came, accept=[f".{one}" for one in SUFFIXES])  # fmt: skip
    try:
        found = coming().get(str(state.recall(_CAME) or ""))
    except YichaError:  # nothing came yet, or it was taken up
        return None
    if not found.complete or found.owner != who.name:
        return None
    st.html(f'<p class="y-note" role="status">✓ {escape(words("data.came", name=found.name, size=f"{found.size / 1e6:,.1f}"))}</p>')  # fmt: skip
    return found


def _came() -> None:
    told = getattr(state.recall(desk.DROP), "came", None)
    if told:
        state.keep(_CAME, str(told["box"]))


def _take_up(came: Upload, theme: str, who: Actor) -> None:
    try:
        staged = cache.staging().begin(came.name, by=who.name, at=desk.now().isoformat(timespec="seconds"))  # fmt: skip
        coming().move(came, staged.path)
        desk.begin(staged)
        desk.ask(LOOK, who, Manifest(theme=theme))
    except YichaError as error:
        st.warning(sentence(error, state.language()))
        return
    st.rerun()
