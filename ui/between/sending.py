"""Leads chosen, an office, a reason, files that go along: offered over the network or in a file for a disk."""

from __future__ import annotations

from html import escape

import streamlit as st

from layers.errors import LeadError
from leads.exchange.offices import Offices
from leads.store import Filter, card, list_leads
from office import Actor
from ui import cache, state
from ui.between import desk
from ui.between.arriving import PATH
from ui.between.tasks import OFFER
from ui.between.told import file_html, gone_html
from ui.docket.listing import name_of, row
from ui.docket.names import check_title
from ui.drop import drop_zone
from ui.empty import say_empty
from ui.jobs.job import Job
from ui.jobs.panel import job_panel, plain
from ui.listing import show_rows
from ui.texts import Texts

PAGE = 60


def show_send(who: Actor, offices: Offices, words: Texts) -> None:
    """The leads that may be sent to the left, the offer to the right."""
    if not offices.partners:
        say_empty(words("exchange.no_partner"), words("exchange.no_partner_hint"))
        return
    left, right = st.columns([46, 54], gap="medium")
    with left, st.container(key="bt_pick"):
        _pick(who, offices, words)
    with right, st.container(key="bt_offer"):
        _chosen(who, words)
        _form(who, offices, words)
        job_panel(state.recall(desk.SENDING), words("exchange.sending"), words, key="b_send", result=lambda job: _done(job, words),
                  close=lambda: desk.close(desk.SENDING), again=False)  # fmt: skip


def _pick(who: Actor, offices: Offices, words: Texts) -> None:
    st.text_input(words("leads.search"), key=desk.TEXT, placeholder=words("leads.search"),
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    where = Filter(
        states=list(offices.rules.arrives), words=str(state.recall(desk.TEXT) or "").strip()
    )
    found = list_leads(cache.lead_store(), where, actor=who, limit=PAGE)
    st.html(
        f'<div class="y-tally">{words("exchange.fit", n=found.total, shown=len(found.rows))}</div>'
    )
    if not found.total:
        say_empty(words("leads.none"), words("exchange.fit_none"), small=True)
        return
    rows = [row(one, words) for one in found.rows]
    for one in rows:
        one["value"] = "✓" if one["key"] in desk.chosen() else "＋"
    with st.container(key="list_box"):
        show_rows(
            rows, None, words("exchange.fit_list"), words, key=desk.LEADS, on_select=desk.take_lead
        )


def _chosen(who: Actor, words: Texts) -> None:
    st.html(f'<h3 class="mo-part">{escape(words("exchange.chosen", n=len(desk.chosen())))}</h3>')
    for lead in desk.chosen():
        try:
            one = card(cache.lead_store(), lead, actor=who).lead
        except LeadError:  # gone, or of another area: it cannot be sent
            desk.toggle(lead)
            continue
        label = plain(
            f"✕ {one['number']} · {name_of(one)} · {check_title(str(one['check_id']), words)}"
        )
        st.button(label, key=f"b_out:{lead}", on_click=desk.toggle, args=(lead,), width="stretch", help=words("exchange.take_out"))  # fmt: skip
    if not desk.chosen():
        st.html(f'<p class="y-quiet">{escape(words("exchange.chosen_hint"))}</p>')


def _form(who: Actor, offices: Offices, words: Texts) -> None:
    names = list(offices.partners)
    state.offer(desk.TO, names, names[0])
    st.selectbox(
        words("exchange.to"),
        names,
        key=desk.TO,
        format_func=lambda one: offices.partners[one].words.of(words.lang),
    )
    st.text_area(words("exchange.reason"), key=desk.REASON, height=70, max_chars=4000)
    partner = offices.partners[str(state.recall(desk.TO))]
    if partner.url:
        st.toggle(words("exchange.by_disk"), key=desk.DISK, help=words("exchange.by_disk_help"))
    else:
        st.html(f'<p class="y-quiet">{escape(words("exchange.only_disk"))}</p>')
    with st.expander(words("exchange.attach", n=len(desk.files()))):
        st.html(f'<p class="y-quiet">{escape(words("exchange.attach_hint"))}</p>')
        for upload, name in desk.files():
            st.button(
                plain(f"✕ {name}"), key=f"b_file:{upload}", on_click=desk.detach, args=(upload,)
            )
        drop_zone(words, key=desk.ATTACH, title=words("exchange.attach_drop"), hint=words("exchange.attach_drop_hint"),
                  address=PATH, on_came=desk.attach)  # fmt: skip
    running = desk.job(desk.SENDING)
    ready = bool(desk.chosen()) and bool(str(state.recall(desk.REASON) or "").strip())
    st.button(words("exchange.send", n=len(desk.chosen())), key="b_offer", type="primary", width="stretch", on_click=_offer, args=(who,),
              disabled=not ready or (running is not None and running.active))  # fmt: skip
    st.caption(words("exchange.send_note" if ready else "exchange.need"))


def _offer(who: Actor) -> None:
    state.keep(desk.SENDING, cache.jobs().ask({
        **desk.ground(who), "task": OFFER, "leads": list(desk.chosen()),
        "to": str(state.recall(desk.TO)), "reason": str(state.recall(desk.REASON)).strip(), "disk": bool(state.recall(desk.DISK)),
        "files": [upload for upload, _ in desk.files()],
    }))  # fmt: skip


def _done(job: Job, words: Texts) -> None:
    """What came of the offer."""
    if job.state != "done" or not job.report:
        return
    note = "exchange.invented_there" if desk.invented() else "exchange.carry_there"
    st.html(f'<p class="y-note" role="status">{escape(words("exchange.offered", numbers="、".join(job.report["numbers"])))}</p>'
            + gone_html(job.report, words) + file_html(job, words, note))  # fmt: skip
