"""What the page says about data that are not there: which theme, and the command that brings it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from checks import Undecided
from ui.items import Board
from ui.texts import Texts


def show_missing(found: Board, words: Texts) -> None:
    """One folded line per kind of gap, open where there is nothing else to see."""
    gaps = by_theme(found)
    if gaps:
        checks = {one.check for ones in gaps.values() for one in ones}
        title = words("missing.title", n=len(checks))
        with st.expander(title, icon=":material/database_off:", expanded=not found.items):
            st.html(gaps_html(gaps, found, words))
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


def gaps_html(gaps: Mapping[str, list[Undecided]], found: Board, words: Texts) -> str:
    """What is missing, which checks wait for it, and how to bring it."""
    lines = []
    for ones in gaps.values():
        titles = [
            found.titles[one.check].of(words.lang) for one in ones if one.check in found.titles
        ]
        lines.append(
            f"<li><b>{escape(ones[0].reason.of(words.lang))}</b>"
            f"<small>{escape(' · '.join(titles))}</small>"
            f"<code>{escape(ones[0].remedy.of(words.lang))}</code></li>"
        )
    return f'<ul class="y-missing">{"".join(lines)}</ul>'
