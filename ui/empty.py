"""What stands where there is nothing to show: what it is, and what to do about it."""

from __future__ import annotations

from html import escape

import streamlit as st


def say_empty(title: str, hint: str, *, small: bool = False) -> None:
    """Title and hint in the middle; `small` inside a page that shows other things as well."""
    mark = "" if small else '<div class="y-empty-mark">◎</div>'
    st.html(f'<div class="y-empty{" y-small" if small else ""}">{mark}<b>{escape(title)}</b>'
            f"<p>{escape(hint)}</p></div>")  # fmt: skip
