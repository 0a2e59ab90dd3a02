"""What may be done next: the steps of the table that this person may take, each with its form."""

from __future__ import annotations

from datetime import date

import streamlit as st

from leads.scope import may_on
from leads.steps.moves import allowed
from leads.steps.workflow import Field, Step, load_workflow
from leads.store import Card
from office import Actor
from ui import state
from ui.docket import desk, doing
from ui.docket.doing import field_key
from ui.docket.names import capital, state_word
from ui.texts import Texts

_LONG = frozenset({"reason", "note", "plan", "facts", "advice", "claims"})
"""Texts that take more than a line."""
_FIRST = ("dismissed", "competence_disputed")
"""Steps that stand at the end of the row."""


def show_steps(found: Card, who: Actor, words: Texts) -> None:
    """The steps open from here, and the form of the one chosen."""
    lead_id = str(found.lead["id"])
    _, today = desk.now()
    steps = [
        (to, step)
        for to, step in allowed(found.lead, found.data, today)
        if may_on(who, step.operation, found.lead)
    ]
    steps.sort(key=lambda one: one[0] in _FIRST)
    if not steps:
        st.caption(words("leads.no_step"))
        return
    key = f"l:{lead_id}:to"
    aims = [to for to, _ in steps]
    if state.recall(key) not in (None, *aims):  # a value written here overwrites a click under way
        state.keep(key, None)
    to = st.pills(words("leads.next"), aims, key=key, format_func=lambda one: _aim(one, words),
                  label_visibility="collapsed")  # fmt: skip
    if to:
        _form(lead_id, str(to), dict(steps)[to], who, words)


def _aim(to: str, words: Texts) -> str:
    """A step as a button calls it."""
    return (
        words.word("leads.aim", to) if words.word("leads.aim", to) != to else state_word(to, words)
    )


def _form(lead_id: str, to: str, step: Step, who: Actor, words: Texts) -> None:
    table = load_workflow()
    lang = words.lang
    with st.form(f"l:{lead_id}:{to}", border=True):
        st.html(f'<p class="y-quiet">{words("leads.basis", basis=step.basis.words.of(lang))}</p>')
        for name in step.fields:
            field_widget(lead_id, to, table.fields[name], words, required=True)
        if step.optional:
            with st.expander(words("leads.optional")):
                for name in step.optional:
                    field_widget(lead_id, to, table.fields[name], words)
        _, today = desk.now()
        key = field_key(lead_id, to, "on")
        state.start(key, date.fromisoformat(today))
        st.date_input(
            words("leads.on"), key=key, format="YYYY-MM-DD", max_value=date.fromisoformat(today)
        )
        if step.documents:
            names = "、".join(one.of(lang) for one in step.documents)
            st.html(f'<p class="y-quiet">{words("leads.papers", papers=names)}</p>')
        st.form_submit_button(_submit(to, words), type="primary", on_click=doing.take_step, width="stretch",
                              args=(lead_id, to, step.fields, step.optional, who))  # fmt: skip


def _submit(to: str, words: Texts) -> str:
    return words("leads.do", what=_aim(to, words))


def field_widget(
    lead_id: str, form: str, field: Field, words: Texts, *, required: bool = False
) -> None:
    """The widget of one field of the table."""
    key, lang = field_key(lead_id, form, field.id), words.lang
    label = capital(field.words.of(lang)) + (" *" if required else "")
    if field.kind == "choice":
        st.selectbox(label, list(field.choices), index=None, key=key, placeholder=words("leads.pick"),
                     format_func=lambda one: field.choices[one].of(lang))  # fmt: skip
    elif field.kind == "choices":
        st.multiselect(label, list(field.choices), key=key, placeholder=words("leads.pick"),
                       format_func=lambda one: field.choices[one].of(lang))  # fmt: skip
    elif field.kind == "flag":
        st.checkbox(label, key=key)
    elif field.kind == "date":
        _, today = desk.now()
        st.date_input(label, value=None, key=key, format="YYYY-MM-DD",
                      max_value=date.fromisoformat(today) if field.past else date(2100, 1, 1))  # fmt: skip
    elif field.id in _LONG:
        st.text_area(label, key=key, height=80)
    else:
        st.text_input(label, key=key)
