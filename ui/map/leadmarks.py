"""The lead of what is looked at on the map: how it stands, what is due, what may be done, its history."""

from __future__ import annotations

from html import escape

import streamlit as st

from layers.errors import YichaError
from leads.steps.moves import allowed
from leads.store import Card, card
from office import Actor
from office.policy import may
from ui import cache, state
from ui.docket.acts import standing
from ui.docket.desk import now
from ui.docket.names import capital, state_word
from ui.docket.told import history
from ui.header import LEADS
from ui.texts import Texts


def lead_of(lead_id: str, who: Actor | None) -> Card | None:
    """Everything about the lead, or `None` where this person may not read it or it is no more."""
    if who is None or not lead_id or not cache.has_leads():
        return None
    try:
        return card(cache.lead_store(), lead_id, actor=who)
    except YichaError:
        return None


def lead_box(found: Card, who: Actor, words: Texts) -> None:
    """State, what is due, the steps open to this person, and the way to the lead's own page."""
    with st.container(key="lead_box"):
        st.html(standing(found, words) + _steps(found, who, words))
        st.page_link(state.pages()[LEADS], label=words("leads.open"), icon=":material/arrow_forward:", width="stretch",
                     query_params={"lead": str(found.lead["id"]), "lang": words.lang})  # fmt: skip


def history_of(found: Card, words: Texts) -> str:
    """What happened to it, folded."""
    if not found.history:
        return ""
    told = history(found.history, words).replace("<details open>", "<details>", 1)
    return f'<article class="y-card">{told}</article>'


def _steps(found: Card, who: Actor, words: Texts) -> str:
    """What may be done next, by name; it is done on the lead's own page."""
    _, today = now()
    aims = [to for to, step in allowed(found.lead, found.data, today) if may(who, step.operation)]
    names = "".join(f'<span class="y-tag">{escape(_aim(to, words))}</span> ' for to in aims)
    if not names:
        return ""
    return f'<article class="y-card"><p class="y-quiet">{escape(words("map.next"))} {names}</p></article>'


def _aim(to: str, words: Texts) -> str:
    named = words.word("leads.aim", to)
    return capital(state_word(to, words)) if named == to else named
