"""A job on any page: how far it is, a button to stop it, what became of it.

While it is under way only the panel is drawn anew; when it ends the page is, once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape

import streamlit as st

from layers.problems import in_language
from ui import cache
from ui.jobs.job import Job
from ui.texts import Texts

EVERY_S = 1.0
_SIGNS = frozenset("\\`*_{}[]()#+-.!|<>~$:")


def job_panel(
    job_id: str | None, title: str, words: Texts, *, key: str, close: Callable[[], None],
    result: Callable[[Job], None] | None = None, again: bool = True,
) -> None:  # fmt: skip
    """Draw the job called `job_id`, where there is one.

    `close` is called where the person has read how it ended; `result` draws what came of it.
    """
    job = cache.jobs().get(job_id)
    if job is None:
        return
    with st.container(key=f"{key}_box", border=True):
        if job.active:
            _watch(job.id, title, words, key)
        else:
            _ended(job, title, words, key=key, close=close, again=again)
            if result is not None:
                result(job)


@st.fragment(run_every=EVERY_S)
def _watch(job_id: str, title: str, words: Texts, key: str) -> None:
    """How far it is, told anew every second until it ends."""
    jobs = cache.jobs()
    job = jobs.get(job_id)
    if job is None or not job.active:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.share, f"{plain(title)} · {_said(job, words)}")
        st.button(words("jobs.stop"), key=f"{key}_stop", on_click=jobs.cancel, args=(job_id,),
                  disabled=job.state == "stopping")  # fmt: skip


def _said(job: Job, words: Texts) -> str:
    """State, how many wait before it, how far it is, since when."""
    ahead = cache.jobs().before(job.id)
    said = [words("jobs.ahead", n=ahead) if job.state == "queued" and ahead else words(f"jobs.state.{job.state}")]  # fmt: skip
    if job.total and job.state == "running":
        said.append(words("jobs.of", done=min(job.done, job.total), total=job.total))
    seconds = (datetime.now().astimezone() - datetime.fromisoformat(job.asked)).total_seconds()
    return " · ".join([*said, *([plain(words.word("jobs.at", job.name))] if job.name else []),
                       words("jobs.seconds", n=max(0, round(seconds)))])  # fmt: skip


def _ended(
    job: Job, title: str, words: Texts, *, key: str, close: Callable[[], None], again: bool
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="y-done" role="status"><b>{escape(words(f"jobs.state.{job.state}"))}</b>'
                f" · {escape(title)}</p>", width="stretch")  # fmt: skip
        if again and job.task is not None and job.state != "done":
            st.button(words("jobs.again"), key=f"{key}_again", on_click=cache.jobs().again, args=(job.id,))  # fmt: skip
        st.button(words("jobs.close"), key=f"{key}_close", on_click=close)
    if job.state == "failed":
        told = in_language(job.problem, job.remedy, words.lang)
        why = told[0] or words(f"jobs.cause.{job.cause or 'died'}")
        st.warning("  \n".join(plain(one) for one in (why, told[1]) if one))


def plain(text: str) -> str:
    """Text that means nothing in Markdown."""
    return "".join(f"\\{c}" if c in _SIGNS else c for c in text)
