"""The list of leads: filters, one page of rows, paging. The store answers; nothing is loaded whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from leads.runs.report import CHANGE_WORDS
from leads.states import RESTING, STATE_WORDS
from leads.store import Page, list_leads
from office import Actor
from ui import cache, state
from ui.docket import desk
from ui.docket.names import agency_word, check_title, state_word
from ui.empty import say_empty
from ui.listing import show_rows
from ui.texts import Texts
from ui.words import GLYPHS


def show_list(who: Actor, words: Texts) -> Page:
    """Filters and one page of the list; returns the page."""
    _filters(who, words)
    by, ascending = desk.sort()
    where = desk.filters()
    found = list_leads(cache.lead_store(), where, actor=who, sort=by, ascending=ascending,
                       limit=desk.PAGE_SIZE, offset=desk.page_number() * desk.PAGE_SIZE)  # fmt: skip
    if not found.rows and found.total:
        desk.first_page()
        found = list_leads(cache.lead_store(), where, actor=who, sort=by, ascending=ascending,
                           limit=desk.PAGE_SIZE)  # fmt: skip
    _tally(found, words)
    if not found.total:
        say_empty(words("leads.none"), words("leads.none_hint"), small=True)
        return found
    with st.container(key="list_box"):
        show_rows([row(one, words) for one in found.rows], desk.chosen(), words("leads.list"), words,
                  key=desk.LIST, on_select=desk.take_row)  # fmt: skip
    return found


def row(lead: Mapping[str, Any], words: Texts) -> dict[str, Any]:
    """One row as the browser wants it: words only."""
    under = [check_title(str(lead["check_id"]), words), lead["township"]]
    told = "asked_again" if lead["asked_again"] else lead["change"]
    stands = [state_word(str(lead["state"]), words)]
    if told in ("vanished", "back", "changed", "asked_again"):
        stands.append(CHANGE_WORDS[told].of(words.lang))
    return {
        "key": lead["id"], "verdict": lead["verdict"], "verdictWord": words.word("verdict", lead["verdict"]),
        "name": name_of(lead), "value": f"{lead['score']:.0f}", "under": " · ".join(str(one) for one in under if one),
        "band": " · ".join(stands), "quiet": lead["state"] in RESTING or lead["presence"] == "vanished",
    }  # fmt: skip


def name_of(lead: Mapping[str, Any]) -> str:
    """What a lead is called: its subject's name, else its address, else its number."""
    return str(lead["subject_name"] or lead["address"] or lead["number"])


def _tally(found: Page, words: Texts) -> None:
    first = desk.page_number() * desk.PAGE_SIZE
    last = first + len(found.rows)
    if found.total <= desk.PAGE_SIZE:
        st.html(f'<div class="y-tally">{words("leads.count", n=found.total)}</div>')
        return
    with st.container(key="leads_pager", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="y-tally">{words("leads.page", first=first + 1, last=last, n=found.total)}</div>',
            width="stretch",
        )
        st.button("‹", key="l_before", on_click=desk.turn_page, args=(-1,), disabled=not first,
                  help=words("leads.before"))  # fmt: skip
        st.button("›", key="l_after", on_click=desk.turn_page, args=(1,), disabled=last >= found.total,
                  help=words("leads.after"))  # fmt: skip


def _filters(who: Actor, words: Texts) -> None:
    st.text_input(words("leads.search"), key=desk.TEXT, placeholder=words("leads.search"), on_change=desk.first_page,
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    _choice(
        desk.CHECK,
        "check_id",
        "filter.all_checks",
        lambda one: check_title(one, words),
        who=who,
        words=words,
    )
    counts = cache.lead_counts("state", who)
    st.multiselect(words("leads.states"), [one for one in STATE_WORDS if counts.get(one) or one in desk.filters().states],
                   key=desk.STATES, placeholder=words("leads.states"), label_visibility="collapsed", on_change=desk.first_page,
                   format_func=lambda one: f"{state_word(one, words)} {counts.get(one, 0)}")  # fmt: skip
    with st.container(key="verdicts"):
        verdicts = cache.lead_counts("verdict", who)
        st.pills(words("filter.verdict"), desk.VERDICT_CODES, selection_mode="multi", key=desk.VERDICTS,
                 format_func=lambda one: f"{GLYPHS[one]} {words(f'verdict.{one}')} {verdicts.get(one, 0)}",
                 label_visibility="collapsed", on_change=desk.first_page)  # fmt: skip
    more = sum(
        _set(key) for key in (desk.CHANGE, desk.SCORE, desk.WHO, desk.AGENCY, desk.TOWN)
    ) + bool(desk.run_shown())
    label = words("filter.more") if not more else words("leads.more_set", n=more)
    with st.expander(label):
        _more(who, words)


def _more(who: Actor, words: Texts) -> None:
    st.selectbox(words("leads.sort"), ("score", "due", "since", "number", "measured", "name"), key=desk.SORT,
                 format_func=lambda one: words.word("leads.sorts", one), on_change=desk.first_page)  # fmt: skip
    _choice(desk.TOWN, "township", "leads.all_towns", str, who=who, words=words)
    _choice(
        desk.AGENCY,
        "agency",
        "leads.all_agencies",
        lambda one: agency_word(one, words),
        who=who,
        words=words,
    )
    _choice(desk.WHO, "assignee", "leads.all_people", lambda one: words("leads.nobody") if one == desk.NOBODY else one,
            who=who, words=words, first=(desk.NOBODY,))  # fmt: skip
    st.selectbox(words("leads.change"), (state.ALL, *desk.CHANGES), key=desk.CHANGE, on_change=desk.first_page,
                 format_func=lambda one: words("leads.all_changes") if one == state.ALL else CHANGE_WORDS[one].of(words.lang))  # fmt: skip
    st.selectbox(words("leads.score"), desk.SCORES, key=desk.SCORE, on_change=desk.first_page,
                 format_func=lambda one: words("leads.score_from", n=one) if one else words("leads.all_scores"))  # fmt: skip
    if desk.run_shown():
        st.caption(words("leads.of_run", run=desk.run_shown()))
    st.button(words("filter.reset"), on_click=desk.reset, width="stretch")


def _choice(
    key: str, column: str, every: str, name: Callable[[str], str], *, who: Actor, words: Texts,
    first: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """One value of a column, with how many leads have it."""
    counts = cache.lead_counts(column, who)
    choices = [state.ALL, *first, *sorted(counts, key=lambda one: (-counts[one], one))]
    state.offer(key, choices, state.ALL)

    def label(one: str) -> str:
        if one == state.ALL:
            return words(every)
        return f"{name(one)} ({counts[one]})" if one in counts else str(name(one))

    st.selectbox(words(every), choices, key=key, format_func=label, label_visibility="collapsed",
                 on_change=desk.first_page)  # fmt: skip


def _set(key: str) -> bool:
    return state.recall(key) not in (None, state.ALL, 0)
