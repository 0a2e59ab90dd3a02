"""What was imported or undone in a shell, told to the history by the app."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from office.layer_deeds import tell
from ui import cache
from ui.data_desk import desk


def tell_imports() -> None:
    """Make events of what the history does not know yet; looked for once for every state of the folder."""
    shelf = cache.shelf()
    _tell(shelf.folder, cache.workplace().stamp, cache.store_address())


@st.cache_resource(show_spinner=False, max_entries=2)
def _tell(folder: Path, stamp: str, address: str | None) -> int:  # noqa: ARG001 - the stamp is the key
    shelf = cache.shelf()
    return tell(shelf, shelf.recorded(), at=desk.now(), address=address)
