"""The page of evidence: leads chosen, sheets looked at, copies covered, files handed out, bundles verified."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from office import Actor
from ui import cache, state
from ui.docket.page import tell_filling
from ui.empty import say_empty
from ui.frame import framed
from ui.proof import desk
from ui.proof.approve import count_waiting, show_approve
from ui.proof.choose import show_choose
from ui.proof.cover import show_cover
from ui.proof.leave import show_leave
from ui.proof.ledger import show_ledger
from ui.proof.records import show_records
from ui.proof.sheets import show_sheets
from ui.proof.verify import show_verify
from ui.texts import Texts
from ui.workplace import Workplace

_SHOWN: Mapping[str, Callable[[Actor, Texts], None]] = {
    desk.CHOOSE: show_choose, desk.SHEETS: show_sheets, desk.COVER: show_cover, desk.APPROVE: show_approve, desk.RECORDS: show_records,
    desk.LEAVE: show_leave, desk.LEDGER: show_ledger, desk.VERIFY: show_verify,
}  # fmt: skip
_OF_LEADS = frozenset({desk.SHEETS, desk.COVER, desk.RECORDS, desk.LEAVE})


def show() -> None:
    """Draw the page."""
    framed(_page, "proof.css", arrive=desk.arrive)


def _page(_place: Workplace, who: Actor, words: Texts) -> None:
    tell_filling(words)
    cache.outbox()
    _work(who, words)


@st.fragment
def _work(who: Actor, words: Texts) -> None:
    desk.hold()
    views = desk.views(who)
    first = desk.SHEETS if desk.chosen() and desk.SHEETS in views else views[0]
    state.offer(desk.VIEW, views, first)
    waiting = count_waiting(who) if desk.APPROVE in views else 0
    with st.container(key="ev_head", horizontal=True, vertical_alignment="center"):
        st.segmented_control(words("evidence.view"), views, key=desk.VIEW, label_visibility="collapsed", required=True,
                             format_func=lambda one: _name(one, waiting, words))  # fmt: skip
    view = str(state.recall(desk.VIEW))
    told = desk.said()
    if told is not None:
        (st.success if told[0] == "ok" else st.error)(told[1])
    with st.container(key=f"ev_{view}"):
        if view in _OF_LEADS and not desk.chosen():
            say_empty(words("evidence.none_chosen"), words("evidence.none_chosen_hint"))
        else:
            _SHOWN[view](who, words)
    desk.tell(view)


def _name(view: str, waiting: int, words: Texts) -> str:
    count = {desk.CHOOSE: len(desk.chosen()), desk.APPROVE: waiting}.get(view, 0)
    return words(f"evidence.views.{view}") + (f" {count}" if count else "")
