"""A file from another office: looked at first, then taken in, refused, answered or settled."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from leads.exchange.listing import STATES
from leads.exchange.looking import KINDS, PACKAGES
from leads.exchange.offices import Offices
from office import Actor
from ui import state
from ui.between import desk
from ui.between.arriving import PATH
from ui.between.tasks import LOOK, TAKE
from ui.between.told import file_html, verdicts_html
from ui.docket.names import check_title, state_word
from ui.drop import drop_zone
from ui.jobs.job import Job
from ui.jobs.panel import job_panel
from ui.texts import Texts

SHOWN = 200
Told = Mapping[str, Any]


def show_receive(who: Actor, offices: Offices, words: Texts) -> None:  # noqa: ARG001 - as the other views
    """The place to drop it to the left; what it holds and what came of it to the right."""
    left, right = st.columns([40, 60], gap="medium")
    with left:
        drop_zone(words, key=desk.DROP, title=words("exchange.drop"), hint=words("exchange.drop_hint"), address=PATH,
                  on_came=lambda: _came(who))  # fmt: skip
        st.html(f'<p class="y-quiet">{escape(words("exchange.drop_note"))}</p>')
        _invented(words)
    with right:
        done, looked = desk.job(desk.DONE), desk.job(desk.CAME)
        if done is not None:
            job_panel(done.id, words("exchange.working"), words, key="b_done", close=lambda: desk.close(desk.DONE),
                      result=lambda job: _result(job, words))  # fmt: skip
        if looked is not None and looked.state == "done" and looked.report:
            if done is None or done.state not in ("done", "queued", "running"):
                _decide(looked, who, words)
        elif looked is not None:
            job_panel(looked.id, words("exchange.looking"), words, key="b_look", again=False,
                      close=lambda: desk.close(desk.CAME))  # fmt: skip


def _invented(words: Texts) -> None:
    """The package that an invented office sent to a generated county."""
    file = desk.ready()
    if file is not None:
        st.download_button(words("exchange.invented_came"), file.read_bytes(), file_name=file.name, key="b_invented_came",
                           icon=":material/download:", on_click="ignore", help=words("exchange.invented_came_help"))  # fmt: skip


def _came(who: Actor) -> None:
    one = desk.came(desk.DROP)
    if one is not None:
        desk.close(desk.DONE)
        state.keep(desk.REFUSAL, "")
        desk.ask(desk.CAME, who, LOOK, file=one[0], name=one[1])


def _decide(job: Job, who: Actor, words: Texts) -> None:
    """What the file holds, and the buttons."""
    report: Told = job.report or {}
    st.html(came_html(report, words))
    order = {"file": (job.task or {})["file"], "kind": report["kind"]}
    held = not all(one["may"] for one in report["rows"])
    if held:
        st.html(f'<p class="y-note y-warn">{escape(words("exchange.may_not"))}</p>')
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(words(f"exchange.do.{report['kind']}"), key="b_take", type="primary", disabled=held,
                  on_click=desk.ask, args=(desk.DONE, who, TAKE), kwargs={**order, "refusal": ""})  # fmt: skip
    if report["kind"] == PACKAGES:
        with st.expander(words("exchange.refuse")):
            st.text_input(words("exchange.why_refuse"), key=desk.REFUSAL, max_chars=4000)
            why = str(state.recall(desk.REFUSAL) or "").strip()
            st.button(words("exchange.refuse"), key="b_refuse", disabled=held or not why, on_click=desk.ask,
                      args=(desk.DONE, who, TAKE), kwargs={**order, "refusal": why})  # fmt: skip


def _result(job: Job, words: Texts) -> None:
    if job.report and job.report.get("rows"):
        note = "exchange.carry_back"
        st.html(verdicts_html(job.report, words) + file_html(job, words, note))


def came_html(report: Told, words: Texts) -> str:
    """Who sent it, and what is in it."""
    kind, rows = str(report["kind"]), report["rows"]
    head = f"{KINDS[kind].of(words.lang)} · {report['words'][words.lang]} · {words('exchange.items', n=len(rows))}"
    lines = "".join(_line(one, words) for one in rows[:SHOWN])
    more = (
        f'<p class="y-quiet">{escape(words("exchange.more", n=len(rows) - SHOWN))}</p>'
        if len(rows) > SHOWN
        else ""
    )
    return (f'<section class="bt-came" role="status"><h3>{escape(head)}</h3>'
            f'<ul>{lines}</ul>{more}</section>')  # fmt: skip


def _line(one: Told, words: Texts) -> str:
    """One package: which lead, why, what will become of it here."""
    title = (
        " · ".join(str(part) for part in (one.get("their_number"), one["name"]) if part)
        or one["transfer"][:16]
    )
    told = [check_title(one["check"], words), state_word(one["their_state"], words), one.get("address")] if "check" in one else []  # fmt: skip
    told += [words("exchange.case", title=one["case"])] if one.get("case") else []
    told += [words("exchange.files", n=len(one["attachments"]))] if one.get("attachments") else []
    if one.get("verdict"):
        told.append(STATES[one["verdict"]].of(words.lang))
    told += (
        [words("exchange.here", number=one.get("here") or one["number"])]
        if one.get("here") or one["number"]
        else []
    )
    marks = ""
    if one["state"]:
        marks += f' <span class="y-tag">{escape(words("exchange.before", state=STATES[one["state"]].of(words.lang)))}</span>'
    if one.get("why_not"):
        zh, _, en = one["why_not"].partition("· ")
        marks += f' <span class="y-tag y-unverified">{escape(words("exchange.goes_back", why=(en if words.lang == "en" else zh).strip()))}</span>'
    why = (
        f'<br><span class="y-quiet">{escape(words("exchange.reason_given", why=one["reason"]))}</span>'
        if one["reason"]
        else ""
    )
    said = escape(" · ".join(str(part) for part in told if part))
    return f"<li><b>{escape(title)}</b>{marks}<br><span>{said}</span>{why}</li>"
