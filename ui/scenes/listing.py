"""The list of scenes and the time strip: small pictures with their dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ui.assets import text_of
from ui.scenes.holdings import Holdings, SceneRow
from ui.scenes.words import day_of, kind_of, pixel_of
from ui.settings import at
from ui.texts import Texts

MOST = 500
"""Rows shown at most; the page says so when there are more."""
_CSS = text_of("scenes.css")

_list = st.components.v2.component(
    "yicha_scenes",
    html='<div class="scenes" role="listbox" tabindex="0"></div>',
    css=_CSS,
    js=text_of("scene_list.js"),
)
_strip = st.components.v2.component(
    "yicha_strip",
    html='<div class="strip" role="listbox" tabindex="0"></div>',
    css=_CSS,
    js=text_of("scene_list.js"),
)


def show_scenes(
    rows: Sequence[SceneRow], held: Holdings, selected: str | None, texts: Texts, *, key: str,
    on_select: Callable[[], None],
) -> None:  # fmt: skip
    """Draw the list; `on_select` runs when a row was chosen (its id is in the widget's state)."""
    data = _data(rows[:MOST], held, texts) | {"selected": selected, "other": None}
    _list(key=key, data=data, on_select_change=on_select, height="stretch")


def show_strip(
    rows: Sequence[SceneRow], held: Holdings, selected: str, other: str | None, texts: Texts, *,
    key: str, on_select: Callable[[], None],
) -> None:  # fmt: skip
    """Draw the time strip of one place; the scene shown and the one beside it are marked."""
    data = _data(rows[:MOST], held, texts) | {"selected": selected, "other": other}
    _strip(key=key, data=data, on_select_change=on_select, height=144)


def _data(rows: Sequence[SceneRow], held: Holdings, texts: Texts) -> dict[str, Any]:
    return {"rows": [_row(row, held, texts) for row in rows], "label": texts("scenes.list"),
            "no_picture": texts("scenes.no_picture")}  # fmt: skip


def _row(row: SceneRow, held: Holdings, texts: Texts) -> dict[str, Any]:
    """One row as the browser wants it: words and the address of its small picture."""
    facts = held.reader.facts(row.id)
    version = facts.content[:16] if facts else ""
    return {
        "key": row.id, "day": day_of(row, texts), "title": row.title,
        "under": f"{kind_of(row, texts)} · {pixel_of(row, texts)}",
        "mark": f"⚠ {row.warnings}" if row.warnings else "",
        "picture": at(f"/imagery/{row.id}/preview?width=160&v={version}") if facts else None,
    }  # fmt: skip
