"""What the pages share: guarded, under the header, in their styles, drawn for who acts."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from office import Actor
from ui import cache
from ui.assets import STATIC
from ui.empty import say_empty
from ui.header import page_header
from ui.person import person
from ui.texts import Texts
from ui.trouble import guarded
from ui.workplace import Workplace


def framed(
    draw: Callable[[Workplace, Actor, Texts], None], *styles: str,
    arrive: Callable[[], object] | None = None, bare: bool = False,
) -> None:  # fmt: skip
    """Draw a page: its header, its `styles`, then `draw` with who acts.

    `arrive` comes first: it takes over what the address says, or leads on to another page. Whether
    this person may see the page was asked before (`ui.entitled`); `bare` as in `guarded`.
    """

    def page(words: Texts) -> None:
        if arrive is not None:
            arrive()
        place = cache.workplace()
        page_header(place, words)
        for name in styles:
            st.html(STATIC / name)
        who = person(place)
        if who is None:  # the session ended since the page was asked for
            say_empty(words("person.nobody"), refused=True)
        else:
            draw(place, who, words)

    guarded(page, bare=bare)
