"""The catalogue to the left: searched by words, grouped by field of work."""

from __future__ import annotations

import streamlit as st

from checks import broken_models, by_domain, catalogue, domains
from layers.problems import sentence
from ui import state
from ui.empty import say_empty
from ui.jobs.panel import plain
from ui.models import desk
from ui.texts import Texts


def show_catalogue(words: Texts) -> None:
    """Search, groups, one button per model."""
    st.text_input(words("models.search"), key=desk.TEXT, placeholder=words("models.search"),
                  label_visibility="collapsed", icon=":material/search:")  # fmt: skip
    found = by_domain(catalogue().values(), str(state.recall(desk.TEXT) or ""))
    count = sum(map(len, found.values()))
    st.html(f'<div class="y-tally" role="status">{words("models.count", n=count)}</div>')
    if not found:
        say_empty(words("models.none"), words("models.none_hint"), small=True)
    with st.container(key="mo_list", gap=None):
        for name, entries in found.items():
            st.html(
                f'<h3 class="mo-domain">{domains()[name].of(words.lang)} <small>{len(entries)}</small></h3>'
            )
            for entry in entries:
                chosen = entry.check.id == desk.check()
                mark = f" · {words('models.watch')}" if entry.check.level == "watch" else ""
                st.button(plain(entry.check.title.of(words.lang) + mark), key=f"mo:{entry.check.id}",
                          type="primary" if chosen else "tertiary", width="stretch",
                          on_click=desk.choose, args=(entry.check.id,))  # fmt: skip
    _broken(words)


def _broken(words: Texts) -> None:
    broken = broken_models()
    if broken:
        with st.expander(words("models.broken", n=len(broken))):
            for name, error in broken.items():
                st.text(f"{name}: {sentence(error, words.lang)}")
