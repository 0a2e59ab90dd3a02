"""The page of uploads: files come in, a person says what they are, an ingest takes them in."""

from __future__ import annotations

from typing import Any

import streamlit as st

from layers.problems import in_language
from office import Actor
from ui import cache, mapping, state
from ui.assets import text_of
from ui.docket.names import day_of
from ui.frame import framed
from ui.header import SCENES
from ui.jobs.sight import in_sight
from ui.jobs.table import Job, Order
from ui.scenes import report as account
from ui.scenes.after import after, search_wished
from ui.scenes.form import statement
from ui.settings import base
from ui.texts import Texts, texts
from ui.workplace import Workplace

ROWS, RECENT = 60, 8
"""Files of a report shown with a button each; take-ins listed."""
_HTML = """<div class="upload">
<div class="zone"><p class="title"></p><p class="hint"></p>
<button class="choose" type="button"></button> <button class="choose-folder" type="button"></button>
<input class="pick-files" type="file" multiple tabindex="-1" aria-hidden="true">
<input class="pick-folder" type="file" webkitdirectory tabindex="-1" aria-hidden="true"></div>
<div class="sum"><span class="total" role="status"></span><button class="hold" type="button" hidden></button></div>
<progress class="whole" hidden></progress>
<div class="files" role="list"></div><div class="more"></div></div>"""

_zone = st.components.v2.component(
    "yicha_upload",
    html=_HTML,
    css=text_of("upload.css"),
    js=text_of("pieces.js", "upload.js"),
)


def show() -> None:
    """Draw the page."""
    framed(_page, "report.css", arrive=_on)


def _on() -> None:
    """On to another page, where somebody wished for it."""
    asked = state.wished("show")
    if asked:
        state.show_scene(asked[0])
        state.go(SCENES, scene=asked[0])
    search_wished(texts(state.language()))


def _page(place: Workplace, who: Actor, words: Texts) -> None:
    state.tell_job()
    with st.container(key="upload"):
        if place.generated:
            st.html(f'<p class="y-note">{words("upload.demo", place=place.name(words.lang))}</p>')
        top = st.container(key="job_place")
        left, right = st.columns([58, 42], gap="medium")
        with left:
            ready, coming = _drop_zone(words)
        with right, st.container(key="about"):
            order = statement(_longitude(place), words)
            _take_in(ready, order, who, words, coming=coming)
        with top:
            _job(place, order, who, words)
        _recent(who, words)


def _drop_zone(words: Texts) -> tuple[list[tuple[str, int]], bool]:
    """Where files are dropped; returns id and bytes of those that are here, and whether more come."""
    said = {key.removeprefix("drop."): text for key, text in words.entries.items()
            if key.startswith("drop.")}  # fmt: skip
    known = getattr(state.recall(state.DROP), "ready", None) or {"files": [], "coming": False}
    data = {"words": said, "lang": words.lang, "taken": state.job(), "known": known, "base": base()}
    answer = _zone(key=state.DROP, data=data, default={"ready": {}}, on_ready_change=_nothing)
    told: Any = answer.get("ready") or {}
    return [(str(one[0]), int(one[1])) for one in told.get("files", ())], bool(told.get("coming"))


def _nothing() -> None:
    """A change of the state draws the page again; nothing else is to be done."""


def _longitude(place: Workplace) -> float | None:
    bounds = mapping.extent(place.layers)
    return None if bounds is None else (bounds[0] + bounds[2]) / 2


def _take_in(
    ready: list[tuple[str, int]], order: Order, who: Actor, words: Texts, *, coming: bool
) -> None:
    size = sum(one[1] for one in ready) / 1e6
    label = words("upload.take_in", n=len(ready), size=f"{size:,.1f}") if ready else words("upload.take_in_none")  # fmt: skip
    # The drop zone may ask for a new run while one is under way: a click that is only read where
    # its button is drawn would be lost with the run that is cut short, a wish is kept. What comes
    # and goes stands below: a button that moves under the pointer misses the click as well.
    st.button(label, key="take_in", type="primary", disabled=not ready, width="stretch",
              on_click=state.wish, args=("take_in",))  # fmt: skip
    if ready and coming:
        st.caption(words("upload.still_coming"))
    if not (order.collector and order.second):
        st.caption(words("upload.two_people"))
    if state.wished("take_in") is not None:
        state.granted()
        job = cache.jobs().start(cache.incoming(), [one[0] for one in ready], order, actor=who.name)
        if job is not None:
            state.follow(job)
        st.rerun()


