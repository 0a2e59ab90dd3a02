"""The page of check models: the catalogue to the left, one model to the right."""

from __future__ import annotations

from html import escape

import streamlit as st

from checks import catalogue
from layers import Layer
from leads.yields import Yield, yields
from office import Actor
from office.policy import may, may_somewhere
from ui import cache, state
from ui.empty import say_empty
from ui.frame import framed
from ui.models import desk
from ui.models.asking import show_run
from ui.models.comparing import show_compare
from ui.models.listing import show_catalogue
from ui.models.moving import show_if
from ui.models.reading import model_html
from ui.texts import Texts
from ui.workplace import Workplace


def show() -> None:
    """Draw the page."""
    framed(_work, "models.css", arrive=desk.arrive)


@st.fragment
def _work(place: Workplace, who: Actor, words: Texts) -> None:
    desk.hold()
    with st.container(key="mo_work"):
        left, right = st.columns([27, 73], gap="medium")
        with left, st.container(key="mo_left"):
            show_catalogue(words)
        with right, st.container(key="mo_right"):
            check = desk.check()
            if check is None or check not in catalogue():
                say_empty(words("models.choose"), words("models.choose_hint"))
            else:
                _model(place, who, check, words)
    desk.tell()


def _model(place: Workplace, who: Actor, check: str, words: Texts) -> None:
    st.button(
        words("models.back"),
        key="mo_back",
        on_click=desk.choose,
        args=(None,),
        icon=":material/arrow_back:",
    )
    views = desk.VIEWS if may(who, "check.run") else desk.VIEWS[:1]
    state.offer(desk.VIEW, views, desk.ABOUT)
    title = catalogue()[check].check.title.of(words.lang)
    with st.container(key="mo_head", horizontal=True, vertical_alignment="center"):
        st.segmented_control(words("models.view"), views, key=desk.VIEW, label_visibility="collapsed", required=True,
                             format_func=lambda one: words(f"models.views.{one}"))  # fmt: skip
    view = desk.view()
    if view != desk.ABOUT:
        st.html(f'<h2 class="mo-title">{escape(title)}</h2>')
    if view == desk.RUN:
        show_run(place, who, check, words)
    elif view == desk.COMPARE:
        show_compare(place, who, check, words)
    elif view == desk.IF:
        show_if(place, who, check, words)
    else:
        _about(place, who, check, words)


def _about(place: Workplace, who: Actor, check: str, words: Texts) -> None:
    entry = catalogue()[check]
    layers: dict[str, Layer] = {name: place.layers[name] for name in entry.check.themes
                                if name in place.layers}  # fmt: skip
    st.html(model_html(entry.check, cache.packs().values(), layers, words, on_date=desk.day(), chosen=desk.rules(),
                       found=_yield(who, check)))  # fmt: skip


def _yield(who: Actor, check: str) -> Yield | None:
    if not may_somewhere(who, "lead.read") or not cache.has_leads():
        return None
    return next((one for one in yields(cache.lead_store(), actor=who) if one.check == check), None)
