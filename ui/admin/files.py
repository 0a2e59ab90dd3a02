"""Rule packs and lists of agencies: read with their dates and documents, weighed, taken in, brought back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from html import escape
from typing import cast

import streamlit as st

from checks import RulePack
from layers.problems import error_in_language
from office import Actor, Database
from office.agencies import LEVEL_WORDS, AgencyTable
from office.local_files import (
    AGENCIES,
    RULES,
    Weighed,
    gaps,
    places,
    take,
    text_of,
    versions,
    weigh,
)
from office.policy import may
from ui import cache, state
from ui.admin import desk
from ui.admin.desk import Ground, cell
from ui.admin.pack import pack_table
from ui.pick import pick_file
from ui.texts import Texts, texts

_PLACE, _TEXT, _BASE, _FILE, _NEW = "a_f_place", "a_f_text", "a_f_base", "a_f_file", "+"
_RIGHTS = {RULES: "rule.manage", AGENCIES: "agency.manage"}


def show_rules(found: Ground) -> None:
    """Draw the view of rule packs."""
    _show(
        RULES, found, lambda one: pack_table(cast("RulePack", one.made), found.words, found.at[:10])
    )


def show_agencies(found: Ground) -> None:
    """Draw the view of agencies."""
    _show(AGENCIES, found, lambda one: _agencies(cast("AgencyTable", one.made), found.words))


def _show(kind: str, found: Ground, draw: Callable[[Weighed], None]) -> None:
    words, known, manage = found.words, places(kind), may(found.who, _RIGHTS[kind])
    key = f"{_PLACE}:{kind}"
    options = [*known, _NEW] if manage else list(known)
    first = found.place.rules if found.place.rules in known else options[0]
    state.offer(key, options, first)
    st.selectbox(words(f"admin.{kind}.place"), options, key=key,
                 format_func=lambda name: _label(name, known, words))  # fmt: skip
    chosen = str(state.recall(key))
    weighed = known.get(chosen)
    if weighed is not None and weighed.made is not None:
        draw(weighed)
    elif weighed is not None:
        _faults(weighed, words)
    if manage:
        _editor(kind, chosen, found)


def _label(name: str, known: Mapping[str, Weighed], words: Texts) -> str:
    if name == _NEW:
        return words("admin.files.new")
    made = known[name].made
    return (
        f"{made.title.of(words.lang)} ({name})" if made else words("admin.files.broken", name=name)
    )


def _faults(weighed: Weighed, words: Texts) -> None:
    """Everything that is wrong, by field."""
    desk.note(words("admin.files.faults", n=len(weighed.faults)), warn=True)
    rows = [(f"<code>{escape(one.field or '')}</code>", *map(cell, error_in_language(one, words.lang)))
            for one in weighed.faults]  # fmt: skip
    desk.table(desk.heads(words, "files", "field", "problem", "remedy"), rows)


def _agencies(table: AgencyTable, words: Texts) -> None:
    names = {code: area.of(words.lang) for code, area in table.areas.items()}
    rows = [(cell(one.words.of(words.lang), one.id),
             cell(table.kinds[one.kind].of(words.lang) if one.kind in table.kinds else words("admin.agencies.procuratorate")),
             cell(names.get(one.area, one.area), one.area), cell(LEVEL_WORDS[one.level].of(words.lang)),
             cell(_days(one.effective_from, one.effective_to)))
            for one in (*table.procuratorates, *table.agencies)]  # fmt: skip
    desk.table(desk.heads(words, "agencies", "name", "kind", "area", "level", "days"), rows)
    open_ends = list(gaps(table))
    if open_ends:
        with st.expander(words("admin.agencies.gaps", n=len(open_ends))):
            for zh, en in open_ends:
                st.html(f'<p class="ad-problem">◆ {escape(en if words.lang == "en" else zh)}</p>')


def _days(start: str, end: str) -> str:
    return "—" if start <= "0001-01-01" and end >= "9999-12-31" else f"{start} – {end}"


def _editor(kind: str, place: str, found: Ground) -> None:
    """The text with what weighs it and puts it in force; earlier versions to bring back."""
    words, key = found.words, f"{_TEXT}:{kind}:{place}"
    base = f"{_BASE}:{kind}:{place}"
    if state.recall(key) is None:
        raw = text_of(kind, place)
        state.keep(key, raw.decode("utf-8", "replace"))
        state.keep(base, hashlib.sha256(raw).hexdigest() if raw else "")
    with st.expander(words("admin.files.edit"), expanded=place == _NEW):
        given = pick_file(words("admin.files.upload"), words, key=f"{_FILE}:{kind}:{place}",
                          kinds=["toml"], most_mb=2)  # fmt: skip
        if given is not None:
            st.button(words("admin.files.use_upload"), key=f"ad_f_use_{kind}", on_click=state.keep,
                      args=(key, given.decode("utf-8", "replace")))  # fmt: skip
        weighed = weigh(kind, str(state.recall(key) or "").encode())
        if weighed.faults:
            _faults(weighed, words)
        else:
            desk.note(words("admin.files.good", place=weighed.place))
        st.text_area(words("admin.files.text"), key=key, height=360)
        if found.is_demo:
            desk.note(words("admin.files.demo"), warn=True)
        st.button(words("admin.files.take"), key=f"ad_f_take_{kind}", type="primary", on_click=desk.do,
                  args=(_taking(kind, place),), disabled=found.is_demo or bool(weighed.faults))  # fmt: skip
        _earlier(kind, place, key, words)


def _taking(kind: str, place: str) -> desk.Do:
    def act(db: Database, who: Actor, at: str) -> str:
        words, raw = (
            texts(state.language()),
            str(state.recall(f"{_TEXT}:{kind}:{place}") or "").encode(),
        )
        before = str(state.recall(f"{_BASE}:{kind}:{place}") or "") or None
        done = take(db, kind, raw, actor=who, at=at, before=before)
        state.keep(f"{_TEXT}:{kind}:{place}", None)
        if kind == RULES:
            cache.packs_changed()
        return words("admin.files.taken", place=done.place, sha=done.sha256[:12])

    return act


def _earlier(kind: str, place: str, key: str, words: Texts) -> None:
    found = versions(kind, place)
    if not found:
        return
    by_name = {one.path.name: one for one in found}
    chosen = f"a_f_version:{kind}:{place}"
    state.offer(chosen, list(by_name), found[0].path.name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(words("admin.files.versions"), list(by_name), key=chosen,
                     format_func=lambda name: f"{desk.when(by_name[name].at)} · {by_name[name].sha256[:12]}")  # fmt: skip
        st.button(words("admin.files.bring_back"), key=f"ad_f_back_{kind}", on_click=state.keep,
                  args=(key, by_name[str(state.recall(chosen))].path.read_text(encoding="utf-8")))  # fmt: skip
