"""The working part of the page: filters and list, map, card. It reruns alone on every choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from checks import catalogue
from ui import cache, mapping, overlays, state
from ui.card import card, empty
from ui.items import Board, Filters, Item, counts
from ui.lane_picture import drive_section
from ui.leadmarks import Stands, lead_box, stands
from ui.listing import MOST, show_list
from ui.missing import show_missing
from ui.near import show_near
from ui.seen import outline_of, seen_section
from ui.texts import Texts
from ui.words import GLYPHS, licence_word
from ui.workplace import Workplace

MAP_HEIGHT = 640
"""Height before the style sheet fits the map to the window."""


@st.fragment
def work(place: Workplace, found: Board, words: Texts) -> None:
    """Filters and list to the left, the map in the middle, the card to the right."""
    with st.container(key="work"):
        left, middle, right = st.columns([29, 45, 26], gap="small")
        with left, st.container(key="left"):
            leads = stands(words)
            items = _filters(found, leads, words)
            _list(found, items, leads, words)
        with middle, st.container(key="map"):
            _map(place, found, items, leads, words)
        with right, st.container(key="card"):
            _card(place, found, words)


def _filters(found: Board, leads: Stands, words: Texts) -> list[Item]:
    """The filters; returns what passes them."""
    show_missing(found, words)
    st.text_input(words("filter.search"), key=state.TEXT, placeholder=words("filter.search"),
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    _check_filter(found, words)
    chosen = state.filters()
    _verdict_filter(found, chosen, words)
    schools = sorted({name for item in found.items for name in item.schools})
    classes = list(dict.fromkeys(item.licence_class for item in found.items))
    with st.expander(words("filter.more")):
        state.offer(state.SCHOOL, [state.ALL, *schools], state.ALL)
        st.selectbox(words("filter.school"), [state.ALL, *schools], key=state.SCHOOL,
                     format_func=lambda s: words("filter.all_schools") if s == state.ALL else s)  # fmt: skip
        st.multiselect(words("filter.licence"), classes, key=state.LICENCES,
                       format_func=lambda name: licence_word(name, words),
                       placeholder=words("filter.all_licences"))  # fmt: skip
        st.toggle(words("leads.hide_dismissed"), key=state.HIDE)
        st.button(words("filter.reset"), on_click=state.reset_filters, width="stretch")
    now, hide = state.filters(), bool(state.recall(state.HIDE))
    return [
        item for item in found.items if now.keep(item) and not (hide and item.key in leads.aside)
    ]


def _check_filter(found: Board, words: Texts) -> None:
    choices = [state.ALL, *found.titles]
    state.offer(state.CHECK, choices, state.ALL)
    shown = Filters(verdicts=state.filters().verdicts)
    numbers = {name: sum(item.check == name and shown.keep(item) for item in found.items)
               for name in found.titles}  # fmt: skip

    def label(name: str) -> str:
        if name == state.ALL:
            return words("filter.all_checks")
        return f"{found.titles[name].of(words.lang)} ({numbers[name]})"

    st.selectbox(words("filter.check"), choices, key=state.CHECK, format_func=label,
                 label_visibility="collapsed", on_change=state.remember_check)  # fmt: skip


def _verdict_filter(found: Board, chosen: Filters, words: Texts) -> None:
    others = Filters(chosen.checks, (), chosen.school, chosen.licences, chosen.text)
    numbers = counts(item for item in found.items if others.keep(item))
    with st.container(key="verdicts"):
        st.pills(words("filter.verdict"), list(numbers), selection_mode="multi", key=state.VERDICTS,
                 format_func=lambda v: f"{GLYPHS[v]} {words(f'{_verdict_group(found, chosen)}.{v}')} {numbers[v]}",
                 label_visibility="collapsed")  # fmt: skip


def _verdict_group(found: Board, chosen: Filters) -> str:
    """The short words for verdicts: those of records where the one check chosen compares records."""
    records = [item for item in found.items if item.check in chosen.checks and item.finding]
    compares = any(item.finding and not item.finding.is_distance for item in records)
    return "verdict_record" if compares else "verdict"


def _list(found: Board, items: Sequence[Item], leads: Stands, words: Texts) -> None:
    st.html(
        f'<div class="y-tally">{words("list.count", n=len(items), total=len(found.items))}</div>'
    )
    if len(items) > MOST:
        st.caption(words("list.capped", n=MOST))
    if not items:
        checks = state.filters().checks
        any_at_all = any(not checks or item.check in checks for item in found.items)
        hint = words("list.empty_hint" if any_at_all else "list.nothing_hint")
        title = words("list.empty" if any_at_all else "list.nothing")
        st.html(f'<div class="y-empty y-small"><b>{title}</b><p>{hint}</p></div>')
        return
    with st.container(key="list_box"):
        show_list(items, found.titles, state.selected(), words, key=state.LIST,
                  on_select=state.take_row, stands=leads.words)  # fmt: skip


def _map(
    place: Workplace, found: Board, items: Sequence[Item], leads: Stands, words: Texts
) -> None:
    layers, service = place.layers, cache.tiles()
    bounds = mapping.extent(layers)
    if bounds is None:
        return
    chart = mapping.base_map(
        bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={service.base_key}",
        overlays.attribution(layers), layer_panel(place, words),
    )  # fmt: skip
    chosen = found.by_key(state.selected())
    token = f"{place.stamp}:{state.turn()}:{state.selected()}"
    groups = [
        mapping.finding_group(items, words, leads.aside),
        mapping.chosen_group(chosen, words, token=token, gentle=state.chosen_on_map(),
                             near=state.near_point(),
                             outline=outline_of(chosen.finding if chosen else None, layers)),
    ]  # fmt: skip
    st_folium(
        chart, key=state.MAP, height=MAP_HEIGHT, use_container_width=True, feature_group_to_add=groups,
        returned_objects=["last_clicked", "last_object_clicked_count", "last_active_drawing"],
        on_change=state.take_map_click,
    )  # fmt: skip


def layer_panel(place: Workplace, words: Texts) -> dict[str, Any]:
    """What the map's panel of layers shows."""
    service = cache.tiles()
    keys = {name: service.overlay_key(name) for name in place.layers}
    return {
        "title": words("map.layers"),
        "layers": overlays.describe(place.layers, keys, words),
        "verdicts": [[name, words("verdict." + name)] for name in GLYPHS],
    }


def _card(place: Workplace, found: Board, words: Texts) -> None:
    point = state.near_point()
    if point:
        show_near(place, point, words)
        return
    item = found.by_key(state.selected())
    if item is None:
        st.html(empty(words, gone=state.selected() is not None))
        return
    lead_box(place, item, words)
    entry = catalogue().get(item.check)
    drawn = drive_section(item.finding, words, state.rules(), place.stamp)
    drawn += seen_section(item.finding, cache.holdings(), words)
    st.html(card(item, entry.check if entry else None, words, picture_html=drawn))
    others = found.of_subject(item)
    if others:
        st.caption(words("card.at_same_place"))
        for other in others:
            label = f"{GLYPHS[other.verdict]} {found.titles[other.check].of(words.lang)}"
            st.button(label, key=f"other:{other.key}", on_click=state.select, args=(other.key,),
                      width="stretch")  # fmt: skip
