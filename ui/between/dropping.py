"""The place to drop a file: it goes onto the disk in pieces, the page hears under which name."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ui.assets import STATIC
from ui.between.arriving import PATH
from ui.settings import at
from ui.texts import Texts

_zone = st.components.v2.component(
    "yicha_between",
    html='<div class="verify"><p class="title"></p><p class="hint"></p><button class="choose" type="button"></button>'
    '<input type="file" tabindex="-1" aria-hidden="true" hidden>'
    '<progress hidden></progress><p class="said" role="status"></p><button class="stop" type="button" hidden></button></div>',
    css=(STATIC / "verify.css").read_text(encoding="utf-8"),
    js=(STATIC / "verify.js").read_text(encoding="utf-8"),
)


def drop_zone(words: Texts, *, key: str, title: str, on_came: Callable[[], None]) -> None:
    """Draw it; `on_came` is called where a file arrived whole."""
    said = {name.removeprefix("evidence.drop_"): text for name, text in words.entries.items()
            if name.startswith("evidence.drop_")}  # fmt: skip
    said |= {"title": words(title), "hint": words(f"{title}_hint")}
    fails = {name.removeprefix("drop.fail_"): text for name, text in words.entries.items()
             if name.startswith("drop.fail_")}  # fmt: skip
    answer = _zone(
        key=key, data={"words": said, "fails": fails, "address": at(PATH)}, on_came_change=on_came
    )
    del answer  # what came is taken in the callback
