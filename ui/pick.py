"""Choosing a small file for a page, in the page's language: Streamlit's own control says "Upload" in English.

Its button and its line of limits are hidden by `page.css` and said anew; large files go by `ui.scenes.uploads`.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ui.texts import Texts


def pick_file(
    label: str, words: Texts, *, key: str, kinds: Sequence[str], most_mb: int, about: str | None = None
) -> bytes | None:  # fmt: skip
    """The bytes of the file chosen under `key`, of these suffixes and at most so large; `None` for none."""
    with st.container(key=f"pick_{words.lang}_{key}"):
        given = st.file_uploader(
            label, type=list(kinds), key=key, help=about, max_upload_size=most_mb
        )
        said = words("app.pick_limit", most=most_mb, kinds=", ".join(kinds).upper())
        st.html(f'<p class="y-quiet">{said}</p>')
    return None if given is None else given.getvalue()
