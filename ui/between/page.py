"""The page between offices: the list of transfers, sending, receiving, the offices and their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

from layers.errors import LeadError
from leads.exchange.offices import ENVIRONMENT, Offices
from office import Actor
from ui import cache, state
from ui.between import desk
from ui.between.listing import show_list
from ui.between.partners import show_offices
from ui.between.receiving import show_receive
from ui.between.sending import show_send
from ui.docket.desk import now
from ui.docket.invented_offices import set_up
from ui.docket.page import tell_filling
from ui.empty import say_empty
from ui.frame import framed
from ui.texts import Texts
from ui.workplace import Workplace

_SHOWN: Mapping[str, Callable[[Actor, Offices, Texts], None]] = {
    desk.LIST: show_list, desk.SEND: show_send, desk.RECEIVE: show_receive, desk.OFFICES: show_offices,
}  # fmt: skip


def show() -> None:
    """Draw the page."""
    framed(_page, "leads.css", "between.css", arrive=desk.arrive)


def _page(place: Workplace, who: Actor, words: Texts) -> None:
    offices = _offices(place, words)
    if offices is not None:
        tell_filling(words)
        cache.outbox()
        _work(who, offices, words)


def _offices(place: Workplace, words: Texts) -> Offices | None:
    """Our office and its partners; says what is missing where no file names them."""
    if desk.invented():
        if cache.filling().running:
            tell_filling(words)
            return None
        set_up(place, cache.lead_store(), now()[0])
    try:
        return desk.offices()
    except LeadError as error:
        if error.field != ENVIRONMENT:
            raise
        say_empty(words("exchange.not_set_up"), words("exchange.not_set_up_hint"))
        st.html(
            f'<p class="bt-how">{escape(words("exchange.not_set_up_how"))} <code>{ENVIRONMENT}=…/offices.toml</code></p>'
        )
        return None


@st.fragment
def _work(who: Actor, offices: Offices, words: Texts) -> None:
    desk.hold()
    desk.went()
    views = desk.views(who)
    state.offer(desk.VIEW, views, desk.LIST)
    with st.container(key="bt_head", horizontal=True, vertical_alignment="center"):
        st.segmented_control(words("exchange.view"), views, key=desk.VIEW, label_visibility="collapsed", required=True,
                             format_func=lambda one: _name(one, words))  # fmt: skip
        if desk.invented():
            st.html(f'<p class="y-quiet">{escape(words("exchange.invented"))}</p>')
    view = str(state.recall(desk.VIEW))
    with st.container(key=f"bt_{view}"):
        _SHOWN[view](who, offices, words)
    desk.tell(view)


def _name(view: str, words: Texts) -> str:
    label = words(f"exchange.views.{view}")
    return f"{label} {len(desk.chosen())}" if view == desk.SEND and desk.chosen() else label
