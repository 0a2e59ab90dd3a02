"""One lead: what was found and why, the map, the score, others like it; beside it what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from leads.store import Card, Filter, list_leads
from office import Actor
from ui import cache
from ui.docket import desk
from ui.docket.acts import show_acts
from ui.docket.chart import show_map
from ui.docket.facts import body, head, tail
from ui.docket.listing import name_of
from ui.docket.names import check_title, state_word
from ui.texts import Texts
from ui.words import GLYPHS
from ui.workplace import Workplace


def show_card(
    place: Workplace, found: Card, rows: Sequence[Mapping[str, Any]], who: Actor, words: Texts
) -> None:
    """Draw it in two columns."""
    left, right = st.columns([56, 44], gap="small")
    with left, st.container(key="leads_card"):
        st.html(head(found, words))
        with st.container(key="lead_map"):
            show_map(place, found, rows, words)
        st.html(body(found, words))
        _others(found, who, words)
        st.html(tail(found, words))
    with right, st.container(key="leads_acts"):
        show_acts(found, who, words)


def _others(found: Card, who: Actor, words: Texts) -> None:
    """Other leads of the same case and about the same subject."""
    own, case = found.lead["id"], found.lead["case_id"]
    same_case: Sequence[Mapping[str, Any]] = ()
    if case:
        page = list_leads(
            cache.lead_store(), Filter(case_id=str(case)), actor=who, sort="number", ascending=True
        )
        same_case = [one for one in page.rows if one["id"] != own]
    shown = {str(one["id"]) for one in same_case}
    groups = (
        ("leads.same_case", same_case),
        ("leads.same_place", [one for one in found.others if one["id"] not in shown]),
    )
    for title, leads in groups:
        if leads:
            st.caption(words(title))
        for one in leads:
            label = (f"{GLYPHS.get(str(one['verdict']), '')} {name_of(one)} · {check_title(str(one['check_id']), words)}"
                     f" · {state_word(str(one['state']), words)}")  # fmt: skip
            st.button(
                label,
                key=f"l_other:{one['id']}",
                on_click=desk.look_at,
                args=(str(one["id"]),),
                width="stretch",
            )
