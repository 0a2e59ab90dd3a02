"""Starting a detector: the scene, the earlier one, where to look, and which detectors fit."""

from __future__ import annotations

from datetime import datetime
from html import escape

import streamlit as st
from shapely.geometry.base import BaseGeometry

from imagery.detectors import catalogue
from imagery.detectors.waste import PER_KM2
from imagery.zones import WATER, polygons_within, shores_within, themes_within
from layers.errors import YichaError
from layers.problems import in_language, sentence
from layers.themes import theme
from office import Actor
from ui import cache, state
from ui.confirm import desk
from ui.confirm.fits import Fit, caveat_of, fits
from ui.confirm.search import TASK, task_of
from ui.jobs.table import Job
from ui.scenes.holdings import Holdings, SceneRow
from ui.scenes.words import day_of, kind_of, pixel_of
from ui.texts import Texts
from ui.workplace import Workplace

WHOLE, SHORES = "whole", "shores"
SHORE_M = 200.0
"""Strip along the water that is looked at: a place to look, no distance of any rule."""
PHOTO = "photo"


def ask_form(place: Workplace, held: Holdings, who: Actor, words: Texts) -> None:
    """Draw the form; a click on its button starts the search in the worker."""
    rows = {
        row.id: row for row in sorted(held.rows, key=lambda row: row.kind == PHOTO) if row.drawn
    }
    left, right = st.columns(2, gap="medium")
    with left:
        row = rows[st.selectbox(words("confirm.scene"), list(rows), key=desk.SCENE,
                                format_func=lambda key: _scene(rows[key], words))]  # fmt: skip
        before = _before(held, row, words)
        area, where = _area(place, row, words)
    with right:
        chosen = _detector(row, before, (area, where), words)
    if chosen is not None:
        _start(chosen, row, who, words, before=before, area=area)


def _scene(row: SceneRow, words: Texts) -> str:
    return f"{day_of(row, words)} · {kind_of(row, words)} · {pixel_of(row, words)} · {row.title}"


def _before(held: Holdings, row: SceneRow, words: Texts) -> str | None:
    """The earlier scene of the same ground, or none."""
    earlier = {other.id: other for other in held.earlier(row)}
    key = f"{desk.BEFORE}:{row.id}"
    choices = [state.ALL, *earlier]
    # What lies in a popover first appears when it is opened: only its default is known there.
    name = st.selectbox(words("confirm.before"), choices, key=key, index=min(1, len(earlier)),
                        format_func=lambda one: words("confirm.no_before") if one == state.ALL
                        else _scene(earlier[one], words))  # fmt: skip
    return None if name == state.ALL else str(name)


def _area(place: Workplace, row: SceneRow, words: Texts) -> tuple[BaseGeometry | None, str]:
    """Where to look: the whole scene, a strip along the water, or the polygons of a layer (a theme)."""
    assert row.outline is not None
    found = themes_within(place.layers, row.outline)
    choices = [WHOLE, *([SHORES] if WATER in place.layers else []), *found]

    def name(one: str) -> str:
        if one == WHOLE:
            return words("confirm.whole")
        if one == SHORES:
            return words("confirm.shores", metres=f"{SHORE_M:g}")
        about = theme(one)
        return f"{about.zh if words.lang == 'zh' else about.en[:1].upper() + about.en[1:]} ({found[one]})"

    chosen = st.selectbox(
        words("confirm.where"), choices, key=f"{desk.AREA}:{row.id}", format_func=name
    )
    area: BaseGeometry | None = row.outline
    try:
        if chosen == SHORES:
            area = shores_within(place.layers, row.outline, SHORE_M)
        elif chosen != WHOLE:
            area = polygons_within(place.layers, chosen, row.outline)
    except YichaError as error:
        st.warning(sentence(error, words.lang))
        area = None
    return area, chosen


