"""What this person was told: new and changed leads, deadlines, look-backs, alarms; each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import streamlit as st

from leads.messages.inbox import Message, mark_read, messages
from office import Actor
from office.policy import may
from ui import cache, state
from ui.docket import desk
from ui.docket.names import day_of
from ui.empty import say_empty
from ui.listing import show_rows
from ui.texts import Texts

LIST, ALL, _READ = "l_inbox", "l_inbox_all", "l_inbox_just"
LINES, MOST = 12, 100
"""Leads shown of one message, and messages at most."""


def show_inbox(who: Actor, words: Texts) -> None:
    """The messages that were not read when the tab was opened, or all; a row leads to its lead."""
    if not may(who, "inbox.read"):
        st.caption(words("leads.no_right"))
        return
    with st.container(key="leads_inbox", horizontal=True, vertical_alignment="center"):
        every = st.toggle(words("leads.inbox_all"), key=ALL)
        found = messages(cache.lead_store(), who.name, actor=who, unread_only=not every, limit=MOST)
        shown = found.messages if every else _with_just_read(found.messages, who)
        unread = tuple(one.id for one in found.messages if one.read_at is None)
        st.button(words("leads.inbox_read"), key="l_inbox_read", on_click=read, args=(unread, who),
                  disabled=not unread, icon=":material/done_all:")  # fmt: skip
    st.html(
        f'<div class="y-tally">{words("leads.inbox_count", n=found.total, unread=found.unread)}</div>'
    )
    if not shown:
        say_empty(words("leads.inbox_none"), words("leads.inbox_none_hint"), small=True)
        return
    rows = [row for one in shown for row in rows_of(one, words)]
    chosen = next((row["key"] for row in rows if row["key"].endswith(f":{desk.chosen()}")), None)
    with st.container(key="list_box"):
        show_rows(
            rows, chosen, words("leads.views.inbox"), words, key=LIST, on_select=partial(take, who)
        )


def rows_of(message: Message, words: Texts) -> Iterator[dict[str, Any]]:
    """The heading of a message, then the leads it names."""
    unread = message.read_at is None
    more = len(message.lines) - LINES + message.more
    yield {
        "key": message.id, "verdict": "late" if message.urgent else "soon", "glyph": "✉" if unread else "·",
        "verdictWord": words("leads.unread" if unread else "leads.read"), "name": message.title.of(words.lang),
        "value": "", "under": day_of(message.at), "band": words("leads.and_more", n=more) if more > 0 else "",
        "quiet": not unread,
    }  # fmt: skip
    for line in message.lines[:LINES]:
        yield {
            "key": f"{message.id}:{line.lead_id or ''}", "verdict": "", "glyph": "", "verdictWord": "",
            "name": line.name or line.number or line.words.of(words.lang), "value": "",
            "under": " · ".join(one for one in (line.number, line.words.of(words.lang)) if one),
            "band": "", "quiet": not unread,
        }  # fmt: skip


def _with_just_read(unread: Sequence[Message], who: Actor) -> list[Message]:
    """Those read in this tab stay where they are: the list does not jump under the pointer."""
    ids: frozenset[str] = state.recall(_READ) or frozenset()
    if not ids:
        return list(unread)
    every = messages(cache.lead_store(), who.name, actor=who, limit=MOST).messages
    shown = [one for one in every if one.read_at is None or one.id in ids]
    known = {one.id for one in shown}
    return [*shown, *(one for one in unread if one.id not in known)]


def read(ids: tuple[str, ...], who: Actor) -> None:
    """Mark messages as read; a callback."""
    state.keep(_READ, frozenset(state.recall(_READ) or ()) | frozenset(ids))
    at, _ = desk.now()
    mark_read(cache.lead_store(), ids, actor=who, at=at)


def take(who: Actor) -> None:
    """A row was chosen: its message is read, its lead is looked at."""
    key = str(getattr(state.recall(LIST), "select", None) or "")
    message, _, lead = key.partition(":")
    if message and may(who, "inbox.read"):
        read((message,), who)
    if lead:
        desk.look_at(lead)
