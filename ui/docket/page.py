"""The page of leads: which view is shown, and in the lists one lead beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from layers.errors import LeadError
from leads.messages.inbox import unread
from leads.store import Card, card
from office import Actor
from office.policy import may
from ui import cache
from ui.docket import desk
from ui.docket.card import show_card
from ui.docket.due import show_due
from ui.docket.inbox import show_inbox
from ui.docket.listing import show_list
from ui.docket.tables import show_runs, show_yield
from ui.empty import say_empty
from ui.frame import framed
from ui.texts import Texts
from ui.workplace import Workplace

WAIT_S = 2.0


def show() -> None:
    """Draw the page."""
    framed(_page, "leads.css", arrive=desk.arrive)


def _page(place: Workplace, who: Actor, words: Texts) -> None:
    tell_filling(words)
    _work(place, who, words)


@st.fragment(run_every=WAIT_S)
def _waiting(words: Texts) -> None:
    filling = cache.filling()
    if not filling.running:
        st.rerun()
    st.html(f'<p class="y-note" role="status">{escape(words("leads.filling"))}</p>')


def tell_filling(words: Texts) -> None:
    """A generated county's findings are taken in when somebody first looks."""
    filling = cache.filling()
    if filling.running:
        _waiting(words)
    elif filling.failed:
        st.warning(words("leads.filling_failed", why=filling.failed))


@st.fragment
def _work(place: Workplace, who: Actor, words: Texts) -> None:
    desk.start()
    views = list(desk.VIEWS)
    with st.container(key="leads_top", horizontal=True, vertical_alignment="center"):
        st.segmented_control(words("leads.view"), views, key=desk.VIEW, label_visibility="collapsed", required=True,
                             format_func=lambda one: _view(one, who, words))  # fmt: skip
    if desk.view() != "list":
        desk.keep_filters()
    with st.container(key="leads_work"):
        if desk.view() in desk.LISTS:
            _beside(place, who, words)
        else:
            (show_yield if desk.view() == "yield" else show_runs)(who, words)
    desk.tell()


def _view(name: str, who: Actor, words: Texts) -> str:
    """A view's name; the inbox with what is not read yet."""
    label = words(f"leads.views.{name}")
    count = (
        unread(cache.lead_store(), who.name, actor=who)
        if name == "inbox" and may(who, "inbox.read")
        else 0
    )
    return f"{label} {count}" if count else label


def _beside(place: Workplace, who: Actor, words: Texts) -> None:
    left, right = st.columns([28, 72], gap="small")
    with left, st.container(key="left"):
        rows = _list(who, words)
    with right:
        found = _card(who)
        if found is None:
            say_empty(words("leads.choose"), words("leads.choose_hint"))
        else:
            desk.saw(int(found.lead["version"]))
            st.button(words("leads.back"), key="leads_back", on_click=desk.look_at, args=(None,), width="stretch",
                      icon=":material/arrow_back:")  # fmt: skip
            show_card(place, found, rows, who, words)


def _list(who: Actor, words: Texts) -> Sequence[Mapping[str, Any]]:
    """The list of the view; returns the leads that the small map may show around the one looked at."""
    if desk.view() == "due":
        show_due(who, words)
    elif desk.view() == "inbox":
        show_inbox(who, words)
    else:
        return show_list(who, words).rows
    return ()


def _card(who: Actor) -> Card | None:
    """The lead looked at; one that is not there any more is none."""
    lead = desk.chosen()
    if lead is None:
        return None
    try:
        return card(cache.lead_store(), lead, actor=who)
    except LeadError:
        return None
