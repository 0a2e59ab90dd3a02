"""The editor of rights: role × area × check, one line each, from a tree of the areas that are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from checks import catalogue
from layers.errors import YichaError
from layers.problems import sentence
from office.agencies import AgencyTable, agency_tables
from office.areas import Area, area_at, area_tree, code_of
from office.scope import Grant, parse_grant
from ui import state
from ui.admin import desk
from ui.person import CHOICES
from ui.texts import Texts
from ui.workplace import Workplace

_EVERYWHERE = ""


def areas_of(place: Workplace) -> dict[str, Area]:
    """The areas known here, by code: those of the agencies' lists and the townships of the map."""
    names: dict[str, tuple[str, str]] = {}
    for table in _tables():
        names |= {code: (words.zh, words.en) for code, words in table.areas.items()}
    if "township" in place.layers:
        frame = place.layers["township"].frame
        for row in frame[["admin_code", "name"]].dropna().itertuples(index=False):
            names.setdefault(str(row.admin_code), (str(row.name), str(row.name)))
    return {one.code: one for one in area_tree(names)}


def editor(
    found: desk.Ground, key: str, start: Iterable[Grant], *, roles: Sequence[str] = CHOICES
) -> None:
    """Draw the rights under `key`, with what adds and removes one; `held` reads them."""
    words = found.words
    if state.recall(key) is None:
        state.keep(key, [grant.text() for grant in start])
    areas = areas_of(found.place)
    lines: list[str] = state.recall(key)
    for number, text in enumerate(lines):
        with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_line_{number}"):
            said = grant_words(parse_grant(text), areas, words)
            st.html(f'<p class="ad-grant">{escape(said)}</p>', width="stretch")
            st.button(words("admin.grant.remove"), key=f"{key}_drop_{number}", on_click=_drop, args=(key, number),
                      help=said)  # fmt: skip
    if not lines:
        st.html(
            f'<p class="y-quiet">{escape(words("admin.grant.none" if len(roles) > 1 else "admin.grant.no_area"))}</p>'
        )
    _adding(key, areas, roles, words)


def _adding(key: str, areas: dict[str, Area], roles: Sequence[str], words: Texts) -> None:
    checks = {name: entry.check.title.of(words.lang) for name, entry in catalogue().items()}
    if len(roles) > 1:
        st.selectbox(words("admin.grant.role"), roles, key=f"{key}_role",
                     format_func=lambda one: words.word("role_name", one))  # fmt: skip
    one, two = st.columns(2)
    one.selectbox(words("admin.grant.area"), [_EVERYWHERE, *areas], key=f"{key}_area", accept_new_options=True,
                  format_func=lambda code: _indented(code, areas, words), help=words("admin.grant.area_help"))  # fmt: skip
    two.selectbox(words("admin.grant.check"), ["", *checks], key=f"{key}_check",
                  format_func=lambda name: checks.get(name, words("admin.grant.every_check")))  # fmt: skip
    st.button(words("admin.grant.add" if len(roles) > 1 else "admin.grant.add_area"), key=f"{key}_add", on_click=_add, args=(key, tuple(roles), tuple(areas.values())),
              icon=":material/add:")  # fmt: skip


def held(key: str) -> list[Grant]:
    """The rights that stand in the editor."""
    return [parse_grant(text) for text in state.recall(key) or ()]


def clear(key: str) -> None:
    """Begin anew, everywhere and for every check."""
    state.keep(key, None)
    state.keep(f"{key}_area", _EVERYWHERE)
    state.keep(f"{key}_check", "")


def grant_words(grant: Grant, areas: dict[str, Area], words: Texts) -> str:
    """A right in words: role, area, check."""
    parts = [words.word("role_name", grant.role)] if grant.role != "machine" else []
    if grant.area:
        area = area_at(areas.values(), grant.area)
        parts.append(f"{area.name(words.lang)} {grant.area}" if area else grant.area)
    if grant.check:
        known = catalogue().get(grant.check)
        parts.append(known.check.title.of(words.lang) if known else grant.check)
    return " · ".join(parts) or words("admin.grant.everywhere")


def _add(key: str, roles: tuple[str, ...], areas: tuple[Area, ...]) -> None:
    role = state.recall(f"{key}_role") if len(roles) > 1 else roles[0]
    area = code_of(areas, desk.text_of(f"{key}_area"))
    try:
        grant = Grant(str(role), area or None, desk.text_of(f"{key}_check") or None)
    except YichaError as error:
        desk.say(sentence(error, state.language()))
        return
    lines = [*(state.recall(key) or ()), grant.text()]
    state.keep(key, list(dict.fromkeys(lines)))


def _drop(key: str, number: int) -> None:
    lines = list(state.recall(key) or ())
    del lines[number : number + 1]
    state.keep(key, lines)


def _indented(code: str, areas: dict[str, Area], words: Texts) -> str:
    if code == _EVERYWHERE:
        return words("admin.grant.everywhere")
    area = areas.get(code)
    return f"{'　' * area.depth}{area.name(words.lang)} {code}" if area else code


def _tables() -> list[AgencyTable]:
    try:
        return list(agency_tables())
    except YichaError:
        return []
