"""The page of uploads (stands in its own file; see `ui.scenes.jobs` for the work behind it)."""

from __future__ import annotations

from ui import cache
from ui.header import page_header
from ui.texts import Texts
from ui.trouble import guarded


def show() -> None:
    """Draw the page."""
    guarded(_page)


def _page(words: Texts) -> None:
    page_header(cache.workplace(), words)
