"""Health: the program, its store and history, jobs and their logs, disks, clock, files for browsers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

import streamlit as st

from layers.problems import in_language
from office.health import Reading, health, worst
from office.health_advice import advice
from office.policy import may
from ui import cache, state
from ui.admin import desk
from ui.admin.condition import app_readings, folders
from ui.admin.desk import Ground, cell
from ui.jobs.job import Job
from ui.jobs.sight import HEALTH, all_in_sight
from ui.texts import Texts

_MARKS = {"good": "●", "look": "◆", "bad": "▲"}
_JOBS = 30
_LOG = "a_h_log"


def show_health(found: Ground) -> None:
    """Draw the view."""
    words, now = found.words, datetime.now().astimezone()
    jobs = cache.jobs()
    readings = (*health(found.db, actor=found.who, at=found.at, folders=folders(found.place.folder)),
                *app_readings(jobs.all(), jobs.limits, now))  # fmt: skip
    desk.title(words(f"admin.health.all_{worst(readings)}"))
    st.html(f'<div class="ad-cards">{"".join(_card(one, words) for one in readings)}</div>')
    st.html(f'<p class="y-quiet">{escape(words("admin.health.public"))}</p>')
    _jobs(all_in_sight(jobs.all(), found.who)[:_JOBS], found)


def _card(one: Reading, words: Texts) -> str:
    facts = _facts(one, words)
    said, name = words(f"admin.reading.{one.name}", **facts), words(f"admin.reading_name.{one.name}", **facts)  # fmt: skip
    told = advice(one, words.lang)
    todo = f'<p class="ad-todo">→ {escape(told)}</p>' if told else ""
    return (f'<div class="ad-card ad-{one.state}"><h3><span aria-hidden="true">{_MARKS[one.state]}</span> '
            f'{escape(name)} <small>{escape(words(f"admin.reading_state.{one.state}"))}</small></h3>'
            f"<p>{escape(said)}</p>{todo}</div>")  # fmt: skip


def _facts(one: Reading, words: Texts) -> Mapping[str, object]:
    """The facts as the texts take them: missing ones said, places named."""
    facts = {name: "—" if value is None else value for name, value in one.facts.items()}
    usual: dict[str, object] = dict.fromkeys(
        ("address", "kind", "form", "newest_form", "leads", "file", "files", "problem"), ""
    )
    if one.name in ("backup", "clock"):
        at = one.facts["at"]
        facts["at"] = desk.when(str(at)) if at else words("admin.backup.none")
        facts["file"] = one.facts.get("file") or ""
    if one.name == "assets":
        facts["installed"] = words(f"admin.reading_fact.{facts['installed']}")
    if one.name == "disk":
        facts["what"] = words.word("admin.disk", str(facts["what"]))
        facts["free"] = f"{int(str(facts['free_mb'])) / 1024:.1f} GB"
    if "problem" in facts:
        facts["problem"] = in_language(str(facts["problem"]), "", words.lang)[0]
    return {**usual, **facts}


def _share(job: Job) -> str:
    return "100%" if job.state == "done" else f"{job.share:.0%}" if job.total else "—"


def _jobs(every: list[Job], found: Ground) -> None:
    words = found.words
    desk.title(words("admin.health.jobs"))
    if not every:
        desk.empty(words("admin.health.no_jobs"))
        return
    rows = [(cell(words.word("admin.job", job.kind), job.id), cell(job.actor), cell(desk.when(job.asked)),
             cell(words(f"jobs.state.{job.state}")), cell(_share(job)))
            for job in every]  # fmt: skip
    desk.table(desk.heads(words, "health", "kind", "who", "asked", "how", "share"), rows)
    names = {job.id: f"{words.word('admin.job', job.kind)} · {job.id}" for job in every}
    state.offer(_LOG, list(names), every[0].id)
    st.selectbox(words("admin.health.log"), list(names), key=_LOG, format_func=names.__getitem__)
    if may(found.who, HEALTH):
        text = cache.jobs().log(str(state.recall(_LOG))).read(content=False)
        st.code(text or words("admin.health.no_log"), language=None, wrap_lines=True)
