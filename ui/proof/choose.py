"""Which leads: by filters, by a case, by all that fit; or handed over in the address."""

from __future__ import annotations

import streamlit as st

from layers.errors import LeadError
from leads.states import STATE_WORDS
from leads.store import Filter, card, lead_ids, list_leads
from office import Actor
from ui import cache, state
from ui.docket.listing import name_of, row
from ui.docket.names import check_title, state_word
from ui.listing import show_rows
from ui.proof import desk
from ui.texts import Texts

PAGE, SHOWN = 100, 30


def show_choose(who: Actor, words: Texts) -> None:
    """The leads that fit to the left, those chosen to the right."""
    left, right = st.columns([58, 42], gap="medium")
    with left:
        where = _filters(who, words)
        found = list_leads(cache.lead_store(), where, actor=who, limit=PAGE)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f'<div class="y-tally">{words("evidence.fit", n=found.total, shown=len(found.rows))}</div>',
                    width="stretch")  # fmt: skip
            st.button(words("evidence.take_all", n=min(found.total, desk.MOST)), key="e_all", disabled=not found.total,
                      on_click=_take_all, args=(where, who))  # fmt: skip
        if found.total:
            rows = [row(one, words) for one in found.rows]
            for one in rows:
                one["value"] = "✓" if one["key"] in desk.chosen() else "＋"
            with st.container(key="list_box"):
                show_rows(rows, None, words("evidence.list"), words, key=desk.LIST, on_select=desk.take_row)  # fmt: skip
    with right, st.container(key="ev_chosen"):
        _chosen(who, words)


def _filters(who: Actor, words: Texts) -> Filter:
    one, two = st.columns(2)
    counts = cache.lead_counts("check_id", who)
    checks = [state.ALL, *sorted(counts, key=lambda name: -counts[name])]
    state.offer(desk.CHECK, checks, state.ALL)
    one.selectbox(words("evidence.check"), checks, key=desk.CHECK, label_visibility="collapsed",
                  format_func=lambda name: words("filter.all_checks") if name == state.ALL
                  else f"{check_title(name, words)} ({counts[name]})")  # fmt: skip
    states = cache.lead_counts("state", who)
    two.multiselect(words("leads.states"), [name for name in STATE_WORDS if states.get(name)], key=desk.STATES,
                    placeholder=words("leads.states"), label_visibility="collapsed",
                    format_func=lambda name: f"{state_word(name, words)} {states.get(name, 0)}")  # fmt: skip
    st.text_input(words("leads.search"), key=desk.TEXT, placeholder=words("leads.search"),
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    check = state.recall(desk.CHECK)
    return Filter(checks=() if check in (None, state.ALL) else (str(check),),
                  states=tuple(state.recall(desk.STATES) or ()), words=str(state.recall(desk.TEXT) or "").strip(),
                  case_id=state.address(("case",)).get("case"))  # fmt: skip


def _take_all(where: Filter, who: Actor) -> None:
    desk.choose([*desk.chosen(), *lead_ids(cache.lead_store(), where, actor=who)])


def _chosen(who: Actor, words: Texts) -> None:
    leads = desk.chosen()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'<h3 class="ev-part">{words("evidence.chosen", n=len(leads))}</h3>', width="stretch"
        )
        st.button(words("evidence.clear"), key="e_clear", disabled=not leads, on_click=desk.choose, args=((),))  # fmt: skip
    if not leads:
        st.html(f'<p class="y-quiet">{words("evidence.chosen_hint")}</p>')
    for lead in leads[:SHOWN]:
        try:
            one = card(cache.lead_store(), lead, actor=who).lead
        except LeadError:  # gone, or of another area: it cannot be chosen
            desk.toggle(lead)
            continue
        label = f"✕ {one['number']} · {name_of(one)} · {check_title(str(one['check_id']), words)}"
        st.button(label, key=f"e_out:{lead}", on_click=desk.toggle, args=(lead,), width="stretch",
                  help=words("evidence.take_out"))  # fmt: skip
    if len(leads) > SHOWN:
        st.caption(words("evidence.more", n=len(leads) - SHOWN))
