"""What is due: deadlines and look-backs of all leads, by day; a row leads to its lead."""

from __future__ import annotations

from typing import Any

import streamlit as st

from leads.steps.due import DueItem, due_items
from office import Actor
from ui import cache, state
from ui.docket import desk
from ui.docket.names import capital
from ui.empty import say_empty
from ui.listing import show_rows
from ui.texts import Texts

WITHIN, MINE = "l_within", "l_mine"
DAYS = (7, 14, 30, 90)
MOST = 300


def show_due(who: Actor, words: Texts) -> None:
    """The overdue first, then what comes within so many days."""
    state.start(WITHIN, 14)
    with st.container(key="leads_due", horizontal=True, vertical_alignment="center"):
        st.segmented_control(words("leads.due_within"), DAYS, key=WITHIN, required=True,
                             format_func=lambda n: words("leads.days", n=n), label_visibility="collapsed")  # fmt: skip
        mine = st.toggle(words("leads.due_mine"), key=MINE)
    _, today = desk.now()
    items = due_items(cache.lead_store(), today, actor=who, within_days=int(state.recall(WITHIN) or 14),
                      assignee=who.name if mine else None)  # fmt: skip
    late = sum(one.status == "overdue" for one in items)
    told = words("leads.due_count", late=late, soon=len(items) - late)
    st.html(f'<div class="y-tally">{told}</div>')
    if not items:
        say_empty(words("leads.due_none", days=state.recall(WITHIN)), small=True)
        return
    rows = [row(one, words) for one in items[:MOST]]
    chosen = next((one["key"] for one in rows if one["key"].startswith(f"{desk.chosen()}:")), None)
    with st.container(key="list_box"):
        show_rows(
            rows, chosen, words("leads.views.due"), words, key=desk.DUE, on_select=desk.take_due
        )


def row(item: DueItem, words: Texts) -> dict[str, Any]:
    """One row as the browser wants it."""
    over = item.status == "overdue"
    left = words("leads.days_over", days=-item.days) if over else words(
        "leads.days_left", days=item.days, working=item.working_days)  # fmt: skip
    number = item.numbers[0] + (f" +{len(item.numbers) - 1}" if len(item.numbers) > 1 else "")
    marks = [words("leads.whose_agency") if item.whose == "agency" else "",
             words("leads.provisional") if item.provisional else ""]  # fmt: skip
    return {
        "key": f"{item.leads[0]}:{item.kind}:{item.due_on}", "verdict": "late" if over else "soon",
        "glyph": "!" if over else "◷", "verdictWord": words("leads.overdue" if over else "leads.soon"),
        "name": capital(item.words.of(words.lang)), "value": item.due_on,
        "under": " · ".join(str(one) for one in (item.subject, number, item.assignee, *marks) if one),
        "band": left,
    }  # fmt: skip
