"""The working part of the page: search, filters and list, map, card. It reruns alone on every choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from checks import catalogue
from leads.store import Card
from office import Actor
from office.policy import may_somewhere
from ui import cache, mapping, overlays, state
from ui.cards.finding import card
from ui.cards.lane_picture import drive_section
from ui.cards.seen import Sighting, outline_of, scenes_of, seen_section, told_of
from ui.docket import chart as docket_chart
from ui.docket import facts
from ui.empty import say_empty
from ui.header import SCENES
from ui.items import Board, Item
from ui.map import desk, kept
from ui.map.filters import show_filters, show_source
from ui.map.leadmarks import history_of, lead_box, lead_of
from ui.map.listing import show_list
from ui.map.missing import show_missing
from ui.map.near import show_near
from ui.map.overview import overview
from ui.map.panel import MAP_HEIGHT, layer_panel, with_bases
from ui.map.search import show_search
from ui.map.table import Marks
from ui.map.tools import drawn, show_drawn, sketch
from ui.person import person
from ui.script import Call
from ui.texts import Texts
from ui.words import GLYPHS
from ui.workplace import Workplace

INLINE = overlays.INLINE
"""Most symbols that are sent at once; of more the browser asks for those in view."""


@dataclass(frozen=True)
class Desk:
    """What one run of the page works with: the table, the rows that pass, and who looks."""

    place: Workplace
    marks: Marks
    found: Board | None
    leads: pd.DataFrame | None
    rows: np.ndarray
    who: Actor | None
    today: str
    alone: Item | None = None
    """The finding that a link asks for where there are too many objects to list findings."""

    @property
    def chosen(self) -> int | None:
        """The row looked at."""
        return self.marks.find(desk.chosen())

    @property
    def item(self) -> Item | None:
        """The finding looked at, where findings are listed or a link asks for one."""
        row = self.chosen
        return self.found.items[row] if self.found is not None and row is not None else self.alone


@st.fragment
def work(
    place: Workplace, judge: Callable[[], Board] | None, key: tuple[str | None, str], today: str, words: Texts
) -> None:  # fmt: skip
    """Filters and list to the left, the map in the middle, the card to the right.

    `judge` gives the findings of the day, `None` where there are too many objects; `key` is the rules
    and the day they are judged by.
    """
    who = _reader(place)
    with st.container(key="work"):
        left, middle, right = st.columns([29, 45, 26], gap="small")
        with left, st.container(key="left"):
            show_search(place, words)
            show_source(words, leads=who is not None, live=judge is not None)
            marks, found, leads = _table(place, judge, key, who)
            if found is not None:
                show_missing(found, words)
            if judge is None:
                st.caption(words("map.large"))
            rows = show_filters(marks, found, today, words)
            here = Desk(
                place, marks, found, leads, rows, who, today, _alone(place, judge, key, words)
            )
            show_list(marks, rows, found, leads, words)
        lead = lead_of(_lead_id(here), who)
        with middle, st.container(key="map"):
            _map(here, lead, words)
        with right, st.container(key="card"):
            _card(here, lead, words)
    desk.tell()


def _reader(place: Workplace) -> Actor | None:
    """Who looks, where he may read leads and there are any; asked anew at every run."""
    who = person(place)
    return (
        who if who is not None and may_somewhere(who, "lead.read") and cache.has_leads() else None
    )


def _table(
    place: Workplace, judge: Callable[[], Board] | None, key: tuple[str | None, str], who: Actor | None
) -> tuple[Marks, Board | None, pd.DataFrame | None]:  # fmt: skip
    """What is listed: the day's findings, or the leads."""
    if desk.source() == desk.LEADS and who is not None:
        marks, leads = kept.lead_map(who)
        return marks, None, leads
    found = judge() if judge is not None else Board()
    return kept.marks_of(place, found, key, who), found, None


def _alone(
    place: Workplace, judge: Callable[[], Board] | None, key: tuple[str | None, str], words: Texts
) -> Item | None:  # fmt: skip
    """The finding that a link asks for where findings are not listed."""
    asked = desk.chosen()
    if judge is not None or asked is None or desk.is_lead():
        return None
    with st.spinner(words("app.loading"), show_time=False):
        return cache.item_alone(place, *key, asked)


def _lead_id(here: Desk) -> str:
    row = here.chosen
    return "" if row is None else str(here.marks.frame["lead"].iloc[row])


def _map(here: Desk, lead: Card | None, words: Texts) -> None:
    layers, service = here.place.layers, cache.tiles()
    bounds = mapping.extent(layers)
    if bounds is None:
        return
    chart = mapping.base_map(
        bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={service.base_key}",
        overlays.attribution(layers), with_bases(layer_panel(here.place, words), words),
    )  # fmt: skip
    chart.add_child(Call("address", {}))
    chart.add_child(Call("tools", {name: words(f"tools.{name}") for name in
                                   ("line", "ring", "inside", "home", "done", "stop", "hint", "title")}))  # fmt: skip
    one = drawn()
    token = f"{here.place.stamp}:{state.turn()}:{desk.chosen()}"
    groups = [
        _symbols(here, words),
        mapping.chosen_group(_chosen(here, lead, words), words, token=token, gentle=state.chosen_on_map(),
                             near=desk.near(), goal=desk.goal(), drawn=sketch(one, words, sought=desk.drawn() is None and desk.chosen() is None) if one else None),
    ]  # fmt: skip
    st_folium(
        chart, key=state.MAP, height=MAP_HEIGHT, use_container_width=True, feature_group_to_add=groups,
        returned_objects=["last_clicked", "last_object_clicked_count", "last_active_drawing"],
        on_change=desk.take_map_click,
    )  # fmt: skip


