"""Who is signed in, since when and from where; ended one by one or all of a person."""

from __future__ import annotations

import streamlit as st

from office import Actor, Database
from office.doors import sessions as store
from office.doors.sessions import Session
from office.policy import may
from ui import state
from ui.admin import desk
from ui.admin.desk import Ground, cell
from ui.doors import place as doors
from ui.texts import Texts, texts

_WHICH = "a_s_which"


def show(found: Ground) -> None:
    """Draw the view."""
    words = found.words
    every = store.sessions(found.db, actor=found.who, at=found.at, rules=found.rules)
    desk.title(words("admin.sessions.title", n=len(every)))
    if not every:
        desk.empty(words("admin.sessions.none"))
        return
    rows = [(cell(one.account.name, "、".join(words.word("role_name", role) for role in one.account.roles)),
             cell(desk.when(one.created_at)), cell(desk.when(one.seen_at)), cell(desk.when(one.expires_at)),
             cell(one.source), cell(words(f"admin.stage.{one.stage}"))) for one in every]  # fmt: skip
    desk.table(
        desk.heads(words, "sessions", "person", "begun", "seen", "until", "source", "stage"), rows
    )
    if may(found.who, "session.revoke"):
        _end(every, words)


def _end(every: tuple[Session, ...], words: Texts) -> None:
    """A choice of one session, or of all of a person."""
    names = sorted({one.account.name for one in every})
    labels = {name: words("admin.sessions.all_of", name=name) for name in names}
    labels |= {
        one.id: f"{one.account.name} · {desk.when(one.created_at)} · {one.source}" for one in every
    }
    state.offer(_WHICH, list(labels), next(iter(labels)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            words("admin.sessions.which"), list(labels), key=_WHICH, format_func=labels.__getitem__
        )
        st.button(words("admin.sessions.end"), key="ad_s_end", on_click=desk.do, args=(_revoke,))


def _revoke(db: Database, who: Actor, at: str) -> str:
    ended = store.revoke(db, str(state.recall(_WHICH)), actor=who, at=at)
    doors.desk().forget_all()
    return texts(state.language())("admin.sessions.ended", n=len(ended))
