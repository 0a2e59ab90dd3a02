"""The page of scenes: what was seen when, where it lies, and two dates beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit_folium import st_folium

from imagery.align import Alignment, comparable
from office import Actor
from ui import cache, mapping, overlays, state
from ui.empty import say_empty
from ui.frame import framed
from ui.map.panel import MAP_HEIGHT, layer_panel
from ui.scenes.card import card, empty, photo
from ui.scenes.chart import bounds_of, scene_group
from ui.scenes.holdings import Holdings, SceneRow
from ui.scenes.listing import MOST, show_scenes, show_strip
from ui.scenes.words import day_of, kind_of
from ui.settings import at
from ui.texts import Texts
from ui.workplace import Workplace

THING_M = 4.0
"""Width of the things compared: a parked car, a heap, the clear width of a lane."""


def show() -> None:
    """Draw the page."""
    framed(_page, arrive=_shown)


def _shown() -> None:
    if state.wished("show") is not None:
        state.granted()  # here only: the way to this page may be cut short and is then tried again


def _page(place: Workplace, _: Actor, words: Texts) -> None:
    held = cache.holdings()
    if held is None or not held.rows:
        say_empty(words("scenes.empty"), words("scenes.empty_hint"))
        st.page_link(state.pages()["upload"], label=words("page.upload"))
        return
    _work(place, held, words)


@st.fragment
def _work(place: Workplace, held: Holdings, words: Texts) -> None:
    """List to the left, map and time strip in the middle, the card to the right."""
    shown = held.by_id(state.scene())
    other = held.by_id(state.other_scene())
    with st.container(key="work"):
        left, middle, right = st.columns([25, 49, 26], gap="small")
        with left, st.container(key="left"):
            rows = _list(held, words)
        with middle, st.container(key="map"), st.container(key="scene_map"):
            _map(place, held, (shown, other), rows, words)
            _strip(held, shown, words)
        with right, st.container(key="card"):
            _card(held, shown, other, words)


def _list(held: Holdings, words: Texts) -> list[SceneRow]:
    """Filters and list; returns what passes the filters."""
    st.text_input(words("scenes.search"), key=state.SCENE_TEXT, placeholder=words("scenes.search"),
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    kinds = list(dict.fromkeys(row.kind for row in held.rows))
    st.pills(words("scenes.kinds"), kinds, selection_mode="multi", key=state.SCENE_KINDS,
             format_func=lambda kind: words.word("scene_kind", kind), label_visibility="collapsed")  # fmt: skip
    text, wanted = state.scene_filters()
    rows = [row for row in held.rows
            if (not wanted or row.kind in wanted) and text in f"{row.title} {row.day} {row.id}".lower()]  # fmt: skip
    st.html(
        f'<div class="y-tally">{words("scenes.count", n=len(rows), total=len(held.rows))}</div>'
    )
    if len(rows) > MOST:
        st.caption(words("list.capped", n=MOST))
    with st.container(key="list_box"):
        show_scenes(
            rows, held, state.scene(), words, key=state.SCENE_LIST, on_select=state.take_scene
        )
    return rows


def _map(
    place: Workplace, held: Holdings, chosen: tuple[SceneRow | None, SceneRow | None],
    rows: Sequence[SceneRow], words: Texts,
) -> None:  # fmt: skip
    bounds = bounds_of(held.rows) or mapping.extent(place.layers)
    if bounds is None:
        return
    chart = mapping.base_map(
        bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={cache.tiles().base_key}",
        overlays.attribution(place.layers), {**layer_panel(place, words), "verdicts": [], "closed": True},
    )  # fmt: skip
    token = f"{place.stamp}:{state.turn()}:{state.scene()}"
    group = scene_group(held, *chosen, rows, words, token=token, gentle=state.chosen_on_map())
    st_folium(
        chart, key=state.SCENE_MAP, height=MAP_HEIGHT, use_container_width=True,
        feature_group_to_add=[group], on_change=state.take_scene_click,
        returned_objects=["last_object_clicked_count", "last_active_drawing"],
    )  # fmt: skip


def _strip(held: Holdings, shown: SceneRow | None, words: Texts) -> None:
    """All scenes of the same place, oldest first, as small pictures with their dates."""
    if shown is None or not shown.drawn:
        say_empty(
            "", words("scenes.strip_hint" if shown is None else "scenes.strip_unplaced"), small=True
        )
        return
    rows = sorted((shown, *held.same_place(shown)), key=lambda row: (row.day or "", row.id))
    show_strip(
        rows,
        held,
        shown.id,
        state.other_scene(),
        words,
        key=state.STRIP,
        on_select=state.take_strip,
    )


def _card(held: Holdings, shown: SceneRow | None, other: SceneRow | None, words: Texts) -> None:
    if shown is None:
        st.html(empty(words))
        return
    if shown.drawn:
        _compare(held, shown, other, words)
        lon, lat = _middle(shown)
        st.link_button(words("scene.crop"), at(f"/imagery/{shown.id}/crop.png?lon={lon:.7f}&lat={lat:.7f}&lang={words.lang}"),
                       width="stretch")  # fmt: skip
    else:
        st.html(photo(shown, held, words))
    told = held.store.document(shown.id)["properties"]
    st.html(card(shown, told, held.store.record(shown.id), words))


def _compare(held: Holdings, shown: SceneRow, other: SceneRow | None, words: Texts) -> None:
    """Choose the second date; say how the two lie on each other, or why they may not be compared."""
    rows = {row.id: row for row in held.same_place(shown)}
    choices = [state.ALL, *rows]
    key = f"compare:{shown.id}"
    state.start(key, other.id if other is not None and other.id in rows else state.ALL)
    st.selectbox(
        words("scene.compare"), choices, key=key, on_change=state.take_comparison, args=(key,),
        format_func=lambda name: words("scene.compare_none") if name == state.ALL
        else f"{day_of(rows[name], words)} · {kind_of(rows[name], words)}",
    )  # fmt: skip
    if other is None or other.id not in rows:
        return
    if st.button(words("scene.check"), width="stretch", key=f"check:{shown.id}:{other.id}"):
        with st.spinner(words("scene.checking"), show_time=False):
            cache.alignment(shown.id, other.id)
    found = cache.known_alignment(shown.id, other.id)
    if found is None:
        st.html(f'<p class="y-note">{words("scene.unchecked")}</p>')
        return
    _verdict(found, shown, other, words)


def _verdict(found: Alignment, shown: SceneRow, other: SceneRow, words: Texts) -> None:
    answer = comparable(found, THING_M, shown.gsd_m or 0.01, other.gsd_m or 0.01)
    figures = words(
        "scene.apart", metres=f"{found.distance_m:.2f}", residual=f"{found.residual_m:.2f}"
    )
    if answer.yes:
        st.html(
            f'<p class="y-note"><b>{words("scene.comparable", size=f"{THING_M:g}")}</b><br>{figures}</p>'
        )
        return
    why = answer.why_zh if words.lang == "zh" else answer.why_en
    st.warning(f"{words('scene.not_comparable', size=f'{THING_M:g}')}: {why}")


def _middle(row: SceneRow) -> tuple[float, float]:
    assert row.outline is not None
    middle = row.outline.centroid
    return middle.x, middle.y
