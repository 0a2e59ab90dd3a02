"""The right side of a lead: where it stands, what is due, the next steps, and what else may be done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from leads.exchange.offices import load_rules
from leads.scope import may_on
from leads.states import AWAY, HANDED_OVER, SENT
from leads.steps.due import LOOK_WORDS
from leads.steps.look_back import RESULT_WORDS, article_82
from leads.store import Card, Filter, list_leads
from leads.views.handover import load_forms
from office import Actor
from ui import cache, state
from ui.docket import desk, doing
from ui.docket.doing import field_key
from ui.docket.names import agency_word, capital, day_of, deadline_word, state_word, table_of
from ui.docket.reporter import show_reporter
from ui.docket.steps import show_steps
from ui.header import BETWEEN, EVIDENCE
from ui.texts import Texts

_RUNNING = ("open", "suspended")


def show_acts(found: Card, who: Actor, words: Texts) -> None:
    """Everything a person may do about the lead."""
    st.html(standing(found, words))
    _told()
    st.html(f'<h3 class="y-next">{escape(words("leads.next"))}</h3>')
    show_steps(found, who, words)
    lead_id = str(found.lead["id"])
    if any(one["state"] in _RUNNING for one in found.deadlines) and may_on(
        who, "lead.deadline", found.lead
    ):
        _deadline(lead_id, found, who, words)
    if may_on(who, "lead.reinspect", found.lead):
        _look(lead_id, found, who, words)
    if may_on(who, "lead.assign", found.lead):
        _assign(lead_id, found, who, words)
    if may_on(who, "lead.note", found.lead):
        _note(lead_id, who, words)
    if may_on(who, "lead.route", found.lead):
        _route(lead_id, found, who, words)
    if may_on(who, "lead.handover", found.lead):
        _sheet(lead_id, found, who, words)
    if may_on(who, "evidence.share", found.lead) and EVIDENCE in state.pages():
        st.page_link(state.pages()[EVIDENCE], label=words("evidence.to"), icon=":material/inventory_2:",
                     query_params={"lead": lead_id, "lang": words.lang})  # fmt: skip
    _between(found, who, words)
    show_reporter(found, who, words)


def _between(found: Card, who: Actor, words: Texts) -> None:
    """The way to the page between offices: to send the lead, or to see how far it is."""
    if BETWEEN not in state.pages():
        return
    query = {"lang": words.lang}
    gone = next(
        (found.data[one]["transfer"] for one in (SENT, HANDED_OVER) if one in found.data), None
    )
    if found.lead["state"] in AWAY and gone:
        label, query["transfer"] = words("leads.send_way"), f"out:{gone}"
    elif found.lead["state"] in load_rules().arrives and may_on(who, "lead.send", found.lead):
        label, query["view"], query["lead"] = words("leads.send"), "send", str(found.lead["id"])
    else:
        return
    st.page_link(
        state.pages()[BETWEEN], label=label, icon=":material/outgoing_mail:", query_params=query
    )


def _told() -> None:
    """What came of the last thing done."""
    words, good = desk.said()
    # Always there: what follows keeps its place, and with it what was typed.
    with st.container(key="leads_said"):
        if words:
            (st.success if good else st.error)(words)


def standing(found: Card, words: Texts) -> str:
    """State, who has it, agency, case, what is due."""
    lead = found.lead
    routing = found.data.get("routing") or {}
    rows = [
        (words("leads.since"), day_of(str(lead["state_since"]))),
        (words("leads.assignee"), lead["assignee"] or words("leads.nobody")),
        (words("leads.agency"), agency_word(lead["agency"], words) or words("leads.unrouted")),
        (words("leads.procuratorate"), agency_word(lead["procuratorate"], words)),
        (words("leads.case"), (found.case or {}).get("title") or ""),
    ]  # fmt: skip
    also = [agency_word(one.get("agency"), words) or (one.get("kind") or {}).get(words.lang)
            for one in routing.get("competent") or () if one.get("agency") != lead["agency"]]  # fmt: skip
    if also:
        rows.append((words("leads.also"), "、".join(str(one) for one in dict.fromkeys(also))))
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in rows if value
    )
    return (f'<article class="y-card"><div class="y-head"><span class="y-state">{escape(capital(state_word(str(lead["state"]), words)))}</span></div>'
            f"<dl>{facts}</dl>{_due(found, words)}</article>")  # fmt: skip


def _due(found: Card, words: Texts) -> str:
    """What runs and is planned, with how it was counted; what is settled folded away below."""
    _, today = desk.now()
    running, settled = list[str](), list[str]()
    for one in found.deadlines:
        if one["state"] != "cancelled":
            (running if one["state"] in _RUNNING else settled).append(
                _deadline_line(one, today, words)
            )
    for one in found.reinspections:
        if one["state"] != "cancelled":
            (running if one["state"] == "planned" else settled).append(
                _look_line(one, today, words)
            )
    if not running and not settled:
        return ""
    done = escape(words("leads.settled", n=len(settled)))
    below = (
        f'<details><summary>{done}</summary><ul class="y-due">{"".join(settled)}</ul></details>'
        if settled
        else ""
    )
    return f'<section><h3>{escape(words("leads.steps.due"))}</h3><ul class="y-due">{"".join(running)}</ul>{below}</section>'


def _deadline_line(one: Mapping[str, Any], today: str, words: Texts) -> str:
    data = _data(one)
    over = one["state"] == "open" and one["due_on"] < today
    tag = words.word("leads.deadline_state", "overdue" if over else one["state"])
    mark = (
        f' <span class="y-tag y-unverified">{escape(words("leads.provisional"))}</span>'
        if one["provisional"]
        else ""
    )
    told = [(data.get(name) or {}).get(words.lang) for name in ("counted", "basis")]
    how = " · ".join(str(part) for part in told if part)
    return (f'<li class="{"y-late" if over or one["state"] == "late" else ""}"><b>{escape(one["due_on"])}</b> '
            f'{escape(deadline_word(one["kind"], words))} <span class="y-tag">{escape(tag)}</span>{mark}'
            f"<small>{escape(how)}</small></li>")  # fmt: skip


def _look_line(one: Mapping[str, Any], today: str, words: Texts) -> str:
    data = _data(one)
    result = (
        RESULT_WORDS[data["result"]].of(words.lang) if data.get("result") in RESULT_WORDS else ""
    )
    over = one["state"] == "planned" and one["due_on"] < today
    tag = words("leads.overdue") if over else words.word("leads.look_state", str(one["state"]))
    extra = words("leads.look_extra")
    kind = LOOK_WORDS[one["kind"]].of(words.lang) if one["kind"] in LOOK_WORDS else extra
    return (f'<li class="{"y-late" if over else ""}"><b>{escape(one["due_on"])}</b> {escape(kind)} '
            f'<span class="y-tag">{escape(tag)}</span> {escape(result)}</li>')  # fmt: skip


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(row["data"])
    return read


def _assign(lead_id: str, found: Card, who: Actor, words: Texts) -> None:
    with st.expander(words("leads.assign")), st.form(f"l:{lead_id}:assign", border=False):
        key = field_key(lead_id, "assign", "person")
        state.start(key, found.lead["assignee"] or who.name)
        st.text_input(words("leads.person"), key=key, max_chars=60)
        st.form_submit_button(
            words("leads.assign"), on_click=doing.give, args=(lead_id, who), width="stretch"
        )


def _note(lead_id: str, who: Actor, words: Texts) -> None:
    with st.expander(words("leads.note")), st.form(f"l:{lead_id}:note", border=False):
        st.text_area(words("leads.note_text"), key=field_key(lead_id, "note", "text"), height=90, max_chars=8000,
                     help=words("leads.note_help"))  # fmt: skip
        st.form_submit_button(
            words("leads.note"), on_click=doing.write_note, args=(lead_id, who), width="stretch"
        )


def _route(lead_id: str, found: Card, who: Actor, words: Texts) -> None:
    table = table_of(found.lead)
    if table is None:
        return
    with st.expander(words("leads.route")), st.form(f"l:{lead_id}:route", border=False):
        offices = [one.id for one in table.agencies if one.id != found.lead["agency"]]
        st.selectbox(words("leads.agency"), offices, index=None, key=field_key(lead_id, "route", "agency"),
                     format_func=lambda one: agency_word(one, words), placeholder=words("leads.pick"))  # fmt: skip
        st.text_area(words("leads.why"), key=field_key(lead_id, "route", "reason"), height=70)
        st.form_submit_button(words("leads.route"), on_click=doing.send_elsewhere, width="stretch",
                              args=(lead_id, table.place, who))  # fmt: skip


def _look(lead_id: str, found: Card, who: Actor, words: Texts) -> None:
    planned = [one for one in found.reinspections if one["state"] == "planned"]
    lang, tests = words.lang, article_82()
    _, today = desk.now()
    with st.expander(words("leads.look"), expanded=bool(planned) and found.lead["state"] == "follow_up"), \
            st.form(f"l:{lead_id}:look", border=False):  # fmt: skip
        st.radio(words("leads.look_result"), list(RESULT_WORDS), index=None, horizontal=True,
                 key=field_key(lead_id, "look", "result"), format_func=lambda one: RESULT_WORDS[one].of(lang))  # fmt: skip
        st.multiselect(words("leads.tests"), list(tests), key=field_key(lead_id, "look", "tests"),
                       format_func=lambda one: tests[one].of(lang), placeholder=words("leads.tests_hint"))  # fmt: skip
        key = field_key(lead_id, "look", "on")
        state.start(key, date.fromisoformat(today))
        st.date_input(
            words("leads.look_on"),
            key=key,
            format="YYYY-MM-DD",
            max_value=date.fromisoformat(today),
        )
        st.text_area(words("leads.look_note"), key=field_key(lead_id, "look", "note"), height=70)
        st.form_submit_button(
            words("leads.look"), on_click=doing.look_again, args=(lead_id, who), width="stretch"
        )


def _deadline(lead_id: str, found: Card, who: Actor, words: Texts) -> None:
    kinds = [one["kind"] for one in found.deadlines if one["state"] in _RUNNING]

    def key(name: str) -> str:
        return field_key(lead_id, "deadline", name)

    with st.expander(words("leads.see_to")), st.form(f"l:{lead_id}:deadline", border=False):
        st.selectbox(words("leads.which"), list(dict.fromkeys(kinds)), key=key("kind"),
                     format_func=lambda one: deadline_word(one, words))  # fmt: skip
        st.radio(words("leads.what_to_do"), ("met", "extend", "stop", "resume"), horizontal=True, key=key("act"),
                 format_func=lambda one: words(f"leads.deadline_act.{one}"))  # fmt: skip
        st.selectbox(words("leads.granted_by"), ("chief", "superior"), key=key("by"),
                     format_func=lambda one: words(f"leads.grant.{one}"))  # fmt: skip
        st.text_input(words("leads.period"), key=key("period"), placeholder="1 month")
        st.text_input(words("leads.why"), key=key("reason"))
        st.form_submit_button(
            words("leads.see_to"), on_click=doing.see_to, args=(lead_id, who), width="stretch"
        )


def _sheet(lead_id: str, found: Card, who: Actor, words: Texts) -> None:
    def key(name: str) -> str:
        return field_key(lead_id, "sheet", name)

    forms = load_forms()
    with st.expander(words("leads.sheet")):
        with st.form(f"l:{lead_id}:sheet", border=False):
            st.selectbox(
                words("leads.form"),
                list(forms),
                key=key("form"),
                format_func=lambda one: forms[one].words.of(words.lang),
            )
            st.radio(
                words("leads.file"),
                ("xlsx", "csv"),
                horizontal=True,
                key=key("kind"),
                format_func=str.upper,
            )
            state.start(key("receiver"), agency_word(found.lead["agency"], words))
            st.text_input(words("leads.receiver"), key=key("receiver"))
            st.text_input(words("leads.why"), key=key("reason"))
            st.form_submit_button(words("leads.make_sheet"), on_click=doing.make_sheet, width="stretch",
                                  args=(lead_id, _together(found, who), who))  # fmt: skip
        file = Path(str(state.recall(key("file")) or ""))
        if file.is_file():
            st.download_button(words("leads.download"), file.read_bytes(), file_name=file.name, on_click="ignore",
                               icon=":material/download:", width="stretch")  # fmt: skip


def _together(found: Card, who: Actor) -> tuple[str, ...]:
    """The lead, and those of its case with it."""
    case = found.lead["case_id"]
    if not case:
        return (str(found.lead["id"]),)
    page = list_leads(
        cache.lead_store(), Filter(case_id=str(case)), actor=who, sort="number", ascending=True
    )
    return tuple(str(one["id"]) for one in page.rows)
