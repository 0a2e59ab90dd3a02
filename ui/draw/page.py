"""The page of drawing: a scene below, lanes, gates and zones drawn on it, saved as a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from imagery.drawing import DRAWN_THEMES, Drawings
from office import Actor
from ui import cache, mapping, overlays, state
from ui.draw import sketch
from ui.draw.chart import DrawMap, with_drawing
from ui.empty import say_empty
from ui.frame import framed
from ui.map.panel import MAP_HEIGHT, layer_panel
from ui.scenes.chart import bounds_of, scene_group
from ui.scenes.holdings import Holdings, SceneRow
from ui.scenes.words import day_of, error_of, kind_of
from ui.texts import Texts
from ui.workplace import Workplace, layer_folder


def show() -> None:
    """Draw the page."""
    framed(_page)


def _page(place: Workplace, _: Actor, words: Texts) -> None:
    held = cache.holdings()
    rows = [] if held is None else [row for row in held.rows if row.drawn]
    if held is None or not rows:
        say_empty(words("draw.empty"), words("draw.empty_hint"))
        st.page_link(state.pages()["upload"], label=words("page.upload"))
        return
    _work(place, held, rows, words)


@st.fragment
def _work(place: Workplace, held: Holdings, rows: Sequence[SceneRow], words: Texts) -> None:
    """What and on which scene to the left, the map in the middle, the shapes to the right."""
    drawings = Drawings(layer_folder(place.folder))
    with st.container(key="work"):
        left, middle, right = st.columns([24, 50, 26], gap="small")
        with left, st.container(key="left"):
            theme, scene = _choices(rows, words)
            below = st.container()
        loaded = sketch.load(drawings, theme)
        shapes = sketch.shapes(theme, loaded)
        with middle, st.container(key="map"):
            _map(place, held, scene, (theme, loaded), words)
        with right, st.container(key="card"):
            _shapes(shapes, theme, words)
        with below:
            _deeds(drawings, theme, scene, loaded, words)


def _choices(rows: Sequence[SceneRow], words: Texts) -> tuple[str, SceneRow]:
    """Who draws what on which scene."""
    theme = st.radio(words("draw.theme"), DRAWN_THEMES, key=sketch.offered(sketch.THEME, DRAWN_THEMES, DRAWN_THEMES[0]),
                     format_func=lambda one: words(f"draw.themes.{one}"))  # fmt: skip
    state.keep(sketch.THEME, theme)
    ids = {row.id: row for row in rows}
    best = next((row.id for row in rows if row.kind == "orthophoto"), rows[0].id)
    first = str(state.scene() if state.scene() in ids else best)
    chosen = st.selectbox(
        words("draw.scene"), list(ids), key=sketch.offered(sketch.SCENE, tuple(ids), first),
        format_func=lambda one: f"{day_of(ids[one], words)} · {ids[one].title} · {kind_of(ids[one], words)}",
    )  # fmt: skip
    state.keep(sketch.SCENE, chosen)
    scene = ids[chosen]
    st.caption(words("draw.scene_error", error=error_of(scene, words)))
    return theme, scene


def _deeds(
    drawings: Drawings, theme: str, scene: SceneRow, loaded: list[dict[str, Any]], words: Texts
) -> None:  # fmt: skip
    """Save, undo, throw away; and what became of the last of them."""
    version = sketch.saved_version()
    st.caption(words("draw.version", n=version) if version else words("draw.no_version"))
    st.button(words("draw.save"), type="primary", width="stretch", key="d_save",
              on_click=sketch.save, args=(drawings, theme, scene, loaded))  # fmt: skip
    one, two = st.columns(2)
    one.button(words("draw.undo"), width="stretch", disabled=not version, key="d_undo",
               on_click=sketch.undo, args=(drawings, theme), help=words("draw.undo_help"))  # fmt: skip
    two.button(words("draw.discard"), width="stretch", key="d_discard", on_click=sketch.lay_anew,
               help=words("draw.discard_help"))  # fmt: skip
    said = sketch.note()
    if said is not None:
        (st.success if said[0] == "ok" else st.error)(said[1])
    st.html(f'<p class="y-quiet">{escape(words(f"draw.hints.{theme}"))}</p>')


def _map(
    place: Workplace, held: Holdings, scene: SceneRow, drawn: tuple[str, list[dict[str, Any]]],
    words: Texts,
) -> None:  # fmt: skip
    theme, loaded = drawn
    bounds = bounds_of([scene]) or mapping.extent(place.layers)
    assert bounds is not None  # a scene that is drawn has an outline
    base = sketch.once("base", theme, lambda: (
        bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={cache.tiles().base_key}",
        overlays.attribution(place.layers), {**layer_panel(place, words), "verdicts": [], "closed": True},
    ))  # fmt: skip
    chart = mapping.base_map(*base)
    chart.options.update(maxZoom=22)
    with_drawing(chart).add_child(DrawMap(loaded, theme, words))
    token = f"draw:{scene.id}"
    group = scene_group(held, scene, None, (), words, token=token, gentle=False)
    st_folium(
        chart, key=sketch.map_key(theme), height=MAP_HEIGHT, use_container_width=True,
        feature_group_to_add=[group], returned_objects=["all_drawings"],
    )  # fmt: skip


def _shapes(shapes: Sequence[Mapping[str, Any]], theme: str, words: Texts) -> None:
    """A few fields for every shape, numbered as on the map."""
    st.html(f'<div class="y-tally">{words("draw.count", n=len(shapes))}</div>')
    if not shapes:
        say_empty(words("draw.none"), words("draw.none_hint"), small=True)
    for n, one in enumerate(shapes, 1):
        with st.container(border=True, key=f"d_row_{n}"):
            _fields(n, one, theme, words)


def _fields(n: int, one: Mapping[str, Any], theme: str, words: Texts) -> None:
    told, key = one.get("properties") or {}, sketch.key_of(one)
    line = (one.get("geometry") or {}).get("type") == "LineString"
    role = sketch.GATE
    if line:
        choices = (sketch.GATE, sketch.CENTRELINE)
        name = sketch.field(key, "role")
        state.start(name, told.get("role") or sketch.GATE)
        role = str(st.segmented_control(f"{n} · {words('draw.line')}", choices, key=name,
                                    format_func=lambda c: words(f"draw.roles.{c}")))  # fmt: skip
    if not line or role == sketch.CENTRELINE:
        name = sketch.field(key, "name")
        state.start(name, told.get("name") or "")
        st.text_input(f"{n} · {words('draw.name')}", key=name)
    if line and role == sketch.CENTRELINE:
        name = sketch.field(key, "width_m")
        state.start(name, told.get("width_m"))
        st.number_input(words("draw.width"), min_value=0.5, max_value=100.0, step=0.1, key=name)
    if theme != "fire_lane":
        name = sketch.field(key, "about")
        state.start(name, told.get("about") or "")
        st.text_input(words(f"draw.about.{theme}"), key=name)
