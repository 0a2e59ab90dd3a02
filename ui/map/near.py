"""What is near a place that was clicked on the map or searched for."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.datum import from_wgs84, parse_datum
from layers.errors import YichaError
from layers.near import what_is_near
from ui import state
from ui.docket.names import check_title
from ui.map import desk
from ui.map.search import datum_word
from ui.map.table import Marks
from ui.overlays import overlay_themes
from ui.sources import theme_word
from ui.texts import Texts
from ui.words import GLYPHS, metres
from ui.workplace import Workplace

MOST, MOST_LISTED = 60, 8
_AREAS = frozenset({"township"})
"""Areas of the base map in which a place lies."""
_DATUMS = ("gcj02", "bd09", "cgcs2000-gk3")
"""The datums a place is written in beside WGS 84: those that other maps and surveys use here."""


def show_near(
    place: Workplace, point: tuple[float, float], marks: Marks, rows: np.ndarray, words: Texts
) -> None:
    """The card that answers a click on an empty place: what is near, and which of it is listed."""
    names = [*overlay_themes(place.layers), *(_AREAS & set(place.layers))]
    layers = {name: place.layers[name] for name in names}
    found = what_is_near(layers, point[0], point[1], desk.reach())
    head, body = near_card(found, point, desk.reach(), words)
    st.html(head)
    state.offer(state.REACH, desk.REACHES, desk.REACHES[1])
    st.segmented_control(words("near.reach"), desk.REACHES, key=state.REACH, required=True, width="stretch",
                         format_func=lambda one: metres(one, words, digits=None), label_visibility="collapsed")  # fmt: skip
    _listed(found, marks, rows, words)
    st.html(body)


def _listed(found: pd.DataFrame, marks: Marks, rows: np.ndarray, words: Texts) -> None:
    """Findings or leads about what is near, the nearest first; each opens its card."""
    listed = marks.about(rows, found["id"].astype(str))[:MOST_LISTED]
    if not len(listed):
        return
    with st.container(key="near_listed", gap=None):
        for told in marks.frame.iloc[listed].to_dict("records"):
            label = f"{GLYPHS.get(told['verdict'], '')} {told['name']} · {check_title(told['check'], words)}"
            st.button(label, key=f"m_near:{told['key']}", on_click=desk.select, args=(told["key"],),
                      type="tertiary", width="stretch")  # fmt: skip


def near_card(
    found: pd.DataFrame, point: tuple[float, float], reach: float, words: Texts
) -> tuple[str, str]:
    """The answer as HTML, what stands above and below the choice of `reach`: `found` has theme, id,
    name and metres, nearest first.
    """
    areas = found[found["theme"].isin(list(_AREAS)) & (found["metres"] <= 0)]
    within = "、".join(str(name) for name in areas["name"].dropna()) if len(areas) else ""
    head = (f'<article class="y-card"><h2>{escape(words("card.near"))}</h2>'
            f'<p class="y-quiet">{escape(within)}</p>{_coordinates(point, words)}</article>')  # fmt: skip
    things = found[~found["theme"].isin(list(_AREAS))]
    if not len(things):
        none = escape(words("card.near_none", reach=f"{reach:.0f}"))
        return head, f'<article class="y-card"><p>{none}</p></article>'
    counts = things["theme"].value_counts()
    told = " · ".join(f"{theme_word(str(name), words)} {count}" for name, count in counts.items())
    rows = "".join(_row(row, words) for row in things.head(MOST).itertuples(index=False))
    more = (
        f'<p class="y-quiet">{words("near.more", n=len(things) - MOST)}</p>'
        if len(things) > MOST
        else ""
    )
    return head, (f'<article class="y-card"><p class="y-quiet">{escape(told)}</p>'
                  f'<ul class="y-near">{rows}</ul>{more}</article>')  # fmt: skip


def _coordinates(point: tuple[float, float], words: Texts) -> str:
    """The place in degrees of WGS 84 and as other maps write it."""
    lines = [("WGS 84", f"{point[0]:.6f}, {point[1]:.6f}")]
    for name in _DATUMS:
        datum = parse_datum(name)
        try:
            x, y = from_wgs84(np.array([point[0]]), np.array([point[1]]), datum)
        except YichaError:
            continue
        digits = 1 if datum.planar else 6
        lines.append((datum_word(datum, words), f"{x[0]:.{digits}f}, {y[0]:.{digits}f}"))
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in lines
    )
    return f"<details><summary>{escape(words('near.coordinates'))} {lines[0][1]}</summary><dl>{rows}</dl></details>"


def _row(row: Any, words: Texts) -> str:  # noqa: ANN401 - a row of a DataFrame
    theme = theme_word(str(row.theme), words)
    name = "" if pd.isna(row.name) else str(row.name)
    head = (
        f'<b>{escape(name)}</b> <span class="y-quiet">{escape(theme)}</span>'
        if name
        else escape(theme)
    )
    return (f'<li><span>{head}</span>'
            f"<span>{escape(metres(row.metres, words))}</span></li>")  # fmt: skip
