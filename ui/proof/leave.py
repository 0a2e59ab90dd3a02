"""What leaves the office: kind, reason, recipient, copy or originals; made by the worker, told in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from evidence.outgoing import FORMS, KINDS, SIGNED
from office import Actor
from ui import cache, state
from ui.jobs.job import Job
from ui.jobs.panel import job_panel, plain
from ui.proof import desk
from ui.proof.desk import FORM, KIND, KNOWN, REASON, RECIPIENT, SIGN, STAMP, UNTIL
from ui.proof.outbox import LASTS, Outbox
from ui.proof.routes import FILES
from ui.proof.sheets import looked, mode_choice, show_lacks
from ui.proof.tasks import MAKE
from ui.settings import at
from ui.texts import Texts


def show_leave(who: Actor, words: Texts) -> None:
    """The form to the left; what is missing and what was made to the right."""
    desk.order(who)
    left, right = st.columns([52, 48], gap="medium")
    with left:
        _what(who, words)
        _why(words)
    with right:
        report = looked(who, words)
        needs_word = False
        if report is not None:
            show_lacks(report["lacks"], words)
            needs_word = bool(report["lacks"]) and desk.mode(who) == desk.FULL
            if needs_word:
                st.checkbox(words("evidence.known"), key=KNOWN)
            _under(report["means"], words)
        _button(who, words, ready=report is not None, needs_word=needs_word)
        _made(words)


def _what(who: Actor, words: Texts) -> None:
    state.offer(KIND, KINDS, "bundle")
    st.pills(words("evidence.kind"), KINDS, key=KIND, required=True,
             format_func=lambda one: words(f"evidence.kinds.{one}"))  # fmt: skip
    st.html(f'<p class="y-quiet">{escape(words(f"evidence.kind_hint.{state.recall(KIND)}"))}</p>')
    forms = FORMS.get(str(state.recall(KIND)), ())
    if forms:
        state.offer(FORM, forms, forms[0])
        st.selectbox(words("evidence.form"), forms, key=FORM,
                     format_func=lambda one: words.word("evidence.forms", one))  # fmt: skip
    mode_choice(who, words)
    st.html(f'<p class="y-quiet">{escape(words(f"evidence.mode_hint.{desk.mode(who)}"))}</p>')


def _under(means: Mapping[str, Any], words: Texts) -> None:
    """Signature and time stamp where they can be had; where not, that there will be none."""
    kind, lines = str(state.recall(KIND)), list(means["problems"])
    if kind == "bundle":
        lines.append(
            words("evidence.means.key", public=means["key"])
            if means["key"]
            else words("evidence.means.no_key")
        )
        if means["stamp"]:
            st.checkbox(words("evidence.means.stamp", url=plain(means["stamp"])), key=STAMP)
        else:
            lines.append(words("evidence.means.no_stamp"))
    elif kind in SIGNED:
        if means["certificate"]:
            st.checkbox(
                words("evidence.means.sign", who=plain(means["certificate"]), until=means["until"]),
                key=SIGN,
            )
        else:
            lines.append(words("evidence.means.no_sign"))
    st.html(
        "".join(f'<p class="y-quiet ev-means">{escape(line)}</p>' for line in lines)
        or "<span></span>"
    )


def _why(words: Texts) -> None:
    st.text_input(words("evidence.reason"), key=REASON, max_chars=300)
    st.text_input(words("evidence.recipient"), key=RECIPIENT, max_chars=200)
    one, two, three = st.columns(3)
    one.date_input(words("evidence.until"), key=UNTIL, value=None, format="YYYY-MM-DD", min_value=date(2000, 1, 1),
                   max_value=date(2100, 1, 1))  # fmt: skip
    two.text_input(words("evidence.second"), key=desk.SECOND, max_chars=80)
    three.text_input(words("evidence.reviewer"), key=desk.REVIEWER, max_chars=80)


def _button(who: Actor, words: Texts, *, ready: bool, needs_word: bool) -> None:
    told = all(str(state.recall(key) or "").strip() for key in (REASON, RECIPIENT))
    held_back = needs_word and not state.recall(KNOWN)
    running = cache.jobs().get(state.recall(desk.JOB))
    st.button(words("evidence.make", n=len(desk.chosen())), key="e_make", type="primary", width="stretch",
              disabled=not (ready and told) or held_back or (running is not None and running.active),
              on_click=_ask, args=(who,))  # fmt: skip
    if not told:
        st.caption(words("evidence.need_reason"))
    elif held_back:
        st.caption(words("evidence.need_known"))


def _ask(who: Actor) -> None:
    until = state.recall(UNTIL)
    kind = str(state.recall(KIND))
    state.keep(desk.JOB, cache.jobs().ask({
        **desk.order(who), "task": MAKE, "box": Outbox.new(), "kind": kind,
        "form": str(state.recall(FORM)) if kind in FORMS else "", "incomplete": bool(state.recall(KNOWN)),
        "stamp": kind == "bundle" and bool(state.recall(STAMP)), "sign": kind in SIGNED and bool(state.recall(SIGN)),
        "reason": str(state.recall(REASON)), "recipient": str(state.recall(RECIPIENT)),
        "until": until.isoformat() if until else None,
    }))  # fmt: skip


def _made(words: Texts) -> None:
    job = cache.jobs().get(state.recall(desk.JOB))
    if job is not None:
        title = words(f"evidence.kinds.{(job.task or {}).get('kind')}")
        job_panel(job.id, title, words, key="e_job", close=_close,
                  result=lambda done: _files(done, words))  # fmt: skip


def _files(job: Job, words: Texts) -> None:
    if not job.report or not job.report.get("files"):
        return
    box = str((job.task or {}).get("box", ""))
    rows = "".join(_line(one, box) for one in job.report["files"])
    st.html(f'<ul class="ev-files">{rows}</ul>'
            f'<p class="y-quiet">{escape(words("evidence.lasts", n=int(LASTS.total_seconds() // 3600)))}</p>')  # fmt: skip


def _line(one: Mapping[str, Any], box: str) -> str:
    address = escape(at(f"{FILES}/{box}/{one['name']}"), quote=True)
    return (f'<li><a href="{address}" target="_self" download>⬇ {escape(one["name"])}</a>'
            f'<span class="y-quiet">{one["bytes"] / 1e6:,.2f} MB</span></li>')  # fmt: skip


def _close() -> None:
    state.keep(desk.JOB, None)
