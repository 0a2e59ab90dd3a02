"""What became of every check's findings, and what the last runs changed: two tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from leads.runs.report import CHANGE_WORDS
from leads.views.marks import RunLine, recent_runs
from leads.yields import Yield, yields
from office import Actor
from ui import cache
from ui.docket import desk
from ui.docket.names import actor_word, check_title, day_of, reason_word
from ui.empty import empty_html, say_empty
from ui.texts import Texts

_YIELD = ("check", "findings", "leads", "cases", "rectified", "dismissed", "not_filed", "transferred", "right",
          "reasons")  # fmt: skip
_CHANGES = ("new", "changed", "vanished", "back", "asked_again", "unchanged")
_REASONS = 3


def show_yield(who: Actor, words: Texts) -> None:
    """The yield of every check."""
    with st.container(key="leads_table"):
        st.html(yield_table(yields(cache.lead_store(), actor=who), words))


def yield_table(found: Sequence[Yield], words: Texts) -> str:
    """The table as HTML; all text escaped."""
    if not found:
        return empty_html(words("leads.yield_none"), small=True)
    head = "".join(
        f"<th{_right(name)}>{escape(words(f'leads.yield.{name}'))}</th>" for name in _YIELD
    )
    rows = "".join(_yield_row(one, words) for one in sorted(found, key=lambda one: -one.leads))
    return (f'<div class="y-scroll"><table class="y-table y-plain"><thead><tr>{head}</tr></thead>'
            f'<tbody>{rows}</tbody></table></div><p class="y-quiet">{escape(words("leads.yield_note"))}</p>')  # fmt: skip


def _yield_row(one: Yield, words: Texts) -> str:
    numbers = (
        one.findings,
        one.leads,
        one.cases,
        one.rectified,
        one.dismissed,
        one.not_filed,
        one.transferred,
    )
    cells = "".join(f'<td class="n">{n}</td>' for n in numbers)
    reasons = "; ".join(
        f"{reason_word(code, words)} {n}" for code, n in list(one.reasons.items())[:_REASONS]
    )
    decided = escape(words("leads.decided", n=one.decided))
    share = f"{one.right:.0%} <small>{decided}</small>" if one.decided else "—"
    return (f"<tr><td>{escape(check_title(one.check, words))}</td>{cells}"
            f'<td class="n">{share}</td><td>{escape(reasons)}</td></tr>')  # fmt: skip


def _right(name: str) -> str:
    return "" if name in ("check", "reasons") else ' class="n"'


def show_runs(who: Actor, words: Texts) -> None:
    """The last runs, each with what it changed per check."""
    found = recent_runs(cache.lead_store(), actor=who)
    with st.container(key="leads_table"):
        if not found:
            say_empty(words("leads.runs_none"), small=True)
        for number, one in enumerate(found):
            with st.expander(run_title(one, words), expanded=not number):
                st.html(run_table(one.counts, words))
                st.button(
                    words("leads.runs_show"),
                    key=f"l_run:{one.id}",
                    on_click=desk.show_run,
                    args=(one.id,),
                )


def run_title(one: RunLine, words: Texts) -> str:
    """A run in a line: when, of which day, what it changed in all."""
    told = [
        f"{CHANGE_WORDS[name].of(words.lang)} {one.count(name)}"
        for name in _CHANGES
        if one.count(name)
    ]
    return " · ".join(
        (
            day_of(one.at),
            words("leads.as_of", day=one.on_date),
            actor_word(one.actor, words),
            ", ".join(told) or "—",
        )
    )


def run_table(counts: Mapping[str, Mapping[str, int]], words: Texts) -> str:
    """What one run changed, per check that found something or lost it."""
    head = "".join(f'<th class="n">{escape(words(f"leads.runs.{name}"))}</th>' for name in _CHANGES)
    told = [check for check, one in counts.items() if any(one.get(name) for name in _CHANGES)]
    order = sorted(told, key=lambda one: (-sum(counts[one].get(name, 0) for name in _CHANGES), one))
    rows = "".join(
        f"<tr><td>{escape(check_title(check, words))}</td>"
        + "".join(f'<td class="n">{counts[check].get(name, 0) or "·"}</td>' for name in _CHANGES) + "</tr>"
        for check in order
    )  # fmt: skip
    return (f'<div class="y-scroll"><table class="y-table y-plain"><thead><tr><th>{escape(words("leads.yield.check"))}</th>'
            f"{head}</tr></thead><tbody>{rows}</tbody></table></div>")  # fmt: skip
