"""The filters beside the map: what is listed, by check, verdict, state, score, age, township, school."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import streamlit as st

from checks import VERDICTS
from leads.states import STATE_WORDS
from ui import state
from ui.docket.desk import SCORES
from ui.docket.names import check_title, state_word
from ui.items import Board
from ui.map import desk
from ui.map.table import AGES, NO_LEAD, Filters, Marks
from ui.texts import Texts
from ui.words import GLYPHS, licence_word

Choice = TypeVar("Choice")


def show_source(words: Texts, *, leads: bool, live: bool) -> None:
    """Findings of the day, or leads of the store; only where there are both."""
    if leads and live:
        st.segmented_control(words("map.from"), desk.SOURCES, key=state.SOURCE, required=True, width="stretch",
                             format_func=lambda one: words(f"map.from_{one}"), on_change=desk.other_source,
                             label_visibility="collapsed")  # fmt: skip
    elif live or leads:
        state.keep(state.SOURCE, desk.FINDINGS if live else desk.LEADS)


def show_filters(marks: Marks, found: Board | None, today: str, words: Texts) -> np.ndarray:
    """Draw them; returns the rows that pass."""
    _check(marks, found, words)
    _verdict(marks, found, desk.filters(today), words)
    with st.container(key="map_filters", horizontal=True, gap="small"):
        st.text_input(words("filter.search"), key=state.TEXT, placeholder=words("map.narrow"), on_change=desk.first_page,
                      label_visibility="collapsed", icon=":material/filter_alt:", width="stretch")  # fmt: skip
        n = desk.set_more()
        with st.popover(words("map.more_set", n=n) if n else words("map.more"), width="content"):
            _more(marks, found, words)
    if desk.area():
        st.button(
            words("map.in_area"),
            key="m_whole",
            icon=":material/close:",
            on_click=desk.whole_area,
            width="stretch",
        )
    return marks.rows(desk.filters(today))


def _check(marks: Marks, found: Board | None, words: Texts) -> None:
    shown = Filters(verdicts=desk.filters("").verdicts)
    rows = marks.rows(shown)
    numbers = marks.counts("check", rows)
    listed = [str(one) for one in marks.frame["check"].cat.categories] if len(marks) else []
    known = list(found.titles) if found is not None else listed
    choices = [state.ALL, *sorted(known, key=lambda one: (-numbers.get(one, 0), one))]
    wanted = state.recall(state.CHECK)
    if wanted not in (None, *choices):
        choices.append(str(wanted))

    def label(name: str) -> str:
        if name == state.ALL:
            return words("filter.all_checks")
        return f"{check_title(name, words)} ({numbers.get(name, 0)})"

    state.offer(state.CHECK, choices, state.ALL)
    st.selectbox(words("filter.check"), choices, key=state.CHECK, format_func=label,
                 label_visibility="collapsed", on_change=desk.first_page)  # fmt: skip


def _verdict(marks: Marks, found: Board | None, chosen: Filters, words: Texts) -> None:
    numbers = marks.counts("verdict", marks.rows(replace(chosen, verdicts=())))
    group = _verdict_words(found, chosen)
    with st.container(key="verdicts"):
        st.pills(words("filter.verdict"), VERDICTS, selection_mode="multi", key=state.VERDICTS,
                 format_func=lambda v: f"{GLYPHS[v]} {words(f'{group}.{v}')} {numbers.get(v, 0)}",
                 label_visibility="collapsed", on_change=desk.first_page)  # fmt: skip


def _verdict_words(found: Board | None, chosen: Filters) -> str:
    """The short words for verdicts: those of records where the one check chosen compares records."""
    items = found.items if found else ()
    records = (item for item in items if item.check in chosen.checks and item.finding)
    compares = any(item.finding and not item.finding.is_distance for item in records)
    return "verdict_record" if compares else "verdict"


def _more(marks: Marks, found: Board | None, words: Texts) -> None:
    states = marks.counts("state")
    if set(states) - {NO_LEAD}:
        st.multiselect(words("leads.states"), _known(state.STATES, [one for one in (*STATE_WORDS, NO_LEAD) if states.get(one)]),
                       key=state.STATES, placeholder=words("leads.states"), on_change=desk.first_page,
                       format_func=lambda one: f"{_state(one, words)} ({states.get(one, 0)})")  # fmt: skip
        _one(
            words("map.score"),
            state.SCORE,
            SCORES,
            lambda one: words("leads.score_from", n=one) if one else words("leads.all_scores"),
        )
        _one(
            words("map.age"),
            state.AGE,
            (state.ALL, *AGES),
            lambda one: words(f"map.ages.{'any' if one == state.ALL else one}"),
        )
    towns = marks.counts("town")
    _one(words("map.town"), state.TOWN, _known(state.TOWN, [state.ALL, *towns]),
         lambda one: words("leads.all_towns") if one == state.ALL else f"{one} ({towns.get(one, 0)})")  # fmt: skip
    if found is not None:
        _of_board(marks, found, words)
    st.toggle(words("leads.hide_dismissed"), key=state.HIDE, on_change=desk.first_page)
    st.toggle(words("map.only_unplaced"), key=state.UNPLACED, on_change=desk.first_page)
    st.button(words("filter.reset"), on_click=desk.reset, width="stretch")


def _of_board(marks: Marks, found: Board, words: Texts) -> None:
    schools = sorted({name for names in marks.schools for name in names})
    _one(words("filter.school"), state.SCHOOL, _known(state.SCHOOL, [state.ALL, *schools]),
         lambda one: words("filter.all_schools") if one == state.ALL else one)  # fmt: skip
    classes = list(dict.fromkeys(item.licence_class for item in found.items))
    st.multiselect(words("filter.licence"), _known(state.LICENCES, classes), key=state.LICENCES, on_change=desk.first_page,
                   format_func=lambda name: licence_word(name, words), placeholder=words("filter.all_licences"))  # fmt: skip


def _one(label: str, key: str, choices: Sequence[Choice], name: Callable[[Choice], str]) -> None:
    state.offer(key, choices, choices[0])
    st.selectbox(label, choices, key=key, format_func=name, on_change=desk.first_page)


def _known(key: str, choices: list[str]) -> list[str]:
    """The choices, and what the address names though nothing of it is listed."""
    value = state.recall(key)
    wanted = value if isinstance(value, list) else [value]
    return [*choices, *(str(one) for one in wanted if one and one not in choices)]


def _state(one: str, words: Texts) -> str:
    return words("map.no_lead") if one == NO_LEAD else state_word(one, words)
