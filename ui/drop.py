"""Dropping one file of any size: it goes onto the disk in pieces, the page hears where it lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ui.assets import text_of
from ui.settings import at
from ui.texts import Texts

_SAID, _FAILS = "app.drop_", "drop.fail_"
_zone = st.components.v2.component(
    "yicha_drop",
    html='<div class="drop"><p class="title"></p><p class="hint"></p><button class="choose" type="button"></button>'
    '<input type="file" tabindex="-1" aria-hidden="true" hidden>'
    '<progress hidden></progress><p class="said" role="status"></p><button class="stop" type="button" hidden></button></div>',
    css=text_of("drop.css"),
    js=text_of("pieces.js", "drop.js"),
)


def drop_zone(
    words: Texts, *, key: str, title: str, hint: str, address: str, on_came: Callable[[], None],
    accept: Sequence[str] = (),
) -> None:  # fmt: skip
    """Draw the place under `key`; it sends to the uploads' own `address` files with these suffixes.

    `on_came` is called where a file arrived whole; the widget's value then has `came`: its `box`
    (the upload's id) and its `name`.
    """
    said, fails = _below(words, _SAID), _below(words, _FAILS)
    _zone(key=key, on_came_change=on_came,
          data={"words": said | {"title": title, "hint": hint}, "fails": fails, "address": at(address),
                "accept": ",".join(accept)})  # fmt: skip


def _below(words: Texts, prefix: str) -> dict[str, str]:
    return {key.removeprefix(prefix): text for key, text in words.entries.items() if key.startswith(prefix)}  # fmt: skip
