"""What follows a take-in: does the scene lie right, what can be found in it, who collected it and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from math import hypot
from typing import Any

import streamlit as st

from evidence.collection import Field, collection_of, form, record_fields
from imagery.detectors import catalogue
from imagery.store import Store
from layers.errors import YichaError
from layers.problems import in_language, sentence
from office import Actor
from office.policy import may
from office.shell_words import utc_text
from ui import cache, state
from ui.confirm import desk as confirm
from ui.confirm.ask import WHOLE
from ui.confirm.fits import Fit, fits
from ui.confirm.search import task_of
from ui.docket.names import capital
from ui.header import CONFIRM
from ui.jobs.job import Job
from ui.person import person
from ui.refused import must, refusal_told
from ui.scenes import position
from ui.scenes.holdings import SceneRow
from ui.texts import Texts
from ui.workplace import Workplace, layer_folder

MOST = 40
"""Scenes of one take-in whose records are filled in together."""
_SCENE, _WHY, _TOLD = "after_scene", "after_why", "after_told"
_UNFIT = "after_unfit"


def after(place: Workplace, scenes: Sequence[str], who: Actor | None, words: Texts) -> None:
    """Draw it for the scenes a take-in made."""
    held = cache.holdings()
    rows = {one: row for one in scenes if held is not None and (row := held.by_id(one)) is not None}
    if held is None or not rows or who is None:
        return
    with st.container(key="after"):
        st.html(f'<h3 class="y-part">{escape(words("upload.after"))}</h3>')
        drawn = [one for one, row in rows.items() if row.drawn]
        if drawn:
            chosen = drawn[0] if len(drawn) == 1 else st.selectbox(
                words("upload.after_scene"), drawn, key=_SCENE, format_func=lambda one: rows[one].title)  # fmt: skip
            _lies(place, rows[str(chosen)], who, words)
            _search(rows[str(chosen)], who, words)
        else:
            st.html(f'<p class="y-quiet">{escape(words("upload.after_unplaced"))}</p>')
        _record(held.store, list(rows)[:MOST], who, words)


def _lies(place: Workplace, row: SceneRow, who: Actor, words: Texts) -> None:
    """The check against the base: measured in the worker, taken by a person."""
    job = _measured(row.id)
    if job is None or (job.state in ("failed", "stopped")):
        st.button(words("upload.check_base"), key=f"base:{row.id}", on_click=_ask, width="stretch",
                  args=(position.task_of(row.id, layer_folder(place.folder), actor=who.name),))  # fmt: skip
        if job is not None and job.problem:
            st.warning("  \n".join(in_language(job.problem, job.remedy, words.lang)))
    elif job.active:
        _wait(job.id, words)
    else:
        _shift(job, job.report or {}, who, words)


def _measured(scene: str) -> Job | None:
    """The last check of this scene."""
    jobs = cache.jobs().recent(50, position.TASK)
    return next((job for job in jobs if (job.task or {}).get("scene") == scene), None)


def _ask(task: dict[str, Any]) -> None:
    """A callback: a click is not lost while the page is drawn anew."""
    try:
        must("scene.upload")
        cache.jobs().ask(task)
    except YichaError as error:
        refusal_told(error)
        state.keep(_TOLD, sentence(error, state.language()))


@st.fragment(run_every=1.0)
def _wait(job_id: str, words: Texts) -> None:
    job = cache.jobs().get(job_id)
    if job is None or not job.active:
        st.rerun()
    st.html(f'<p class="y-quiet" role="status">{escape(words("upload.checking_base"))}</p>')


def _shift(job: Job, found: Mapping[str, Any], who: Actor, words: Texts) -> None:
    """How far off, how sure; a button that moves the scene and writes down who decided it."""
    lang = words.lang
    if found.get("moved"):
        st.success(words("upload.base_moved", east=f"{found['east_m']:+.1f}", north=f"{found['north_m']:+.1f}", why=found["why"]))  # fmt: skip
        return
    if not found.get("found"):
        st.warning(words("upload.base_unknown", why=found.get(f"why_{lang}", "")))
        return
    away, u_m = hypot(found["east_m"], found["north_m"]), found["u_m"]
    figures = {"m": f"{away:.1f}", "east": f"{found['east_m']:+.1f}", "north": f"{found['north_m']:+.1f}", "u": f"{u_m:.1f}"}  # fmt: skip
    st.html(f'<p class="y-note" role="status">{escape(words("upload.base_shift", **figures))} '
            f'{escape(found["hint"].get(f"text_{lang}") or "")}</p>')  # fmt: skip
    why = st.text_input(words("upload.base_why"), key=_WHY)
    st.button(words("upload.base_take"), key=f"take:{job.id}", disabled=not (why or "").strip(), on_click=_ask,
              args=(position.move_of(job.task or {}, found, (why or "").strip(), actor=who.name),))  # fmt: skip


def _search(row: SceneRow, who: Actor, words: Texts) -> None:
    """Look for candidates now: the detector that fits best; another one is chosen on the page of candidates."""
    if not may(who, "scene.judge"):
        return
    st.button(words("upload.search"), key=f"search:{row.id}", type="primary", width="stretch",
              on_click=state.wish, args=("search", row.id))  # fmt: skip
    st.caption(words("upload.search_note"))
    if state.recall(_UNFIT) == row.id:
        st.warning(words("upload.search_none"))


def search_wished(words: Texts) -> None:
    """Start the search that a click asked for and go to its page; called before anything is drawn."""
    asked, held, who = state.wished("search"), cache.holdings(), person()
    if (
        not asked
        or held is None
        or who is None
        or not may(who, "scene.judge")
        or (row := held.by_id(asked[0])) is None
    ):
        return
    earlier = held.earlier(row)
    before = earlier[0].id if earlier else None
    fit = _best(row, before, words)
    state.granted()
    if fit is None:
        state.keep(_UNFIT, row.id)
        return
    uses = fit.entry.detector.needs.reference != "no"
    confirm.follow(cache.jobs().ask(task_of(fit.name, row.id, before if uses else None, row.outline, actor=who.name)))  # fmt: skip
    state.go(CONFIRM)


def _best(row: SceneRow, before: str | None, words: Texts) -> Fit | None:
    shots = cache.shot(row.id), None if before is None else cache.shot(before)
    found = fits(catalogue(), shots, row.outline, WHOLE, words)
    return next((one for one in found if not one.why_not), None)


def _record(store: Store, scenes: list[str], who: Actor, words: Texts) -> None:
    """The collection record: what intake knows, what a person still has to say; once for all scenes."""
    db = cache.lead_store()
    records = [collection_of(db, store, one) for one in scenes]
    blank = {one.name: one for record in records for one in record.blank}
    title = words("upload.record", n=len(blank)) if blank else words("upload.record_full")
    with st.expander(title, expanded=False):
        known = records[0].values
        lines = "".join(f"<li><b>{escape(one.words.of(words.lang))}</b> {escape(known[one.name])}</li>"
                        for one in form().values() if one.name in known)  # fmt: skip
        st.html(f'<details><summary>{escape(words("upload.record_known", n=len(known)))}</summary><ul class="y-known">{lines}</ul></details>')  # fmt: skip
        if not may(who, "evidence.record"):
            st.caption(words("upload.record_right"))
            return
        open_fields = [one for one in form().values() if not one.fixed and (one.name in blank or one.name not in known)]  # fmt: skip
        _fields(open_fields, scenes, store, who, words)


def _fields(fields: Sequence[Field], scenes: list[str], store: Store, who: Actor, words: Texts) -> None:  # fmt: skip
    keys = {one.name: f"rec:{scenes[0]}:{one.name}" for one in fields}
    with st.form(f"record:{scenes[0]}", border=False):
        st.caption(words("upload.record_note", n=len(scenes)))
        for number, side in enumerate(st.columns(2, gap="medium")):
            for one in fields[number::2]:
                hint = None if one.kind == "text" else words(f"upload.record_{one.kind}")
                side.text_input(_label(one, words), key=keys[one.name], placeholder=hint)
        if said := state.recall(_TOLD):
            st.warning(said)
        st.form_submit_button(words("upload.record_keep"), type="primary", width="stretch",
                              on_click=_keep, args=(store, scenes, keys, who, words))  # fmt: skip


def _keep(
    store: Store, scenes: list[str], keys: Mapping[str, str], who: Actor, words: Texts
) -> None:
    """Write what was entered, all or nothing; what is wrong is told with the field's own name.

    A callback, for a click read where its button is drawn is lost with a run that is cut short.
    """
    told = {name: str(state.recall(key) or "") for name, key in keys.items()}
    values = {name: text for name, text in told.items() if text.strip()}
    try:
        if values:
            record_fields(cache.lead_store(), store, scenes, values, actor=who, at=utc_text(datetime.now(UTC)))  # fmt: skip
        state.keep(_TOLD, "")
    except YichaError as error:
        refusal_told(error)
        field = form().get(str(error.field))
        name = field.words.of(words.lang) if field else ""
        state.keep(_TOLD, f"{name}: {sentence(error, words.lang)}")


def _label(field: Field, words: Texts) -> str:
    return f"{capital(field.words.of(words.lang))}{' *' if field.mandatory else ''}"
