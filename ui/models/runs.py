"""Kept runs: the list, one of them opened, its findings with the way to the map, taken into the leads."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st

from checks import VERDICTS, KeptRun
from office import Actor
from office.policy import may_somewhere
from ui import cache, state
from ui.docket.names import day_of
from ui.empty import say_empty
from ui.jobs.panel import job_panel
from ui.map import ground
from ui.models import desk, held
from ui.models.tasks import TAKE, actor_told
from ui.settings import at
from ui.texts import Texts
from ui.words import GLYPHS

MOST = 300
"""Rows of a run that are shown; the file has them all."""
_PICK = "m_run_pick"


def runs_of(check: str | None = None) -> list[KeptRun]:
    """The kept runs (of one model), the newest first."""
    return [run for run in held.kept_runs() if check is None or check in run.checks]


def run_title(run: KeptRun, words: Texts) -> str:
    """A run in a line: day, area, rules, findings, when and by whom."""
    packs = cache.packs()
    rules = (
        packs[run.rules].title.of(words.lang)
        if run.rules in packs
        else run.rules or words("app.no_rules")
    )
    found = words("models.found", n=run.count("inside"), m=run.count("borderline"))
    made = day_of(run.at)
    return " · ".join((words("models.as_of", day=run.on_date), run.area_name or words("models.whole"), rules, found,
                       f"{made} {run.actor}".strip()))  # fmt: skip


def show_runs(who: Actor, check: str, words: Texts) -> None:
    """The runs of a model, one of them opened."""
    found = runs_of(check)
    st.html(f'<h3 class="mo-part">{escape(words("models.kept"))}</h3>')
    if not found:
        say_empty(words("models.no_runs"), words("models.no_runs_hint"), small=True)
        return
    ids = [run.id for run in found]
    state.offer(desk.RUN_SHOWN, ids, ids[0])
    by_id = {run.id: run for run in found}
    if state.recall(_PICK) != state.recall(
        desk.RUN_SHOWN
    ):  # a run just made, or one of the address
        state.keep(_PICK, state.recall(desk.RUN_SHOWN))
    chosen = st.selectbox(words("models.kept"), ids, key=_PICK,
                          format_func=lambda one: run_title(by_id[one], words), label_visibility="collapsed",
                          on_change=_take)  # fmt: skip
    _one(by_id[chosen or ids[0]], who, check, words)


def _take() -> None:
    desk.show_run(state.recall(_PICK))


def _one(run: KeptRun, who: Actor, check: str, words: Texts) -> None:
    counts = run.counts.get(check, {})
    pills = " ".join(f'<span class="y-tag mo-{name}">{GLYPHS[name]} {escape(words(f"verdict.{name}"))} {counts.get(name, 0)}</span>'
                     for name in VERDICTS if name != "outside")  # fmt: skip
    if check in run.silent:
        pills += f' <span class="y-tag y-unverified">{escape(words("models.silent"))}</span>'
    st.html(f'<p class="mo-pills">{pills}</p>')
    rows = held.run_rows(run.id, check, MOST)
    total = sum(counts.get(name, 0) for name in VERDICTS if name != "outside")
    if not rows:
        say_empty(words("models.no_findings"), words("models.no_findings_hint"), small=True)
    else:
        st.html(rows_html(check, rows, (run.on_date, run.rules), words))
        if total > len(rows):
            st.caption(words("models.more_rows", n=len(rows), total=total))
    _hashes(run, words)
    _ingest(run, who, words)


def map_link(check: str, subject: str, on_date: str, rules: str | None, words: Texts) -> str:
    """The address of a finding on the map, judged by that day and those rules."""
    query = {"finding": f"{check}:{subject}", "check": check, ground.DAY: on_date,
             ground.RULES: rules or state.ALL, "lang": words.lang}  # fmt: skip
    return f"{at('/')}?{urlencode(query)}"


def rows_html(
    check: str, rows: Sequence[tuple[str, str, str]], judged: tuple[str, str | None], words: Texts
) -> str:
    """Findings (subject's id, name, verdict or nothing) as a table, each with the way to the map of that
    day and those rules (`judged`).
    """
    lines = "".join(
        f'<tr><td>{_verdict(verdict, words)}</td>'
        f'<td>{escape(name or subject)}</td><td><a href="{escape(map_link(check, subject, *judged, words))}" target="_self">'
        f'{escape(words("models.on_map"))}</a></td></tr>' for subject, name, verdict in rows
    )  # fmt: skip
    return f'<div class="y-scroll mo-rows"><table class="y-table y-plain"><tbody>{lines}</tbody></table></div>'


def _verdict(verdict: str, words: Texts) -> str:
    if not verdict:
        return ""
    return f'<span class="mo-{verdict}">{GLYPHS[verdict]}</span> {escape(words.word("verdict", verdict))}'


def _hashes(run: KeptRun, words: Texts) -> None:
    with st.expander(words("models.hashes")):
        lines = [("findings.geojson", run.findings_sha256), (words("models.rules"), run.rules_sha256 or "—"),
                 *run.layers.items()]  # fmt: skip
        body = "".join(
            f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in lines
        )
        st.html(
            f'<div class="y-card"><dl>{body}</dl><p class="y-quiet">{escape(words("models.run_id", id=run.id, version=run.version))}</p></div>'
        )


def _ingest(run: KeptRun, who: Actor, words: Texts) -> None:
    """Into the leads, for who may; what came of it."""
    if not may_somewhere(who, "lead.ingest"):
        return
    st.button(
        words("models.take"),
        key="mo_take",
        on_click=state.wish,
        args=(TAKE, run.id),
        help=words("models.take_help"),
    )
    asked = state.wished(TAKE)
    if asked is not None:
        state.granted()
        job = cache.jobs().ask(
            {"task": TAKE, "run": asked[0], "address": cache.store_address(), **actor_told(who)}
        )
        desk.follow(desk.JOB_TAKE, job)
        st.rerun()
    job_panel(state.recall(desk.JOB_TAKE), words("models.take"), words, key="mo_taken",
              close=lambda: desk.follow(desk.JOB_TAKE, None), result=lambda job: _taken(job.report or {}, words))  # fmt: skip


def _taken(report: dict[str, object], words: Texts) -> None:
    counts = report.get("counts")
    if not isinstance(counts, dict):
        return
    told = {name: int(counts.get(name, 0)) for name in ("new", "changed", "vanished")}
    st.html(f'<p class="y-note" role="status">{escape(words("models.taken", **told))}</p>')
