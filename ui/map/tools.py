"""What was drawn on the map: a line or ring that was measured, an area and what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from checks import VERDICTS
from layers.errors import LayerError
from layers.inside import COLUMNS, Sizes, area_of, sizes_of, what_is_in
from layers.problems import error_in_language
from layers.safe_csv import csv_text
from ui.docket.names import check_title, state_word
from ui.map import desk
from ui.map.table import NO_LEAD, Marks
from ui.overlays import overlay_themes
from ui.sources import theme_word
from ui.texts import Texts
from ui.words import GLYPHS, metres
from ui.workplace import Workplace

MOST = 60
"""Rows of an area that the card names; the table to take away has them all."""
_CORNERS = 500
_HECTARE, _KM2 = 1e4, 1e6


@dataclass(frozen=True)
class Drawn:
    """What was drawn, and its sizes or what is wrong with it."""

    tool: str
    corners: tuple[tuple[float, float], ...]
    sizes: Sizes | None
    problem: LayerError | None = None


def drawn() -> Drawn | None:
    """What this tab drew last, measured; else the area that alone is listed."""
    found = desk.drawn() or (("inside", desk.area()) if desk.area() else None)
    if found is None:
        return None
    tool, corners = found[0], found[1][:_CORNERS]
    try:
        return Drawn(tool, corners, sizes_of(corners, closed=tool != "line"))
    except LayerError as error:
        return Drawn(tool, corners, None, error)


def sketch(one: Drawn, words: Texts, *, sought: bool = False) -> dict[str, Any]:
    """The same for the browser: corners as lat, lon; a word for every side and for the whole. The map
    moves to one that is `sought`: named by the address, not drawn on this map.
    """
    sides = one.sizes.sides_m if one.sizes else ()
    told = [length(side, words) for side in sides] if 1 < len(sides) <= 40 else []
    return {"corners": [[lat, lon] for lon, lat in one.corners], "closed": one.tool != "line", "sides": told,
            "text": _whole(one.sizes, words) if one.sizes else "", "sought": sought}  # fmt: skip


def show_drawn(one: Drawn, place: Workplace, marks: Marks, rows: np.ndarray, words: Texts) -> None:
    """Its card: sizes, and of an area what is in it; `rows` are those that are listed, and so in it."""
    if one.sizes is None:
        told = (
            (". " if words.lang == "en" else "。").join(error_in_language(one.problem, words.lang))
            if one.problem
            else ""
        )
        st.html(f'<article class="y-card"><h2>{escape(words("tools." + one.tool))}</h2>'
                f'<p class="y-note">{escape(words("tools.cannot"))} {escape(told)}</p></article>')  # fmt: skip
    else:
        st.html(sizes_card(one, words))
        if one.tool == "inside":
            _inside(one, place, marks, rows, words)


def sizes_card(one: Drawn, words: Texts) -> str:
    """Length and area in words."""
    sizes = one.sizes
    if sizes is None:
        return ""
    rows = [
        (
            words("tools.perimeter" if one.tool != "line" else "tools.length"),
            length(sizes.length_m, words),
        )
    ]
    if sizes.area_m2 is not None and sizes.mu is not None:
        rows += [
            (words("tools.area"), area(sizes.area_m2, words)),
            (words("tools.mu"), words("tools.mu_value", n=f"{sizes.mu:,.2f}")),
        ]
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd><b>{escape(value)}</b></dd>" for name, value in rows
    )
    sides = "" if len(sizes.sides_m) < 2 else (
        f'<p class="y-quiet">{escape(words("tools.sides"))} '
        + escape(" · ".join(length(side, words) for side in sizes.sides_m[:40])) + "</p>")  # fmt: skip
    return (f'<article class="y-card y-sizes"><h2>{escape(words("tools.sizes." + one.tool))}</h2><dl>{facts}</dl>{sides}'
            f'<p class="y-foot">{escape(words("tools.geodesic"))}</p></article>')  # fmt: skip


def length(value: float, words: Texts) -> str:
    """Metres, or kilometres above ten of them."""
    if value < 10_000:
        return metres(value, words)
    return words("tools.km", n=f"{value / 1000:,.2f}")


def _whole(sizes: Sizes, words: Texts) -> str:
    if sizes.area_m2 is None:
        return length(sizes.length_m, words)
    return area(sizes.area_m2, words)


def area(m2: float, words: Texts) -> str:
    """Square metres, hectares or square kilometres, whichever reads best."""
    if m2 < _HECTARE:
        return words("tools.m2", n=f"{m2:,.1f}")
    if m2 < _KM2:
        return words("tools.ha", n=f"{m2 / _HECTARE:,.3f}")
    return words("tools.km2", n=f"{m2 / _KM2:,.3f}")


def area_table(inside: np.ndarray, marks: Marks, things: pd.DataFrame, words: Texts) -> str:
    """Everything in the area as CSV: findings or leads first, then what the layers hold."""
    header = [
        words(f"tools.column.{name}")
        for name in ("kind", "what", "id", "name", "address", "code", "state", "lon", "lat")
    ]
    frame = marks.frame.iloc[inside]
    told: list[Sequence[object]] = [
        (words("verdict." + verdict), check_title(str(check), words), key, name, "", "", _state(stands, words), lon, lat)
        for key, check, verdict, name, stands, lon, lat in zip(
            *(frame[name].tolist() for name in ("key", "check", "verdict", "name", "state", "lon", "lat")), strict=True)
    ]  # fmt: skip
    told += [(words("tools.feature"), theme_word(str(one[0]), words), *one[1:5], "", *one[5:])
             for one in things[list(COLUMNS)].itertuples(index=False)]  # fmt: skip
    return csv_text(header, told)


def _inside(one: Drawn, place: Workplace, marks: Marks, rows: np.ndarray, words: Texts) -> None:
    layers = {name: place.layers[name] for name in overlay_themes(place.layers)}
    things = what_is_in(layers, area_of(one.corners))
    st.html(inside_card(rows, marks, things, words))
    st.download_button(words("tools.take"), area_table(rows, marks, things, words).encode("utf-8-sig"),
                       file_name="area.csv", mime="text/csv", on_click="ignore", width="stretch",
                       icon=":material/download:")  # fmt: skip


def inside_card(inside: np.ndarray, marks: Marks, things: pd.DataFrame, words: Texts) -> str:
    """How many findings of each verdict, how many features of each theme, and the names of some."""
    numbers = marks.counts("verdict", inside)
    marked = "".join(f'<span><i class="{one}">{GLYPHS[one]}</i>{escape(words("verdict." + one))} <b>{numbers[one]}</b></span> '
                     for one in VERDICTS if numbers.get(one))  # fmt: skip
    themes: Mapping[Any, Any] = (
        things.groupby("theme", sort=False).size().to_dict() if len(things) else {}
    )
    rows = "".join(f"<tr><td>{escape(theme_word(str(name), words))}</td><td>{count:,}</td></tr>"
                   for name, count in sorted(themes.items(), key=lambda pair: -pair[1]))  # fmt: skip
    named = things[things["name"] != ""].head(MOST) if len(things) else things
    lines = "".join(f"<li><span><b>{escape(str(one.name))}</b> <span class=\"y-quiet\">{escape(theme_word(str(one.theme), words))}"
                    "</span></span></li>" for one in named.itertuples(index=False))  # fmt: skip
    more = f"<details><summary>{escape(words('tools.names', n=len(named)))}</summary><ul class='y-near'>{lines}</ul></details>"
    head = words("tools.in_marks", n=len(inside))
    return (f'<article class="y-card y-inside"><h3>{escape(head)}</h3><p class="y-tallies">{marked or "—"}</p>'
            f'<h3>{escape(words("tools.in_things", n=f"{len(things):,}"))}</h3>'
            f'<table class="y-table"><tbody>{rows}</tbody></table>{more if lines else ""}</article>')  # fmt: skip


def _state(stands: str, words: Texts) -> str:
    return "" if stands == NO_LEAD else state_word(stands, words)
