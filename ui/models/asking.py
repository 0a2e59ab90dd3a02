"""Where, when and by which rules: shared by runs and by thinking; and the button that runs."""

from __future__ import annotations

import streamlit as st

from checks import catalogue, townships
from office import Actor
from ui import cache, state
from ui.jobs.panel import job_panel, plain
from ui.map import ground
from ui.models import desk
from ui.models.runs import show_runs
from ui.models.tasks import RUN
from ui.texts import Texts
from ui.workplace import Workplace


def ground_form(place: Workplace, words: Texts) -> None:
    """Area, day, rule pack."""
    towns = townships(place.layers)
    drawn = [desk.POLYGON] if state.recall(desk.DRAWN) else []
    names = {desk.WHOLE: words("models.whole"), desk.POLYGON: words("models.drawn"), **towns}
    desk.begin(desk.AREA, desk.WHOLE)
    state.offer(desk.AREA, [desk.WHOLE, *drawn, *towns], desk.WHOLE)
    packs = cache.packs()
    state.offer(desk.RULES, [state.ALL, *packs], state.ALL)
    one, two, three = st.columns([4, 3, 4])
    one.selectbox(words("models.area"), [desk.WHOLE, *drawn, *towns], key=desk.AREA, format_func=names.__getitem__,
                  help=words("models.area_help"))  # fmt: skip
    two.date_input(words("models.day"), key=desk.DAY, format="YYYY-MM-DD",
                   min_value=ground.FIRST, max_value=ground.LAST)  # fmt: skip
    three.selectbox(words("models.rules"), [state.ALL, *packs], key=desk.RULES,
                    format_func=lambda name: packs[name].title.of(words.lang) if name in packs else words("app.no_rules"))  # fmt: skip
    chosen = packs.get(desk.rules() or "")
    if chosen is not None and (check := desk.check()):
        loose = sum(not rule.verified for rule in chosen.of(check))
        if loose:
            st.html(f'<p class="y-note y-warn">{words("models.unverified_note", n=loose)}</p>')


def area_name(place: Workplace, words: Texts) -> str:
    """The chosen area in words, as it is kept with a run; nothing for all there is."""
    area = desk.area()
    return words("models.drawn") if ";" in area else townships(place.layers).get(area, "")


def show_run(place: Workplace, who: Actor, check: str, words: Texts) -> None:
    """The form, the run under way, the kept runs."""
    ground_form(place, words)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            words("models.run"),
            key="mo_run",
            type="primary",
            on_click=state.wish,
            args=(RUN, check),
        )
        st.button(
            words("models.run_all", n=len(catalogue())),
            key="mo_run_all",
            on_click=state.wish,
            args=(RUN, ""),
        )
    asked = state.wished(RUN)
    if asked is not None:
        state.granted()
        (name,) = asked
        checks = [name] if name else list(catalogue())
        job = cache.jobs().ask({
            "task": RUN, "actor": who.name, "checks": checks, "rules": desk.rules(), "on_date": desk.day(),
            "area": desk.area(), "area_name": area_name(place, words), "lang": words.lang,
        })  # fmt: skip
        desk.follow(desk.JOB, job)
        st.rerun()
    job_panel(state.recall(desk.JOB), _title(words), words, key="mo_job", close=_close)
    show_runs(who, check, words)


def _title(words: Texts) -> str:
    job = cache.jobs().get(state.recall(desk.JOB))
    checks: list[str] = list((job.task or {}).get("checks", ())) if job else []
    known = catalogue()
    if len(checks) == 1 and checks[0] in known:
        return plain(known[checks[0]].check.title.of(words.lang))
    return words("models.all_checks")


def _close() -> None:
    """The run that was just made is opened."""
    job = cache.jobs().get(state.recall(desk.JOB))
    if job is not None and job.report and job.report.get("run"):
        desk.show_run(str(job.report["run"]))
    desk.follow(desk.JOB, None)
