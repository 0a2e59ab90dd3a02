"""Tokens of other systems: issued for operations, areas and days, shown once, taken back."""

from __future__ import annotations

import streamlit as st

from office import Actor, Database
from office.doors import tokens as store
from office.doors.tokens import SystemToken
from office.policy import load_policy, may
from ui import state
from ui.admin import desk, grants
from ui.admin.desk import Ground, cell, tag
from ui.doors import place as doors
from ui.texts import Texts, texts

_NAME, _OPERATIONS, _DAYS, _AREAS, _WHICH = (
    "a_t_name",
    "a_t_ops",
    "a_t_days",
    "a_t_areas",
    "a_t_which",
)
_USUAL_DAYS = 180


def show(found: Ground) -> None:
    """Draw the view."""
    every = store.tokens(found.db, actor=found.who)
    if not may(found.who, "token.manage"):
        _list(every, found)
        return
    left, right = st.columns([58, 42], gap="large")
    with left:
        _list(every, found)
        _revoke([one for one in every if _stands(one, found.at)], found.words)
    with right:
        _issue(found)


def _stands(one: SystemToken, at: str) -> bool:
    return one.revoked_at is None and one.expires_at > at


def _list(every: tuple[SystemToken, ...], found: Ground) -> None:
    words, areas = found.words, grants.areas_of(found.place)
    desk.title(words("admin.tokens.title", n=len(every)))
    if not every:
        desk.empty(words("admin.tokens.none"))
        return
    rows = [(cell(one.name, f"{one.id} · {one.created_by}"), _state(one, found),
             "<br>".join(cell(operation_words(name, words)) for name in one.operations),
             "<br>".join(cell(grants.grant_words(grant, areas, words)) for grant in one.grants),
             cell(desk.when(one.last_used_at))) for one in every]  # fmt: skip
    desk.table(desk.heads(words, "tokens", "name", "state", "operations", "areas", "used"), rows)


def _state(one: SystemToken, found: Ground) -> str:
    words = found.words
    if one.revoked_at:
        return tag(words("admin.tokens.revoked", at=desk.when(one.revoked_at)), "unverified")
    if one.expires_at <= found.at:
        return tag(words("admin.tokens.ran_out", at=desk.when(one.expires_at)), "unverified")
    return tag(words("admin.tokens.until", at=desk.when(one.expires_at)), "ok")


def operation_words(name: str, words: Texts) -> str:
    """An operation of the policy table in words."""
    right = load_policy().get(name)
    return name if right is None else f"{right.en if words.lang == 'en' else right.zh} ({name})"


def _issue(found: Ground) -> None:
    words, rules = found.words, found.rules
    may_machine = sorted(name for name, right in load_policy().items() if "machine" in right.roles)
    desk.title(words("admin.tokens.issue"))
    st.text_input(words("admin.tokens.system"), key=_NAME, max_chars=60)
    st.multiselect(words("admin.tokens.operations"), may_machine, key=_OPERATIONS, placeholder=words("admin.tokens.choose"),
                   format_func=lambda one: operation_words(one, words))  # fmt: skip
    grants.editor(found, _AREAS, (), roles=("machine",))
    state.start(_DAYS, min(_USUAL_DAYS, rules.token_most_days))
    st.number_input(words("admin.tokens.days"), 1, rules.token_most_days, key=_DAYS)
    st.button(
        words("admin.tokens.make"), key="ad_t_make", type="primary", on_click=desk.do, args=(_make,)
    )


def _make(db: Database, who: Actor, at: str) -> str:
    words = texts(state.language())
    made = store.add_token(db, desk.text_of(_NAME), state.recall(_OPERATIONS) or (), days=int(state.recall(_DAYS) or 0),
                           actor=who, at=at, rules=doors.desk().rules, areas=grants.held(_AREAS))  # fmt: skip
    desk.show_once(words("admin.tokens.secret", name=made.token.name), made.text)
    state.keep(_NAME, "")
    state.keep(_OPERATIONS, [])
    grants.clear(_AREAS)
    return words("admin.tokens.made", name=made.token.name, at=desk.when(made.token.expires_at))


def _revoke(living: list[SystemToken], words: Texts) -> None:
    if not living:
        return
    by_id = {one.id: one.name for one in living}
    state.offer(_WHICH, list(by_id), living[0].id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            words("admin.tokens.living"), list(by_id), key=_WHICH, format_func=by_id.__getitem__
        )
        st.button(
            words("admin.tokens.revoke"), key="ad_t_revoke", on_click=desk.do, args=(_take_back,)
        )


def _take_back(db: Database, who: Actor, at: str) -> str:
    gone = store.revoke_token(db, str(state.recall(_WHICH)), actor=who, at=at)
    return texts(state.language())("admin.tokens.gone", name=gone.name)
