"""The first step of an import: a file is dropped, and said what it is about."""

from __future__ import annotations

from html import escape

import streamlit as st

from layers.errors import YichaError
from layers.importing.manifest import Manifest
from layers.themes import THEMES, is_record
from office import Actor
from ui import cache, state
from ui.assets import STATIC
from ui.data_desk import desk
from ui.data_desk.coming import MOST_BYTES, PATH, coming
from ui.data_desk.overview import theme_name
from ui.data_desk.staging import SUFFIXES
from ui.data_desk.work import LOOK
from ui.scenes.incoming import Upload
from ui.settings import at
from ui.texts import Texts

_OTHER, _CAME = "record", "dd_came"

_zone = st.components.v2.component(
    "yicha_table",
    html='<div class="verify"><p class="title"></p><p class="hint"></p><button class="choose" type="button"></button>'
    f'<input type="file" accept="{",".join(f".{one}" for one in SUFFIXES)}" tabindex="-1" aria-hidden="true" hidden>'
    '<progress hidden></progress><p class="said" role="status"></p><button class="stop" type="button" hidden></button></div>',
    css=(STATIC / "verify.css").read_text(encoding="utf-8"),
    js=(STATIC / "verify.js").read_text(encoding="utf-8"),
)
"""The same script as for bundles: one file in pieces, and the page hears where it lies."""


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
    said = {name.removeprefix("data.drop_"): words(name, most=MOST_BYTES >> 30) if name == "data.drop_hint" else text
            for name, text in words.entries.items() if name.startswith("data.drop_")}  # fmt: skip
    _zone(key=desk.DROP, data={"words": said, "address": at(PATH)}, on_came_change=_came)
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
        st.warning(f"{error.problem}. {error.remedy}")
        return
    st.rerun()
