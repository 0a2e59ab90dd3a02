"""The list beside the map: one page of rows, findings or leads, told back which was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ui import listing, state
from ui.docket import listing as docket
from ui.docket.names import state_word
from ui.empty import say_empty
from ui.items import Board
from ui.map import desk
from ui.map.table import NO_LEAD, Marks
from ui.texts import Texts


def show_list(
    marks: Marks, rows: np.ndarray, found: Board | None, leads: pd.DataFrame | None, words: Texts
) -> None:
    """The tally, the pager, and the page with what is chosen or was asked for."""
    _turn_to_chosen(marks, rows)
    if desk.page_number() * desk.PAGE_SIZE >= max(len(rows), 1):
        desk.first_page()
    page = rows[desk.page_number() * desk.PAGE_SIZE :][: desk.PAGE_SIZE]
    _tally(len(rows), len(marks), words)
    if not len(rows):
        _none(marks, words)
        return
    shown = [_row(marks, int(row), found, leads, words) for row in page]
    with st.container(key="list_box"):
        listing.show_rows(shown, marks.key(desk.chosen()), words("list.count", n=len(rows), total=len(marks)), words,
                          key=state.LIST, on_select=desk.take_row)  # fmt: skip


def _turn_to_chosen(marks: Marks, rows: np.ndarray) -> None:
    """What was chosen on the map or named by the address is on the page that is shown, once."""
    row = marks.find(desk.chosen())
    seen = (desk.chosen(), state.turn())
    if row is None or state.recall("m_listed") == seen:
        return
    state.keep("m_listed", seen)
    at = int(np.searchsorted(rows, row))
    if at < len(rows) and rows[at] == row:
        desk.show_page(at // desk.PAGE_SIZE)


def _row(
    marks: Marks, row: int, found: Board | None, leads: pd.DataFrame | None, words: Texts
) -> dict[str, Any]:
    if leads is not None:
        told = {
            str(name): None if pd.isna(value) else value for name, value in leads.iloc[row].items()
        }
        return docket.row(told, words)
    if found is None:
        raise ValueError("rows are findings or leads")
    item, frame = found.items[row], marks.frame
    made = listing.row(item, found.titles, words)
    stands = str(frame["state"].iloc[row])
    if stands in (NO_LEAD, "registered"):
        return made
    return {
        **made,
        "under": f"{state_word(stands, words)} · {made['under']}",
        "quiet": bool(frame["aside"].iloc[row]),
    }


def _tally(shown: int, total: int, words: Texts) -> None:
    told = f'<div class="y-tally" id="y-list" tabindex="-1">{words("list.count", n=shown, total=total)}</div>'
    if shown <= desk.PAGE_SIZE:
        st.html(told)
        return
    first = desk.page_number() * desk.PAGE_SIZE
    last = min(first + desk.PAGE_SIZE, shown)
    with st.container(key="leads_pager", horizontal=True, vertical_alignment="center"):
        st.html(told, width="stretch")
        st.caption(f"{first + 1}–{last}", width="content")
        st.button("‹", key="m_before", on_click=desk.turn_page, args=(-1,), disabled=not first,
                  help=words("leads.before"))  # fmt: skip
        st.button("›", key="m_after", on_click=desk.turn_page, args=(1,), disabled=last >= shown,
                  help=words("leads.after"))  # fmt: skip


def _none(marks: Marks, words: Texts) -> None:
    checks: Mapping[str, int] = marks.counts("check")
    wanted = state.recall(state.CHECK)
    any_at_all = bool(checks) and (wanted in (None, state.ALL) or wanted in checks)
    hint = words("list.empty_hint" if any_at_all else "list.nothing_hint")
    title = words("list.empty" if any_at_all else "list.nothing")
    say_empty(title, hint, small=True)
