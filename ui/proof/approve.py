"""A second person looks at what was covered, before and after, and approves it or returns it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from evidence.redaction.release import Standing, approve, may_judge, send_back, standings
from evidence.words import moment
from layers.errors import YichaError
from layers.problems import sentence
from office import Actor
from ui import cache, state
from ui.docket.desk import now
from ui.empty import say_empty
from ui.jobs.job import Job
from ui.jobs.panel import job_panel
from ui.models.tasks import actor_told
from ui.proof import desk
from ui.proof.cover import what_drawn
from ui.proof.outbox import Outbox
from ui.proof.routes import FILES
from ui.proof.tasks import COMPARE
from ui.settings import at
from ui.texts import Texts

SCENE, REASON = "e_wait", "e_back"
_JOB, _ASKED = "e_compared", "e_compared_for"


def count_waiting(who: Actor) -> int:
    """How many scenes wait for this person's word."""
    return sum(may_judge(one, who) for one in standings(cache.lead_store(), actor=who))


def show_approve(who: Actor, words: Texts) -> None:
    """What waits; pictures of the one looked at to the left, what is said of it to the right."""
    waiting = {
        one.scene: one for one in standings(cache.lead_store(), actor=who) if one.state == "waiting"
    }
    if not waiting:
        say_empty(words("evidence.none_waiting"), words("evidence.none_waiting_hint"))
        return
    state.offer(SCENE, list(waiting), next(iter(waiting)))
    st.selectbox(words("evidence.waiting", n=len(waiting)), list(waiting), key=SCENE,
                 format_func=lambda one: _name(waiting[one]))  # fmt: skip
    one = waiting[str(state.recall(SCENE))]
    left, right = st.columns([64, 36], gap="medium")
    with left:
        seen = _pictures(one, who, words)
    with right:
        _told(one, words)
        _decide(one, who, words, seen=seen)


def _name(one: Standing) -> str:
    last = one.waiting[-1]
    return f"{one.scene} · {'、'.join(one.drawers)} · {moment(last.at)}"


def _told(one: Standing, words: Texts) -> None:
    rows = "".join(f"<tr><td>{escape(moment(part.at))}</td><td>{escape(part.actor)}</td><td>{escape(what_drawn(part, words))}</td></tr>"
                   for part in one.waiting)  # fmt: skip
    st.html(
        f'<table class="y-table y-plain ev-proof">{rows}</table><p class="y-quiet">{escape(words("evidence.approve_note"))}</p>'
    )


def _decide(one: Standing, who: Actor, words: Texts, *, seen: bool) -> None:
    """Nobody approves what they were not shown."""
    mine = not may_judge(one, who)
    if mine:
        st.html(f'<p class="y-note y-warn">{escape(words("evidence.drew_it"))}</p>')
    st.button(words("evidence.approve"), key="e_yes", type="primary", width="stretch", disabled=mine or not seen,
              on_click=_say, args=(one, True, who, words))  # fmt: skip
    st.text_input(words("evidence.return_why"), key=REASON, max_chars=500, disabled=mine)
    st.button(words("evidence.return"), key="e_no", width="stretch", disabled=mine,
              on_click=_say, args=(one, False, who, words))  # fmt: skip


def _say(one: Standing, good: bool, who: Actor, words: Texts) -> None:
    db = cache.lead_store()
    try:
        if good:
            approve(db, one.scene, one.last, actor=who, at=now()[0])
        else:
            send_back(
                db, one.scene, one.last, str(state.recall(REASON) or ""), actor=who, at=now()[0]
            )
    except YichaError as error:
        desk.say(sentence(error, words.lang), good=False)
        return
    state.keep(REASON, "")
    desk.say(words("evidence.approved_said" if good else "evidence.returned_said"))
    desk.look_again()


def _pictures(one: Standing, who: Actor, words: Texts) -> bool:
    """Draw the pairs; whether they are there."""
    job = _compared(one, who)
    if job is None or job.state != "done" or not job.report:
        if job is not None:
            job_panel(job.id, words("evidence.comparing"), words, key="e_compare", close=_close)
        return False
    box = str((job.task or {}).get("box", ""))
    st.html("".join(_pair(pair, box, words) for pair in job.report["pairs"]))
    return True


def _compared(one: Standing, who: Actor) -> Job | None:
    """The pictures of the scene as it stands; asked for where there are none."""
    key = f"{one.scene} {one.last} {who.name}"
    if state.recall(_ASKED) != key:
        state.keep(_JOB, cache.jobs().ask({
            **actor_told(who), "address": cache.store_address(), "task": COMPARE, "box": Outbox.new(), "scene": one.scene,
        }))  # fmt: skip
        state.keep(_ASKED, key)
    return cache.jobs().get(state.recall(_JOB))


def _close() -> None:
    state.keep(_ASKED, None)


def _pair(pair: Mapping[str, Any], box: str, words: Texts) -> str:
    sides = "".join(
        f'<figure><img src="{at(f"{FILES}/{box}/{pair[side]}")}" alt="{escape(words(f"evidence.side.{side}"))}">'
        f"<figcaption>{escape(words(f'evidence.side.{side}'))}</figcaption></figure>" for side in ("before", "after"))  # fmt: skip
    areas = "；".join(
        f"{words('evidence.whys.' + one['why'])} · {words('evidence.hows.' + one['how'])}"
        for one in pair["areas"]
    )
    return f'<div class="ev-pair">{sides}<p class="y-quiet">{escape(areas or words("evidence.cover_nothing"))}</p></div>'
