"""What stands where there is nothing to show: what it is, and what to do about it."""

from __future__ import annotations

from html import escape

import streamlit as st

from office.policy import load_policy
from ui.texts import Texts


def say_empty(title: str, hint: str = "", *, small: bool = False, refused: bool = False) -> None:
    """Title and hint in the middle; `small` inside a page that shows other things as well."""
    st.html(empty_html(title, hint, small=small, refused=refused))


def say_withheld(operation: str, words: Texts) -> None:
    """That this asks for a right which the person has not, and whom to ask."""
    right = load_policy()[operation]
    said = words("person.no_right", what=right.en if words.lang == "en" else right.zh)
    say_empty(said, words("person.no_right_ask"), refused=True)


def empty_html(title: str, hint: str = "", *, small: bool = False, refused: bool = False) -> str:
    """The same as HTML; `refused` is told to who cannot see it at once."""
    mark = "" if small else f'<div class="y-empty-mark">{"◌" if refused else "◎"}</div>'
    return (f'<div class="y-empty{" y-small" if small else ""}"{" role=alert" if refused else ""}>{mark}'
            f"<b>{escape(title)}</b>{f'<p>{escape(hint)}</p>' if hint else ''}</div>")  # fmt: skip
