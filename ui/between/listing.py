"""What went to other offices and what came from them; one of them opened, with what may be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from checks import Text
from layers.errors import YichaError
from layers.problems import sentence
from leads.exchange.answers import ACCEPTED, IN, OFFERED, OUT, RECALLING
from leads.exchange.listing import DIRECTIONS, STATES, steps_of, transfers, under_way
from leads.exchange.offices import Offices
from leads.exchange.sending import call_back
from leads.steps.event_words import event_line
from office import Actor
from office.doors.refusals import refusals_told
from office.policy import may_somewhere
from ui import cache, state
from ui.between import desk
from ui.between.tasks import AGAIN, GO_ON, RECEIPT, WISH
from ui.between.told import file_html, gone_html
from ui.docket.desk import now
from ui.docket.invented_offices import answer
from ui.docket.names import capital, day_of
from ui.empty import say_empty
from ui.jobs.job import Job
from ui.jobs.panel import job_panel
from ui.listing import show_rows
from ui.settings import at
from ui.texts import Texts

_LOOKS = {OFFERED: "soon", RECALLING: "soon", ACCEPTED: "", "refused": "late", "recalled": ""}
_GLYPHS = {OUT: "↗", IN: "↙"}
Row = Mapping[str, Any]


def show_list(who: Actor, offices: Offices, words: Texts) -> None:
    """The list to the left; one transfer to the right."""
    left, right = st.columns([42, 58], gap="medium")
    with left, st.container(key="bt_left"):
        rows = _list(who, offices, words)
    with right, st.container(key="bt_right"):
        found = next((one for one in rows if _key(one) == desk.shown()), None)
        if found is None:
            say_empty(words("exchange.choose"), words("exchange.choose_hint"))
        else:
            _one(found, who, offices, words)


def _list(who: Actor, offices: Offices, words: Texts) -> list[dict[str, Any]]:
    one, two = st.columns(2)
    with one:
        _filter(desk.WAY, DIRECTIONS, words("exchange.both_ways"), words)
    with two:
        _filter(desk.STATE, STATES, words("exchange.all_states"), words)
    way, stands = desk.filters()
    found = transfers(cache.lead_store(), actor=who, state=stands, direction=way)
    _go_on(who, offices, words)
    st.html(f'<div class="y-tally" role="status">{words("exchange.count", n=len(found))}</div>')
    if not found:
        say_empty(words("exchange.none"), words("exchange.none_hint"), small=True)
        return found
    with st.container(key="list_box"):
        show_rows([row_of(one, offices, words) for one in found], desk.shown(), words("exchange.views.list"), words,
                  key=desk.ROWS, on_select=desk.take_row)  # fmt: skip
    return found


def _filter(key: str, known: Mapping[str, Text], every: str, words: Texts) -> None:
    choices = [state.ALL, *known]
    state.offer(key, choices, state.ALL)
    st.selectbox(every, choices, key=key, label_visibility="collapsed",
                 format_func=lambda name: known[name].of(words.lang) if name in known else every)  # fmt: skip


def _go_on(who: Actor, offices: Offices, words: Texts) -> None:
    """Ask every office on the network again for what has no answer yet."""
    reached = [one for one in offices.partners.values() if one.url]
    if reached and may_somewhere(who, "lead.send") and under_way(cache.lead_store(), actor=who):
        st.button(words("exchange.go_on"), key="b_go_on", icon=":material/sync:", help=words("exchange.go_on_help"),
                  on_click=desk.ask, args=(desk.JOB, who, GO_ON))  # fmt: skip


def _key(one: Row) -> str:
    return f"{one['direction']}:{one['id']}"


def row_of(one: Row, offices: Offices, words: Texts) -> dict[str, Any]:
    """One row as the browser wants it: words only."""
    name = " ".join(str(part) for part in (one["number"], one["subject_name"]) if part)
    return {
        "key": _key(one), "verdict": _LOOKS[one["state"]], "glyph": _GLYPHS[one["direction"]],
        "verdictWord": DIRECTIONS[one["direction"]].of(words.lang), "name": name or words("exchange.no_lead"),
        "value": "", "under": f"{office_word(one['partner'], offices, words)} · {day_of(one['at'])}",
        "band": STATES[one["state"]].of(words.lang), "quiet": desk.settled(one["state"]),
    }  # fmt: skip


def office_word(name: str, offices: Offices, words: Texts) -> str:
    """An office's name; its id where it is no partner any more."""
    known = offices.partners.get(name)
    return known.words.of(words.lang) if known else name


def _one(one: Row, who: Actor, offices: Offices, words: Texts) -> None:
    st.html(facts_html(one, offices, words))
    told = desk.said()
    if told is not None:
        (st.success if told[1] else st.error)(told[0])
    if one["direction"] == OUT and may_somewhere(who, "lead.send"):
        _out(one, who, offices, words)
    elif one["direction"] == IN and may_somewhere(who, "lead.receive"):
        _ask(words("exchange.receipt_again"), RECEIPT, one, who)
    job_panel(state.recall(desk.JOB), words("exchange.working"), words, key="b_one",
              close=lambda: desk.close(desk.JOB), result=lambda job: _result(job, words))  # fmt: skip
    st.html(history_html(one, who, words))


