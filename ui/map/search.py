"""The search above the map: a place by name, address, code, township or coordinates in any datum."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

import streamlit as st

from layers.datum import Datum
from layers.errors import YichaError
from layers.position import Position, read_position
from layers.problems import error_in_language
from ui import state
from ui.map import desk, kept
from ui.sources import theme_word
from ui.texts import Texts
from ui.workplace import Workplace

MOST = 12


def show_search(place: Workplace, words: Texts) -> None:
    """The field; coordinates move the map at once, words show what they may mean."""
    st.text_input(words("seek.label"), key=state.SEEK, placeholder=words("seek.placeholder"), on_change=take,
                  label_visibility="collapsed", icon=":material/search:", max_chars=200)  # fmt: skip
    text = str(state.recall(state.SEEK) or "").strip()
    if not text:
        return
    try:
        at = read_position(text)
    except YichaError as error:
        st.html(
            f'<p class="y-note y-warn">{escape(words("seek.unknown_datum"))} <small>{escape(error_in_language(error, words.lang)[1])}</small></p>'
        )
        return
    if at is not None:
        st.html(f'<p class="y-note y-sought">{escape(read_as(at, words))}</p>')
        return
    _hits(place, text, words)


def take() -> None:
    """Something was typed: coordinates are gone to at once; a callback, so that no run cut short loses it."""
    text = str(state.recall(state.SEEK) or "").strip()
    try:
        at = read_position(text) if text else None
    except YichaError:
        return
    if at is not None:
        desk.go(at.lon, at.lat, f"{at.lat:.6f}, {at.lon:.6f}")


def read_as(at: Position, words: Texts) -> str:
    """In which datum the numbers were read, and the place in degrees of WGS 84."""
    name = datum_word(at.datum, words)
    told = words("seek.assumed" if at.assumed else "seek.read_as", datum=name)
    return f"{told} → {at.lat:.6f}, {at.lon:.6f} (WGS 84)"


def datum_word(datum: Datum, words: Texts) -> str:
    """A datum's name."""
    return datum.zh if words.lang == "zh" else datum.en


def _hits(place: Workplace, text: str, words: Texts) -> None:
    found = kept.found_places(place, text, MOST)
    total = int(found.attrs.get("total", 0))
    with st.expander(
        words("seek.hits", n=f"{total:,}") if total else words("seek.none"), expanded=bool(total)
    ):
        if not total:
            st.html(f'<p class="y-quiet">{escape(words("seek.none_hint"))}</p>')
            return
        with st.container(key="seek_hits", gap=None):
            for one in found.to_dict("records"):
                _hit(one, words)
            if total > len(found):
                st.caption(words("seek.more", n=f"{total - len(found):,}"))


def _hit(one: Mapping[Hashable, Any], words: Texts) -> None:
    """A row that was found; pressed, the map goes there."""
    placed = not math.isnan(one["lon"])
    name = str(one["name"] or one["address"] or one["id"])
    label = " · ".join(
        part for part in (name, theme_word(str(one["theme"]), words), str(one["address"])) if part
    )
    st.button(label if placed else f"{label} · {words('list.unplaced')}", key=f"seek:{one['theme']}:{one['id']}",
              on_click=desk.go, args=(float(one["lon"]), float(one["lat"]), name), disabled=not placed,
              type="tertiary", width="stretch")  # fmt: skip
