"""The page of administration: one view at a time, each for who has its right."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers.errors import PolicyError
from office import Actor
from office.doors.refusals import refusals_told
from office.policy import require
from ui import state
from ui.admin import audit, backups, desk, people, retention, sessions, tokens, verifying
from ui.admin.files import show_agencies, show_rules
from ui.admin.healthy import show_health
from ui.empty import say_withheld
from ui.frame import framed
from ui.proof.ledger import show_ledger
from ui.texts import Texts
from ui.workplace import Workplace


def _ledger(found: desk.Ground) -> None:
    """Who took what out, as the page of evidence shows it."""
    desk.title(found.words("admin.ledger.title"))
    show_ledger(found.who, found.words)


_SHOWS: dict[str, Callable[[desk.Ground], None]] = {
    "people": people.show, "tokens": tokens.show, "sessions": sessions.show, "audit": audit.show,
    "ledger": _ledger, "verify": verifying.show, "rules": show_rules, "agencies": show_agencies,
    "health": show_health, "backup": backups.show, "retention": retention.show,
}  # fmt: skip


def show() -> None:
    """Draw the page."""
    framed(_page, "admin.css", bare=True)


def _page(place: Workplace, who: Actor, words: Texts) -> None:
    views = desk.views_of(who)
    if not views:
        say_withheld("admin.open", words)
        return
    asked = state.address(["view"]).get("view")
    if asked is not None and asked in desk.VIEWS and asked not in views:
        _withheld(place, who, asked, words)
        state.keep(desk.VIEW, None)
    elif asked in views and state.recall(desk.VIEW) not in views:
        state.keep(desk.VIEW, asked)
    if asked not in desk.VIEWS or asked in views:
        state.offer(desk.VIEW, views, views[0])
    with st.container(key="ad_nav"):
        st.segmented_control(
            words("admin.view"), views, key=desk.VIEW, label_visibility="collapsed", on_change=_turn,
            format_func=lambda one: words(f"admin.views.{one}"),
        )  # fmt: skip
    view = state.recall(desk.VIEW)
    if view not in views:
        return
    state.to_address({"view": str(view)})
    with st.container(key="ad_work"):
        if place.generated:
            desk.note(words("admin.demo"))
        desk.tell(who, words)
        _SHOWS[str(view)](desk.ground(place, who, words))


def _turn() -> None:
    """Another view was chosen; a second click on the one shown leaves it."""
    desk.quiet()
    if state.recall(desk.VIEW) is None:
        state.keep(desk.VIEW, state.address(["view"]).get("view"))
    else:
        state.to_address({"view": str(state.recall(desk.VIEW))})


def _withheld(place: Workplace, who: Actor, view: str, words: Texts) -> None:
    """A view that the address names and the person may not see: said, and told in the history."""
    found = desk.ground(place, who, words)
    try:
        with refusals_told(found.db, who, at=found.at, source="page"):
            require(who, desk.VIEWS[view])
    except PolicyError:
        say_withheld(desk.VIEWS[view], words)
