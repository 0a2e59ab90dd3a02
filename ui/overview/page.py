"""The page of the overview: four plots, each with its table to take along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, get_args

import streamlit as st

from layers.safe_csv import csv_text
from leads.views.overview import By, due_counts, funnel, rectification_times
from office import Actor, Database
from office.policy import may_somewhere
from ui import cache, state
from ui.docket.desk import now
from ui.docket.page import tell_filling
from ui.empty import say_empty
from ui.frame import framed
from ui.overview.charts import ages_chart, due_chart, funnel_chart, times_chart
from ui.overview.figures import ages_rows, due_rows, funnel_rows, times_rows
from ui.texts import Texts
from ui.workplace import Workplace

PER = "o_per"
_CHOICES = tuple(one for one in get_args(By) if one != "admin_code")


def show() -> None:
    """Draw the page."""
    framed(_page)


def _page(place: Workplace, who: Actor, words: Texts) -> None:
    tell_filling(words)
    left, right = st.columns(2, gap="large")
    if cache.has_leads() and may_somewhere(who, "lead.read"):
        _leads(left, right, cache.lead_store(), who, words)
    else:
        with left:
            say_empty(words("overview.no_leads"), words("overview.no_leads_hint"), small=True)
    with right:
        _imagery(place, words)


def _leads(left: Any, right: Any, db: Database, who: Actor, words: Texts) -> None:  # noqa: ANN401 - columns
    with left:
        _title(words("overview.funnel"))
        state.start(PER, _CHOICES[0])
        per: By = st.segmented_control(
            words("overview.per"), _CHOICES, key=PER, label_visibility="collapsed",
            format_func=lambda one: words(f"overview.per_{one}"),
        ) or "check_id"  # fmt: skip
        found = funnel(db, per, actor=who)
        if found:
            st.altair_chart(funnel_chart(found, per, words))
            _table("funnel", funnel_rows(found, per, words), words)
            st.caption(f"{words('overview.funnel_note')} {words('overview.picture')}")
        else:
            say_empty(words("overview.empty"), words("overview.empty_hint"), small=True)
    with right:
        _title(words("overview.times"))
        times = rectification_times(db, actor=who)
        if times:
            st.altair_chart(times_chart(times, words))
            _table("times", times_rows(times, words), words)
            st.caption(words("overview.times_note"))
        else:
            say_empty(words("overview.times_none"), words("overview.times_hint"), small=True)
        _title(words("overview.due"))
        due = due_counts(db, now()[1], actor=who)
        if due:
            st.altair_chart(due_chart(due, words))
            _table("deadlines", due_rows(due, words), words)
        else:
            say_empty(words("overview.due_none"), words("overview.due_hint"), small=True)


def _imagery(place: Workplace, words: Texts) -> None:
    _title(words("overview.imagery"))
    day = place.on_date or now()[1]
    found = cache.imagery_ages(day)
    if found is None:
        say_empty(words("overview.imagery_none"), words("overview.imagery_hint"), small=True)
        return
    st.altair_chart(ages_chart(found, words))
    _table("imagery", ages_rows(found, words), words)
    st.caption(words("overview.imagery_note", day=day))


def _table(name: str, rows: Sequence[Mapping[str, Any]], words: Texts) -> None:
    """The figures behind a plot, to read and to take along."""
    header = [words(f"overview.column.{column}") for column in rows[0]]
    with st.expander(words("overview.figures")):
        cells = "".join(f"<tr>{''.join(map(_cell, one.values()))}</tr>" for one in rows)
        heads = "".join(f"<th{_right(value)}>{escape(one)}</th>"
                        for one, value in zip(header, rows[0].values(), strict=True))  # fmt: skip
        st.html(
            f'<div class="y-scroll"><table class="y-table y-plain"><thead><tr>{heads}</tr></thead><tbody>{cells}</tbody></table></div>'
        )
        st.download_button(
            words("overview.take"), csv_text(header, [one.values() for one in rows]).encode("utf-8-sig"),
            file_name=f"{name}.csv", mime="text/csv", on_click="ignore", icon=":material/download:", key=f"o_{name}",
        )  # fmt: skip


def _cell(value: object) -> str:
    """A day or the number of a lead stands in one line."""
    text = escape(str(value))
    whole = text if " " in text else f'<span class="y-whole">{text}</span>'
    return f"<td{_right(value)}>{whole}</td>"


def _right(value: object) -> str:
    """Numbers stand to the right, and so do their headings."""
    return ' class="n"' if isinstance(value, int | float) else ""


def _title(text: str) -> None:
    st.html(f'<h2 class="y-heading">{escape(text)}</h2>')
