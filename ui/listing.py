"""The list beside the map: one row per item, told back which was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from checks import Text
from ui.assets import text_of
from ui.items import Item
from ui.texts import Texts
from ui.words import licence_word, metres, plus_minus

_list = st.components.v2.component(
    "yicha_list",
    html='<div class="list" role="listbox" tabindex="0"></div>',
    css=text_of("list.css"),
    js=text_of("list.js"),
)


def show_rows(
    rows: Sequence[Mapping[str, Any]], selected: str | None, label: str, texts: Texts, *, key: str,
    on_select: Callable[[], None],
) -> None:  # fmt: skip
    """Draw rows of another kind in the same list: as `row` makes them, `quiet` ones dimmed."""
    data = {
        "rows": [dict(one) for one in rows],
        "selected": selected,
        "label": label,
        "lang": texts.lang,
    }
    _list(key=key, data=data, on_select_change=on_select, height="stretch")


def row(item: Item, titles: Mapping[str, Text], texts: Texts) -> dict[str, Any]:
    """One row as the browser wants it: words only."""
    finding = item.finding
    title = titles[item.check].of(texts.lang) if item.check in titles else item.check
    school = finding.object_name if finding else None
    return {
        "key": item.key,
        "verdict": item.verdict,
        "verdictWord": texts.word("verdict", item.verdict),
        "name": item.name,
        "value": measured(item, texts),
        "under": " · ".join(part for part in (title, school) if part and part != item.name),
        "band": band(item, texts),
    }


def measured(item: Item, texts: Texts) -> str:
    """The measured distance or width, or a word where there is none."""
    if (
        item.finding is not None
        and item.finding.unit == "metres"
        and item.finding.measured is not None
    ):
        return metres(item.finding.measured, texts, digits=2)
    if item.finding is not None and not item.finding.is_distance:
        return licence_word(item.licence_class, texts)
    if item.place is None:
        return texts("list.unplaced")
    if item.finding is None or item.finding.measured is None:
        return texts("list.no_measure")
    return metres(item.finding.measured, texts)


def band(item: Item, texts: Texts) -> str:
    """The error band in short, e.g. `± 12 m`."""
    error = item.finding.error_band if item.finding else None
    if error is None or item.finding is None or item.finding.measured is None:
        return texts("list.unplaced") if item.place is None and item.finding else ""
    return plus_minus(error, texts)