def _detector(
    row: SceneRow, before: str | None, area: tuple[BaseGeometry | None, str], words: Texts
) -> Fit | None:
    """The detectors that fit, and below them the others with what is against each."""
    earlier = None if before is None else cache.shot(before)
    found = fits(catalogue(), (cache.shot(row.id), earlier), *area, words)
    good = {one.name: one for one in found if not one.why_not}
    name = None
    if good:
        name = st.radio(words("confirm.detector"), list(good), key=f"{desk.DETECTOR}:{'-'.join(good)}",
                        format_func=lambda one: good[one].title(words.lang))  # fmt: skip
        st.html(
            f'<p class="y-caveat">{escape(caveat_of(good[name].entry.detector, words.lang))}</p>'
        )
    else:
        st.html(f'<p class="y-note">{escape(words("confirm.none_fits"))}</p>')
    lines = "".join(f"<li><b>{escape(one.title(words.lang))}</b> — {escape(one.why_not)}</li>"
                    for one in found if one.why_not)  # fmt: skip
    st.html(
        f'<p class="y-quiet">{escape(words("confirm.unfitting"))}</p><ul class="y-unfit">{lines}</ul>'
    )
    return good[name] if name else None


def _start(
    fit: Fit,
    row: SceneRow,
    who: Actor,
    words: Texts,
    *,
    before: str | None,
    area: BaseGeometry | None,
) -> None:
    settings: dict[str, object] = {}
    if "sensitivity" in getattr(fit.entry.settings, "__dataclass_fields__", {}):
        settings["sensitivity"] = st.segmented_control(
            words("confirm.sensitivity"), list(PER_KM2), key=desk.SENSITIVITY, required=True, default="medium",
            format_func=lambda one: words("confirm.per_km2", name=words.word("confirm.sensitivities", one), n=f"{PER_KM2[one]:g}"),
        )  # fmt: skip
    st.button(
        words("confirm.start"), key="c_start", type="primary", on_click=state.wish, args=(TASK,)
    )
    if state.wished(TASK) is not None:
        state.granted()
        uses = fit.entry.detector.needs.reference != "no"
        job = cache.jobs().ask(task_of(fit.name, row.id, before if uses else None, area, actor=who.name, settings=settings))  # fmt: skip
        desk.follow(job)
        st.rerun()


def job_box(words: Texts) -> None:
    """The search this tab waits for: how far it is, or what came of it."""
    job = cache.jobs().get(desk.job())
    if job is None:
        return
    with st.container(key="search_job"):
        if job.active:
            _watch(job.id, words)
        else:
            _outcome(job, words)


@st.fragment(run_every=1.0)
def _watch(job_id: str, words: Texts) -> None:
    """How far it is, told anew every second until it ends."""
    jobs = cache.jobs()
    job = jobs.get(job_id)
    if job is None or not job.active:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        share = min(job.done / job.total, 1.0) if job.total else 0.0
        ahead = jobs.before(job_id)
        said = words("confirm.queued", n=ahead) if job.state == "queued" and ahead else words.word("confirm.job", job.state)  # fmt: skip
        st.progress(share, f"{said} · {_asked(job, words)} · {_since(job, words)}")
        st.button(words("upload.stop"), key="c_stop", on_click=jobs.cancel, args=(job_id,), disabled=job.state == "stopping")  # fmt: skip


def _outcome(job: Job, words: Texts) -> None:
    """How it ended; the run stays in the queue, and the job in the table, whoever closes this."""
    report = job.report or {}
    with st.container(horizontal=True, vertical_alignment="center"):
        if job.state == "done":
            said = words("confirm.found", n=report.get("candidates", 0))
        else:
            said = words.word("confirm.job", job.state)
        st.html(
            f'<p class="y-done" role="status"><b>{escape(said)}</b> · {escape(_asked(job, words))}</p>'
        )
        if report.get("candidates"):
            st.button(
                words("confirm.look"), key="c_look", on_click=desk.look_at, args=(report["run"],)
            )
        st.button(words("upload.close"), key="c_close", on_click=desk.follow, args=(None,))
        if job.problem or job.state == "failed":
            with st.popover(words("confirm.why_failed")):
                st.warning(
                    "  \n".join(
                        in_language(job.problem or words("confirm.crashed"), job.remedy, words.lang)
                    )
                )


def _asked(job: Job, words: Texts) -> str:
    entry = catalogue().get((job.task or {}).get("detector", ""))
    if entry is None:
        return ""
    return entry.detector.title_zh if words.lang == "zh" else entry.detector.title_en


def _since(job: Job, words: Texts) -> str:
    seconds = (datetime.now().astimezone() - datetime.fromisoformat(job.asked)).total_seconds()
    return words("drop.seconds", n=max(0, round(seconds)))
