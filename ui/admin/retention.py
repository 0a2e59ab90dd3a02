"""What is kept how long and on what ground; what is past its period; deleted at a click that is meant."""

from __future__ import annotations

import streamlit as st

from office import Actor, Database
from office.doors.retention import DataSet, load_retention, sweep, would_go
from ui import state
from ui.admin import desk
from ui.admin.desk import Ground, cell, tag
from ui.texts import Texts, texts

_SURE = "a_r_sure"


def show(found: Ground) -> None:
    """Draw the view."""
    words = found.words
    due = would_go(found.db, actor=found.who, at=found.at)
    desk.title(words("admin.retention.title"))
    rows = [(cell(one.words.of(words.lang)), cell(_period(one, words), one.ends.of(words.lang)),
             cell(one.basis.of(words.lang)), _due(due.get(one.name), words)) for one in load_retention()]  # fmt: skip
    desk.table(desk.heads(words, "retention", "set", "days", "basis", "due"), rows)
    count = sum(due.values())
    if not count:
        desk.note(words("admin.retention.nothing"))
        return
    st.checkbox(words("admin.retention.sure", n=count), key=_SURE)
    st.button(words("admin.retention.delete"), key="ad_r_delete", disabled=not state.recall(_SURE),
              on_click=desk.do, args=(_delete,))  # fmt: skip


def _period(one: DataSet, words: Texts) -> str:
    return words("admin.retention.period", n=one.days) if one.days else "—"


def _due(count: int | None, words: Texts) -> str:
    if count is None:
        return tag(words("admin.retention.never"))
    return tag(str(count), "unverified" if count else "ok")


def _delete(db: Database, who: Actor, at: str) -> str:
    gone = sweep(db, actor=who, at=at)
    state.keep(_SURE, False)
    return texts(state.language())("admin.retention.gone", n=sum(gone.values()))
