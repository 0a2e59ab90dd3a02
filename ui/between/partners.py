"""The offices, their keys to be compared by telephone, and the histories that came read again."""

from __future__ import annotations

from html import escape

import streamlit as st

from leads.exchange.offices import Offices, Partner, fingerprint
from office import Actor
from office.policy import may_somewhere
from ui import state
from ui.between import desk
from ui.between.tasks import VERIFY
from ui.jobs.job import Job
from ui.jobs.panel import job_panel
from ui.texts import Texts


def show_offices(who: Actor, offices: Offices, words: Texts) -> None:
    """Our office first, then its partners."""
    st.html(offices_html(offices, words))
    if may_somewhere(who, "history.verify"):
        st.button(words("exchange.verify"), key="b_verify", icon=":material/verified:", help=words("exchange.verify_help"),
                  on_click=desk.ask, args=(desk.CHECKED, who, VERIFY))  # fmt: skip
        job_panel(state.recall(desk.CHECKED), words("exchange.verify"), words, key="b_checked", result=lambda job: _checked(job, words),
                  close=lambda: desk.close(desk.CHECKED))  # fmt: skip


def offices_html(offices: Offices, words: Texts) -> str:
    """Name, id, areas, way and key of each."""
    rows = [_row(offices, words("exchange.own"), offices.key.public, words)]
    rows += [
        _row(one, one.url or words("exchange.way_disk"), one.key, words)
        for one in offices.partners.values()
    ]
    head = "".join(
        f"<th>{escape(words(f'exchange.column.{name}'))}</th>"
        for name in ("office", "areas", "way", "key")
    )
    return (f'<p class="y-quiet">{escape(words("exchange.keys_note"))}</p><div class="y-scroll bt-offices">'
            f'<table class="y-table y-plain"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>')  # fmt: skip


def _row(one: Offices | Partner, way: str, key: bytes, words: Texts) -> str:
    where = "、".join(one.areas) if one.areas else words("exchange.any_area")
    cells = (f"<b>{escape(one.words.of(words.lang))}</b><br><small>{escape(one.id)}</small>", escape(where), escape(way),
             f'<code>{escape(fingerprint(key))}</code><br><small class="bt-hash">{key.hex()}</small>')  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _checked(job: Job, words: Texts) -> None:
    if not job.report or "altered" not in job.report:
        return
    bad = job.report["altered"]
    said = (
        words("exchange.altered", names=", ".join(one[:16] for one in bad))
        if bad
        else words("exchange.whole", n=job.report["in"])
    )
    st.html(f'<p class="y-note{" y-warn" if bad else ""}" role="status">{escape(said)}</p>')
