"""Backups: made by the worker, listed by what each says of itself, tried by restoring one."""

from __future__ import annotations

from html import escape

import streamlit as st

from layers.problems import in_language
from office.backups import backup_folder, kept_backups
from office.policy import may
from ui import state
from ui.admin import desk, waiting
from ui.admin.desk import Ground, cell, tag
from ui.admin.tasks import BACKUP, TRY
from ui.jobs.job import Job
from ui.texts import Texts

_WHICH = "a_b_which"


def show(found: Ground) -> None:
    """Draw the view."""
    words, folder = found.words, backup_folder(found.place.folder)
    waiting.asked(BACKUP, found)
    waiting.asked(TRY, found)
    desk.title(words("admin.backup.title"))
    st.html(f'<p class="y-quiet">{escape(words("admin.backup.about", folder=folder))}</p>')
    waiting.button(BACKUP, words("admin.backup.make"), key="ad_b_make", primary=True)
    waiting.followed(
        BACKUP, found, words("admin.backup.make"), lambda job: _told("made", job, words)
    )
    _restore(words)
    kept = kept_backups(folder, actor=found.who)
    if not kept:
        desk.empty(words("admin.backup.none"), words("admin.backup.none_hint"))
        return
    rows = [(cell(one.path.name), cell(desk.when(one.at or None)), cell(one.by), cell(one.leads), cell(one.events),
             cell(f"{one.bytes / 2**20:.1f} MB"), tag(in_language(one.problem, "", words.lang)[0], "unverified") if one.problem else cell(one.head[:16]))
            for one in kept]  # fmt: skip
    desk.table(
        desk.heads(words, "backup", "file", "at", "by", "leads", "events", "size", "head"), rows
    )
    good = [one.path.name for one in kept if not one.problem]
    if good and may(found.who, "store.restore"):
        state.offer(_WHICH, good, good[0])
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(words("admin.backup.which"), good, key=_WHICH)
            waiting.button(
                TRY, words("admin.backup.try"), str(state.recall(_WHICH)), key="ad_b_try"
            )
        st.html(f'<p class="y-quiet">{escape(words("admin.backup.try_help"))}</p>')
        waiting.followed(
            TRY, found, words("admin.backup.try"), lambda job: _told("tried", job, words)
        )


def _restore(words: Texts) -> None:
    """How a lost store comes back: in a shell, for the program may not be running."""
    with st.expander(words("admin.backup.restore")):
        st.markdown(words("admin.backup.restore_steps"))
        st.code("python -m leads restore BACKUP.zip --store NEW.sqlite --by NAME\n"
                "python -m leads verify --store NEW.sqlite\n"
                "python -m office first-admin --store NEW.sqlite", language=None, wrap_lines=True)  # fmt: skip


def _told(what: str, job: Job, words: Texts) -> None:
    """What was made, or tried."""
    if job.report and job.state == "done":
        st.html(f'<p class="y-note" role="status">{escape(words(f"admin.backup.{what}", **job.report))}</p>')  # fmt: skip
