"""The collection record of a scene: what intake knew, what people filled in, what is still blank."""

from __future__ import annotations

from html import escape

import streamlit as st

from evidence.collection import Collection, Field, collection_of, form, hand_over, record_fields
from evidence.words import moment
from layers.errors import YichaError
from layers.problems import sentence
from office import Actor
from ui import cache, state
from ui.docket.desk import now
from ui.proof import desk
from ui.proof.sheets import lead_choice, looked
from ui.texts import Texts

SCENE = "e_scene"


def show_records(who: Actor, words: Texts) -> None:
    """The scenes of the lead looked at; the record of one, its form, its hand-overs."""
    desk.order(who)
    lead_choice(who, words)
    report, held = looked(who, words), cache.holdings()
    if report is None:
        return
    pictures = {one["scene"]: one for one in report["pictures"]}
    if not pictures or held is None:
        st.html(f'<p class="y-note">{escape(words("evidence.no_picture"))}</p>')
        return
    state.offer(SCENE, list(pictures), next(iter(pictures)))
    st.selectbox(words("evidence.scene"), list(pictures), key=SCENE,
                 format_func=lambda one: f"{pictures[one]['taken']} · {one}")  # fmt: skip
    record = collection_of(cache.lead_store(), held.store, str(state.recall(SCENE)))
    left, right = st.columns([56, 44], gap="medium")
    with left:
        _known(record, words)
    with right:
        _form(record, who, words)
        _hand_over(record, who, words)


def _known(record: Collection, words: Texts) -> None:
    blank = {one.name for one in record.blank}
    said = words("evidence.record_blank", n=len(blank)) if blank else words("evidence.record_whole")
    rows = "".join(
        f'<tr class="{"ev-blank" if name in blank else ""}"><th>{escape(one.words.of(words.lang))}</th>'
        f'<td>{escape(words("evidence.blank") if name in blank else record.values.get(name, ""))}'
        f'<small>{escape(_told_by(record, name, words))}</small></td></tr>' for name, one in form().items())  # fmt: skip
    hands = "".join(f"<li>{escape(moment(one.at))} · {escape(one.giver)} → {escape(one.receiver)} · {escape(one.purpose)} · "
                    f"{escape(words('evidence.same' if one.matches else 'evidence.other'))}</li>" for one in record.handovers)  # fmt: skip
    st.html(f'<p class="y-note{" y-warn" if blank else ""}">{escape(said)}</p><table class="y-table y-plain ev-record">{rows}</table>'
            + (f'<ul class="ev-hands">{hands}</ul>' if hands else ""))  # fmt: skip


def _told_by(record: Collection, name: str, words: Texts) -> str:
    told = record.said_by(name)
    return words("evidence.intake") if told == "intake" else told


def _form(record: Collection, who: Actor, words: Texts) -> None:
    with st.form(f"e_record:{record.scene}", border=True):
        st.html(f'<h3 class="ev-part">{escape(words("evidence.fill_in"))}</h3>')
        blank = {one.name for one in record.blank}
        fields = sorted(
            (one for one in form().values() if not one.fixed), key=lambda one: one.name not in blank
        )
        told = {one.name: _field(one, record, words, blank=one.name in blank) for one in fields}
        if st.form_submit_button(words("evidence.record"), type="primary", width="stretch"):
            new = {name: text for name, text in told.items()
                   if text.strip() and text != record.values.get(name, "")}  # fmt: skip
            _keep(record.scene, new, who, words)


def _field(field: Field, record: Collection, words: Texts, *, blank: bool) -> str:
    label = f"{'● ' if blank else ''}{field.words.of(words.lang)}"
    placeholder = "2026-05-21T10:30:00+08:00" if field.kind == "time" else ""
    return st.text_input(label, value=record.values.get(field.name, ""), key=f"e_f:{record.scene}:{field.name}",
                         max_chars=2000, placeholder=placeholder)  # fmt: skip


def _keep(scene: str, new: dict[str, str], who: Actor, words: Texts) -> None:
    held = cache.holdings()
    if not new or held is None:
        st.caption(words("evidence.record_nothing"))
        return
    try:
        record_fields(cache.lead_store(), held.store, [scene], new, actor=who, at=now()[0])
    except YichaError as error:
        st.error(f"{_label(error.field, words)}{sentence(error, words.lang)}")
        return
    desk.look_again()
    desk.say(words("evidence.recorded", n=len(new)))
    st.rerun()


def _label(name: str | None, words: Texts) -> str:
    field = form().get(name or "")
    return f"{field.words.of(words.lang)}: " if field else ""


def _hand_over(record: Collection, who: Actor, words: Texts) -> None:
    with st.expander(words("evidence.hand_over")), st.form(f"e_hand:{record.scene}", border=False):
        names = ("giver", "receiver", "purpose")
        told = [st.text_input(words(f"evidence.hand.{name}"), key=f"e_h:{record.scene}:{name}", max_chars=300)
                for name in names]  # fmt: skip
        if st.form_submit_button(words("evidence.record")):
            held = cache.holdings()
            try:
                assert held is not None  # the record was read from it
                done = hand_over(cache.lead_store(), held.store, record.scene, (told[0], told[1], told[2]),
                                 actor=who, at=now()[0])  # fmt: skip
            except YichaError as error:
                st.error(sentence(error, words.lang))
                return
            desk.say(words("evidence.same" if done.matches else "evidence.other"), done.matches)
            st.rerun()