def _symbols(here: Desk, words: Texts) -> Any:  # noqa: ANN401 - a folium group
    placed = here.rows[here.marks.placed[here.rows]]
    if len(placed) > INLINE:
        token = kept.shown().put(here.marks, placed)
        return mapping.crowd_group(f"/map/marks/{token}/{{z}}/{{x}}/{{y}}.json?v=1", words)
    found, frame = here.found, here.marks.frame
    if found is not None:
        return mapping.symbol_group(
            here.marks, placed, lambda row: mapping.tip(found.items[row], words)
        )
    return mapping.symbol_group(
        here.marks, placed, lambda row: mapping.lead_tip(frame.iloc[row], words)
    )


def _chosen(here: Desk, lead: Card | None, words: Texts) -> dict[str, Any] | None:
    """What the browser draws of the one looked at; nothing while a place or a drawing is."""
    item = here.item
    if item is not None and item.place:
        return mapping.chosen(item, words, outline_of(item.finding, here.place.layers))
    return docket_chart.drawn(lead, words) if lead is not None and here.leads is not None else None


def _card(here: Desk, lead: Card | None, words: Texts) -> None:
    one, point = drawn(), desk.near()
    if one is not None and (desk.drawn() or desk.chosen() is None) and point is None:
        _close(desk.whole_area, words)
        show_drawn(one, here.place, here.marks, here.rows, words)
        return
    if point is not None:
        _close(desk.close, words)
        show_near(here.place, point, here.marks, here.rows, words)
        return
    if desk.chosen() is not None:
        _close(desk.unselect, words)
    if here.item is not None:
        _finding(here, here.item, lead, words)
    elif here.leads is not None and lead is not None and here.who is not None:
        _lead(here, lead, here.who, words)
    else:
        if desk.chosen() is not None:
            say_empty(words("card.no_lead" if desk.is_lead() else "card.gone"), small=True)
        _unplaced(here, words)
        st.html(overview(here.marks, here.rows, here.today, words))


def _close(act: Callable[[], None], words: Texts) -> None:
    """The way back to what was there before: the overview, or the card beneath."""
    st.button(words("card.close"), key="m_close", icon=":material/close:", shortcut="Esc", type="tertiary", on_click=act)  # fmt: skip


def _lead(here: Desk, found: Card, who: Actor, words: Texts) -> None:
    told = told_of(found.finding)
    lead_box(found, who, words)
    _no_place(here, words)
    seen = seen_section(told, cache.holdings(), words)
    st.html(
        facts.head(found, words) + (f'<article class="y-card">{seen}</article>' if seen else "")
    )
    _slider(told, words)
    st.html(facts.body(found, words) + facts.tail(found, words))


def _no_place(here: Desk, words: Texts) -> None:
    """What is looked at has no symbol on the map: say so."""
    row = here.chosen
    if row is not None and not here.marks.placed[row]:
        st.html(f'<p class="y-note y-warn">{escape(words("map.no_place"))}</p>')


def _unplaced(here: Desk, words: Texts) -> None:
    """The way to what is listed and has no symbol on the map."""
    n = int((~here.marks.placed[here.rows]).sum())
    if n and not state.recall(state.UNPLACED):
        st.button(words("map.glance.unplaced", n=n), key="m_unplaced", icon=":material/location_off:", width="stretch",
                  on_click=desk.only_unplaced)  # fmt: skip


def _finding(here: Desk, item: Item, lead: Card | None, words: Texts) -> None:
    entry = catalogue().get(item.check)
    drawn_html = drive_section(item.finding, words, state.rules(), here.place.stamp)
    drawn_html += seen_section(item.finding, cache.holdings(), words)
    if lead is not None and here.who is not None:
        lead_box(lead, here.who, words)
    _no_place(here, words)
    st.html(card(item, entry.check if entry else None, words, picture_html=drawn_html))
    _slider(item.finding, words)
    if lead is not None:
        st.html(history_of(lead, words))
    found = here.found
    others = found.of_subject(item) if found else []
    if found and others:
        st.caption(words("card.at_same_place"))
        for other in others:
            label = f"{GLYPHS[other.verdict]} {found.titles[other.check].of(words.lang)}"
            st.button(label, key=f"other:{other.key}", on_click=desk.select, args=(other.key,),
                      width="stretch")  # fmt: skip


def _slider(seen: Sighting | None, words: Texts) -> None:
    """The way to the two scenes with a slider between them, where the finding was seen in one."""
    pair = scenes_of(seen, cache.holdings())
    if pair is None:
        return
    scene, before = pair
    if st.button(words("map.slider"), key="m_slider", icon=":material/compare:", width="stretch",
                 on_click=_show_scenes, args=(scene, before)):  # fmt: skip
        state.go(SCENES, scene=scene, **({"with": before} if before else {}))


def _show_scenes(scene: str, before: str | None) -> None:
    state.show_scene(scene)
    state.compare_with(before)
