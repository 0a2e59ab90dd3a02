"""What is near a place that was clicked on the map."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from layers.near import what_is_near
from ui import state
from ui.overlays import overlay_themes
from ui.sources import theme_word
from ui.texts import Texts
from ui.workplace import Workplace

REACH_M = 200.0
"""How far to look around a click, in metres: what a person sees at a glance on the map."""
MOST = 25
_AREAS = frozenset({"township"})
"""Areas of the base map in which a place lies."""


def show_near(place: Workplace, point: tuple[float, float], words: Texts) -> None:
    """The card that answers a click on an empty place."""
    names = [*overlay_themes(place.layers), *(_AREAS & set(place.layers))]
    layers = {name: place.layers[name] for name in names}
    found = what_is_near(layers, point[0], point[1], REACH_M)
    st.html(near_card(found, point, words))
    st.button(words("card.close"), on_click=state.close_near, width="stretch")


def near_card(found: pd.DataFrame, point: tuple[float, float], words: Texts) -> str:
    """The answer as HTML: `found` has theme, id, name and metres, nearest first."""
    head = (f'<h2>{escape(words("card.near"))}</h2>'
            f'<p class="y-quiet">{point[0]:.6f}, {point[1]:.6f} · WGS 84</p>')  # fmt: skip
    if not len(found):
        none = escape(words("card.near_none", reach=f"{REACH_M:.0f}"))
        return f'<article class="y-card">{head}<p>{none}</p></article>'
    rows = "".join(_row(row, words) for row in found.head(MOST).itertuples(index=False))
    more = f'<p class="y-quiet">+{len(found) - MOST}</p>' if len(found) > MOST else ""
    return f'<article class="y-card">{head}<ul class="y-near">{rows}</ul>{more}</article>'


def _row(row: Any, words: Texts) -> str:  # noqa: ANN401 - a row of a DataFrame
    theme = theme_word(str(row.theme), words)
    name = "" if pd.isna(row.name) else str(row.name)
    head = (
        f'<b>{escape(name)}</b> <span class="y-quiet">{escape(theme)}</span>'
        if name
        else escape(theme)
    )
    metres = words("card.near_line", metres=f"{row.metres:.0f}")
    return (f'<li><span>{head}</span>'
            f"<span>{escape(metres)}</span></li>")  # fmt: skip