def _job(place: Workplace, order: Order, who: Actor, words: Texts) -> None:
    """The take-in this tab looks at: how far it is, or how it went."""
    again = state.wished("go_on")
    if again:
        state.granted()
        cache.jobs().again(again[0], order)
    job = in_sight(cache.jobs().get(state.job()), who)
    if job is None:
        return
    with st.container(key="job", border=True):
        if job.active:
            _watch(job.id, words)
        else:
            _outcome(job, place, who, words)


@st.fragment(run_every=1.0)
def _watch(job_id: str, words: Texts) -> None:
    """How far it is, told anew every second until it ends."""
    jobs = cache.jobs()
    job = jobs.get(job_id)
    if job is None or not job.active:
        st.rerun()
    ahead = jobs.before(job_id)
    said = words("upload.queued", n=ahead) if job.state == "queued" and ahead else words.word("upload.state", job.state)  # fmt: skip
    st.html(f'<h3 class="y-part" role="status">{said}</h3>')
    share = min(job.done / job.total, 1.0) if job.total else 0.0
    text = words("upload.progress", done=f"{job.done / 1e6:,.0f}", total=f"{job.total / 1e6:,.0f}", name=_plain(job.name))  # fmt: skip
    st.progress(share, text if job.total else words("upload.preparing"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(words("upload.close_tab"), width="stretch")
        st.button(words("upload.stop"), on_click=jobs.cancel, args=(job_id,), disabled=job.state == "stopping")  # fmt: skip


def _plain(name: str) -> str:
    """A file's name that means nothing in Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|<>~$:" else c for c in name)


def _outcome(job: Job, place: Workplace, who: Actor, words: Texts) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<h3 class="y-part">{words("upload.ended", state=words.word("upload.state", job.state), at=_when(job))}</h3>', width="stretch")  # fmt: skip
        if not job.active and cache.jobs().can_go_on(job.id):
            st.button(words("upload.go_on"), on_click=state.wish, args=("go_on", job.id),
                      help=words("upload.go_on_help"))  # fmt: skip
            st.button(words("upload.throw"), on_click=cache.jobs().forget, args=(job.id,), help=words("upload.throw_help"))  # fmt: skip
        st.button(words("upload.close"), on_click=state.follow, args=(None,))
    if job.report is None:
        st.warning(
            "  \n".join(in_language(job.problem or words("upload.crashed"), job.remedy, words.lang))
        )
        return
    _report(job, job.report, words)
    after(place, account.made(job.report), who, words)


def _report(job: Job, report: dict[str, Any], words: Texts) -> None:
    st.html(f'<p class="y-tally">{account.totals(report, words)}</p>')
    if job.order.why:
        st.text(f"{words('upload.why')}: {job.order.why}")
    rows = account.ordered(report)
    with st.container(key="rows"):
        for number, row in enumerate(rows[:ROWS]):
            with st.container(horizontal=True, vertical_alignment="top"):
                st.html(account.row_html(row, words), width="stretch")
                _show_button(row, f"show:{job.id}:{number}", words)
    if len(rows) > ROWS:
        with st.expander(words("upload.more_rows", n=len(rows) - ROWS)):
            st.html("".join(account.row_html(row, words) for row in rows[ROWS:]))
    st.html(account.aside_html(report, words) or "<span></span>")


def _show_button(row: account.Row, key: str, words: Texts) -> None:
    scenes = account.scenes_of(row)
    if scenes:
        st.button(words("upload.show"), key=key, on_click=state.wish, args=("show", scenes[0]))


def _recent(who: Actor, words: Texts) -> None:
    """One's earlier take-ins: their reports stay, whoever closed which tab."""
    mine = cache.jobs().recent(RECENT + 1, actor=who.name)
    jobs = [job for job in mine if job.id != state.job()][:RECENT]
    if not jobs:
        return
    st.html(f'<h3 class="y-part">{words("upload.recent")}</h3>')
    with st.container(key="recent", gap="small"):
        for job in jobs:
            said = account.totals(job.report, words) if job.report else words.word("upload.state", job.state)  # fmt: skip
            label = words("upload.one", when=_when(job), n=len(job.files), said=said)
            st.button(_plain(label), key=f"job:{job.id}", on_click=state.follow, args=(job.id,), width="stretch")  # fmt: skip


def _when(job: Job) -> str:
    return day_of(job.asked)