def _result(job: Job, words: Texts) -> None:
    told = gone_html(job.report or {}, words) + file_html(job, words)
    if told:
        st.html(told)


def _out(one: Row, who: Actor, offices: Offices, words: Texts) -> None:
    partner = offices.partners.get(one["partner"])
    if partner and one["state"] in (OFFERED, RECALLING) and desk.invented():
        _invented(one, who, words)
    if one["state"] == OFFERED:
        _ask(words("exchange.file_again"), AGAIN, one, who)
        with st.expander(words("exchange.call_back")), st.form("b_recall", border=False):
            st.text_input(words("exchange.why_back"), key="b_why", max_chars=4000)
            st.form_submit_button(words("exchange.call_back"), on_click=_call_back,
                                  args=(dict(one), who, bool(partner and partner.url), words))  # fmt: skip
    elif one["state"] == RECALLING:
        _ask(words("exchange.wish_file"), WISH, one, who)
    elif one["state"] == ACCEPTED:
        with st.expander(words("exchange.lost")):
            st.html(f'<p class="y-quiet">{escape(words("exchange.lost_hint"))}</p>')
            _ask(words("exchange.file_again"), AGAIN, one, who)


def _invented(one: Row, who: Actor, words: Texts) -> None:
    """The receipt that an invented office gives, to be dropped where files come in."""
    place, db, transfer = cache.workplace(), cache.lead_store(), str(one["id"])
    st.download_button(words("exchange.invented_receipt"), lambda: answer(place, db, transfer, actor=who, at=now()[0]),
                       file_name=f"receipt-{transfer[:12]}.json", key="b_invented", icon=":material/download:", on_click="ignore",
                       help=words("exchange.invented_receipt_help"))  # fmt: skip


def _ask(label: str, what: str, one: Row, who: Actor) -> None:
    told = {"transfer": one["id"], "lead": one["lead_id"], "partner": one["partner"]}
    st.button(label, key=f"b_{what}", icon=":material/description:", on_click=desk.ask, args=(desk.JOB, who, what),
              kwargs=told)  # fmt: skip


def _call_back(one: Row, who: Actor, reached: bool, words: Texts) -> None:
    """Ask for it back: over the network at once, else in a file."""
    moment, _ = now()
    try:
        with refusals_told(cache.lead_store(), who, at=moment, source="page"):
            call_back(cache.lead_store(), one["id"], offices=desk.offices(), reason=str(state.recall("b_why") or ""),
                      actor=who, at=moment)  # fmt: skip
    except YichaError as error:
        desk.say(sentence(error, words.lang))
        return
    desk.say(words("exchange.asked_back"), good=True)
    told = (
        {}
        if reached
        else {"transfer": one["id"], "lead": one["lead_id"], "partner": one["partner"]}
    )
    desk.ask(desk.JOB, who, GO_ON if reached else WISH, **told)


def facts_html(one: Row, offices: Offices, words: Texts) -> str:
    """Which lead, between whom, where it stands."""
    way = f"{at('/leads')}?{urlencode({'lead': one['lead_id'] or '', 'lang': words.lang})}"
    number = escape(str(one["number"] or ""))
    lead = f'<a href="{escape(way)}" target="_self">{number}</a>' if one["lead_id"] and number else number  # fmt: skip
    rows = [
        (words("exchange.office"), escape(office_word(one["partner"], offices, words))),
        (words("exchange.number_here"), lead), (words("exchange.number_there"), escape(str(one["their_number"] or ""))),
        (words("exchange.at"), escape(day_of(one["at"]))),
        (words("exchange.settled_at"), escape(day_of(one["settled_at"])) if one["settled_at"] else ""),
        (words("exchange.said"), escape(str(one["reason"] or ""))),
        (words("exchange.package"), f'<code class="bt-hash">{escape(one["id"])}</code>'),
    ]  # fmt: skip
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows if value)
    title = one["subject_name"] or one["number"] or words("exchange.no_lead")
    return (f'<article class="y-card"><div class="y-head"><span class="y-tag">{_GLYPHS[one["direction"]]} {escape(capital(DIRECTIONS[one["direction"]].of(words.lang)))}</span>'
            f'<span class="y-state">{escape(capital(STATES[one["state"]].of(words.lang)))}</span></div>'
            f"<h2>{escape(str(title))}</h2><dl>{facts}</dl></article>")  # fmt: skip


def history_html(one: Row, who: Actor, words: Texts) -> str:
    """Who did what with the package here, the newest first."""
    told = steps_of(cache.lead_store(), one["direction"], one["id"], actor=who)
    lines = "".join(
        f'<li><span class="y-when">{escape(day_of(event.at))}</span> <b>{escape(event.actor)}</b> '
        f'{escape(event_line(event).of(words.lang))}<code title="{escape(event.hash)}">#{event.seq}</code></li>'
        for event in reversed(told)
    )
    return (f'<article class="y-card"><section><h3>{escape(words("exchange.steps"))}</h3>'
            f'<ul class="y-history">{lines}</ul></section></article>')  # fmt: skip
