"""What if a limit were another: measured once in the worker, then a slider without measuring again.

Everything here is marked as what it is: not the law, for thinking only. Nothing of it is kept as a
finding or a lead.
"""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from checks import (
    METHODS_IF,
    NOT_LAW,
    VERDICTS,
    WIDEST,
    Rule,
    get_check,
    if_measured,
    rules_to_move,
)
from office import Actor
from ui import cache, state
from ui.empty import say_empty
from ui.jobs.panel import job_panel
from ui.models import desk, held
from ui.models.asking import ground_form
from ui.models.reading import limit_words, mark, value_words
from ui.models.runs import rows_html
from ui.models.tasks import WHAT_IF, spread_file
from ui.texts import Texts
from ui.words import GLYPHS, SIGNS
from ui.workplace import Workplace

MOST = 100
STEPS = 40
"""Steps of the slider between nothing and the widest limit, rounded to whole units."""


def show_if(place: Workplace, who: Actor, check: str, words: Texts) -> None:
    """Choose a limit, move it, read what would change."""
    st.html(
        f'<p class="mo-notlaw" role="note"><b>{escape(NOT_LAW.zh)} · {escape(NOT_LAW.en)}</b><br>{escape(words("models.if_note"))}</p>'
    )
    ground_form(place, words)
    entry, pack = get_check(check), cache.packs().get(desk.rules() or "")
    rules = {rule.id: rule for rule in rules_to_move(entry, pack, desk.day())}
    if not rules:
        say_empty(words("models.if_none"), words("models.if_none_hint"), small=True)
        return
    which = f"m_rule:{'|'.join(rules)}"
    desk.begin(which, next(iter(rules)))
    rule = rules[st.radio(words("models.which"), list(rules), key=which,
                          format_func=lambda one: _rule_words(rules[one], words))]  # fmt: skip
    st.html(
        f'<p class="y-quiet">{escape(rule.document.title)} {escape(rule.document.number)} {mark(rule.verified, words)}</p>'
    )
    measured = entry.perimeter is not None and rule.is_distance
    value = _slider(rule, words)
    order = {"task": WHAT_IF, "actor": who.name, "check": check, "rule": rule.id, "rules": desk.rules(),
             "on_date": desk.day(), "area": desk.area(), "widest": rule.limit_m * WIDEST if measured else None,
             "value": None if measured else value}  # fmt: skip
    found = _at_hand(place, order, rule, value, pack_sha=pack.sha256 if pack else None)
    if found is not None:
        _told(found, rule, words)
    _ask(order, words, measured=measured, there=found is not None)


def _rule_words(rule: Rule, words: Texts) -> str:
    return f"{limit_words(rule, words)} · {SIGNS[rule.comparator]} {value_words(rule, rule.value, words)}"


def _slider(rule: Rule, words: Texts) -> float:
    widest = rule.value * WIDEST
    step = max(1.0, round(widest / STEPS)) if widest >= STEPS else widest / STEPS
    key = f"m_value:{rule.id}"
    desk.begin(key, float(rule.value))
    return float(
        st.slider(
            words("models.moved", unit=value_words(rule, rule.value, words)),
            0.0,
            float(widest),
            key=key,
            step=float(step),
            format="%g",
        )
    )


def _at_hand(
    place: Workplace, order: dict[str, Any], rule: Rule, value: float, *, pack_sha: str | None
) -> dict[str, Any] | None:
    """What is known without asking the worker: over a measurement, or the run that was just made."""
    if order["value"] is None:
        measured = held.measured(spread_file(order, place.stamp, pack_sha))
        return None if measured is None else if_measured(measured, rule, value).as_dict()
    job = cache.jobs().get(state.recall(desk.JOB_IF))
    asked = {**(job.task or {})} if job is not None else {}
    same = (
        job is not None
        and job.report is not None
        and all(asked.get(name) == told for name, told in order.items())
    )
    return (job.report or {}).get("what_if") if job is not None and same else None


def _ask(order: dict[str, Any], words: Texts, *, measured: bool, there: bool) -> None:
    if not there:
        st.button(words("models.measure" if measured else "models.rerun"), key="mo_if", type="primary",
                  on_click=state.wish, args=(WHAT_IF,))  # fmt: skip
        st.caption(words("models.measure_help" if measured else "models.rerun_help"))
    if state.wished(WHAT_IF) is not None:
        state.granted()
        desk.follow(desk.JOB_IF, cache.jobs().ask(order))
        st.rerun()
    job = cache.jobs().get(state.recall(desk.JOB_IF))
    if job is not None and (job.state != "done" or not there):
        job_panel(job.id, words("models.views.if"), words, key="mo_if_job", close=_close)


def _close() -> None:
    desk.follow(desk.JOB_IF, None)


def _told(found: dict[str, Any], rule: Rule, words: Texts) -> None:
    """Counts by verdict before and after, and the subjects that would come and go."""
    st.html(told_html(found, rule, words))
    for name in ("new", "gone"):
        rows = found[name]
        with st.expander(
            words(f"models.would_{name}", n=len(rows)), expanded=bool(rows) and name == "new"
        ):
            if rows:
                st.html(
                    rows_html(
                        found["check"],
                        [(row[0], row[1], "") for row in rows[:MOST]],
                        (desk.day(), desk.rules()),
                        words,
                    )
                )
            if len(rows) > MOST:
                st.caption(words("models.more_rows", n=MOST, total=len(rows)))


def told_html(found: dict[str, Any], rule: Rule, words: Texts) -> str:
    """The table of counts with the mark of what it is."""
    head = "".join(
        f'<th class="n">{GLYPHS[v]} {escape(words(f"verdict.{v}"))}</th>' for v in VERDICTS
    )
    lines = ""
    for name, value in (("before", rule.value), ("after", found["value"])):
        cells = "".join(f'<td class="n">{found[name].get(v, 0)}</td>' for v in VERDICTS)
        lines += f"<tr><td>{escape(words(f'models.if_{name}', value=value_words(rule, value, words)))}</td>{cells}</tr>"
    steps = "".join(
        f'<td class="n">{_signed(found["after"].get(v, 0) - found["before"].get(v, 0))}</td>'
        for v in VERDICTS
    )
    lines += f"<tr><td><b>{escape(words('models.if_change'))}</b></td>{steps}</tr>"
    method = METHODS_IF[str(found["method"])].of(words.lang)
    return (f'<div class="mo-if" role="status"><span class="y-tag y-unverified">{escape(NOT_LAW.of(words.lang))}</span>'
            f'<div class="y-scroll"><table class="y-table y-plain"><thead><tr><th></th>{head}</tr></thead><tbody>{lines}</tbody></table></div>'
            f'<p class="mo-lead"><b>{escape(words("models.if_leads", new=len(found["new"]), gone=len(found["gone"])))}</b></p>'
            f'<p class="y-quiet">{escape(words("models.method", how=method))}</p></div>')  # fmt: skip


def _signed(n: int) -> str:
    return "0" if not n else f"{n:+d}"
