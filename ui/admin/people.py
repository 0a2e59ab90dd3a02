"""People: who there is, what each may where; added, changed, shut out and let in again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from office import Actor, Database
from office.doors import people as store
from office.doors.accounts import Account
from office.doors.rules import DoorRules
from office.policy import may
from office.scope import Grant
from ui import state
from ui.admin import desk, grants
from ui.admin.desk import Ground, cell, tag
from ui.doors import place as doors
from ui.texts import Texts, texts

_NAME, _WHO, _NEW, _CHANGED = "a_p_name", "a_p_who", "a_p_new", "a_p_grants"


@dataclass(frozen=True, slots=True)
class _Seen:
    """An account as the page showed it: an act on another version is refused."""

    name: str
    version: int


def show(found: Ground) -> None:
    """Draw the view."""
    every = store.people(found.db, actor=found.who)
    locked = store.locked_people(found.db, actor=found.who, at=found.at)
    manage = may(found.who, "person.manage")
    with st.container(key="ad_people"):
        if not manage:
            _list(every, locked, found)
            return
        left, right = st.columns([58, 42], gap="large")
        with left:
            _list(every, locked, found)
        with right:
            _add(found)
            if every:
                _change(every, locked, found)


def _list(every: tuple[Account, ...], locked: Mapping[str, str], found: Ground) -> None:
    words, areas = found.words, grants.areas_of(found.place)
    desk.title(words("admin.people.title", n=len(every)))
    if not every:
        desk.empty(words("admin.people.none"))
        return
    rows = [(cell(one.name, words("admin.people.since", at=desk.when(one.created_at))), _state(one, locked.get(one.id), words),
             "<br>".join(cell(grants.grant_words(grant, areas, words)) for grant in one.grants),
             _factor(one, words)) for one in every]  # fmt: skip
    desk.table(desk.heads(words, "people", "name", "state", "rights", "factor"), rows)


def _state(one: Account, until: str | None, words: Texts) -> str:
    parts = [
        tag(words(f"admin.state.{one.state}"), "ok" if one.state == "active" else "unverified")
    ]
    if until:
        parts.append(tag(words("admin.people.locked", until=desk.when(until)), "unverified"))
    if one.given:
        parts.append(tag(words("admin.people.given")))
    return " ".join(parts)


def _factor(one: Account, words: Texts) -> str:
    if one.vouched:
        return cell(words("admin.people.vouched"))
    return cell(words("admin.people.factor_on" if one.second_factor else "admin.people.factor_off"))


def _add(found: Ground) -> None:
    words = found.words
    desk.title(words("admin.people.add"))
    st.text_input(words("admin.people.name"), key=_NAME, max_chars=60)
    grants.editor(found, _NEW, ())
    st.button(
        words("admin.people.make"), key="ad_p_make", type="primary", on_click=desk.do, args=(_make,)
    )


def _make(db: Database, who: Actor, at: str) -> str:
    words = texts(state.language())
    made = store.add_person(
        db, desk.text_of(_NAME), grants.held(_NEW), actor=who, at=at, rules=_rules()
    )
    desk.show_once(words("admin.people.password", name=made.account.name), made.password)
    state.keep(_NAME, "")
    grants.clear(_NEW)
    return words("admin.people.made", name=made.account.name)


def _change(every: tuple[Account, ...], locked: Mapping[str, str], found: Ground) -> None:
    words, by_name = found.words, {one.name: one for one in every}
    desk.title(words("admin.people.change"))
    state.offer(_WHO, list(by_name), next(iter(by_name)))
    st.selectbox(words("admin.people.account"), list(by_name), key=_WHO)
    one = by_name[str(state.recall(_WHO))]
    seen, key = _Seen(one.name, one.version), f"{_CHANGED}:{one.id}:{one.version}"
    grants.editor(found, key, one.grants)
    st.button(words("admin.people.put_rights"), key="ad_p_rights", on_click=_put, args=(seen, key))
    with st.container(horizontal=True, key="ad_p_acts"):
        on = one.state == "active"
        _button("disable" if on else "enable", seen)
        if one.id in locked:
            _button("unlock", seen)
        _button("reset", seen)
        if one.second_factor:
            _button("reset_factor", seen)


def _button(name: str, seen: _Seen) -> None:
    words = texts(state.language())
    st.button(words(f"admin.people.act.{name}"), key=f"ad_p_{name}", on_click=desk.do, args=(_act(name, seen),),
              help=words(f"admin.people.act.{name}_help"))  # fmt: skip


def _put(seen: _Seen, key: str) -> None:
    held: list[Grant] = grants.held(key)

    def act(db: Database, who: Actor, at: str) -> str:
        store.set_grants(db, seen.name, held, actor=who, at=at, version=seen.version)
        return texts(state.language())("admin.people.done.rights", name=seen.name)

    desk.do(act)


def _act(name: str, seen: _Seen) -> desk.Do:
    """One of the buttons as an act."""
    words = texts(state.language())
    plain: dict[str, Callable[..., Account]] = {"disable": store.disable, "enable": store.enable}

    def act(db: Database, who: Actor, at: str) -> str:
        if name in plain:
            plain[name](db, seen.name, actor=who, at=at, version=seen.version)
        elif name == "unlock":
            store.unlock(db, seen.name, actor=who, at=at)
        else:
            given = store.reset(db, seen.name, actor=who, at=at, rules=_rules(), second_factor=name == "reset_factor")  # fmt: skip
            desk.show_once(words("admin.people.password", name=seen.name), given.password)
        if name not in {"enable", "unlock"}:
            doors.desk().forget_all()
        return words(f"admin.people.done.{name}", name=seen.name)

    return act


def _rules() -> DoorRules:
    return doors.desk().rules
