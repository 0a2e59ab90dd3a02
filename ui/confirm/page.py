"""The page where people confirm what detectors saw: list, map, and one candidate with its answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit_folium import st_folium

from checks import catalogue
from imagery.queue import Candidate, Queue
from layers.errors import YichaError
from layers.problems import sentence
from layers.themes import theme
from office import Actor
from ui import cache, mapping, overlays, state
from ui.confirm import desk
from ui.confirm.ask import ask_form, job_box
from ui.confirm.chart import MOST as MOST_DRAWN
from ui.confirm.chart import groups, with_drawing
from ui.confirm.listing import MOST, show_candidates
from ui.confirm.panel import show_panel
from ui.confirm.yields import yield_table
from ui.empty import say_empty
from ui.frame import framed
from ui.header import MAP, UPLOAD
from ui.map.panel import MAP_HEIGHT, layer_panel
from ui.refused import must, refusal_told
from ui.scenes.chart import bounds_of
from ui.scenes.holdings import Holdings
from ui.settings import data_folder
from ui.texts import Texts
from ui.workplace import Workplace, layer_folder

AHEAD = 3
"""Candidates whose chips are fetched before they are asked for."""

_TROUBLE = "c_trouble"


def show() -> None:
    """Draw the page."""
    framed(_page, "confirm_page.css", arrive=_on)


def _on() -> None:
    """On to the map, where somebody wished to see there what was published."""
    if state.wished("map") is not None:
        state.go(MAP)


def _page(place: Workplace, who: Actor, words: Texts) -> None:
    held, queue = cache.holdings(), cache.queue()
    if held is None or queue is None or not held.rows:
        say_empty(words("scenes.empty"), words("confirm.empty_hint"))
        st.page_link(state.pages()[UPLOAD], label=words("page.upload"))
        return
    runs = queue.runs()
    _bar(place, held, queue, who, words, any_run=bool(runs))
    if runs:
        _work(place, held, words)
    else:
        say_empty(words("confirm.none"), words("confirm.none_hint"))


def _bar(
    place: Workplace, held: Holdings, queue: Queue, who: Actor, words: Texts, *, any_run: bool
) -> None:
    """Who answers; start a detector, look at the yield, publish."""
    with st.container(key="confirm_top"):
        left, right = st.columns([63, 37], gap="small", vertical_alignment="center")
    with left, st.container(key="confirm_bar", horizontal=True, vertical_alignment="center"):
        detect = st.popover(words("confirm.detect"), icon=":material/search:", width="content")
        with detect, st.container(key="detect_form"):
            ask_form(place, held, who, words)
        if any_run:
            st.button(words("confirm.publish"), key="c_publish", on_click=state.wish, args=("publish",),
                      help=words("confirm.publish_help"), icon=":material/publish:")  # fmt: skip
            _publish(queue, words)
    with right:
        job_box(words)


def _publish(queue: Queue, words: Texts) -> None:
    """Write the layers the checks read; the map page asks the checks again."""
    if state.wished("publish") is not None:
        try:
            must("scene.judge")
            done = queue.publish(layer_folder(data_folder()))
            state.keep("c_published", sorted(done))
        except YichaError as error:
            refusal_told(error)
            state.keep(_TROUBLE, sentence(error, words.lang))
        state.granted()
        st.rerun()
    if trouble := state.recall(_TROUBLE):
        state.keep(_TROUBLE, None)
        st.error(trouble)
    themes = state.recall("c_published")
    if themes:
        names = ", ".join(_theme(name, words) for name in themes)
        with st.container(
            key="published", horizontal=True, vertical_alignment="center", width="content"
        ):
            st.html(
                f'<span class="y-tag y-ok" role="status">{words("confirm.published", names=names)}</span>'
            )
            st.button(words("confirm.to_map"), key="c_to_map", type="tertiary", icon=":material/map:",
                      on_click=_to_map, args=(tuple(themes),))  # fmt: skip


def _to_map(themes: tuple[str, ...]) -> None:
    """On to the map, narrowed to the check that asks about what was published."""
    checks = {name: entry.check for name, entry in catalogue().items()}
    asks = [name for name, one in checks.items() if set(themes) & set(one.needs)]
    asks = asks or [name for name, one in checks.items() if set(themes) & set(one.uses)]
    state.keep(state.CHECK, asks[0] if len(asks) == 1 else state.ALL)
    state.wish("map")


def _theme(name: str, words: Texts) -> str:
    about = theme(name)
    return about.zh if words.lang == "zh" else about.en


@st.fragment
def _work(place: Workplace, held: Holdings, words: Texts) -> None:
    """The queue to the left, the map in the middle, one candidate to the right."""
    queue = Queue.open(held.store)
    with st.container(key="work"):
        left, middle, right = st.columns([21, 42, 37], gap="small")
        with left, st.container(key="left"):
            _filters(queue, words)
            found, one = desk.listed(queue)
            _progress(queue, words)
            if len(found) > MOST:
                st.caption(words("list.capped", n=MOST))
            with st.container(key="list_box"):
                show_candidates(found, one, words)
        with middle, st.container(key="map"), st.container(key="confirm_map"):
            _map(place, held, found[:MOST_DRAWN], one, words)
        with right, st.container(key="card"):
            show_panel(one, _following(found, one), held, words)


def _filters(queue: Queue, words: Texts) -> None:
    themes = list(dict.fromkeys(run.theme for run in queue.runs()))
    state.offer(desk.THEME, [state.ALL, *themes], state.ALL)
    state.offer(desk.STATE, desk.STATES, desk.STATES[0])
    state.offer(desk.ORDER, desk.ORDERS, desk.ORDERS[0])
    if len(themes) > 1:
        st.selectbox(words("confirm.theme"), [state.ALL, *themes], key=desk.THEME, label_visibility="collapsed",
                     on_change=desk.forget_shown, format_func=lambda name: words("confirm.all_themes") if name == state.ALL
                     else _theme(name, words))  # fmt: skip
    with st.container(key="confirm_filters", horizontal=True):
        st.selectbox(words("confirm.state"), desk.STATES, key=desk.STATE, label_visibility="collapsed",
                     on_change=desk.forget_shown, format_func=lambda one: words.word("confirm.states", one))  # fmt: skip
        st.selectbox(words("confirm.order"), desk.ORDERS, key=desk.ORDER, label_visibility="collapsed",
                     format_func=lambda one: words.word("confirm.orders", one))  # fmt: skip


def _progress(queue: Queue, words: Texts) -> None:
    """How many of the theme were decided."""
    every = queue.candidates(theme=desk.filters()["theme"], state="all")
    decided = sum(one.state == "decided" for one in every)
    unsure = sum(one.state == "unsure" for one in every)
    said = words("confirm.progress", done=decided, n=len(every))
    more = words("confirm.progress_unsure", n=unsure) if unsure else ""
    share = 100 * decided / len(every) if every else 0
    with st.container(key="confirm_progress", horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="y-progress" role="status"><span>{said}{more}</span>'
                f'<i style="--share:{share:.1f}%"></i></div>', width="stretch")  # fmt: skip
        with st.popover(words("confirm.yields"), width="content"):
            st.html(yield_table(queue.yield_(), words))


def _map(
    place: Workplace,
    held: Holdings,
    found: Sequence[Candidate],
    one: Candidate | None,
    words: Texts,
) -> None:
    bounds = bounds_of(held.rows) or mapping.extent(place.layers)
    if bounds is None:
        return
    chart = with_drawing(mapping.base_map(
        bounds, f"/base/{{z}}/{{x}}/{{y}}.png?v={cache.tiles().base_key}",
        overlays.attribution(place.layers), {**layer_panel(place, words), "verdicts": [], "closed": True},
    ))  # fmt: skip
    st_folium(
        chart, key=desk.MAP, height=MAP_HEIGHT, use_container_width=True,
        feature_group_to_add=groups(held, found, one, words, editing=desk.editing(), gentle=desk.placed()),
        returned_objects=["last_object_clicked_count", "last_active_drawing"],
        on_change=desk.take_map_click,
    )  # fmt: skip


def _following(found: Sequence[Candidate], one: Candidate | None) -> Sequence[Candidate]:
    keys = [each.id for each in found]
    at = keys.index(one.id) if one and one.id in keys else -1
    return found[at + 1 : at + 1 + AHEAD]
