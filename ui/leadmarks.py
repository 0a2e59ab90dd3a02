"""Leads on the map of findings: how each one stands, those laid aside dimmed, the way to the lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import streamlit as st

from layers.errors import YichaError
from leads.marks import mark_of
from leads.states import DISMISSED, STATE_WORDS
from office.policy import may
from ui import cache, state
from ui.header import LEADS
from ui.items import Item
from ui.person import person
from ui.texts import Texts
from ui.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Stands:
    """By an item's key: the state of its lead in words, and which are laid aside (`aside`)."""

    words: Mapping[str, tuple[str, bool]]
    aside: frozenset[str]


def stands(words: Texts) -> Stands:
    """How the leads of the findings stand; those nobody touched yet are left out."""
    told = {
        f"{check}:{subject}": mark.state for (check, subject), mark in cache.lead_marks().items()
    }
    named = {key: (STATE_WORDS[one].of(words.lang) if one in STATE_WORDS else one, one == DISMISSED)
             for key, one in told.items()}  # fmt: skip
    return Stands(named, frozenset(key for key, one in told.items() if one == DISMISSED))


def lead_box(place: Workplace, item: Item, words: Texts) -> None:
    """The lead of the chosen finding: its state, and the way to it."""
    who = person(place)
    if who is None or not may(who, "lead.read") or not cache.has_leads():
        return
    try:
        mark = mark_of(cache.lead_store(), item.check, str(item.record.subject_id or ""), actor=who)
    except YichaError:
        return
    if mark is None:
        return
    stands = STATE_WORDS[mark.state].of(words.lang) if mark.state in STATE_WORDS else mark.state
    told = words("leads.mark", number=mark.number, state=stands)
    with st.container(key="lead_box", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="y-note">{escape(told)}</p>', width="stretch")
        st.page_link(state.pages()[LEADS], label=words("leads.open"), icon=":material/arrow_forward:",
                     query_params={"lead": mark.id, "lang": words.lang})  # fmt: skip
