"""What the page says about data that are not there: which theme, and the command that brings it."""

from __future__ import annotations

import streamlit as st

from checks import Undecided
from ui.items import Board
from ui.texts import Texts


def show_missing(found: Board, words: Texts) -> None:
    """One folded line per kind of gap; nothing where nothing is missing."""
    gaps = by_theme(found)
    if gaps:
        checks = {one.check for ones in gaps.values() for one in ones}
        with st.expander(words("missing.title", n=len(checks)), icon=":material/database_off:"):
            for ones in gaps.values():
                _gap(ones, found, words)
    if found.failures:
        with st.expander(words("missing.failed", n=len(found.failures)), icon=":material/error:"):
            for failure in found.failures:
                title = found.titles[failure.check].of(words.lang)
                st.text(words("missing.failed_line", check=title, message=failure.message))


def by_theme(found: Board) -> dict[str, list[Undecided]]:
    """Gaps that concern whole checks, by the theme that is missing (or the kind of gap)."""
    gaps: dict[str, list[Undecided]] = {}
    for one in found.missing:
        gaps.setdefault(one.theme or one.code, []).append(one)
    return gaps


def _gap(ones: list[Undecided], found: Board, words: Texts) -> None:
    titles = [found.titles[one.check].of(words.lang) for one in ones if one.check in found.titles]
    st.markdown(f"**{ones[0].reason.of(words.lang)}**")
    st.caption(" · ".join(titles))
    st.markdown(ones[0].remedy.of(words.lang))
