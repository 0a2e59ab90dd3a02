"""The queue as a list: a small picture, score and area, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from imagery.queue import Candidate
from ui.assets import text_of
from ui.confirm import desk
from ui.confirm.panel import number_of, state_words
from ui.confirm.routes import SIZES, chip_url
from ui.texts import Texts

MOST = 300
"""Rows shown at most; the page says so when there are more."""

_list = st.components.v2.component(
    "yicha_candidates",
    html='<div class="scenes" role="listbox" tabindex="0"></div>',
    css=text_of("scenes.css"),
    js=text_of("scene_list.js"),
)


def show_candidates(found: Sequence[Candidate], one: Candidate | None, words: Texts) -> None:
    """Draw the list; a row chosen arrives at `desk.take_row`."""
    data = {"rows": [_row(each, words) for each in found[:MOST]], "label": words("confirm.list"),
            "no_picture": words("scenes.no_picture"), "selected": one.id if one else None, "other": None}  # fmt: skip
    _list(key=desk.LIST, data=data, on_select_change=desk.take_row, height="stretch")


def _row(one: Candidate, words: Texts) -> dict[str, Any]:
    size = "" if one.area_m2 is None else words("confirm.size", m2=f"{one.area_m2:,.0f}", mu=f"{one.area_mu:.2f}")  # fmt: skip
    return {
        "key": one.id, "day": f"#{number_of(one)} · {one.score:.2f}",
        "title": f"{words.word('confirm.things', one.theme)} · {one.day or ''}",
        "under": size, "mark": "" if one.answer is None else state_words(one, words),
        "picture": chip_url(one, "near", "after", SIZES[0]),
    }  # fmt: skip
