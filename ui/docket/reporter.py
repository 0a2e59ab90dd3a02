"""Who reported a lead: masked; sealed anew, or opened with a reason and shown once."""

from __future__ import annotations

from html import escape

import streamlit as st

from layers.errors import YichaError
from layers.problems import sentence
from leads.reporter import FIELDS, keep_reporter, open_reporter, reporter_of
from leads.scope import may_on
from leads.store import Card
from office import Actor
from office.doors.keys import load_keys
from office.doors.sealing import Masked
from ui import cache, state
from ui.docket import desk
from ui.docket.doing import field_key
from ui.refused import refusal_told
from ui.texts import Texts, texts

_FORM, _OPENED = "reporter", "l_opened"
_LONG = "note"


def show_reporter(found: Card, who: Actor, words: Texts) -> None:
    """The reporter of a lead, to who may seal or open such values here; to others not even that there is one."""
    keeps, opens = (may_on(who, one, found.lead) for one in ("sealed.keep", "sealed.open"))
    if not keeps and not opens:
        return
    lead_id = str(found.lead["id"])
    held = reporter_of(cache.lead_store(), lead_id, actor=who)
    label = words("reporter.title", n=len(held)) if held else words("reporter.none")
    with st.expander(label, expanded=_opened_here(lead_id) is not None):
        if held:
            st.html(masked_rows(held, words))
        _show_once(lead_id, words)
        if opens and held:
            _opening(lead_id, held, who, words)
        if keeps:
            _keeping(lead_id, who, words)


def masked_rows(held: tuple[Masked, ...], words: Texts) -> str:
    """What may be shown, as HTML."""
    rows = "".join(f"<li><b>{escape(FIELDS[one.field].words.of(words.lang))}</b> <code>{escape(one.mask)}</code> "
                   f"<small>{escape(one.by)} {escape(one.at[:10])}</small></li>" for one in held)  # fmt: skip
    return f'<ul class="y-due">{rows}</ul>' if rows else ""


def _opened_here(lead_id: str) -> tuple[str, str] | None:
    lead, field, value = state.recall(_OPENED) or ("", "", "")
    return (field, value) if lead == lead_id else None


def _show_once(lead_id: str, words: Texts) -> None:
    """The value just opened; the next run of the page has forgotten it."""
    opened = _opened_here(lead_id)
    state.keep(_OPENED, None)
    if opened is not None:
        st.warning(words("reporter.once", what=FIELDS[opened[0]].words.of(words.lang)))
        st.code(opened[1], language=None)


def _opening(lead_id: str, held: tuple[Masked, ...], who: Actor, words: Texts) -> None:
    with st.form(f"l:{lead_id}:unseal", border=False, clear_on_submit=True):
        st.selectbox(words("reporter.which"), [one.field for one in held], key=field_key(lead_id, "unseal", "field"),
                     format_func=lambda one: FIELDS[one].words.of(words.lang))  # fmt: skip
        st.text_input(
            words("reporter.reason"), key=field_key(lead_id, "unseal", "reason"), max_chars=200
        )
        st.form_submit_button(
            words("reporter.open"), on_click=_open, args=(lead_id, who), width="stretch"
        )


def _keeping(lead_id: str, who: Actor, words: Texts) -> None:
    with st.form(f"l:{lead_id}:{_FORM}", border=False, clear_on_submit=True):
        st.caption(words("reporter.help"))
        for name, field in FIELDS.items():
            widget = st.text_area if name == _LONG else st.text_input
            widget(field.words.of(words.lang), key=field_key(lead_id, _FORM, name), max_chars=4000)
        st.form_submit_button(
            words("reporter.keep"), on_click=_keep, args=(lead_id, who), width="stretch"
        )


def _open(lead_id: str, who: Actor) -> None:
    field, reason = (
        str(state.recall(field_key(lead_id, "unseal", name)) or "") for name in ("field", "reason")
    )
    try:
        value = open_reporter(cache.lead_store(), lead_id, field, reason=reason, keys=load_keys(), actor=who,
                              at=desk.now()[0])  # fmt: skip
    except YichaError as error:
        refusal_told(error)
        desk.say(sentence(error, state.language()))
    else:
        state.keep(_OPENED, (lead_id, field, value))


def _keep(lead_id: str, who: Actor) -> None:
    typed = {
        name: str(state.recall(field_key(lead_id, _FORM, name)) or "").strip() for name in FIELDS
    }
    values = {name: value for name, value in typed.items() if value}
    words = texts(state.language())
    if not values:
        desk.say(words("reporter.nothing"))
        return
    try:
        keep_reporter(
            cache.lead_store(), lead_id, values, keys=load_keys(), actor=who, at=desk.now()[0]
        )
    except YichaError as error:
        refusal_told(error)
        desk.say(sentence(error, state.language()))
    else:
        desk.say(words("reporter.kept", n=len(values)), good=True)
