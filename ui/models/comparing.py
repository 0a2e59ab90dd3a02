"""Two kept runs of a model side by side."""

from __future__ import annotations

from html import escape

import streamlit as st

from checks import DIFFERENCES, WHY_NOT, Comparison, Difference
from ui import state
from ui.models import desk, held
from ui.models.runs import map_link, run_title, runs_of
from ui.texts import Texts
from ui.words import GLYPHS

MOST = 300


def show_compare(check: str, words: Texts) -> None:
    """Choose two runs, read what differs."""
    found = {run.id: run for run in runs_of(check)}
    if len(found) < 2:
        st.html(f'<div class="y-empty"><div class="y-empty-mark">◎</div><b>{escape(words("models.two_needed"))}</b>'
                f'<p>{escape(words("models.two_needed_hint"))}</p></div>')  # fmt: skip
        return
    ids = sorted(found, key=lambda one: (found[one].on_date, one))
    state.offer(desk.BEFORE, ids, ids[-2])
    state.offer(desk.AFTER, ids, ids[-1])
    one, two = st.columns(2)
    for column, key, name in ((one, desk.BEFORE, "before"), (two, desk.AFTER, "after")):
        column.selectbox(
            words(f"models.{name}"),
            ids,
            key=key,
            format_func=lambda run: run_title(found[run], words),
        )
    before, after = str(state.recall(desk.BEFORE)), str(state.recall(desk.AFTER))
    if before == after:
        st.html(f'<p class="y-note">{escape(words("models.same_run"))}</p>')
        return
    st.html(compared_html(held.compared(before, after), check, words))


def compared_html(found: Comparison, check: str, words: Texts) -> str:
    """The figures, what cannot be compared, and the table."""
    if check in found.uncompared:
        why = WHY_NOT[found.uncompared[check]].of(words.lang)
        return f'<p class="y-note y-warn">{escape(words("models.uncompared", why=why))}</p>'
    counts = found.counts(check)
    figures = "".join(
        f"<div><label>{escape(DIFFERENCES[kind].of(words.lang))}</label><b>{n}</b></div>"
        for kind, n in counts.items()
    )
    mine = [one for one in found.differences if one.check == check]
    head = "".join(
        f"<th>{escape(words(f'models.diff.{name}'))}</th>"
        for name in ("kind", "name", "verdict", "what", "map")
    )
    rows = "".join(_row(one, words) for one in mine[:MOST])
    more = (
        f'<p class="y-quiet">{escape(words("models.more_rows", n=MOST, total=len(mine)))}</p>'
        if len(mine) > MOST
        else ""
    )
    table = (f'<div class="y-scroll mo-rows"><table class="y-table y-plain"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
             if mine else f'<div class="y-empty y-small"><b>{escape(words("models.no_difference"))}</b></div>')  # fmt: skip
    return f'<div class="y-figures mo-figures" role="status">{figures}</div>{table}{more}'


def _row(one: Difference, words: Texts) -> str:
    verdicts = " → ".join(
        f"{GLYPHS[v]} {escape(words.word('verdict', v))}" if v else "—"
        for v in (one.before, one.after)
    )
    what = "；".join(f"{words.word('models.fact', name.removeprefix('facts.'))}: {_value(pair[0])} → {_value(pair[1])}"
                    for name, pair in one.what.items() if name != "verdict")  # fmt: skip
    cells = (escape(DIFFERENCES[one.kind].of(words.lang)), escape(one.name or one.subject_id), verdicts, escape(what),
             f'<a href="{escape(map_link(one.check, one.subject_id, words))}" target="_self">{escape(words("models.on_map"))}</a>')  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, list | dict) or value is None:
        return "—" if not value else "…"
    return str(value)
