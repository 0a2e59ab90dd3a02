"""The page of data: what there is, how old and how good it is; and the way for more to come in."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from layers.shelf.about import Held
from office import Actor
from office.policy import may
from ui import cache, state
from ui.data_desk import desk, one, overview, quality, wizard
from ui.data_desk.told import tell_imports
from ui.empty import say_empty
from ui.frame import framed
from ui.header import MAP
from ui.jobs.panel import job_panel
from ui.settings import data_folder, is_demo
from ui.texts import Texts
from ui.workplace import Workplace


def show() -> None:
    """Draw the page."""
    framed(_page, "data.css", arrive=_to_map, bare=not is_demo(data_folder()))


def _to_map() -> None:
    """On to the map, where somebody wished to see there what was imported."""
    if state.wished(desk.TO_MAP) is not None:
        state.granted()
        desk.leave()
        state.go(MAP)


def _page(place: Workplace, who: Actor, words: Texts) -> None:
    tell_imports()
    held = cache.held_layers(desk.today())
    with st.container(key="dd_page"):
        view = _view(place, who, words)
        _said()
        if view == desk.IMPORT:
            wizard.show(place, held, who, words)
        else:
            _sources(held, who, words)


def _view(place: Workplace, who: Actor, words: Texts) -> str:
    brings, some = may(who, desk.IMPORT_RIGHT), bool(place.layers)
    views = [*([desk.SOURCES] if some or not brings else []), *([desk.IMPORT] if brings else [])]
    told = state.address(["view", "layer"])
    if told.get("layer"):
        state.start(desk.LAYER, told["layer"])
    state.start(desk.VIEW, told.get("view") if told.get("view") in views else views[0])
    state.offer(desk.VIEW, views, views[0])
    chosen = st.segmented_control(words("data.view"), views, key=desk.VIEW, label_visibility="collapsed",
                                  format_func=lambda name: words(f"data.views.{name}"))  # fmt: skip
    view = str(chosen or views[0])
    state.to_address({"view": None if view == views[0] else view})
    return view


def _said() -> None:
    said = state.recall(one.SAID)
    if said is not None:
        (st.success if said[0] == "ok" else st.error)(said[1])
        state.keep(one.SAID, None)


def _sources(held: Sequence[Held], who: Actor, words: Texts) -> None:
    if not held:
        say_empty(words("app.data_missing"), words("app.data_others"))
        return
    measured = quality.known(held)
    st.html(overview.tally(held, words))
    with st.container(key="measure_place"):  # its end must not move what somebody clicks just then
        if quality.measuring():
            job_panel(quality.measuring(), words("data.step.measure"), words, key="dd_measure",
                      close=_nothing)  # fmt: skip
    left, right = st.columns([66, 34], gap="small")
    with left:
        st.html(overview.table(held, measured, words))
    with right, st.container(key="dd_one"):
        names = [each.name for each in overview.ordered(held)]
        state.offer(desk.LAYER, names, names[0])
        by_name = {each.name: each for each in held}
        name = st.selectbox(words("data.layer"), names, key=desk.LAYER,
                            format_func=lambda each: f"{overview.theme_name(by_name[each].theme, words)} · {each}")  # fmt: skip
        state.to_address({"layer": name})
        one.show(by_name[name], measured.get(name), who, words)


def _nothing() -> None:
    """The measuring ends by itself."""
